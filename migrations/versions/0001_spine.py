"""The initial schema: offices, officers, cases, clocks, the ledger and its chain, letters, files,
the outbox.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("promulgated", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("regulations", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("applicant_kind", sa.String(), nullable=False),
        sa.Column("applicant_mark", sa.String(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("handler", sa.String(), nullable=True),
        sa.Column("reply_due", sa.Date(), nullable=True),
        sa.Column("reply_provisional", sa.Boolean(), nullable=False),
        sa.Column("reply_clock", sa.String(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("decision_code", sa.String(), nullable=True),
        sa.Column("decision_number", sa.String(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("corrected_on", sa.Date(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("dispatched_on", sa.Date(), nullable=True),
        sa.Column("reply_start", sa.Date(), nullable=True),
        sa.Column("left_out", sa.String(), nullable=True),
        sa.Column("grounds", sa.String(), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("report_row", sa.String(), nullable=True),
        sa.Column("fee_notified_on", sa.Date(), nullable=True),
        sa.Column("fee_amount", sa.Integer(), nullable=True),
        sa.Column("fee_paid_on", sa.Date(), nullable=True),
        sa.Column("retention", sa.String(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("destroyed_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.CheckConstraint("version > 0", name="case_version_positive"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "number"),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index("case_applicant", ["office_id", "applicant_mark"], unique=False)
        batch_op.create_index(
            "case_counted",
            ["office_id", "counted_on", "received_on", "report_row", "applicant_kind"],
            unique=False,
        )
        batch_op.create_index("case_finished", ["office_id", "finished_on"], unique=False)
        batch_op.create_index("case_kept", ["office_id", "keep_until"], unique=False)
        batch_op.create_index("case_open", ["office_id", "open", "reply_due"], unique=False)
        batch_op.create_index("case_received", ["office_id", "received_on", "applicant_kind"], unique=False)
        batch_op.create_index("case_state", ["office_id", "state", "id"], unique=False)

    op.create_table(
        "chain_head",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("office_id"),
    )
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('sending', 'sent', 'failed')", name="digest_state"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "officer", "on_day"),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "key"),
    )
    op.create_table(
        "override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.String(), nullable=False),
        sa.Column("accepted_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "posting_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('made', 'posted', 'dropped')", name="posting_state_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "number"),
    )
    op.create_table(
        "series",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("office_id", "name", "year"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("attachment_case", ["case_id"], unique=False)

    op.create_table(
        "case_key",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index("clock_case", ["case_id"], unique=False)
        batch_op.create_index("clock_due", ["office_id", "state", "due"], unique=False)
        batch_op.create_index("clock_rule", ["office_id", "rule", "state", "due"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("track", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("dest", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "seq"),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index("ledger_case", ["case_id", "n"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("entry_n", sa.Integer(), nullable=True),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("series_year", sa.Integer(), nullable=True),
        sa.Column("series_no", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "number"),
        sa.UniqueConstraint("office_id", "series", "series_year", "series_no"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("letter_case", ["case_id"], unique=False)
        batch_op.create_index("letter_sha256", ["sha256"], unique=False)
        batch_op.create_index("letter_unsent", ["office_id", "sent_on", "dated"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("done_at", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("outbox_open", ["done_at", "id"], unique=False)

    op.create_table(
        "posting_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("tracking", sa.String(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["posting_batch.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch_id", "place"),
        sa.UniqueConstraint("office_id", "tracking"),
    )
    with op.batch_alter_table("posting_piece", schema=None) as batch_op:
        batch_op.create_index("posting_piece_case", ["case_id"], unique=False)

    op.create_table(
        "remedy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("brought_by", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("against_round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "no"),
    )
    with op.batch_alter_table("remedy", schema=None) as batch_op:
        batch_op.create_index("remedy_decided", ["office_id", "decided_on", "kind", "outcome"], unique=False)

    op.create_table(
        "search_doc",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "n"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=True),
        sa.Column("host", sa.String(), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'uncertain', 'refused', 'sent', 'dropped')",
            name="mail_state_known",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("mail_case", ["case_id"], unique=False)
        batch_op.create_index("mail_state", ["office_id", "state"], unique=False)

    op.create_table(
        "posting_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["piece_id"], ["posting_piece.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("piece_id", "letter_id"),
    )
    with op.batch_alter_table("posting_letter", schema=None) as batch_op:
        batch_op.create_index("posting_letter_of", ["letter_id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("signed_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index("signature_letter", ["letter_id"], unique=False)
        batch_op.create_index("signature_sha256", ["sha256"], unique=False)
    _append_only()
    _search()


def _append_only() -> None:
    """Triggers that make the ledger append-only, in the database itself, so that no program can
    bypass them.
    """
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)


SQLITE = (
    (
        "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    ),
    (
        "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    ),
    # INSERT OR REPLACE deletes without firing the trigger above.
    (
        "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger"
        " WHEN EXISTS (SELECT 1 FROM ledger WHERE id = NEW.id OR (office_id = NEW.office_id AND seq = NEW.seq))"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    ),
)
POSTGRES = (
    (
        "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    ),
    (
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger"
        " FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
    ),
    (
        "CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    ),
)


def _search() -> None:
    """The index of words: it follows search_doc by triggers, whoever writes there, and is never written by
    hand.
    """
    for statement in SEARCH_SQLITE if op.get_bind().dialect.name == "sqlite" else SEARCH_POSTGRES:
        op.execute(statement)


SEARCH_SQLITE = (
    # The text stays in search_doc: the index keeps which row holds which token, and nothing else. Of ASCII
    # letters, digits and the low line tokens are made, of everything beyond ASCII too.
    (
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='search_doc', content_rowid='id',"
        " detail='none', columnsize=0, tokenize=\"ascii tokenchars '_'\")"
    ),
    (
        "CREATE TRIGGER search_added AFTER INSERT ON search_doc BEGIN"
        " INSERT INTO search_index (rowid, tokens) VALUES (NEW.id, NEW.tokens); END"
    ),
    (
        "CREATE TRIGGER search_gone AFTER DELETE ON search_doc BEGIN"
        " INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', OLD.id, OLD.tokens); END"
    ),
    (
        "CREATE TRIGGER search_changed AFTER UPDATE ON search_doc BEGIN"
        " INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', OLD.id, OLD.tokens);"
        " INSERT INTO search_index (rowid, tokens) VALUES (NEW.id, NEW.tokens); END"
    ),
)
SEARCH_POSTGRES = (
    (
        "CREATE TABLE search_index (id integer PRIMARY KEY REFERENCES search_doc (id) ON DELETE CASCADE,"
        " words tsvector NOT NULL)"
    ),
    "CREATE INDEX search_words ON search_index USING gin (words)",
    (
        "CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO search_index VALUES (NEW.id, array_to_tsvector(string_to_array(NEW.tokens, ' ')))"
        " ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words; RETURN NULL; END $$"
    ),
    (
        "CREATE TRIGGER search_follows AFTER INSERT OR UPDATE ON search_doc"
        " FOR EACH ROW EXECUTE FUNCTION search_follow()"
    ),
)


def downgrade() -> None:
    raise NotImplementedError("a register of legal acts is not taken apart; restore a backup instead")

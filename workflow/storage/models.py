"""The tables. The ledger is the record; the other tables are what is looked up fast, or what must be unique.

Every table that belongs to an organ carries its office: one database holds several. Values are checked before
they come here (table models do not validate), and CHECK constraints hold the few that must never be wrong.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from workflow.storage.row_states import BatchState, DigestState, MailState, one_of


class Office(SQLModel, table=True):
    """An administrative organ with its profile (JSON, as read from the office file)."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    profile: str = Field(sa_type=Text)
    created_at: str


class Officer(SQLModel, table=True):
    """A person who acts for an office, with roles (joined by '|') and a unit."""

    __table_args__ = (UniqueConstraint("office_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    key: str
    name: str
    roles: str
    unit: str | None = None
    login: str | None = None
    email: str | None = None
    active: bool = True


class DeputyRow(SQLModel, table=True):
    """Who acts for an absent officer, from when until when, by whose word."""

    __tablename__ = "deputy"
    __table_args__ = (Index("deputy_of", "office_id", "deputy", "until_day"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    officer: str
    deputy: str
    from_day: date
    until_day: date
    reason: str
    appointed_by: str
    ended_on: date | None = None


class LoginRow(SQLModel, table=True):
    """A login proposed for an officer by one person, until another confirms it."""

    __tablename__ = "login_proposal"
    __table_args__ = (UniqueConstraint("office_id", "officer"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    officer: str
    login: str
    proposed_by: str
    proposed_at: str


class CaseRow(SQLModel, table=True):
    """The cached fold of a case: what lists, alerts and reports look up. `workflow.project` writes it."""

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        CheckConstraint("version > 0", name="case_version_positive"),
        Index("case_open", "office_id", "open", "reply_due"),
        Index("case_state", "office_id", "state", "id"),
        Index("case_applicant", "office_id", "applicant_mark"),
        Index("case_kept", "office_id", "keep_until"),
        Index("case_finished", "office_id", "finished_on"),
        Index("case_counted", "office_id", "counted_on", "received_on", "report_row", "applicant_kind"),
        Index("case_received", "office_id", "received_on", "applicant_kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    number: str
    version: int = 1
    state: str
    open: bool = True
    round: int = 1
    regulations: str
    received_on: date
    channel: str
    applicant_name: str
    applicant_kind: str
    applicant_mark: str
    request: str = Field(sa_type=Text)
    unit: str | None = None
    handler: str | None = None
    reply_due: date | None = None
    reply_provisional: bool = False
    reply_clock: str | None = None
    replied_on: date | None = None
    served_on: date | None = None
    finished_on: date | None = None
    filed_on: date | None = None
    outcome: str | None = None
    decision_code: str | None = None
    decision_number: str | None = None
    # What the register says besides; `left_out` are days (first/last) taken out of the time for the reply
    # that was given, `details` (JSON) what nobody filters by: officers, consultations, remedies, further
    # dates.
    registered_on: date | None = None
    corrected_on: date | None = None
    extended_on: date | None = None
    issued_on: date | None = None
    dispatched_on: date | None = None
    reply_start: date | None = None
    left_out: str | None = None
    grounds: str | None = None
    details: str | None = Field(default=None, sa_type=Text)
    # What the annual report counts: the first end of the handling and its row of table 3; fees.
    counted_on: date | None = None
    report_row: str | None = None
    fee_notified_on: date | None = None
    fee_amount: int | None = None
    fee_paid_on: date | None = None
    # By which class and until when a filed case is kept (none: for ever); when its personal data was
    # destroyed.
    retention: str | None = None
    keep_until: date | None = None
    destroyed_on: date | None = None
    last_on: date
    entries: int
    recorded_at: str


class RemedyRow(SQLModel, table=True):
    """A reconsideration or suit on a case as its entries tell it: what table 4 of the annual report
    counts.
    """

    __tablename__ = "remedy"
    __table_args__ = (
        UniqueConstraint("case_id", "no"),
        Index("remedy_decided", "office_id", "decided_on", "kind", "outcome"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    no: int
    kind: str
    brought_by: str
    opened_on: date
    decided_on: date | None = None
    outcome: str | None = None
    against_round: int = 1


class DatabaseMark(SQLModel, table=True):
    """What is said of the database as a whole: to which keys it belongs."""

    __tablename__ = "database_mark"

    name: str = Field(primary_key=True)
    value: str


class CaseKey(SQLModel, table=True):
    """The data key of a case, wrapped by the master key; without it the personal data of the case is gone."""

    __tablename__ = "case_key"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    wrapped: str


class ClockRow(SQLModel, table=True):
    """One clock of a case as last computed."""

    __tablename__ = "clock"
    __table_args__ = (
        Index("clock_due", "office_id", "state", "due"),
        # Alerts ask by rule: periods of the applicant run on in every closed case, and are not to be walked
        # through.
        Index("clock_rule", "office_id", "rule", "state", "due"),
        Index("clock_case", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    rule: str
    ref: int = 0
    party: str
    start: date
    due: date
    state: str
    met_on: date | None = None
    provisional: bool = False
    article: str
    length: int
    unit: str
    plain: bool = True
    calendar: str


class LedgerRow(SQLModel, table=True):
    """One entry of the append-only record, chained by hash within its office. Triggers refuse any change."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("office_id", "seq"), Index("ledger_case", "case_id", "n"))

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    seq: int
    case_id: int | None = Field(default=None, foreign_key="case_file.id")
    n: int | None = None
    track: str
    event: str
    on_day: date
    recorded_at: str
    actor: str
    source: str
    dest: str
    article: str
    payload: str = Field(sa_type=Text)
    # How the program knew who acted (service, database, none; system for the program itself), under which
    # login, and for whom a deputy acted; none of it in entries of earlier versions.
    via: str | None = None
    login: str | None = None
    acting_for: str | None = None
    prev_hash: str
    hash: str


class ChainHead(SQLModel, table=True):
    """The newest entry of an office's chain; locking this row puts the writers of an office in line."""

    __tablename__ = "chain_head"

    office_id: int = Field(primary_key=True, foreign_key="office.id")
    seq: int
    hash: str
    # The peaks of the Merkle tree over the entries (workflow.storage.tree); none before it was first built.
    peaks: str | None = Field(default=None, sa_type=Text)


class TreeNode(SQLModel, table=True):
    """A full subtree of the Merkle tree over an office's entries, of every eighth level."""

    __tablename__ = "tree_node"

    office_id: int = Field(primary_key=True, foreign_key="office.id")
    level: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    hash: str


class CheckpointRow(SQLModel, table=True):
    """A signed note of size and root of an office's tree, with the cosignatures that came back."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("office_id", "size"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    size: int
    note: str = Field(sa_type=Text)
    cosigned: int = 0
    made_at: str


class Series(SQLModel, table=True):
    """The last number given in a series of an office and year; taken in the transaction that uses it."""

    __tablename__ = "series"

    office_id: int = Field(primary_key=True, foreign_key="office.id")
    name: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int


class LetterRow(SQLModel, table=True):
    """A letter: what it says (sealed with the case's key) and, once it is made, the SHA-256 of its PDF."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("letter_case", "case_id"),
        Index("letter_sha256", "sha256"),
        UniqueConstraint("office_id", "number"),
        UniqueConstraint("office_id", "series", "series_year", "series_no"),
        Index("letter_unsent", "office_id", "sent_on", "dated"),
        Index("letter_stage", "office_id", "stage", "dated"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    code: str
    number: str | None = None
    round: int = 1
    dated: date
    content: str = Field(sa_type=Text)
    sha256: str | None = None
    # The entry of the case that called for it; its place in the series of numbers.
    entry_n: int | None = None
    series: str | None = None
    series_year: int | None = None
    series_no: int | None = None
    # As the entries of the case say: the day of its last sending, and that on which it was made void.
    sent_on: date | None = None
    voided_on: date | None = None
    # Where it is (workflow/cases/letter_life.py); none where nothing was entered since before it was kept.
    stage: str | None = None


class MailRow(SQLModel, table=True):
    """A letter that goes out by e-mail: what was tried, and whether it is known to have gone out.

    waiting: to be sent; sending: handed to the server, no answer recorded; uncertain: nobody knows, a person
    decides; refused: the server will not have it; sent; dropped: no longer to be sent.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("mail_state", "office_id", "state"),
        Index("mail_case", "case_id"),
        CheckConstraint(one_of(MailState), name="mail_state_known"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    letter_id: int = Field(foreign_key="letter.id")
    message_id: str
    state: str = MailState.WAITING.value
    started_at: str | None = None
    # Which process tries it, so that one that died can be told from one that is still at it.
    host: str | None = None
    pid: int | None = None
    sent_at: str | None = None
    last_error: str | None = Field(default=None, sa_type=Text)


class BatchRow(SQLModel, table=True):
    """Letters that go to the post office together: made, then posted or dropped."""

    __tablename__ = "posting_batch"
    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        CheckConstraint(one_of(BatchState), name="posting_state_known"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    number: str
    state: str = BatchState.MADE.value
    service: str
    on_day: date
    made_at: str
    made_by: str
    posted_on: date | None = None


class PieceRow(SQLModel, table=True):
    """One piece of mail of a batch: an envelope to one addressee, with one letter or several of one case."""

    __tablename__ = "posting_piece"
    __table_args__ = (
        UniqueConstraint("batch_id", "place"),
        UniqueConstraint("office_id", "tracking"),
        Index("posting_piece_case", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    batch_id: int = Field(foreign_key="posting_batch.id")
    place: int
    case_id: int = Field(foreign_key="case_file.id")
    tracking: str | None = None
    posted_on: date | None = None
    outcome: str | None = None
    outcome_on: date | None = None


class PieceLetterRow(SQLModel, table=True):
    """Which letters are in a piece of mail."""

    __tablename__ = "posting_letter"
    __table_args__ = (UniqueConstraint("piece_id", "letter_id"), Index("posting_letter_of", "letter_id"))

    id: int | None = Field(default=None, primary_key=True)
    piece_id: int = Field(foreign_key="posting_piece.id")
    letter_id: int = Field(foreign_key="letter.id")


class SearchRow(SQLModel, table=True):
    """What one entry says in words, ready to be searched: the text, its atoms in order, and the tokens of the
    index.

    The index itself (FTS5, tsvector) follows this table by triggers of the database; see
    workflow/casework/search_index.py.
    """

    __tablename__ = "search_doc"
    __table_args__ = (UniqueConstraint("case_id", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    n: int
    kind: str
    letter: str
    on_day: date
    text: str = Field(sa_type=Text)
    line: str = Field(sa_type=Text)
    tokens: str = Field(sa_type=Text)


class AttachmentRow(SQLModel, table=True):
    """A file of a case; its bytes lie in the file store under their SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = (Index("attachment_case", "case_id"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    sha256: str
    name: str
    size: int


class OutboxRow(SQLModel, table=True):
    """Work that follows an act and is done after its commit: making a letter, sending a message."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_open", "done_at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int | None = Field(default=None, foreign_key="case_file.id")
    kind: str
    ref: int
    created_at: str
    done_at: str | None = None
    attempts: int = 0
    last_error: str | None = Field(default=None, sa_type=Text)


class DigestRow(SQLModel, table=True):
    """The mail of one day to one officer on what presses: written before it is sent, so that it is sent
    once.
    """

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("office_id", "officer", "on_day"),
        CheckConstraint(one_of(DigestState), name="digest_state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    officer: str
    on_day: date
    state: str
    email: str
    alerts: int
    overdue: int
    begun_at: str
    sent_at: str | None = None
    last_error: str | None = Field(default=None, sa_type=Text)


class OverrideRow(SQLModel, table=True):
    """Wording of letters that an office accepted as its own (JSON, named by its SHA-256); the newest is in
    force.
    """

    __tablename__ = "override"

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    digest: str
    content: str = Field(sa_type=Text)
    accepted_at: str
    accepted_by: str


class SnapshotRow(SQLModel, table=True):
    """A case with a long history as it stood after its first `n` entries, sealed under its key; `program`
    names the modules that folded it (workflow.storage.snapshots)."""

    __tablename__ = "case_snapshot"

    case_id: int = Field(foreign_key="case_file.id", primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    n: int
    program: str
    content: str = Field(sa_type=Text)


class SignatureRow(SQLModel, table=True):
    """A letter's PDF with a signature added to it; its bytes lie in the file store under their SHA-256."""

    __tablename__ = "signature"
    __table_args__ = (Index("signature_letter", "letter_id"), Index("signature_sha256", "sha256"))

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    letter_id: int = Field(foreign_key="letter.id")
    sha256: str
    signer: str
    signed_at: str


class NoticeRow(SQLModel, table=True):
    """A notice on days off that was imported here, as a year's table (TOML): the calendar after the project's
    own.
    """

    __tablename__ = "notice"

    id: str = Field(primary_key=True)
    year: int
    number: str
    promulgated: date
    content: str = Field(sa_type=Text)
    imported_at: str
    imported_by: str


class PartyRow(SQLModel, table=True):
    """Somebody who applies, or acts for an applicant: found again by name, by a keyed hash of his number
    (else of his name), by one of his telephone number.
    """

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("case_id", "no"),
        Index("party_mark", "office_id", "mark"),
        Index("party_name", "office_id", "name"),
        Index("party_phone", "office_id", "phone"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    # From 1 in the order of the application; 0 is the agent.
    no: int
    role: str
    name: str
    mark: str
    phone: str | None = None


class ListFile(SQLModel, table=True):
    """A list that was handed in, by its SHA-256: how many of its rows were entered, and whether it was gone
    through.
    """

    __tablename__ = "list_file"
    __table_args__ = (Index("list_file_sha256", "office_id", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    sha256: str
    name: str
    entered: int = 0
    refused: int = 0
    done: bool = False
    begun_at: str
    begun_by: str


class ListEntry(SQLModel, table=True):
    """A row of a list that became a case, by a keyed hash of what stood in it: it is not entered a second
    time.
    """

    __tablename__ = "list_entry"
    __table_args__ = (Index("list_entry_mark", "office_id", "mark"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    list_id: int = Field(foreign_key="list_file.id")
    row: int
    mark: str
    case_id: int = Field(foreign_key="case_file.id")


class ListWord(SQLModel, table=True):
    """A name of a column or of a value in lists, as the office has said that it is meant."""

    __tablename__ = "list_word"
    __table_args__ = (UniqueConstraint("office_id", "kind", "word"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    kind: str
    word: str
    means: str
    told_at: str
    told_by: str


class WebCode(SQLModel, table=True):
    """A code by which an applicant (`no` 0) or a third party (the number of its consultation) follows a case
    on the public pages; the secret sealed under the key of the case, and what of it was published last.
    """

    __tablename__ = "web_code"
    __table_args__ = (UniqueConstraint("office_id", "lookup"), UniqueConstraint("case_id", "no"))

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    no: int
    lookup: str
    secret: str
    # How news is told: none, email, sms.
    notice: str
    version: int = 0
    # Of which state of the case a row was published last, and told of last.
    published: str | None = None
    noticed: str | None = None


class WebItem(SQLModel, table=True):
    """What was collected from the public pages, by the token of its form: it is taken in once. `step` says
    how far; what waits for an officer is `waiting`. `stars` is a rating.
    """

    __tablename__ = "web_item"
    __table_args__ = (UniqueConstraint("office_id", "token"), Index("web_item_step", "office_id", "step"))

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    token: str
    receipt: str
    kind: str
    no: int = 0
    on_day: date
    step: str
    stars: int | None = None
    taken_at: str
    settled_at: str | None = None
    settled_by: str | None = None


TABLES = SQLModel.metadata.tables

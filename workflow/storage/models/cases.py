"""Cases: their rows, keys, clocks, remedies, people, papers, and words for the search."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


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


class SnapshotRow(SQLModel, table=True):
    """A case with a long history as it stood after its first `n` entries, sealed under its key; `program`
    names the modules that folded it (workflow.storage.snapshots)."""

    __tablename__ = "case_snapshot"

    case_id: int = Field(foreign_key="case_file.id", primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    n: int
    program: str
    content: str = Field(sa_type=Text)

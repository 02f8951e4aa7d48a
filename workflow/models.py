"""The tables. The ledger is the record; the other tables are what is looked up fast, or what must be unique.

Every table that belongs to an organ carries its office: one database holds several. Values are checked before
they come here (table models do not validate), and CHECK constraints hold the few that must never be wrong.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


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
    active: bool = True


class CaseRow(SQLModel, table=True):
    """The cached fold of a case: what lists, alerts and reports look up. `workflow.project` writes it."""

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        CheckConstraint("version > 0", name="case_version_positive"),
        Index("case_open", "office_id", "open", "reply_due"),
        Index("case_state", "office_id", "state", "id"),
        Index("case_applicant", "office_id", "applicant_mark"),
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
    __table_args__ = (Index("clock_due", "office_id", "state", "due"), Index("clock_case", "case_id"))

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
    prev_hash: str
    hash: str


class ChainHead(SQLModel, table=True):
    """The newest entry of an office's chain; locking this row puts the writers of an office in line."""

    __tablename__ = "chain_head"

    office_id: int = Field(primary_key=True, foreign_key="office.id")
    seq: int
    hash: str


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
    __table_args__ = (Index("letter_case", "case_id"), UniqueConstraint("office_id", "number"))

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    case_id: int = Field(foreign_key="case_file.id")
    code: str
    number: str | None = None
    round: int = 1
    dated: date
    content: str = Field(sa_type=Text)
    sha256: str | None = None


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


class NoticeRow(SQLModel, table=True):
    """A notice on days off that was imported here, as a year's table (TOML): the calendar after the project's own."""

    __tablename__ = "notice"

    id: str = Field(primary_key=True)
    year: int
    number: str
    promulgated: date
    content: str = Field(sa_type=Text)
    imported_at: str
    imported_by: str


TABLES = SQLModel.metadata.tables

"""Letters and how they leave: what is to be made, mail, posting batches, signatures, digests."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from workflow.storage.row_states import BatchState, DigestState, MailState, one_of


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

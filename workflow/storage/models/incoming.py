"""What comes in: lists that were entered, their words, and the codes and submissions of the public pages."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


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

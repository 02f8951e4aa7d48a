"""The record: the ledger, its chain and tree, the checkpoints, and the mark of the database."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


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


class ReportCasesRow(SQLModel, table=True):
    """The cases of an annual report as it was closed by entry `seq`, with salts (JSON)."""

    __tablename__ = "report_cases"

    office_id: int = Field(primary_key=True, foreign_key="office.id")
    seq: int = Field(primary_key=True)
    content: str = Field(sa_type=Text)


class DatabaseMark(SQLModel, table=True):
    """What is said of the database as a whole: to which keys it belongs."""

    __tablename__ = "database_mark"

    name: str = Field(primary_key=True)
    value: str


class Series(SQLModel, table=True):
    """The last number given in a series of an office and year; taken in the transaction that uses it."""

    __tablename__ = "series"

    office_id: int = Field(primary_key=True, foreign_key="office.id")
    name: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int

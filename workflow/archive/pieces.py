"""The pieces of an archive folder in their order: letters, files that were handed in, and the pages made for
it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from letters.content import kinds
from workflow.base import tables
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.office.seat import Seat
from workflow.procedure.fold import effective
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

HERE = os.path.dirname(__file__)
LETTERS, SIGNATURES = TABLES["letter"], TABLES["signature"]


@cache
def table() -> dict[str, Any]:
    """The table of stages, pages and words."""
    return tables.read(os.path.join(HERE, "pieces.toml"))


def word(name: str) -> str:
    """A word of the pages; they are in Chinese whatever the officer reads."""
    return str(table()["words"][name])


@dataclass
class Piece:
    """One piece of the folder: what the catalogue says of it, and where its bytes come from."""

    stage: str
    round: int
    on: date
    order: int
    title: str
    number: str = ""
    responsible: str = ""
    remark: str = ""
    # File name; its extension selects the viewer.
    name: str = ""
    sha256: str | None = None
    # Makes the bytes, for a page of the folder itself.
    make: Callable[[], bytes] | None = field(default=None, repr=False)

    @property
    def key(self) -> tuple[Any, ...]:
        """Its position."""
        stages = [stage["key"] for stage in table()["stage"]]
        return self.round, stages.index(self.stage), self.on, self.order


@dataclass
class Opened:
    """A case with what its pieces are made of."""

    seat: Seat
    case_id: int
    case: CaseFile
    entries: list[Entry]
    key: bytes = field(repr=False)
    # The officers' names by their keys.
    people: dict[str, str] = field(default_factory=dict)


def of(connection: Connection, opened: Opened) -> list[Piece]:
    """All pieces of a case but the pages made for the folder, in their order."""
    found = [*_letters(connection, opened), *_files(opened)]
    return sorted(found, key=lambda piece: piece.key)


def stage_of(code: str) -> str:
    """In which stage a letter stands."""
    named = {code: stage["key"] for stage in table()["stage"] for code in stage.get("letters", ())}
    return str(named.get(code, named["*"]))


def _letters(connection: Connection, opened: Opened) -> Iterator[Piece]:
    signed = {
        row.letter_id: row.sha256
        for row in connection.execute(
            select(SIGNATURES.c.letter_id, SIGNATURES.c.sha256)
            .where(SIGNATURES.c.case_id == opened.case_id)
            .order_by(SIGNATURES.c.id)
        )
    }
    query = select(LETTERS).where(LETTERS.c.case_id == opened.case_id).order_by(LETTERS.c.id)
    for row in connection.execute(query):
        remark = word("unmade") if row.sha256 is None else word("signed") if row.id in signed else ""
        if row.voided_on is not None:
            remark = word("void")
        yield Piece(
            stage=stage_of(row.code),
            round=row.round,
            on=row.dated,
            order=row.id,
            title=kinds.name_of(row.code),
            number=row.number or "",
            responsible=opened.seat.office.name,
            remark=remark,
            name=f"{row.code}.pdf",
            sha256=signed.get(row.id, row.sha256),
        )


def _files(opened: Opened) -> Iterator[Piece]:
    """What was handed in, at the stage and in the round in which it came."""
    papers = {name for part in opened.case.remedies for name in part.papers}
    round_, order = 1, 0
    for entry in effective(opened.entries):
        round_ += entry.event == "redecide"
        for file in entry.payload.get("attachments", ()) if entry.event in ("receive", "attach") else ():
            order += 1
            received = entry.event == "receive"
            stage = "application" if received else "remedies" if file["name"] in papers else "materials"
            yield Piece(
                stage=stage,
                round=round_,
                on=entry.on,
                order=order,
                title=str(file["name"]),
                responsible=persons.name_of(opened.case) if received else opened.seat.office.name,
                name=str(file["name"]),
                sha256=file["sha256"],
            )

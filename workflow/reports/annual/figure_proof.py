"""The proof of one figure of a closed annual report: its cases, opened to the entries that they had when the
year was closed, and no other case (docs/evidence.md, "Proof of a figure").
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import merkle
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.evidence import checkpoints, notes
from workflow.evidence.notes import Note
from workflow.office.seat import Seat
from workflow.reports.annual import figure_names, leaves
from workflow.reports.annual.leaves import Cell, Leaf
from workflow.storage import ledger, tree
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
FORMAT = "disclosure figure proof 1"


@dataclass(frozen=True)
class Proof:
    """The proof of a figure: which, how much, of how many cases, and the text; and the report as recorded."""

    cell: Cell
    figure: int
    cases: int
    seq: int
    text: str
    report: str


def of(seat: Seat, year: int, row: str, column: str, note: Note | None = None) -> Proof:
    """The proof of a figure, against a checkpoint; else one that covers the closing, cosigned where there is
    one, made now where there is none. NotFound where the year was not closed with a root over its cases.
    """
    cell = figure_names.published(year, row, column)
    with seat.store.reading() as connection:
        closing = _closing(connection, seat.office.id, year)
        note = note or checkpoints.covering(connection, seat.office.id, closing.seq)
    note = note or checkpoints.make(seat)
    size = notes.checkpoint_of(note.text).size
    if size < closing.seq:
        raise NotFound(
            N_("The checkpoint of {size} entries is older than the closing of {year}, which is entry {seq}."),
            field="checkpoint",
            size=size,
            year=year,
            seq=closing.seq,
            way_on=N_("Name a later one, or leave --checkpoint out."),
        )
    figures = json.loads(closing.payload)["figures"]
    with seat.store.reading() as connection:
        paths = tree.Kept(connection, seat.office.id)
        every = leaves.kept(connection, seat.office.id, closing.seq)
        known = leaves.hashes(connection, seat.office.id, every)
        whole = leaves.levels(every, known)
        opened = [place for place, one in enumerate(every) if one.times(cell)]
        told = {
            "format": FORMAT,
            "cell": cell,
            "report": _entry(closing, size, paths),
            "cases": [
                {
                    "leaf": _encoded(every[place].text(known[every[place].case_id])),
                    "index": place,
                    "path": _path(place, len(every), lambda level, at: whole[level][at]),
                    "entries": _entries(connection, seat.office.id, every[place], size, paths),
                }
                for place in opened
            ],
            "checkpoint": str(note),
        }
    table, key, part = cell
    return Proof(
        cell,
        figures[table][key][part],
        len(opened),
        closing.seq,
        json.dumps(told, ensure_ascii=False) + "\n",
        json.dumps({"report": figures}, ensure_ascii=False, indent=1) + "\n",
    )


def _closing(connection: Connection, office_id: int, year: int) -> Any:
    """The entry that closed a year last."""
    query = select(LEDGER).where(
        LEDGER.c.office_id == office_id, LEDGER.c.case_id.is_(None), LEDGER.c.event == leaves.EVENT
    )
    rows = connection.execute(query.order_by(LEDGER.c.seq.desc()))
    found = next((row for row in rows if json.loads(row.payload)["year"] == year), None)
    if found is None:
        raise NotFound(
            N_("The report of {year} was not closed: there are no recorded figures to prove."),
            field="year",
            year=year,
            way_on=N_("Close the year first: disclosure report close {year}"),
        )
    if "cases" not in json.loads(found.payload):
        raise NotFound(
            N_("The report of {year} was closed by an earlier version, without a root over its cases."),
            field="year",
            year=year,
            way_on=N_("Close it anew and say why: disclosure report close {year} --reasons '...'"),
        )
    return found


def _entries(
    connection: Connection, office_id: int, leaf: Leaf, size: int, paths: tree.Kept
) -> list[dict[str, Any]]:
    query = select(LEDGER).where(
        LEDGER.c.office_id == office_id, LEDGER.c.case_id == leaf.case_id, LEDGER.c.n <= leaf.entries
    )
    return [_entry(row, size, paths) for row in connection.execute(query.order_by(LEDGER.c.seq))]


def _entry(row: Any, size: int, paths: tree.Kept) -> dict[str, Any]:
    """An entry as the chain hashed it, sealed texts left sealed, with its path to the root."""
    return {
        "text": _encoded(ledger.hashed_of(row).encode()),
        "index": row.seq - 1,
        "path": _path(row.seq - 1, size, paths.node),
    }


def _path(index: int, size: int, node: merkle.Node) -> list[str]:
    return [_encoded(step) for step in merkle.inclusion(index, size, node)]


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()

"""The cases of a closed report under one root: of each case a leaf that says in which figures it is counted,
and which entries it had then.

So that a disputed figure can be opened to its cases and their entries, and no further: leaves are salted and
stand in the order of their hashes, so that a root and a path say nothing of the other cases.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, or_, select

from workflow import law
from workflow.base import merkle
from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.reports.annual import counts
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, PENDING, TOTAL, Report
from workflow.storage import entry_hash
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER, CASES, REMEDIES, KEPT = (TABLES[name] for name in ("ledger", "case_file", "remedy", "report_cases"))
EVENT = "report_closed"
# Of every check of the record: made once.
_CLOSINGS = select(LEDGER.c.seq, LEDGER.c.payload).where(
    LEDGER.c.office_id == bindparam("office"), LEDGER.c.case_id.is_(None), LEDGER.c.event == EVENT
)
_KEPT = select(KEPT.c.seq).where(KEPT.c.office_id == bindparam("office"))
# Table, row and column of a figure under its published names.
Cell = tuple[str, str, str]
Hashes = list[tuple[int, str]]


@dataclass(frozen=True)
class Leaf:
    """A case as it was counted: its first `entries` entries, and how often in which figure."""

    case_id: int
    entries: int
    salt: str
    cells: list[list[Any]]

    def text(self, hashes: Hashes) -> bytes:
        """What is hashed as the leaf; `hashes` are number and hash of each of the entries."""
        told = {"cells": self.cells, "entries": hashes, "salt": self.salt}
        return entry_hash.canonical(told).encode()

    def times(self, cell: Cell) -> int:
        """How often the case is counted in a figure."""
        return sum(number for *where, number in self.cells if tuple(where) == cell)


def made(connection: Connection, office_id: int, report: Report) -> list[Leaf]:
    """The leaves of a report as it is counted now, in the order in which the tree holds them."""
    cells = counted(connection, office_id, report)
    sizes = select(CASES.c.id, CASES.c.entries).where(CASES.c.office_id == office_id)
    leaves = [
        Leaf(
            row.id,
            row.entries,
            secrets.token_hex(16),
            [[*cell, n] for cell, n in sorted(cells[row.id].items())],
        )
        for row in connection.execute(sizes)
        if row.id in cells
    ]
    known = hashes(connection, office_id, leaves)
    return sorted(leaves, key=lambda one: merkle.leaf(one.text(known[one.case_id])))


def counted(connection: Connection, office_id: int, report: Report) -> dict[int, Counter[Cell]]:
    """In which figures of a report each case is counted, and how often."""
    found: dict[int, Counter[Cell]] = {}
    _of_table3(connection, office_id, report, found)
    _of_table4(connection, office_id, report, found)
    return found


def _of_table3(
    connection: Connection, office_id: int, report: Report, found: dict[int, Counter[Cell]]
) -> None:
    first, last = counts.bounds(report.year)
    rows = {
        NEW: counts.received_between(first, last),
        OVER: counts.open_before(first),
        FORWARD: counts.open_after(last),
        TOTAL: counts.finished_between(first, last),
    }
    for row, where in rows.items():
        query = select(CASES.c.id, CASES.c.applicant_kind, CASES.c.report_row)
        for case in connection.execute(query.where(CASES.c.office_id == office_id, where)):
            result = report.form.merged.get(case.report_row, case.report_row)
            keys = [row] if row != TOTAL else [result, *([TOTAL] if result in report.form.results else [])]
            for key in keys:
                for column in (case.applicant_kind, ALL):
                    found.setdefault(case.id, Counter())["table3", key, column] += 1


def _of_table4(
    connection: Connection, office_id: int, report: Report, found: dict[int, Counter[Cell]]
) -> None:
    first, last = counts.bounds(report.year)
    tables = law.bundled()
    kinds = {part.id: part.key for part in tables.report_remedies()}
    results = {part.id: part.key for part in tables.report_results()}
    decided, pending = REMEDIES.c.decided_on.between(first, last), counts.pending_after(last)
    query = select(REMEDIES.c.case_id, REMEDIES.c.kind, REMEDIES.c.outcome, decided.label("decided"))
    for one in connection.execute(query.where(REMEDIES.c.office_id == office_id, or_(decided, pending))):
        result = counts.remedy_result(one.outcome) if one.decided else PENDING
        for column in (result, ALL):
            found.setdefault(one.case_id, Counter())["table4", kinds[one.kind], results[column]] += 1


def hashes(connection: Connection, office_id: int, leaves: Iterable[Leaf]) -> dict[int, Hashes]:
    """Number and hash of the entries of each case, so many as its leaf holds."""
    most = {one.case_id: one.entries for one in leaves}
    found: dict[int, Hashes] = {case: [] for case in most}
    query = select(LEDGER.c.case_id, LEDGER.c.n, LEDGER.c.seq, LEDGER.c.hash).where(
        LEDGER.c.office_id == office_id, LEDGER.c.case_id.is_not(None)
    )
    if len(most) <= _FEW:
        query = query.where(LEDGER.c.case_id.in_(most))
    for row in connection.execute(query.order_by(LEDGER.c.seq), execution_options={"yield_per": 10_000}):
        if row.n <= most.get(row.case_id, 0):
            found[row.case_id].append((row.seq, row.hash))
    return found


# More are not named one by one in a statement.
_FEW = 200


def levels(leaves: list[Leaf], known: dict[int, Hashes]) -> list[list[bytes]]:
    """The tree over the leaves: of each level the roots of its full subtrees."""
    found = [[merkle.leaf(one.text(known[one.case_id])) for one in leaves]]
    while len(found[-1]) > 1:
        below = found[-1]
        found.append([merkle.joined(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return found


def root(tree: list[list[bytes]]) -> str:
    """The root of the tree, in base64."""
    return base64.b64encode(merkle.root_at(len(tree[0]), lambda level, place: tree[level][place])).decode()


def told(connection: Connection, office_id: int, leaves: list[Leaf]) -> dict[str, Any]:
    """What the entry of the closing says of them: the root, and of how many cases."""
    return {"root": root(levels(leaves, hashes(connection, office_id, leaves))), "size": len(leaves)}


# --- as they are kept


def keep(connection: Connection, office_id: int, seq: int, leaves: list[Leaf]) -> None:
    """Keep the leaves of the closing that is entry `seq`, in the caller's transaction."""
    content = entry_hash.canonical([[one.case_id, one.entries, one.salt, one.cells] for one in leaves])
    connection.execute(insert(KEPT).values(office_id=office_id, seq=seq, content=content))


def kept(connection: Connection, office_id: int, seq: int) -> list[Leaf]:
    """The leaves of the closing that is entry `seq`; Damaged where they are not what was kept."""
    content = connection.execute(
        select(KEPT.c.content).where(KEPT.c.office_id == office_id, KEPT.c.seq == seq)
    ).scalar()
    try:
        return [Leaf(*one) for one in json.loads(content or "")]
    except (ValueError, TypeError):
        raise changed(seq) from None


def check(connection: Connection, office_id: int) -> None:
    """Damaged where what is kept of a closing does not give the root that its entry says."""
    closed = connection.execute(_CLOSINGS, {"office": office_id})
    closings = {row.seq: json.loads(row.payload).get("cases") for row in closed}
    rows = connection.execute(_KEPT, {"office": office_id}).scalars()
    for seq in {*rows, *(seq for seq, cases in closings.items() if cases)}:
        if closings.get(seq) is None:
            raise changed(seq)
        leaves = kept(connection, office_id, seq)
        if told(connection, office_id, leaves) != closings[seq]:
            raise changed(seq)


def changed(seq: int) -> Damaged:
    """That what is kept of a closing is not what was recorded."""
    return Damaged(
        N_("The cases of the report that entry {seq} closed are not those of which its root was recorded."),
        seq=seq,
        way_on=N_("Compare the database with a backup."),
    )

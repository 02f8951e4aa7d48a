"""Long cases as they stood after some entry, sealed under their key: what an act begins from instead of
folding thousands of entries.

A snapshot is taken at every so-manieth entry, and again where a correction changes what earlier entries
mean. It is a help and no record: a case without one is folded from its first entry, and `verify` folds each
anew and compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from workflow.base.errors import Damaged
from workflow.cases import frozen
from workflow.procedure.fold import fold
from workflow.storage import encryption
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.cases.case import CaseFile
    from workflow.cases.entry import Entry

ROWS = TABLES["case_snapshot"]
EVERY = 64
"""Entries from one snapshot to the next; a case with fewer has none."""
_FIELD = "snapshot"
_OF_CASE = select(ROWS.c.office_id, ROWS.c.n, ROWS.c.program, ROWS.c.content).where(
    ROWS.c.case_id == bindparam("case")
)


class Snapshot(NamedTuple):
    """A case as it was after its first `n` entries."""

    n: int
    case: CaseFile


def find(connection: Connection, case_id: int, entries: int, key: bytes | None) -> Snapshot | None:
    """The snapshot of a case with so many entries; None where there is none that this program can use."""
    if entries < EVERY or key is None:
        return None
    row = connection.execute(_OF_CASE, {"case": case_id}).first()
    if row is None or row.program != frozen.program() or row.n > entries:
        return None
    try:
        return Snapshot(row.n, frozen.read(encryption.open_(key, _FIELD, row.content)))
    except (Damaged, ValueError):
        return None


def holds(
    connection: Connection, office_id: int, case_id: int, number: str, entries: list[Entry], key: bytes | None
) -> bool:
    """Whether the snapshot of a case, if this program would begin from it, is what the entries give."""
    row = connection.execute(_OF_CASE, {"case": case_id}).first()
    if row is None:
        return True
    if row.office_id != office_id or not 0 < row.n <= len(entries):
        return False
    if key is None or row.program != frozen.program():
        return True
    try:
        kept = encryption.open_(key, _FIELD, row.content)
    except Damaged:
        return False
    return kept == frozen.write(fold(entries[: row.n], number=number))


def keep(
    connection: Connection, office_id: int, case_id: int, case: CaseFile, key: bytes, *, anew: bool
) -> None:
    """Take a snapshot where one is due after the entry that the case has now; `anew` says that earlier
    entries mean something else than before."""
    due = anew or case.entries % EVERY == 0
    if not due or case.entries < EVERY:
        return
    forget(connection, case_id)
    connection.execute(
        insert(ROWS),
        {
            "case_id": case_id,
            "office_id": office_id,
            "n": case.entries,
            "program": frozen.program(),
            "content": encryption.seal(key, _FIELD, frozen.write(case)),
        },
    )


def forget(connection: Connection, case_id: int) -> None:
    """Drop the snapshot of a case."""
    connection.execute(delete(ROWS).where(ROWS.c.case_id == bindparam("of_case")), {"of_case": case_id})

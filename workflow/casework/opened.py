"""A case read from the database (found, folded from its entries, with its clocks), and the result
of an act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Conflict
from workflow.base.messages import N_, Remark
from workflow.cases import clocks
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.entry import Entry
from workflow.casework import lookup
from workflow.office.seat import Seat
from workflow.procedure import particulars
from workflow.procedure.fold import apply, fold
from workflow.storage import case_entries, case_keys, snapshots

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Overtaken(Conflict):
    """Somebody else wrote to the case between its being read and its row being locked; nothing was written
    here."""


@dataclass
class Moved:
    """A clock that an act started, moved, stopped or ended."""

    before: CaseClock | None
    after: CaseClock | None


@dataclass
class Done:
    """The result of an act."""

    case: CaseFile
    case_id: int
    version: int
    entry: Entry
    clocks: list[CaseClock]
    moved: list[Moved]
    letters: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    # Work in the outbox that is no letter: the archive folder of a filed case, the end of a destroyed one.
    errands: list[int] = field(default_factory=list)
    # What the application lacks, reported at receipt.
    missing: list[particulars.Missing] = field(default_factory=list)
    # The case as a new draft left it, whose letter is looked at after the commit.
    to_check: Opened | None = None
    # The place of the entry in the chain, and its hash; where the commit chains it, not known before that.
    seq: int = 0
    hash: str = ""

    def chained(self, seq: int, made: str) -> None:
        """The entry has this place in the chain, and this hash."""
        self.seq, self.hash = seq, made


@dataclass
class Opened:
    """A case as it stands inside a unit of work."""

    id: int
    version: int
    # The entries since the snapshot that the case was folded from; all of them where there was none.
    recent: list[Entry]
    case: CaseFile
    clocks: list[CaseClock]
    # The data key of the case, under which its texts are sealed.
    key: bytes | None = field(default=None, repr=False)
    # Reads the entries before those: few acts look at them.
    earlier: Callable[[], list[Entry]] | None = field(default=None, repr=False)

    @property
    def entries(self) -> list[Entry]:
        """All entries of the case in their order."""
        if self.earlier is not None:
            self.recent, self.earlier = [*self.earlier(), *self.recent], None
        return self.recent

    def after(self, done: Done) -> Opened:
        """The same case after an act, in the same unit of work."""
        recent = [*self.recent, done.entry]
        return Opened(self.id, done.version, recent, done.case, done.clocks, self.key, self.earlier)


def open_case(seat: Seat, connection: Connection, ref: str, expect: int | None = None) -> Opened:
    """A case by its number, folded from its entries; Conflict if it is not at the version `expect` any
    more.
    """
    if connection.dialect.name == "postgresql" and lookup.is_number(ref):
        # One message instead of two: most cases are named by their number, and have no snapshot.
        row, read = case_entries.with_row(connection, lookup.EXACT, seat.office.id, ref, snapshots.EVERY)
        if row is not None:
            return open_row(seat, connection, row, expect, read if read[0] else None)
    return open_row(seat, connection, lookup.one(connection, seat, ref), expect)


def open_row(
    seat: Seat,
    connection: Connection,
    row: Any,
    expect: int | None,
    read: tuple[list[Entry], bytes | None] | None = None,
) -> Opened:
    """A case by its row; `read` are its entries and its key, where they were read with it."""
    if expect is not None and row.version != expect:
        raise Conflict(
            N_("{number} was changed meanwhile: you looked at version {expected}, it is at {found}."),
            number=row.number,
            expected=expect,
            found=row.version,
            way_on=N_("Look at it again: disclosure show {number}"),
        )
    key, known, earlier = None, None, None
    if row.entries >= snapshots.EVERY:
        key = case_keys.of(connection, row.id)
        known = snapshots.find(connection, row.id, row.entries, key)
    if known is None:
        recent, key = read or case_entries.keyed(connection, row.id)
        case = fold(recent, number=row.number)
    else:
        recent = case_entries.between(connection, row.id, key, known.n + 1)
        earlier = partial(_before, seat, connection, row.id, key, known.n)
        case = known.case
        for entry in recent:
            apply(case, entry)
    return Opened(row.id, row.version, recent, case, clocks.all_clocks(case, seat.context), key, earlier)


def _before(seat: Seat, connection: Connection, case_id: int, key: bytes | None, last: int) -> list[Entry]:
    """The entries of a case up to its snapshot. A view looks at them after its connection was closed: what
    is recorded does not change, so that another connection reads the same.
    """
    if not connection.closed:
        return case_entries.between(connection, case_id, key, 1, last)
    with seat.store.reading() as another:
        return case_entries.between(another, case_id, key, 1, last)

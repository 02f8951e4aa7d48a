"""Recomputes open deadlines after a notice or a change of law or settings: which move, and why.

The row of a clock names the version of what it was computed from. Where only the calendar changed, a clock
without consultations and extensions is recomputed from its start and length; otherwise the case is folded
again. Changes are written in lots, one ledger entry a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import not_, select

from workflow import calendar, clocks
from workflow.calendar import Calendar
from workflow.cases import case_clock, states
from workflow.cases import clocks as case_clocks
from workflow.casework.projections import columns
from workflow.office.seat import Seat
from workflow.procedure.fold import fold
from workflow.storage import case_entries
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
from workflow.upkeep.changed_days import RECENT, Reasons

CASES, CLOCKS = TABLES["case_file"], TABLES["clock"]
GOING = states.OPEN
LOT = 500
EVENT, REPLY = "recompute", "reply.limit"
# The reason for a change other than a day: (day, kind, notice).
LAW = ("", "law", "")
Clocks = dict[tuple[str, int], case_clock.CaseClock]
Rows = dict[tuple[str, int], Any]
Still = tuple[int, int, int]


class Move(NamedTuple):
    """One deadline that moves, or that begins or ceases to be provisional; None where a clock begins or
    ends.
    """

    rule: str
    ref: int
    before: date | None
    after: date | None
    was_provisional: bool
    provisional: bool
    # The row of the clock; None where it begins.
    id: int | None = None
    # The clock as folded anew, where more than its last day may be another.
    clock: case_clock.CaseClock | None = None

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "rule": self.rule,
            "ref": self.ref,
            "before": self.before and self.before.isoformat(),
            "after": self.after and self.after.isoformat(),
            "was_provisional": self.was_provisional,
            "provisional": self.provisional,
        }


class Change(NamedTuple):
    """A case whose clocks differ from what present law and calendar give: the moves and the reason."""

    case_id: int
    number: str
    version: int
    state: str
    regulations: str
    entries: int
    moves: tuple[Move, ...]
    why: tuple[tuple[str, str, str], ...]
    # Clocks of the case that were computed anew and are as they were: (row, case, its version).
    still: tuple[Still, ...] = ()

    @property
    def payload(self) -> dict[str, Any]:
        """As recorded in the ledger."""
        return {"moves": [move.as_json() for move in self.moves], "why": [list(day) for day in self.why]}


# Columns read of each running clock.
_ASKED = (
    CLOCKS.c.case_id,
    CLOCKS.c.id,
    CLOCKS.c.rule,
    CLOCKS.c.ref,
    CLOCKS.c.start,
    CLOCKS.c.due,
    CLOCKS.c.provisional,
    CLOCKS.c.length,
    CLOCKS.c.unit,
    CLOCKS.c.plain,
    CLOCKS.c.calendar,
    CASES.c.number,
    CASES.c.version,
    CASES.c.state,
    CASES.c.regulations,
    CASES.c.entries,
    CASES.c.recorded_at,
)


def plan(seat: Seat, still: list[Still] | None = None) -> Iterator[Change]:
    """Every case with a running clock that moves; nothing is changed. Cases are streamed.

    `still` takes up the clocks of the other cases, which were computed anew and are as they were: `apply`
    writes that down with them, so that the next time begins where this one ended.
    """
    basis, reasons = seat.context.basis, Reasons(seat)
    query = (
        select(*_ASKED)
        .join(CASES, CASES.c.id == CLOCKS.c.case_id)
        .where(CLOCKS.c.office_id == seat.office.id, CLOCKS.c.state.in_(GOING), CLOCKS.c.calendar != basis)
        .where(*(not_((CLOCKS.c.calendar == old) & (CLOCKS.c.due < day)) for old, day in _settled(seat)))
        .order_by(CLOCKS.c.case_id, CLOCKS.c.id)
    )
    law = "/" + basis.partition("/")[2]
    with seat.store.reading() as connection:
        rows = connection.execution_options(yield_per=2000).execute(query)
        cases = ((case_id, list(group)) for case_id, group in groupby(rows, key=itemgetter(0)))
        while some := list(islice(cases, LOT)):
            others = {
                case_id for case_id, kept in some if not all(row.calendar.endswith(law) for row in kept)
            }
            folded = _folded(seat, connection, some, others)
            whole = _whole(connection, folded)
            for case_id, kept in some:
                fresh, rows_of = folded.get(case_id, {}), whole.get(case_id, {})
                moves = (
                    list(_anew(rows_of, fresh))
                    if case_id in others
                    else _moves(seat.context.calendar, kept, fresh)
                )
                same = _same(kept, moves, rows_of, fresh, basis)
                if moves:
                    yield _change(reasons, kept, moves, same, by_law=case_id in others)
                elif still is not None:
                    still += same


def _change(
    reasons: Reasons, kept: list[Any], moves: list[Move], same: tuple[Still, ...], *, by_law: bool
) -> Change:
    case_id, *_, number, version, state, regulations, entries, recorded_at = kept[0]
    days = [day for move in moves for day in (move.before, move.after) if day is not None]
    why = reasons.between(recorded_at, min(row.start for row in kept), max(days))
    why = (*why, LAW) if by_law else why
    return Change(case_id, number, version, state, regulations, entries, tuple(moves), why, same)


def _settled(seat: Seat) -> Iterator[tuple[str, date]]:
    """Versions under the same law, with the first day on which the calendar differs: clocks ending before the
    first changed day cannot move.
    """
    current, basis = seat.context.calendar, seat.context.basis
    local, imported = seat.office.local_days, seat.notices
    newest = calendar.notices()[-RECENT:]
    olds = [calendar.known(local=local, extra=imported[:n]) for n in range(len(imported))]
    olds += [calendar.known(notice.promulgated - timedelta(days=1), local=local) for notice in newest]
    found = {old.version: old for old in olds if old.version != current.version}
    for version, old in found.items():
        yield f"{version}/{basis.partition('/')[2]}", current.same_until(old)


def _moves(current: Calendar, kept: list[Any], fresh: Clocks) -> list[Move]:
    """The moves of a case under another calendar: from the rows alone where that is all there is to a
    clock.
    """
    found = []
    for _, row_id, rule, ref, start, before, was, length, unit, plain, *_ in kept:
        if plain:
            due = clocks.due_again(start, length, unit, current)
            provisional = current.provisional(due)
        elif (rule, ref) in fresh:
            due, provisional = _last(fresh[rule, ref])
        else:
            continue
        if due != before or provisional != was:
            found.append(Move(rule, ref, before, due, was, provisional, row_id))
    return found


def _anew(kept: Rows, fresh: Clocks) -> Iterator[Move]:
    """The moves of a case under another law: every clock as it is folded now against the one that is kept."""
    for key, row in kept.items():
        if row.state not in GOING:
            continue
        was, clock = bool(row.provisional), fresh.get(key)
        if clock is None:
            yield Move(*key, row.due, None, was, False, row.id)
        elif (*_last(clock), clock.state, clock.deadline.start) != (row.due, was, row.state, row.start):
            yield Move(*key, row.due, clock.deadline.due, was, clock.deadline.provisional, row.id, clock)
    for key, clock in fresh.items():
        if key not in kept and clock.state in GOING:
            yield Move(*key, None, clock.deadline.due, False, clock.deadline.provisional, None, clock)


def _last(clock: case_clock.CaseClock) -> tuple[date, bool]:
    return clock.deadline.due, clock.deadline.provisional


def _same(kept: list[Any], moves: list[Move], rows: Rows, fresh: Clocks, basis: str) -> tuple[Still, ...]:
    """The clocks of a case that are as they were: by their rows where these are all there is to them, else by
    every column that they have."""
    moved = {move.id for move in moves}
    found: list[Still] = []
    for row in kept:
        if row.id in moved:
            continue
        if rows:
            key = row.rule, row.ref
            values = columns(fresh.get(key), basis)
            if values is None or any(
                getattr(rows[key], name) != value for name, value in values.items() if name != "calendar"
            ):
                continue
        found.append((row.id, row.case_id, row.version))
    return tuple(found)


def _whole(connection: Connection, folded: dict[int, Clocks]) -> dict[int, Rows]:
    """The clocks of the cases that were folded again, with all their columns, for all of them at once."""
    if not folded:
        return {}
    found: dict[int, Rows] = {case_id: {} for case_id in folded}
    for row in connection.execute(select(CLOCKS).where(CLOCKS.c.case_id.in_(folded))):
        found[row.case_id][row.rule, row.ref] = row
    return found


def _folded(
    seat: Seat, connection: Connection, some: list[tuple[int, list[Any]]], others: set[int]
) -> dict[int, Clocks]:
    """The clocks of those cases that have to be folded again: entries are fetched for all of them at once."""
    number = {
        case_id: kept[0].number
        for case_id, kept in some
        if case_id in others or not all(row.plain for row in kept)
    }
    if not number:
        return {}
    table = TABLES["ledger"]
    query = select(table).where(table.c.case_id.in_(number)).order_by(table.c.case_id, table.c.n)
    found = {}
    for case_id, rows in groupby(connection.execute(query), key=lambda row: row.case_id):
        case = fold(map(case_entries.entry_of, rows), number=number[case_id])
        found[case_id] = {clock.key: clock for clock in case_clocks.all_clocks(case, seat.context)}
    return found


# --- writing

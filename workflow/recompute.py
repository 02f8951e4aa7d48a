"""After a notice, or a change of the law or of the office's settings: which open deadlines move, and why.

The row of a clock says by what it was computed. Where only the calendar is another, a clock without consultations
and extensions is its start and its length, and is computed again from its row; else the case is folded again.
Changes are written in lots, one ledger entry a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from workflow import calendar, clocks, docket, ledger, machine, when
from workflow.casefile import CaseFile, Entry, fold
from workflow.errors import Conflict
from workflow.guards import Act
from workflow.i18n import N_
from workflow.schema import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.calendar import Calendar
    from workflow.desk import Desk

CASES, CLOCKS = TABLES["case_file"], TABLES["clock"]
GOING = ("running", "stopped")
LOT = 500
EVENT = "recompute"
# The reason that is no day: (day, kind, notice).
LAW = ("", "law", "")


class Move(NamedTuple):
    """One deadline that moves, or that begins or ceases to be provisional; None where a clock begins or ends."""

    rule: str
    ref: int
    before: date | None
    after: date | None
    was_provisional: bool
    provisional: bool
    # The clock as folded anew, where more than its last day may be another.
    clock: docket.CaseClock | None = None

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "rule": self.rule, "ref": self.ref, "before": self.before and self.before.isoformat(),
            "after": self.after and self.after.isoformat(), "was_provisional": self.was_provisional,
            "provisional": self.provisional,
        }  # fmt: skip


class Change(NamedTuple):
    """A case whose clocks are not what law and calendar of now give: the moves and what is the reason."""

    case_id: int
    number: str
    version: int
    moves: tuple[Move, ...]
    why: tuple[tuple[str, str, str], ...]

    @property
    def payload(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        return {"moves": [move.as_json() for move in self.moves], "why": [list(day) for day in self.why]}


def plan(desk: Desk) -> Iterator[Change]:
    """Every case with a running clock that moves; nothing is changed. Cases are streamed."""
    basis, reasons = desk.context.basis, _Reasons(desk)
    query = (
        select(CLOCKS, CASES.c.number, CASES.c.version, CASES.c.recorded_at)
        .join(CASES, CASES.c.id == CLOCKS.c.case_id)
        .where(CLOCKS.c.office_id == desk.office.id, CLOCKS.c.state.in_(GOING), CLOCKS.c.calendar != basis)
        .order_by(CLOCKS.c.case_id, CLOCKS.c.id)
    )
    law = basis.partition("/")[2]
    with desk.store.reading() as connection:
        rows = connection.execution_options(yield_per=2000).execute(query)
        for case_id, group in groupby(rows, key=attrgetter("case_id")):
            kept = list(group)
            first = kept[0]
            other_law = any(row.calendar.partition("/")[2] != law for row in kept)
            moves = tuple(_anew(desk, connection, case_id, first.number) if other_law
                          else _moves(desk, connection, case_id, kept))  # fmt: skip
            if moves:
                days = [day for move in moves for day in (move.before, move.after) if day is not None]
                why = reasons.between(first.recorded_at, min(row.start for row in kept), max(days))
                yield Change(
                    case_id, first.number, first.version, moves, (*why, *([LAW] if other_law else []))
                )


def _moves(desk: Desk, connection: Connection, case_id: int, kept: list[Any]) -> Iterator[Move]:
    """The moves of a case under another calendar: from the rows alone where that is all there is to a clock."""
    current = desk.context.calendar
    fresh: dict[tuple[str, int], docket.CaseClock] | None = None
    for row in kept:
        if row.plain:
            due = clocks.due_again(row.start, row.length, row.unit, current)
            provisional = current.provisional(due)
        else:
            if fresh is None:
                fresh = _folded(desk, connection, case_id, row.number)
            if (row.rule, row.ref) not in fresh:
                continue
            due, provisional = _last(fresh[row.rule, row.ref])
        if due != row.due or provisional != bool(row.provisional):
            yield Move(row.rule, row.ref, row.due, due, bool(row.provisional), provisional)


def _anew(desk: Desk, connection: Connection, case_id: int, number: str) -> Iterator[Move]:
    """The moves of a case under another law: every clock as it is folded now against the one that is kept."""
    kept = {
        (row.rule, row.ref): row
        for row in connection.execute(select(CLOCKS).where(CLOCKS.c.case_id == case_id))
    }
    fresh = _folded(desk, connection, case_id, number)
    for key, row in kept.items():
        if row.state not in GOING:
            continue
        was, clock = bool(row.provisional), fresh.get(key)
        if clock is None:
            yield Move(*key, row.due, None, was, False)
        elif (*_last(clock), clock.state) != (row.due, was, row.state):
            yield Move(*key, row.due, clock.deadline.due, was, clock.deadline.provisional, clock)
    for key, clock in fresh.items():
        if key not in kept and clock.state in GOING:
            yield Move(*key, None, clock.deadline.due, False, clock.deadline.provisional, clock)


def _last(clock: docket.CaseClock) -> tuple[date, bool]:
    return clock.deadline.due, clock.deadline.provisional


def _folded(
    desk: Desk, connection: Connection, case_id: int, number: str
) -> dict[tuple[str, int], docket.CaseClock]:
    case = fold(ledger.entries(connection, case_id), number=number)
    return {clock.key: clock for clock in docket.all_clocks(case, desk.context)}


class _Reasons:
    """Which days are working days now and were not, or the reverse, when a case was last written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with desk.store.reading() as connection:
            table = TABLES["notice"]
            rows = connection.execute(select(table.c.id, table.c.imported_at))
            self.imported = {row.id: row.imported_at for row in rows}
        self.known: dict[str, tuple[tuple[date, str, str], ...]] = {}

    def between(self, recorded_at: str, first: date, last: date) -> tuple[tuple[str, str, str], ...]:
        """(day, 'working' or 'off', notice or festival) of the days that changed between two days."""
        day = recorded_at[:10]
        if day not in self.known or any(at[:10] == day for at in self.imported.values()):
            self.known[day] = self._all(recorded_at)
        return tuple(
            (one.isoformat(), kind, why) for one, kind, why in self.known[day] if first <= one <= last
        )

    def _all(self, recorded_at: str) -> tuple[tuple[date, str, str], ...]:
        then = when.china_day(datetime.fromisoformat(recorded_at))
        extra = tuple(
            notice for notice in self.desk.notices if self.imported.get(notice.id, "") <= recorded_at
        )
        old = calendar.known(then, local=self.desk.office.local_days, extra=extra)
        return _differences(old, self.desk.context.calendar)


@lru_cache(maxsize=64)
def _differences(old: Calendar, new: Calendar) -> tuple[tuple[date, str, str], ...]:
    """All days from the old calendar's last announced year on that the two see differently."""
    found = []
    day, end = date(old.announced_until.year, 1, 1), new.announced_until + timedelta(days=366)
    while day <= end:
        before, after = old.day(day), new.day(day)
        if before.working != after.working:
            why = after.notice or after.festival or before.festival
            found.append((day, "working" if after.working else "off", why))
        day += timedelta(days=1)
    return tuple(found)


# --- writing


def apply(desk: Desk, changes: Iterable[Change], seen: Callable[[Change], None] | None = None) -> int:
    """Write the changes, a lot in each transaction, one entry a case; how many. Conflict if one changed meanwhile."""
    pending, written = iter(changes), 0
    while lot := list(islice(pending, LOT)):
        with desk.store.writing() as connection:
            _write(desk, connection, lot)
        written += len(lot)
        for change in lot if seen is not None else ():
            seen(change)
    return written


def _write(desk: Desk, connection: Connection, lot: list[Change]) -> None:
    head = ledger.head(connection, desk.office.id, lock=True)
    rows = {
        row.id: row
        for row in connection.execute(
            select(CASES.c.id, CASES.c.number, CASES.c.version, CASES.c.state, CASES.c.entries, CASES.c.regulations)
            .where(CASES.c.id.in_([change.case_id for change in lot]))
        )
    }  # fmt: skip
    moment, today, context = desk.moment(), desk.today(), desk.context
    entries: list[tuple[int | None, Entry]] = []
    for change in lot:
        row = rows[change.case_id]
        if row.version != change.version:
            raise Conflict(
                N_("{number} was changed by somebody else at the same moment."), number=row.number,
                way_on=N_("Look at the changes again: disclosure recompute"),
            )  # fmt: skip
        case = CaseFile(number=row.number, state=row.state, regulations=row.regulations)
        act = Act(EVENT, today, change.payload, desk.officer.actor)
        taken = machine.take(case, act, context)
        entries.append((change.case_id, Entry(
            n=row.entries + 1, event=EVENT, track=taken.track, on=today, recorded_at=moment,
            actor=desk.officer.key, source=taken.source, dest=taken.dest,
            article=taken.basis(row.regulations) or taken.article, payload=act.payload,
        )))  # fmt: skip
    ledger.append_all(connection, desk.office.id, entries, head)
    _update(connection, lot, moment, context.basis)
    _rewrite(connection, desk.office.id, lot, context.basis)


_THIS_CLOCK = (
    (CLOCKS.c.case_id == bindparam("b_case"))
    & (CLOCKS.c.rule == bindparam("b_rule"))
    & (CLOCKS.c.ref == bindparam("b_ref"))
)


def _rewrite(connection: Connection, office_id: int, lot: list[Change], basis: str) -> None:
    """Clocks of which more than the last day may be another: they are written whole, begun or ended."""
    from workflow.desk import columns

    for change in lot:
        for move in change.moves:
            place = {"b_case": change.case_id, "b_rule": move.rule, "b_ref": move.ref}
            if move.after is None:
                connection.execute(CLOCKS.delete().where(_THIS_CLOCK), place)
            elif move.before is None:
                values = columns(move.clock, basis) or {}
                connection.execute(
                    insert(CLOCKS), {"office_id": office_id, "case_id": change.case_id, **values}
                )
            elif move.clock is not None:
                connection.execute(
                    update(CLOCKS).where(_THIS_CLOCK).values(columns(move.clock, basis)), place
                )


def _update(connection: Connection, lot: list[Change], moment: str, basis: str) -> None:
    """Bring clocks and rows up to the entries."""
    moved = [
        {"b_case": change.case_id, "b_rule": move.rule, "b_ref": move.ref, "b_due": move.after,
         "b_provisional": move.provisional}
        for change in lot for move in change.moves if move.clock is None and move.after is not None
    ]  # fmt: skip
    if moved:
        fresh = {"due": bindparam("b_due"), "provisional": bindparam("b_provisional"), "calendar": basis}
        connection.execute(update(CLOCKS).where(_THIS_CLOCK).values(fresh), moved)
    connection.execute(
        update(CASES)
        .where(CASES.c.id == bindparam("b_id"))
        .values(version=CASES.c.version + 1, entries=CASES.c.entries + 1, recorded_at=moment),
        [{"b_id": change.case_id} for change in lot],
    )
    replies = [
        (change.case_id, move) for change in lot for move in change.moves if move.rule == "reply.limit"
    ]
    if replies:
        connection.execute(
            update(CASES)
            .where(CASES.c.id == bindparam("b_id"))
            .values(reply_due=bindparam("b_due"), reply_provisional=bindparam("b_provisional")),
            [
                {"b_id": case_id, "b_due": move.after, "b_provisional": move.provisional}
                for case_id, move in replies
            ],
        )
    states = [
        {"b_id": case_id, "b_state": move.clock.state} for case_id, move in replies if move.clock is not None
    ]
    if states:
        state = {"reply_clock": bindparam("b_state")}
        connection.execute(update(CASES).where(CASES.c.id == bindparam("b_id")).values(state), states)

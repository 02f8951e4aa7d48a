"""After an imported notice or a change of the law tables: which open deadlines move, from what to what, and why.

A clock without consultations and extensions is its start and its length, and is computed again from its row; where
there is more to it, the case is folded again. Changes are written in lots, one ledger entry a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from workflow import announced, calendar, clocks, docket, ledger, machine, when
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


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline that moves, or that stops or begins to be provisional."""

    rule: str
    ref: int
    before: date
    after: date
    was_provisional: bool
    provisional: bool

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "rule": self.rule, "ref": self.ref, "before": self.before.isoformat(), "after": self.after.isoformat(),
            "was_provisional": self.was_provisional, "provisional": self.provisional,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose clocks are not what law and calendar of now give: the moves and the days that are the reason."""

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
    current = desk.context.calendar
    reasons = _Reasons(desk)
    query = (
        select(CLOCKS, CASES.c.number, CASES.c.version, CASES.c.recorded_at)
        .join(CASES, CASES.c.id == CLOCKS.c.case_id)
        .where(CLOCKS.c.office_id == desk.office.id, CLOCKS.c.state.in_(GOING), CLOCKS.c.calendar != current.version)
        .order_by(CLOCKS.c.case_id, CLOCKS.c.id)
    )
    with desk.store.reading() as connection:
        rows = connection.execution_options(yield_per=2000).execute(query)
        for case_id, group in groupby(rows, key=lambda row: row.case_id):
            kept = list(group)
            moves = tuple(_moves(desk, connection, case_id, kept))
            if moves:
                first = min(row.start for row in kept)
                last = max(max(move.before, move.after) for move in moves)
                why = reasons.between(kept[0].recorded_at, first, last)
                yield Change(case_id, kept[0].number, kept[0].version, moves, why)


def _moves(desk: Desk, connection: Connection, case_id: int, kept: list[Any]) -> Iterator[Move]:
    """The moves of a case: from the rows alone where start and length are all there is to a clock."""
    current = desk.context.calendar
    fresh: dict[tuple[str, int], tuple[date, bool]] | None = None
    for row in kept:
        if not row.plain:
            if fresh is None:
                fresh = _folded(desk, connection, case_id, row.number)
            if (row.rule, row.ref) not in fresh:
                continue
            due, provisional = fresh[row.rule, row.ref]
        else:
            due = clocks.due_again(row.start, row.length, row.unit, current)
            provisional = current.provisional(due)
        if due != row.due or provisional != bool(row.provisional):
            yield Move(row.rule, row.ref, row.due, due, bool(row.provisional), provisional)


def _folded(desk: Desk, connection: Connection, case_id: int, number: str) -> dict[tuple[str, int], tuple[date, bool]]:
    case = fold(ledger.entries(connection, case_id), number=number)
    return {
        clock.key: (clock.deadline.due, clock.deadline.provisional) for clock in docket.all_clocks(case, desk.context)
    }


class _Reasons:
    """Which days are working days now and were not, or the reverse, when a case was last written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with desk.store.reading() as connection:
            table = TABLES["notice"]
            self.imported = {row.id: row.imported_at for row in connection.execute(select(table.c.id, table.c.imported_at))}
        self.known: dict[str, tuple[tuple[date, str, str], ...]] = {}

    def between(self, recorded_at: str, first: date, last: date) -> tuple[tuple[str, str, str], ...]:
        """(day, 'working' or 'off', notice or festival) of the days that changed between two days."""
        day = recorded_at[:10]
        if day not in self.known or any(at[:10] == day for at in self.imported.values()):
            self.known[day] = self._all(recorded_at)
        return tuple((one.isoformat(), kind, why) for one, kind, why in self.known[day] if first <= one <= last)

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
            found.append((day, "working" if after.working else "off", after.notice or after.festival or before.festival))
        day += timedelta(days=1)
    return tuple(found)


# --- writing


def apply(desk: Desk, changes: Iterable[Change], seen: Callable[[Change], None] | None = None) -> int:
    """Write the changes, a lot in each transaction, one entry a case; how many. Conflict if a case changed meanwhile."""
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
    _update(connection, lot, moment, context.calendar.version)


def _update(connection: Connection, lot: list[Change], moment: str, version: str) -> None:
    """Bring clocks and rows up to the entries."""
    connection.execute(
        update(CLOCKS)
        .where(CLOCKS.c.case_id == bindparam("b_case"), CLOCKS.c.rule == bindparam("b_rule"), CLOCKS.c.ref == bindparam("b_ref"))
        .values(due=bindparam("b_due"), provisional=bindparam("b_provisional"), calendar=version),
        [
            {"b_case": change.case_id, "b_rule": move.rule, "b_ref": move.ref, "b_due": move.after,
             "b_provisional": move.provisional}
            for change in lot for move in change.moves
        ],
    )  # fmt: skip
    connection.execute(
        update(CASES)
        .where(CASES.c.id == bindparam("b_id"))
        .values(version=CASES.c.version + 1, entries=CASES.c.entries + 1, recorded_at=moment),
        [{"b_id": change.case_id} for change in lot],
    )
    replies = [(change.case_id, move) for change in lot for move in change.moves if move.rule == "reply.limit"]
    if replies:
        connection.execute(
            update(CASES)
            .where(CASES.c.id == bindparam("b_id"))
            .values(reply_due=bindparam("b_due"), reply_provisional=bindparam("b_provisional")),
            [{"b_id": case_id, "b_due": move.after, "b_provisional": move.provisional} for case_id, move in replies],
        )

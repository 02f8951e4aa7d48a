"""After an imported notice or a change of the law tables: which open deadlines move, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow import announced, calendar, docket, ledger, when
from workflow.casefile import fold
from workflow.models import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.calendar import Calendar
    from workflow.desk import Desk

CASES, CLOCKS = TABLES["case_file"], TABLES["clock"]
GOING = ("running", "stopped")


@dataclass(frozen=True)
class Move:
    """One deadline that moves, or that stops or begins to be provisional."""

    rule: str
    ref: int
    before: date | None
    after: date | None
    was_provisional: bool
    provisional: bool

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "rule": self.rule, "ref": self.ref, "before": self.before.isoformat() if self.before else None,
            "after": self.after.isoformat() if self.after else None, "was_provisional": self.was_provisional,
            "provisional": self.provisional,
        }  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A case whose clocks are not what law and calendar of now give: the moves and the days that are the reason."""

    number: str
    moves: tuple[Move, ...]
    why: tuple[tuple[str, str, str], ...]

    @property
    def payload(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        return {"moves": [move.as_json() for move in self.moves], "why": [list(day) for day in self.why]}


def plan(desk: Desk) -> Iterator[Change]:
    """Every open case whose deadlines move; nothing is changed."""
    current = desk.context.calendar
    with desk.store.reading() as connection:
        stale = (
            select(CLOCKS.c.case_id)
            .where(CLOCKS.c.office_id == desk.office.id, CLOCKS.c.state.in_(GOING), CLOCKS.c.calendar != current.version)
            .distinct()
        )
        query = select(CASES).where(CASES.c.id.in_(stale)).order_by(CASES.c.id)
        for row in connection.execution_options(yield_per=500).execute(query):
            change = _change(desk, connection, row)
            if change is not None:
                yield change


def _change(desk: Desk, connection: Connection, row: Any) -> Change | None:
    case = fold(ledger.entries(connection, row.id), number=row.number)
    fresh = {clock.key: clock for clock in docket.all_clocks(case, desk.context)}
    kept = {(clock.rule, clock.ref): clock for clock in connection.execute(select(CLOCKS).where(CLOCKS.c.case_id == row.id))}
    moves = []
    for key in dict.fromkeys((*kept, *fresh)):
        old, new = kept.get(key), fresh.get(key)
        if old is not None and new is not None:
            same = old.due == new.deadline.due and bool(old.provisional) == new.deadline.provisional
            if same or (old.state not in GOING and new.state not in GOING):
                continue
        moves.append(
            Move(
                key[0], key[1], old.due if old else None, new.deadline.due if new else None,
                bool(old and old.provisional), bool(new and new.deadline.provisional),
            )
        )  # fmt: skip
    if not moves:
        return None
    days = [day for move in moves for day in (move.before, move.after) if day is not None]
    start = min(clock.deadline.start for clock in fresh.values())
    return Change(row.number, tuple(moves), _why(desk, row.recorded_at, start, max(days)))


def _why(desk: Desk, recorded_at: str, first: date, last: date) -> tuple[tuple[str, str, str], ...]:
    """The days between that are working days now and were not (or the reverse) when the case was last written."""
    then = when.china_day(datetime.fromisoformat(recorded_at))
    old = calendar.known(then, local=desk.office.local_days, extra=_known_then(desk, recorded_at))
    return tuple(_differences(old, desk.context.calendar, first, last))


def _known_then(desk: Desk, recorded_at: str) -> tuple[Any, ...]:
    """The imported notices that this database held at that moment."""
    with desk.store.reading() as connection:
        table = TABLES["notice"]
        later = set(connection.execute(select(table.c.id).where(table.c.imported_at > recorded_at)).scalars())
        return tuple(notice for notice in announced.imported(connection) if notice.id not in later)


def _differences(old: Calendar, new: Calendar, first: date, last: date) -> Iterator[tuple[str, str, str]]:
    day = first
    while day <= last:
        before, after = old.day(day), new.day(day)
        if before.working != after.working:
            yield day.isoformat(), "working" if after.working else "off", after.notice or after.festival or before.festival
        day += timedelta(days=1)


def apply(desk: Desk, change: Change) -> None:
    """Write the change: one entry for the case, its clocks as they are now."""
    desk.recompute(change.number, change.payload)

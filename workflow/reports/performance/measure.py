"""The figures, counted in one pass over the rows of the cases that were finished in a period; memory stays
flat.

A case belongs to the day on which it was finished. The time to its reply is in working days
(workflow/clocks/time_spent.py): net of the days taken out for consultations, and gross. Median and 90 % are
exact, by nearest rank: the smallest number of days within which at least that share of the replies was given.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.calendar import Calendar
from workflow.cases.states import ClockState
from workflow.clocks.time_spent import Spent, spent
from workflow.office.seat import Seat
from workflow.reports.register.selection import ordered, unit_meant
from workflow.storage.figures import counted
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, REMEDIES = TABLES["case_file"], TABLES["remedy"]
GROUPS = ("unit", "channel", "outcome", "month")
MOST_MONTHS = 240
# Remedy outcomes, best first; details in `effect`.
ENDS = ("upheld", "corrected", "set_aside", "other")
SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Period:
    """The days looked at, both included."""

    first: date
    last: date

    def months(self) -> list[str]:
        """Its months, as YYYY-MM."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        start = self.first.year * 12 + self.first.month - 1
        return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(start, start + count)]


def period(year: int | None, first: str | None, last: str | None, today: date) -> Period:
    """The period as asked for: a year, or from a day to a day; this year up to today where nothing was
    said.
    """
    if year is not None and (first or last):
        raise Malformed(
            N_("A period is a year, or two days."),
            field="year",
            way_on=N_("Leave out either --year or --from and --to."),
        )
    if year is not None:
        if not date.min.year <= year <= date.max.year:
            raise Malformed(N_("There is no year {year}."), field="year", year=year)
        return Period(date(year, 1, 1), date(year, 12, 31))
    end = parse_date(last, "to") if last else today
    start = parse_date(first, "from") if first else date(end.year, 1, 1)
    ordered(start, end, "from")
    found = Period(start, end)
    if len(found.months()) > MOST_MONTHS:
        raise Malformed(
            N_("A period has at most {most} months."),
            field="from",
            most=MOST_MONTHS,
            way_on=N_("Take a shorter one."),
        )
    return found


@dataclass
class Figures:
    """What was counted of some cases."""

    finished: int = 0
    replied: int = 0
    in_time: int = 0
    extended: int = 0
    corrected: int = 0
    net: Counter[int] = field(default_factory=Counter)
    gross: Counter[int] = field(default_factory=Counter)

    def add(self, row: Any, days: Spent | None) -> None:
        """Count a case."""
        self.finished += 1
        self.extended += row.extended_on is not None
        self.corrected += row.corrected_on is not None
        if days is not None:
            self.replied += 1
            self.in_time += row.reply_clock == ClockState.MET
            self.net[days.net] += 1
            self.gross[days.gross] += 1

    def plain(self) -> dict[str, Any]:
        """As plain data; a share of nothing is None."""
        return {
            "finished": self.finished,
            "replied": self.replied,
            "in_time": self.in_time,
            "share_in_time": share(self.in_time, self.replied),
            "net": {"median": rank(self.net, 50), "p90": rank(self.net, 90)},
            "gross": {"median": rank(self.gross, 50), "p90": rank(self.gross, 90)},
            "extended": self.extended,
            "share_extended": share(self.extended, self.finished),
            "corrected": self.corrected,
            "share_corrected": share(self.corrected, self.finished),
        }


def share(part: int, whole: int) -> float | None:
    """A share from 0 to 1, to four places; None of nothing."""
    return round(part / whole, 4) if whole else None


def rank(counted: Counter[int], percent: int) -> int | None:
    """The smallest number that at least so many percent of those counted do not exceed; None of nothing."""
    needed = -(-sum(counted.values()) * percent // 100)
    seen = 0
    for value in sorted(counted):
        seen += counted[value]
        if seen >= needed:
            return value
    return None


@dataclass
class Performance:
    """All figures of a period."""

    office: str
    period: Period
    received: int
    whole: Figures
    groups: dict[str, dict[str, Figures]]
    remedies: dict[str, Counter[str]]
    limit: int

    def plain(self) -> dict[str, Any]:
        """As plain data, keys as they are stored."""
        return {
            "office": self.office,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "received": self.received,
            "limit": self.limit,
            "whole": self.whole.plain(),
            **{name: {key: one.plain() for key, one in found.items()} for name, found in self.groups.items()},
            "remedies": {kind: remedy(counted) for kind, counted in self.remedies.items()},
        }


def remedy(counted: Counter[str]) -> dict[str, Any]:
    """Remedies of a kind as plain data: how many had each end, and which share."""
    total = sum(counted.values())
    return {
        "decided": total,
        **{end: {"n": counted[end], "share": share(counted[end], total)} for end in ENDS},
    }


_COLUMNS = (
    "finished_on",
    "replied_on",
    "reply_start",
    "left_out",
    "reply_clock",
    "unit",
    "channel",
    "outcome",
    "extended_on",
    "corrected_on",
)


class _TimesSpent:
    """The time to each reply, computed once for the same days."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[Any, Any, Any], Spent] = {}

    def of(self, row: Any) -> Spent | None:
        """The time to the reply of a finished case; None where it was finished otherwise."""
        if row.replied_on is None or row.reply_start is None or row.finished_on != row.replied_on:
            return None
        key = row.reply_start, row.replied_on, row.left_out
        days = self._known.get(key)
        if days is None:
            days = spent(self._calendar, *key)
            # Dates repeat, consultations rarely do: only bounded sets are cached.
            if row.left_out is None:
                self._known[key] = days
        return days


def measure(
    seat: Seat, asked: Period, unit: str | None = None, seen: Callable[[int], None] | None = None
) -> Performance:
    """Count it all. NotFound for a unit that is none, and for a period in which nothing was finished or
    decided.
    """
    whole = Figures()
    groups: dict[str, dict[str, Figures]] = {name: {} for name in GROUPS}
    # Future months are not months without a reply.
    until = max(asked.first, min(asked.last, seat.today()))
    groups["month"] = {month: Figures() for month in Period(asked.first, until).months()}
    times = _TimesSpent(seat.context.calendar)
    with seat.store.reading() as connection:
        where = [CASES.c.office_id == seat.office.id, counted()]
        if unit is not None:
            where.append(CASES.c.unit == unit_meant(connection, seat, unit))
        query = select(*(CASES.c[name] for name in _COLUMNS)).where(
            *where, CASES.c.finished_on.between(asked.first, asked.last)
        )
        for number, row in enumerate(connection.execute(query, execution_options={"yield_per": 2000}), 1):
            days = times.of(row)
            keys = row.unit or "", row.channel, row.outcome or "", f"{row.finished_on:%Y-%m}"
            whole.add(row, days)
            for name, key in zip(GROUPS, keys, strict=True):
                groups[name].setdefault(key, Figures()).add(row, days)
            if seen is not None and number % 1000 == 0:
                seen(number)
        remedies = _remedies(connection, where, asked)
        within = CASES.c.received_on.between(asked.first, asked.last)
        received = (
            connection.execute(select(func.count()).select_from(CASES).where(*where, within)).scalar() or 0
        )
    if not whole.finished and not remedies:
        raise NotFound(
            N_("Nothing was finished from {first} to {last}."),
            field="from",
            first=asked.first.isoformat(),
            last=asked.last.isoformat(),
            way_on=N_("Take another period; see what there is with: disclosure roll --closed"),
        )
    law = seat.context.law
    limit = law.value("reply.limit", max(asked.first, min(asked.last, seat.today()))).value
    ordered_groups = {name: dict(sorted(found.items())) for name, found in groups.items()}
    return Performance(seat.office.name, asked, received, whole, ordered_groups, remedies, limit)


def _remedies(connection: Connection, where: list[Any], asked: Period) -> dict[str, Counter[str]]:
    """What was decided in the period on remedies, by their kind."""
    found: dict[str, Counter[str]] = {}
    query = (
        select(REMEDIES.c.kind, REMEDIES.c.no, REMEDIES.c.outcome, CASES.c.details)
        .join_from(REMEDIES, CASES, CASES.c.id == REMEDIES.c.case_id)
        .where(*where, REMEDIES.c.decided_on.between(asked.first, asked.last))
        .order_by(REMEDIES.c.kind)
    )
    for row in connection.execute(query, execution_options={"yield_per": 500}):
        told = json.loads(row.details or "{}").get("remedies", [])
        effect = next((part.get("effect") for part in told if part["no"] == row.no), None)
        end = SET_ASIDE if effect == SET_ASIDE else row.outcome if row.outcome in ENDS else "other"
        found.setdefault(row.kind, Counter())[end] += 1
    return found

"""One organ of the board as numbers, and all of them together.

Numbers add; median, 90 % and mean are computed from the counts of days and of ratings, so that they are those
of all together and no mean of means.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.messages import listed as joined
from workflow.base.patterns import later
from workflow.reports.board import figures
from workflow.reports.board.figures import Figure
from workflow.reports.board.sources import Span
from workflow.reports.performance.measure import Period, rank, share

Number = int | float
_MONTH = later(r"(\d{4})-(\d{1,2})")


@dataclass
class Row:
    """One organ: its counts, and how often each number of days and of stars occurs. `months` are those that
    it reported itself; none where its cases lie here.
    """

    key: str
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    stars: Counter[int] = field(default_factory=Counter)
    months: tuple[str, ...] = ()
    own: bool = False

    def value(self, figure: Figure) -> Number | None:
        """A figure of this row; None where it is a share or a rank of nothing."""
        match figure.id:
            case "share_in_time":
                return share(self.counts["in_time"], self.counts["replied"])
            case "median":
                return rank(self.days, 50)
            case "p90":
                return rank(self.days, 90)
            case "satisfaction":
                rated = sum(self.stars.values())
                return round(sum(n * times for n, times in self.stars.items()) / rated, 2) if rated else None
        return self.counts[figure.id]

    def opens(self, figure: Figure) -> bool:
        """Whether the figure has cases to open here; a median of 0 days has the replies that it is of."""
        return not self.months and self.counts[figure.of or figure.id] > 0

    def add(self, other: Row) -> None:
        """Add another row's numbers to these."""
        self.counts.update(other.counts)
        self.days.update(other.days)
        self.stars.update(other.stars)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        values = {id: self.value(one) for id, one in figures.all_figures().items()}
        return {"organ": self.key, "name": self.name, "reported": list(self.months), "figures": values}


@dataclass
class Board:
    """The rows of the organs, and the one of all together."""

    span: Span
    rows: list[Row]
    # Organs that report themselves, with the months that they did not report.
    missing: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> Row:
        """All organs together."""
        made = Row("", "")
        for row in self.rows:
            made.add(row)
        return made

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "from": self.span.first.isoformat(),
            "to": self.span.last.isoformat(),
            "today": self.span.today.isoformat(),
            "due_until": self.span.until.isoformat(),
            "organs": [row.plain() for row in self.rows],
            "not_reported": [{"organ": organ, "month": month} for organ, month in self.missing],
            "total": self.total.plain()["figures"],
            "defined": {
                one.id: {"name": one.name, "when": one.when, "counts": one.says, "basis": one.basis}
                for one in figures.all_figures().values()
            },
        }


def month_of(typed: str) -> Period:
    """A month as typed (2026-10); Malformed where it is none."""
    found = _MONTH.fullmatch(typed.strip())
    if not found or not 1 <= int(found[2]) <= 12 or not date.min.year < int(found[1]) < date.max.year:
        raise Malformed(
            N_("'{month}' is no month."),
            field="month",
            month=typed[:20],
            way_on=N_("Write it as YEAR-MONTH: 2026-10"),
        )
    first = date(int(found[1]), int(found[2]), 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return Period(first, next_month - timedelta(days=1))


def find(board: Board, typed: str) -> Row:
    """The row of an organ, by its key or its name; NotFound tells which there are."""
    wanted = typed.strip()
    for row in board.rows:
        if wanted in (row.key, row.name):
            return row
    raise NotFound(
        N_("'{organ}' is no organ of the board."),
        field="organ",
        organ=wanted[:60],
        way_on=N_("Organs are: {names}"),
        names=joined(f"{row.name}（{row.key}）" for row in board.rows[:20]),
    )

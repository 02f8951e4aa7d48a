"""Assessment of organs by month: points for each criterion, each traceable to the cases that it counts.

A criterion of which there is nothing to measure (no remedy decided, no rating) earns and loses nothing: the
points of the others are scaled to a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workflow.base import spreadsheets
from workflow.base.messages import N_, translate
from workflow.base.names import article
from workflow.base.screen import Column, table
from workflow.office.seat import Seat
from workflow.reports.board import board as boards
from workflow.reports.board import criteria as criteria_tables
from workflow.reports.board import figures
from workflow.reports.board.criteria import WHOLE, Criteria, Criterion
from workflow.reports.board.row import Row, month_of

_ = translate


@dataclass(frozen=True)
class Mark:
    """What an organ earned by one criterion: the counts, and points; None where nothing can be measured."""

    criterion: Criterion
    part: int
    whole: int
    points: float | None


@dataclass(frozen=True)
class Assessed:
    """One organ in one month; `total` of a hundred, None where there is nothing to measure at all."""

    organ: str
    name: str
    month: str
    marks: tuple[Mark, ...]
    reported: bool

    @property
    def total(self) -> float | None:
        """The points of a hundred, over the criteria of which there is something to measure."""
        measured = [one for one in self.marks if one.points is not None]
        weights = sum(one.criterion.weight for one in measured)
        earned = sum(one.points for one in measured if one.points is not None)
        return round(earned * WHOLE / weights, 2) if weights else None

    def _list(self, figure: str) -> str:
        return f"disclosure board list {self.organ} {figure} --month {self.month}"

    def plain(self) -> dict[str, Any]:
        """As plain data, with the lists that both numbers of each mark can be traced to."""
        return {
            "organ": self.organ,
            "name": self.name,
            "month": self.month,
            "reported": self.reported,
            "total": self.total,
            "marks": [
                {
                    "criterion": one.criterion.id,
                    "article": one.criterion.article,
                    "weight": one.criterion.weight,
                    "part": one.part,
                    "of": one.whole,
                    "points": one.points,
                    "list": self._list(one.criterion.part),
                    "lists_of": [self._list(figure) for figure in one.criterion.of],
                }
                for one in self.marks
            ],
        }


def marked(row: Row, month: str, criteria: Criteria) -> Assessed:
    """The marks of an organ by its figures of a month."""
    marks = []
    for one in criteria.criteria:
        part, whole = row.counts[one.part], sum(row.counts[id] for id in one.of)
        marks.append(Mark(one, part, whole, one.points(part / whole) if whole else None))
    return Assessed(row.key, row.name, month, tuple(marks), bool(row.months))


def assess(seat: Seat, month: str) -> tuple[Criteria, list[Assessed]]:
    """All organs in a month, by the criteria that were in force on its last day."""
    days = month_of(month)
    month = f"{days.first:%Y-%m}"
    with seat.store.reading() as connection:
        criteria = criteria_tables.in_force(connection, seat.office.id, days.last)
    board = boards.make(seat, boards.span(seat, month=month))
    return criteria, [marked(row, month, criteria) for row in board.rows]


def last_month(today: date) -> str:
    """The last month that is over."""
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def months_back(month: str, back: int) -> list[str]:
    """A month and those before it, the earliest first."""
    days = month_of(month)
    last = days.first.year * 12 + days.first.month - 1
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(last - back, last + 1)]


def compared(seat: Seat, month: str, back: int) -> dict[str, tuple[str, dict[str, float | None]]]:
    """Of each organ its name, and its total in each of the months up to this one."""
    found: dict[str, tuple[str, dict[str, float | None]]] = {}
    for each in months_back(month, back):
        for one in assess(seat, each)[1]:
            found.setdefault(one.organ, (one.name, {}))[1][each] = one.total
    return found


# --- as a person sees it


def shown(points: float | None) -> str:
    """Points; nothing to measure as a dash."""
    return "-" if points is None else f"{points:.2f}"


def lines(criteria: Criteria, found: list[Assessed], month: str) -> list[str]:
    """For a terminal: points, then by what they were given."""
    known = figures.all_figures()
    heads = [
        Column(_(N_("organ"))),
        *(Column(f"{one.name} /{one.weight}", 1, number=True) for one in criteria.criteria),
        Column(_(N_("of 100")), number=True),
    ]
    listed = [
        [
            f"{one.name}*" if one.reported else one.name,
            *(f"{shown(mark.points)} ({mark.part}/{mark.whole})" for mark in one.marks),
            shown(one.total),
        ]
        for one in found
    ]
    told = [
        [
            one.name,
            str(one.weight),
            known[one.part].name,
            " + ".join(known[figure].name for figure in one.of),
            f"{one.full:.0%}",
            f"{one.none:.0%}",
            article(one.article),
        ]
        for one in criteria.criteria
    ]
    told_heads = [
        Column(_(N_("criterion"))),
        Column(_(N_("weight")), number=True),
        Column(_(N_("figure"))),
        Column(_(N_("of"))),
        Column(_(N_("all points at")), number=True),
        Column(_(N_("none at")), number=True),
        Column(_(N_("basis")), 1),
    ]
    return [
        f"{_(N_('Assessment'))}  {month}",
        "",
        *table(heads, listed),
        "",
        *table(told_heads, told),
        "",
        _(
            N_(
                "A criterion of which there is nothing to measure is left out, and the others count for a hundred."
            )
        ),
        _(N_("Each number in brackets opens its cases: disclosure board list ORGAN FIGURE")),
    ]


def compared_lines(found: dict[str, tuple[str, dict[str, float | None]]], months: list[str]) -> list[str]:
    """The totals of several months for a terminal."""
    heads = [Column(_(N_("organ"))), *(Column(month, number=True) for month in months)]
    return table(
        heads, [[name, *(shown(totals.get(month)) for month in months)] for name, totals in found.values()]
    )


def write(seat: Seat, month: str, back: int, out: Path) -> None:
    """The points, what they rest on, and the months before, as CSV (points alone) or Excel."""
    _criteria, found = assess(seat, month)
    heads = [
        spreadsheets.Column("organ", _(N_("organ")), 26),
        spreadsheets.Column("criterion", _(N_("criterion")), 26),
        spreadsheets.Column("weight", _(N_("weight")), 8),
        spreadsheets.Column("part", _(N_("number")), 8),
        spreadsheets.Column("of", _(N_("of")), 8),
        spreadsheets.Column("points", _(N_("points")), 8),
        spreadsheets.Column("article", _(N_("basis")), 34),
    ]
    rows = list(_rows(found))
    if spreadsheets.form_of(out, FORMS) == ".csv":
        spreadsheets.write_csv(out, heads, rows)
        return
    months = months_back(month, back)
    over = [
        spreadsheets.Column("organ", _(N_("organ")), 26),
        *(spreadsheets.Column(each, each, 10) for each in months),
    ]
    totals = [[name, *(of.get(each) for each in months)] for name, of in compared(seat, month, back).values()]
    parts = [
        spreadsheets.Part(_(N_("Assessment")), heads, rows),
        spreadsheets.Part(_(N_("Months")), over, totals),
    ]
    spreadsheets.write_xlsx(out, parts, title=_(N_("Assessment")))


def _rows(found: list[Assessed]) -> Iterator[list[Any]]:
    for one in found:
        for mark in one.marks:
            rule = mark.criterion
            yield [
                one.name,
                rule.name,
                rule.weight,
                mark.part,
                mark.whole,
                mark.points,
                article(rule.article),
            ]
        yield [one.name, _(N_("of 100")), WHOLE, None, None, one.total, ""]


FORMS = (".csv", ".xlsx")

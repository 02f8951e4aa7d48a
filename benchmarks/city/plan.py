"""From the figures of a report to the cases that make them: who asks, when it comes, how it ends, what is
contested.

Carried over is what comes in the last weeks of the year before and ends in January; carried forward what
comes in the last weeks of the year. Everything else is spread over the working days of the year so that each
is in time.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from benchmarks.city import place, roads
from benchmarks.city.roads import Case
from workflow import calendar
from workflow.base.errors import Refused
from workflow.reports.annual.form import FORWARD, NEW, OVER, Report

# Working days before the end of the year in which comes in what stays open.
LAST_WEEKS = 9


class Days:
    """The working days of a year, and of the year before."""

    def __init__(self, year: int) -> None:
        known = calendar.known()
        self.year = year
        self.working = [day for day in _all(year) if known.is_working(day)]
        self.before = [day for day in _all(year - 1) if known.is_working(day)]

    def back(self, day: date, days: int) -> date:
        """So many working days before a working day."""
        every = [*self.before, *self.working]
        return every[every.index(day) - days]


def _all(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def cases(report: Report) -> list[Case]:
    """All applications that the report counts, each with its road; Refused where the law leaves no road."""
    days = Days(report.year)
    made: list[Case] = []
    for kind in report.form.columns[:-1]:
        made += _column(report, kind, days, len(made))
    for case in made:
        if case.row is not None:
            roads.lay_by_ground(case)
        else:
            _leave_open(case)
    return made


def _column(report: Report, kind: str, days: Days, already: int) -> list[Case]:
    """The cases of one kind of applicant."""
    over, forward = report.table3[OVER][kind], report.table3[FORWARD][kind]
    new = report.table3[NEW][kind]
    results = Counter(
        {row: report.table3[row][kind] for row in report.form.results if report.table3[row][kind]}
    )
    before = days.before[-1]
    # Cases carried over end first by results that are quick and known to the law of their receipt.
    takes: list[str] = []
    order = sorted(
        results,
        key=lambda row: (row.startswith("r6"), row.startswith("r5_4"), row == "r4_3_still_unclear", row),
    )
    for row in order:
        if roads.ways(row, before):
            takes += [row] * min(results[row], over - len(takes))
    stays = over - len(takes)
    if stays > forward:
        raise Refused(
            ("{n} applications carried over cannot end in any of the results that the law of {day} knew."),
            n=stays - forward,
            day=before,
        )
    results.subtract(takes)
    made: list[Case] = []

    def one(row: str | None, received: date, variant: int) -> Case:
        case = Case(already + len(made), kind, row, received, variant=variant)
        made.append(case)
        return case

    for n, row in enumerate(takes):
        _carried_over(one(row, before, n), days, n)
    for n in range(stays):
        one(None, days.before[-1 - n % LAST_WEEKS], n)
    rows = _mixed({row: number for row, number in results.items() if number > 0})
    if len(rows) + forward - stays != new:
        raise Refused("The figures of {kind} do not come to one another.", kind=kind)
    seen: Counter[str] = Counter()
    totals = Counter(rows)
    for row in rows:
        case = one(row, before, seen[row])
        _spread(case, days, seen[row], totals[row])
        seen[row] += 1
    for n in range(forward - stays):
        one(None, days.working[-1 - n % LAST_WEEKS], n)
    for case in made:
        text = place.matter(case.order + 1, report.year)
        case.items = [text, text + "的内部审批单"] if case.outcome == "partial" else [text]
    return made


def _mixed(results: dict[str, int]) -> list[str]:
    """The results in turn, each as often as it is counted, spread evenly."""
    places = [((n + 0.5) / number, row) for row, number in results.items() for n in range(number)]
    return [row for _, row in sorted(places)]


def _choose(case: Case, day: date) -> None:
    """The way to its row that the law knows on its day of receipt, the rarer ones in their turn."""
    assert case.row is not None
    found = roads.ways(case.row, day)
    case.outcome, case.ground = found[case.variant % len(found)]


def _carried_over(case: Case, days: Days, n: int) -> None:
    """Came in before the year, ends in its first days: its road is as long as reaches over the turn of the
    year.
    """
    _choose(case, days.before[-1])
    if case.outcome == "granted" or case.outcome == "partial":
        # The simplest path, of known length.
        case.variant = 0
    if case.outcome == "lapsed_fee":
        # Its road is long enough from any of the last days; in them it is soon a year in which there are
        # fees.
        case.received = days.before[-1 - n % LAST_WEEKS]
        return
    probe = Case(
        case.order,
        case.kind,
        case.row,
        days.before[-40],
        case.outcome,
        case.ground,
        case.variant,
        items=["-", "-"],
    )
    roads.lay_by_ground(probe)
    last = _end(probe)
    known = calendar.known()
    length = sum(
        1
        for day in days.before[-40:] + days.working[:40]
        if probe.received < day <= last and known.is_working(day)
    )
    # It ends on the first working days of the year, a few on each, and came in before the first of them.
    ends = days.working[n % max(1, length - 1)]
    case.received = days.back(ends, length)


def _end(case: Case) -> date:
    """The day on which a case is counted: of sending by post, of signature by hand, else of its last act."""
    if case.served is None:
        return case.steps[-1].day
    by_hand = case.channel[2] == "hand"
    return case.served if by_hand else next(step.day for step in case.steps if step.event == "dispatch")


def _spread(case: Case, days: Days, n: int, of: int) -> None:
    """The n-th of so many: its day of receipt, so that it ends before the year does."""
    assert case.row is not None
    first = max(roads.first_day(case.row), days.working[0])
    options = [day for day in days.working if day >= first]
    longest = max(roads.length(outcome, ground, options[0]) for outcome, ground in roads.WAYS[case.row]) + 3
    if len(options) <= longest:
        raise Refused(
            "{row}: the law knows it from {day} on; that leaves no time before the year ends.",
            row=case.row,
            day=first,
        )
    case.received = options[(n * (len(options) - longest)) // of]
    _choose(case, case.received)


def _leave_open(case: Case) -> None:
    """Still open at the year's end: received, registered, assigned, or in hand."""
    road = roads.Road(case)
    road.to_hand()
    last = date(case.received.year, 12, 31)
    case.steps = [step for step in road.made[: case.variant % 4] if step.day <= last]

"""Deadlines in process: against numpy's business days and a loop over chinesecalendar, with the same
calendar.
"""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from benchmarks.measure import Figure
from benchmarks.world import World

START, DAYS = date(2026, 3, 2), 20
TIMES_FASTER = 500
DERIVATION_US = 60


def clocks(world: World, rounds: int) -> Iterator[Figure]:
    """A working-day deadline from one date: the day alone, and the reply clock with provision and
    reservations.

    numpy gets its date in its own form and a calendar in which every day off is a holiday, for a week of its
    kind has no make-up days; both sides give the same day.
    """
    import chinese_calendar
    import numpy as np

    from workflow import calendar, law
    from workflow import clocks as ours
    from workflow.clocks.derivation import steps

    known, tables = calendar.known(), law.bundled()
    all_days = (date.fromordinal(day) for day in range(known.first.toordinal(), known.last.toordinal() + 1))
    off = np.array([day for day in all_days if not known.is_working(day)], dtype="datetime64[D]")
    theirs = np.busdaycalendar(weekmask="1111111", holidays=off)
    start = np.datetime64(START)

    def loop() -> date:
        day, left = START, DAYS
        while left:
            day += timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        return day

    def numpy() -> Any:
        return np.busday_offset(start, DAYS, roll="backward", busdaycal=theirs)

    def add() -> date:
        return known.add(START, DAYS)

    def reply() -> ours.Deadline:
        return ours.reply(ours.ReplyFacts(START), tables, known)

    def derived() -> Any:
        return steps(reply(), known)

    def extended() -> Any:
        return steps(ours.calculate("reply", START, extended=True, L=tables, cal=known), known)

    assert numpy().astype(date) == add() == reply().due == loop() == derived()[-1].date
    taken = _microseconds(
        {"numpy": numpy, "loop": loop, "add": add, "reply": reply, "derived": derived, "extended": extended},
        rounds,
    )
    yield Figure("working-day deadline", taken["add"], 1.0, taken["numpy"], "µs", "numpy.busday_offset")
    yield Figure("reply clock", taken["reply"], 1.0, taken["numpy"], "µs", "numpy.busday_offset")
    for name, what in (("add", "the same, chinesecalendar"), ("reply", "reply clock, chinesecalendar")):
        times = taken["loop"] / taken[name]
        yield Figure(what, taken[name], 1 / TIMES_FASTER, taken["loop"], "µs", f"{times:.0f} × faster")
    yield Figure("with derivation", taken["derived"], DERIVATION_US, unit="µs")
    yield Figure("with derivation, extended", taken["extended"], DERIVATION_US, unit="µs")


def _microseconds(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The minimum of each over alternating rounds, in processor time: some limits are no ratios, and other
    load can only add. One round takes some milliseconds.
    """
    taken: dict[str, list[float]] = {name: [] for name in runs}
    numbers = {
        name: max(1, round(0.005 / min(timeit.repeat(run, number=3)) * 3)) for name, run in runs.items()
    }
    for _ in range(rounds):
        for name, run in runs.items():
            once = timeit.timeit(run, number=numbers[name], timer=time.process_time)
            taken[name].append(once / numbers[name] * 1e6)
    return {name: min(found) for name, found in taken.items()}

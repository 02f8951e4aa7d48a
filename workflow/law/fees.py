"""The information processing fee: progressive bands, each applied to its own units only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.law.entries import Band

Schedule = list[dict[str, Any]]


def bands(schedule: Schedule, first: int, last: int) -> tuple[Band, ...]:
    """The bands that the units `first` to `last` (both included, counted from 1) fall into, with their
    amounts.
    """
    found: list[Band] = []
    for low, high, rate in _rates(schedule, last):
        begin, end = max(low, first), min(high, last)
        if begin <= end:
            units = end - begin + 1
            found.append(Band(begin, end, units, rate, units * rate))
    return tuple(found)


def _rates(schedule: Schedule, last: int) -> Iterator[tuple[int, int, int]]:
    """(first unit, last unit, yuan each) of every band up to the unit `last`; a rising band is cut into its
    steps.
    """
    for band in schedule:
        low, high, rate = band["from"], band.get("until", last), band["yuan"]
        step = band.get("every", max(high - low + 1, 1))
        while low <= high:
            yield low, min(low + step - 1, high), rate
            low, rate = low + step, rate + band.get("rise", 0)

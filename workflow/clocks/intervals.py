"""Intervals of days that are left out of a period: merged, and the end of a period with them."""

from __future__ import annotations

from datetime import date

from workflow.calendar import Calendar
from workflow.clocks.deadline import WORKING_DAY
from workflow.clocks.periods import natural_end

Interval = tuple[date, date]  # days strictly after the first up to and including the second


def merge(intervals: list[Interval]) -> list[Interval]:
    """Overlapping or adjoining intervals made one, in order."""
    found: list[Interval] = []
    for low, high in sorted(intervals):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def ends(cal: Calendar, start: date, length: int, unit: str, intervals: list[Interval]) -> date:
    """The last day of a period with the intervals (merged, in order) left out, before it is moved off a day
    off.
    """
    if unit == WORKING_DAY:
        return run(cal, start, length, intervals)
    end = natural_end(start, length, unit)
    for low, high in intervals:
        if low >= end:
            break
        end += high - low
    return end


def run(cal: Calendar, start: date, days: int, intervals: list[Interval]) -> date:
    """The last day of so many working days after `start`, with the intervals (merged, in order) left out."""
    due = cal.add(start, days)
    for low, high in intervals:
        if low >= due:
            break
        due = cal.add(due, cal.count(low, high))
    return due


def days_within(cal: Calendar, intervals: list[Interval], until: date) -> int:
    """How many working days the intervals (merged, in order) take out, up to a day."""
    return sum(cal.count(low, min(high, until)) for low, high in intervals if low < until)

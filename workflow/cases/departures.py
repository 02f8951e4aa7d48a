"""What of a case has left the building: letters that were sent, and those known to have arrived all the same.

Whoever wants to take something back asks here. What was only made, approved or put down has not left.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflow.cases.case import CaseFile


class Departure(NamedTuple):
    """A letter that left: its code, its number where it has one, and the day by which it was gone."""

    code: str
    number: str | None
    on: date


def departures(case: CaseFile) -> list[Departure]:
    """Everything that is known to have left, the earliest first. A letter that came back has left too, and so
    may one that waits for the mail server."""
    found = []
    for life in case.lives:
        day = life.sending.on if life.sending else life.left_on
        if day is not None:
            found.append(Departure(life.code, life.number, day))
    return sorted(found, key=lambda one: one.on)


def letters_gone(case: CaseFile) -> set[int]:
    """The letters of the case, by their numbers in the register, that have left."""
    return {
        life.letter
        for life in case.lives
        if life.letter is not None and (life.sending is not None or life.left_on is not None)
    }

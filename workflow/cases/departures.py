"""Letters of a case that have left the office: sent, or known to have arrived.

Asked before something is taken back. A letter that was only made, approved or recorded has not left.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflow.cases.case import CaseFile


class Departure(NamedTuple):
    """A letter that has left: code, number if it has one, and the day by which it was gone."""

    code: str
    number: str | None
    on: date


def departures(case: CaseFile) -> list[Departure]:
    """All letters known to have left, earliest first; a returned letter has left too, and so may one that
    waits for the mail server.
    """
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

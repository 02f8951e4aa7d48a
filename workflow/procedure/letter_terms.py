"""Until when a notice has to leave the office to have its effect: the clock that the table of its act names
(`sent_inside`).
"""

from __future__ import annotations

import copy

from workflow.base import names
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.letter_life import Life
from workflow.procedure import act_tables

LATE_CORRECTION = N_(
    "The correction was asked for on {on}, after its last day ({due}): by itself that does not begin the time for reply anew, which runs on until it is settled otherwise (settings.late_correction_restarts) [{article}]."
)


def of(life: Life, made: list[CaseClock]) -> CaseClock | None:
    """The clock inside which a letter has to be sent; None for a letter that can leave on any day."""
    rule = act_tables.acts().get(life.event, {}).get("sent_inside")
    return next((clock for clock in made if clock.rule == rule), None)


def bound() -> dict[str, str]:
    """The clock by the code of the letter, for all letters that have one."""
    return {
        code: act["sent_inside"]
        for event, act in act_tables.acts().items()
        if "sent_inside" in act
        for code in act_tables.letters_of(event)
    }


def as_if_unsent(case: CaseFile, life: Life) -> CaseFile:
    """The case as it would stand had this letter not been sent: what its last day is reckoned from."""
    other = copy.deepcopy(case)
    for one in other.lives:
        if one.n == life.n and one.code == life.code:
            one.first = one.sending = one.reached = one.answered = None
    return other


class Cited:
    """A provision as it is cited when it is shown, in the language of then."""

    def __init__(self, ref: str) -> None:
        self._ref = ref

    def __format__(self, spec: str) -> str:
        return names.article(self._ref)

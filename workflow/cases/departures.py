"""What of a case has left the building: letters that were sent, and what can only have followed one that was.

Whoever wants to take something back asks here. What was only made, approved or put down has not left.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflow.cases.case import CaseFile
from workflow.cases.states import State
from workflow.clocks.facts import CO_MAKER, OTHER_ORGAN, THIRD_PARTY
from workflow.law.keys import Letter

# The letter by which each kind of consultation asks; a referral has none of its own.
_ASKS = {THIRD_PARTY: Letter.THIRD_PARTY, CO_MAKER: Letter.CO_MAKER, OTHER_ORGAN: Letter.OTHER_ORGAN}


class Departure(NamedTuple):
    """A letter that left: its code, its number where it has one, and the day by which it was gone."""

    code: str
    number: str | None
    on: date


def departures(case: CaseFile) -> list[Departure]:
    """Everything that is known to have left, the earliest first. A letter that came back has left too."""
    found = [
        Departure(made["code"], made["number"], case.sent[made["letter"]].on)
        for made in case.letters
        if made["letter"] in case.sent
    ]
    # Handed over, or sent without a word: that it arrived is known all the same.
    found += [Departure(one.letter, None, one.reached) for one in case.notices if one.reached is not None]
    answered = [
        *((Letter.CORRECTION, day) for day in case.corrected),
        (Letter.REASONS, case.reasons_given),
        (Letter.FEE, case.fee_paid),
        *(
            (_ASKS[part.kind], part.delivered or part.answered)
            for part in case.consultations
            if part.kind in _ASKS and (part.delivered or part.state == State.ANSWERED)
        ),
        *((reply.code, reply.dispatched) for reply in case.replies),
    ]
    known = {one.code for one in found}
    found += [Departure(code, None, day) for code, day in answered if day is not None and code not in known]
    return sorted(found, key=lambda one: one.on)


def letters_gone(case: CaseFile) -> set[int]:
    """The letters of the case, by their numbers in the register, that have left."""
    gone, void = set(case.sent), {one.letter for one in case.voided}
    for code in {one.code for one in departures(case) if one.number is None}:
        made = [one["letter"] for one in case.letters if one["code"] == code and one["letter"] not in void]
        # Which of several consultations arrived is not asked here; of other letters the last one stands.
        gone |= set(made if code in _ASKS.values() else made[-1:])
    return gone

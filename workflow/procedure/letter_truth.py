"""Whether what a letter says is still so: asked of the act that called for it, and of the case as it is now.

A letter that has not gone out and says what is no longer so is void: the entry `letter_lapsed` says so.
"""

from __future__ import annotations

from enum import StrEnum

from letters.content import kinds
from workflow.base.completeness import require_same
from workflow.cases import case_clock
from workflow.cases.case import CaseFile
from workflow.cases.letter_life import Life
from workflow.cases.states import UNCOUNTED, State
from workflow.law.keys import Channel, Letter
from workflow.procedure import act_tables, acts  # noqa: F401  (it fills the registers)
from workflow.procedure.act_tables import DECISION
from workflow.procedure.registry import HOLDINGS


class Standing(StrEnum):
    """Whether a letter may go out as far as what it says is concerned."""

    TRUE = "true"
    # Not while the case is ended; taken up again, it is as it was.
    HELD = "held"
    # What it says was corrected since: it is made void and made anew.
    OUTDATED = "outdated"
    UNTRUE = "untrue"


def outside(life: Life) -> bool:
    """Whether a letter leaves the office at all."""
    return kinds.get(life.code).to != "file"


def standing(case: CaseFile, life: Life) -> Standing:
    """Whether what a letter says is still so, for the case as it is now."""
    holds = HOLDINGS.get(life.event)
    # A letter of which the record does not say what called for it is left to the officer.
    if holds is not None and not (life.round == case.round and holds(case, life)):
        return Standing.UNTRUE
    if case.state in (State.FILED, *UNCOUNTED):
        return Standing.UNTRUE
    if life.outdated is not None:
        return Standing.OUTDATED
    if case.state in case_clock.CLOSED and life.event not in ENDINGS:
        return Standing.HELD
    return Standing.TRUE


def handed_over(case: CaseFile, life: Life) -> bool:
    """Whether a letter was handed over with the act itself: the receipt to who came in person."""
    return life.code == Letter.RECEIPT and case.channel in (Channel.IN_PERSON, Channel.ORAL)


def to_send(case: CaseFile) -> list[Life]:
    """The letters that are here, made, and may go out: what waits to be sent."""
    return [
        life
        for life in case.lives
        if life.in_hand
        and life.letter is not None
        and outside(life)
        and not handed_over(case, life)
        and standing(case, life) == Standing.TRUE
    ]


def unsent(case: CaseFile, n: int) -> list[Life]:
    """The letters for others that were called for before this entry and have not left."""
    return [
        life
        for life in case.lives
        if life.n < n
        and life.void is None
        and life.left_on is None
        and life.sending is None
        and outside(life)
        and not handed_over(case, life)
    ]


def untrue(case: CaseFile) -> list[Life]:
    """The letters that never went out and say what is no longer so."""
    return [
        life
        for life in case.lives
        if life.in_hand
        and life.sending is None
        and outside(life)
        and not handed_over(case, life)
        and standing(case, life) == Standing.UNTRUE
    ]


def held(case: CaseFile) -> list[Life]:
    """The letters that are here and are not sent while the case is ended."""
    return [
        life
        for life in case.lives
        if life.in_hand and outside(life) and standing(case, life) == Standing.HELD
    ]


# Acts by which an application ends, and whose letter says so.
ENDINGS = ("withdraw", "lapse_correction", "lapse_fee")
# Acts whose letter the reply says was sent: sent after the reply was passed, it makes the reply another one.
TOLD_IN_REPLY = ("objection_overruled",)


def _calling() -> list[str]:
    """The acts that call for a letter that leaves the office."""
    return [
        event
        for event in act_tables.acts()
        if any(code == DECISION or kinds.get(code).to != "file" for code in act_tables.letters_of(event))
    ]


require_same("acts that call for letters", _calling(), "registry.HOLDINGS", HOLDINGS)

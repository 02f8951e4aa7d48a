"""What a letter tells of what went before it: the earlier step and its letter, the decision that set a reply
aside, the day that an extension moves.
"""

from __future__ import annotations

import copy
from typing import Any

from workflow.cases import organ_clocks, ways
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.reply import REDO, Mending
from workflow.cases.states import State
from workflow.law.keys import Letter


def number_of(case: CaseFile, code: str) -> str | None:
    """The document number of the last letter of this code that is not void."""
    return next((one.number for one in reversed(case.lives) if one.code == code and one.void is None), None)


def consultations(case: CaseFile) -> list[dict[str, Any]]:
    """Those who were consulted and not given up; `told`: whether the letter on an objection overruled went
    out.
    """
    out = {one.no for one in case.lives if one.code == Letter.OVERRULED and (one.sending or one.arrived)}
    return [
        {**vars(part), **({"told": part.no in out} if part.overruled else {})}
        for part in case.consultations
        if part.state != State.RECALLED
    ]


def set_aside(case: CaseFile) -> dict[str, Any] | None:
    """The decision or judgment by which this is a new reply, and the earlier reply; or that the organ mends
    that reply of its own accord. None in the first round.
    """
    return _ordered_anew(case) if case.mending is None else _mended(case, case.mending)


def _mended(case: CaseFile, mending: Mending) -> dict[str, Any]:
    reply = next(one for one in case.replies if one.number == mending.of_number)
    # A reply made anew takes the place of all that stand, not only of the supplement that came last.
    others = ways.supplemented(case, mending.of_round) if mending.event == REDO else []
    return {
        "kind": mending.event,
        "earlier": reply.number,
        "earlier_on": reply.replied_on or reply.issued,
        "reasons": mending.reasons,
        **({"others": [one.number for one in reversed(others)]} if others else {}),
    }


def _ordered_anew(case: CaseFile) -> dict[str, Any] | None:
    ordering = [
        part
        for part in case.remedies
        if part.orders_redecision and part.against_round < case.round and part.decided is not None
    ]
    if not ordering:
        return None
    part = ordering[-1]
    # After an appeal it is the second court that has decided.
    appealed = part.first is not None
    earlier = next((one for one in reversed(case.replies) if one.round == part.against_round), None)
    return {
        "kind": part.kind,
        "body": (part.appeal_body if appealed else None) or part.body,
        "number": part.number or (part.appeal_reference if appealed else part.reference),
        "on": part.dated or part.decided,
        "result": part.result or "other",
        "ordered": part.result != "ordered",
        "earlier": earlier.number if earlier else None,
        "earlier_on": (earlier.replied_on or earlier.issued) if earlier else None,
    }


def due_before(case: CaseFile, context: Context) -> Any:
    """The last day for the reply as it was without the extension."""
    trial = copy.copy(case)
    trial.extension = None
    return organ_clocks.reply_deadline(trial, context).due

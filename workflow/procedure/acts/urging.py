"""The office above asks how an application stands, and the organ answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.relations import Urging
from workflow.procedure.registry import guard, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


def waiting(case: CaseFile) -> list[Urging]:
    """What was asked and is not answered, oldest first."""
    return [one for one in case.urgings if one.answered is None]


@prepares("answer_urging")
def _the_oldest(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the number of the asking that is answered: the oldest that waits, else the last."""
    if not case.urgings:
        return payload
    which = payload.get("which") or (waiting(case) or case.urgings[-1:])[0].no
    if which not in [one.no for one in case.urgings]:
        raise Malformed(
            N_("{number} was not urged a time no. {no}."),
            field="which",
            number=case.number,
            no=which,
            way_on=N_("See what was asked with: disclosure history {number}"),
        )
    return {**payload, "which": which}


@guard
def _was_urged(case: CaseFile, act: Act, _: Context) -> None:
    if not case.urgings:
        raise Refused(
            N_("No office above has asked about {number}."),
            number=case.number,
            way_on=N_("Nothing is to be answered."),
        )


@reacts("urged")
def _urged(case: CaseFile, entry: Entry[payloads.Urged]) -> None:
    p = entry.payload
    case.urgings.append(
        Urging(p["no"], p["office"], entry.on, p["question"], date.fromisoformat(p["answer_by"]))
    )


@reacts("answer_urging")
def _answered(case: CaseFile, entry: Entry[payloads.AnswerUrging]) -> None:
    which = entry.payload.get("which")
    for one in case.urgings:
        if one.no == which and one.answered is None:
            one.answered = entry.on

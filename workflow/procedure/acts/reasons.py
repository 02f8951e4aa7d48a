"""Reasons asked for where the number or frequency of applications is clearly unreasonable."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.cases.states import State
from workflow.procedure.acts.common import at, day_of, must_be_over, not_before
from workflow.procedure.registry import guard, holds, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("ask_reasons")
def _answer_by(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    not_before(payload["answer_by"], on, "answer_by")
    return payload


@guard
def _reasons_not_asked(case: CaseFile, act: Act, _: Context) -> None:
    if case.reasons_asked is not None:
        raise Refused(
            N_("Reasons were already asked for on {day}."),
            day=case.reasons_asked,
            way_on=N_("Decide on the reasons given, or on their absence."),
        )


@guard
def _reasons_overdue(case: CaseFile, act: Act, context: Context) -> None:
    must_be_over(
        act,
        clocks.last_day(case, context, "reasons.answer"),
        N_("Wait until the day after, or record the reasons if they came."),
    )


@holds("ask_reasons")
def _still_waited_for(case: CaseFile, life: Life) -> bool:
    return at(case) == State.REASONS_ASKED


@reacts("ask_reasons")
def _reasons_asked(case: CaseFile, entry: Entry[payloads.AskReasons]) -> None:
    case.reasons_asked = entry.on
    case.reasons_by = day_of(entry.payload["answer_by"])


@reacts("give_reasons")
def _reasons_given(case: CaseFile, entry: Entry[payloads.GiveReasons]) -> None:
    case.reasons_given = entry.on


@reacts("reasons_unanswered")
def _reasons_silent(case: CaseFile, entry: Entry[payloads.ReasonsUnanswered]) -> None:
    case.reasons_silent = True

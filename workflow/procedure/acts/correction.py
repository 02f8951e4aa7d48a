"""Correction of an application: asked for once, within a time limit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_, Remark
from workflow.cases import clocks
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.cases.states import State
from workflow.law.keys import Outcome
from workflow.law.setting_keys import SettingKey
from workflow.procedure.acts.common import (
    at,
    day_of,
    from_sending,
    last_day,
    must_be_over,
    not_before,
    with_last_day,
)
from workflow.procedure.registry import ends, guard, holds, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("ask_correction")
def _ask_correction(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    payload = with_last_day(payload, on, context, SettingKey.CORRECTION_DAYS)
    not_before(payload["answer_by"], on, "answer_by")
    return {**payload, **from_sending(context)}


@guard
def _not_corrected_before(case: CaseFile, act: Act, _: Context) -> None:
    if case.correction_asked is not None:
        raise Refused(
            N_("A correction was already asked for on {day}; the law allows it once."),
            day=case.correction_asked,
            way_on=N_(
                "Decide on what there is; where it is still unclear, draft the outcome 'still_unclear'."
            ),
        )


@guard
def _correction_overdue(case: CaseFile, act: Act, context: Context) -> None:
    must_be_over(
        act,
        clocks.last_day(case, context, "correction.answer"),
        N_("Wait until the day after, or record the correction if it came."),
    )


@ends("lapse_correction")
def _lapse(case: CaseFile, entry: Entry[payloads.LapseCorrection], made: list[CaseClock]) -> Remark:
    told = {"correction_asked_on": case.correction_asked, "answer_by": last_day(made, "correction.answer")}
    return Outcome.LAPSED_CORRECTION, told


@holds("ask_correction")
def _still_waited_for(case: CaseFile, life: Life) -> bool:
    return at(case) == State.CORRECTION_ASKED and case.correction_asked is not None


@holds("lapse_correction")
def _still_lapsed(case: CaseFile, life: Life) -> bool:
    return case.state == State.LAPSED and case.correction_lapsed is not None


@reacts("ask_correction")
def _correction_asked(case: CaseFile, entry: Entry[payloads.AskCorrection]) -> None:
    case.correction_asked = entry.on
    case.correction_by = day_of(entry.payload["answer_by"])
    case.correction_matters = entry.payload["matters"]
    case.correction_lacks = list(entry.payload.get("lacks") or ())


@reacts("correct")
def _corrected(case: CaseFile, entry: Entry[payloads.Correct]) -> None:
    case.corrected.append(entry.on)
    if entry.payload.get("request"):
        case.request = entry.payload["request"]
        case.ask(list(entry.payload.get("items") or [case.request]))
    elif entry.payload.get("items"):
        case.ask(list(entry.payload["items"]))
        case.request = "\n".join(entry.payload["items"])


@reacts("lapse_correction")
def _correction_lapsed(case: CaseFile, entry: Entry[payloads.LapseCorrection]) -> None:
    case.correction_lapsed = entry.on

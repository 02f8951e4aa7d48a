"""Applications that one organ passes on to another: until when they may be handed back, and what comes of
it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.relations import PassedOn
from workflow.law.setting_keys import SettingKey
from workflow.procedure.registry import guard, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads

DAYS = SettingKey.HAND_BACK_DAYS


def last_day(passed_on: date, context: Context) -> date:
    """The last day on which what was passed on may be handed back: the day itself does not count."""
    return context.calendar.add(passed_on, int(context.setting(DAYS)))


@prepares("route")
def _on_this_day(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the day on which the organ gets it."""
    return {**payload, "passed_on": on.isoformat()}


@guard
def _was_passed_on(case: CaseFile, act: Act, _: Context) -> None:
    if case.came_from is None:
        raise Refused(
            N_("{number} came to this organ itself: nobody passed it on."),
            number=case.number,
            way_on=N_(
                "Where another organ is to answer, the reply says so: disclosure draft {number} --outcome not_here"
            ),
        )


@guard
def _inside_hand_back_days(case: CaseFile, act: Act, context: Context) -> None:
    if case.came_from is None:
        return
    last = last_day(case.came_from.on, context)
    if act.on > last:
        raise Refused(
            N_("It was passed on on {day} and could be handed back until {last}."),
            day=case.came_from.on,
            last=last,
            way_on=N_(
                "Register it (disclosure register {number}) and answer it; where another organ is to answer, the reply says so."
            ),
            number=case.number,
        )


@reacts("route")
def _passed_on(case: CaseFile, entry: Entry[payloads.Route]) -> None:
    p = entry.payload
    case.passed_to = PassedOn(p["organ"], p["number"], entry.on, p["reasons"])


@reacts("hand_back")
def _handed_back(case: CaseFile, entry: Entry[payloads.HandBack]) -> None:
    assert case.came_from is not None
    case.passed_to = PassedOn(case.came_from.organ, case.came_from.number, entry.on, entry.payload["reasons"])


@reacts("handed_back")
def _came_back(case: CaseFile, entry: Entry[payloads.HandedBack]) -> None:
    case.passed_to = None

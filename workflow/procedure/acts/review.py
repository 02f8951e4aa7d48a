"""Review of the draft: its route, who may pass it, and a rule that is set aside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import draft_complete
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.reply import Passed
from workflow.cases.states import State
from workflow.law.keys import Outcome
from workflow.law.setting_keys import SettingKey
from workflow.procedure.registry import CONDITIONS, condition, guard, reacts, selector

if TYPE_CHECKING:
    from workflow.procedure import payloads

SEVERAL_STEPS = SettingKey.ONE_OFFICER_SEVERAL_STEPS


@selector
def _next_step(case: CaseFile, place: str, context: Context) -> bool:
    """Whether `place` is where the draft goes next: the first step whose condition holds, else the
    approval.
    """
    steps = context.process.steps
    here = [step.state for step in steps].index(case.state) + 1 if case.state != State.DRAFTING else 0
    ahead = [step.state for step in steps[here:] if CONDITIONS[step.condition](case, context)]
    return place == (ahead[0] if ahead else "approved")


@condition
def _always(_: CaseFile, __: Context) -> bool:
    return True


@condition
def _refuses(case: CaseFile, context: Context) -> bool:
    """A draft that does not disclose everything requested."""
    return any(item.outcome not in (Outcome.GRANTED, Outcome.ALREADY_PUBLIC) for item in case.draft.values())


@guard
def _draft_complete(case: CaseFile, act: Act, context: Context) -> None:
    draft_complete.require_complete(case, context)


@guard
def _no_open_consultation(case: CaseFile, act: Act, _: Context) -> None:
    waiting = [part for part in case.consultations if part.state == State.SENT]
    if waiting:
        raise Refused(
            N_("The consultation of {name} (no. {no}) is still open."),
            name=waiting[0].name,
            no=waiting[0].no,
            way_on=N_("Record the answer (opinion-given), its absence (opinion-lapsed), or recall it."),
        )


@guard
def _not_the_drafter(case: CaseFile, act: Act, context: Context) -> None:
    if act.actor.persons & case.authors:
        raise Refused(
            N_("{officer} wrote this draft, or part of it, and cannot also pass or return it."),
            officer=context.officer_called(act.actor.key),
            way_on=N_("Let another officer with this role do it."),
        )


@guard
def _one_step_each(case: CaseFile, act: Act, context: Context) -> None:
    """Each step of review needs another person, unless the office is too small."""
    passed = next((one for one in case.passed if one.persons & act.actor.persons), None)
    if passed is not None and not context.setting(SEVERAL_STEPS):
        raise Refused(
            N_("{officer} has passed this draft already ({step}, {day}): each step is another person's."),
            officer=context.officer_called(act.actor.key),
            step=Named("state", passed.step),
            day=passed.on,
            way_on=N_(
                "Let another officer with this role pass it. An office that has none may allow it: disclosure office set settings.one_officer_several_steps true"
            ),
        )


@reacts("submit")
def _submitted(case: CaseFile, entry: Entry[payloads.Submit]) -> None:
    case.submitted = entry.on
    case.passed = []
    case.sent_back = False


@reacts("pass_review")
def _passed(case: CaseFile, entry: Entry[payloads.PassReview]) -> None:
    bound = entry.payload.get("parts")
    parts = json.loads(bound) if bound and bound.startswith("{") else {}
    step = (entry.source, entry.actor)
    case.passed.append(Passed(step, entry.on, entry.payload.get("letter", ""), parts, entry.persons))
    if entry.dest == State.APPROVED:
        case.approved = entry.on


@reacts("return_draft")
def _draft_returned(case: CaseFile, entry: Entry[payloads.ReturnDraft]) -> None:
    case.passed = []
    case.approved = None
    case.sent_back = True


@reacts("pass_lapsed")
def _passes_lapsed(case: CaseFile, entry: Entry[payloads.PassLapsed]) -> None:
    """The letter became another one: nobody has passed it. What the drafter wrote may stand as it is."""
    case.passed = []
    case.approved = None


@reacts("override_rule")
def _rule_overridden(case: CaseFile, entry: Entry[payloads.OverrideRule]) -> None:
    p = entry.payload
    kept = [one for one in case.overridden if one["rule"] != p["rule"]]
    case.overridden = [
        *kept,
        {"rule": p["rule"], "reasons": p["reasons"], "by": entry.actor, "on": entry.on.isoformat()},
    ]

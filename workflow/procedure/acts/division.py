"""Who handles a case: its unit and its handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.states import State
from workflow.procedure.registry import guard, reacts, selector

if TYPE_CHECKING:
    from workflow.procedure import payloads


@guard
def _of_the_unit(case: CaseFile, act: Act, context: Context) -> None:
    if act.actor.unit != case.unit or (case.handler is not None and not act.actor.stands_for(case.handler)):
        raise Refused(
            N_(
                "{officer} does not belong to the unit to which the case is assigned ({unit}), or it was given to another."
            ),
            officer=context.officer_called(act.actor.key),
            unit=context.unit_called(case.unit or "-"),
            way_on=N_("Let an officer of that unit do it, or have the case reassigned."),
        )


@guard
def _is_the_handler(case: CaseFile, act: Act, context: Context) -> None:
    if case.handler is not None and not act.actor.stands_for(case.handler):
        raise Refused(
            N_("The case is handled by {handler}, not by {officer}."),
            handler=context.officer_called(case.handler),
            officer=context.officer_called(act.actor.key),
            way_on=N_(
                "Let the handler do it, or have the case reassigned: disclosure reassign {number} --unit UNIT"
            ),
            number=case.number,
        )


def _left_waiting(case: CaseFile) -> bool:
    """Withdrawn while the organ waited for the applicant: taken up again, it waits for him again."""
    return case.state == State.WITHDRAWN and case.withdrawn_from in (
        State.CORRECTION_ASKED,
        State.REASONS_ASKED,
        State.FEE_NOTIFIED,
    )


@selector
def _unregistered(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is None


@selector
def _no_unit(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is not None and case.unit is None


@selector
def _unit_waits(case: CaseFile, _: str, __: Context) -> bool:
    """Assigned to a unit that has not taken it in hand."""
    return (
        not _left_waiting(case)
        and case.registered is not None
        and case.unit is not None
        and case.accepted is None
    )


@selector
def _in_work(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is not None and case.accepted is not None


@selector
def _not_in_work(case: CaseFile, _: str, __: Context) -> bool:
    return case.accepted is None


@reacts("assign", "reassign")
def _assigned(case: CaseFile, entry: Entry[payloads.Assign | payloads.Reassign]) -> None:
    case.unit = entry.payload["unit"]
    case.handler = entry.payload.get("handler")
    case.accepted = None


@reacts("accept")
def _accepted(case: CaseFile, entry: Entry[payloads.Accept]) -> None:
    case.handler = entry.actor
    case.accepted = entry.on


@reacts("return_assignment")
def _unassigned(case: CaseFile, entry: Entry[payloads.ReturnAssignment]) -> None:
    case.unit = case.handler = case.accepted = None

"""Transfer to another unit in two steps: who may propose it, who may decide, and what comes of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile, Proposal
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.procedure.acts import common
from workflow.procedure.registry import guard, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads

TRANSFER = "transfer"
# The role of a unit's head: the one who passes what the unit has drafted.
HEAD = "reviewer"


@prepares("propose_transfer")
def _to_another(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    if payload["unit"] == case.unit:
        raise Malformed(
            N_("The case is with the unit '{unit}' already."),
            field="unit",
            unit=case.unit,
            way_on=N_("Name another unit; the units are listed with: disclosure office show"),
        )
    return payload


@prepares("approve_transfer")
def _as_proposed(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    proposal = case.proposed.get(TRANSFER)
    return {**payload, "unit": proposal.facts["unit"]} if proposal else payload


@guard
def _has_the_case(case: CaseFile, act: Act, context: Context) -> None:
    of_the_unit = act.actor.unit is not None and act.actor.unit == case.unit
    if act.actor.stands_for(case.handler) or (
        of_the_unit and (HEAD in act.actor.roles or case.handler is None)
    ):
        return
    raise Refused(
        N_("{officer} neither handles the case nor heads the unit that has it ({unit})."),
        officer=context.officer_called(act.actor.key),
        unit=context.unit_called(case.unit or "-"),
        way_on=N_("Let its handler or the head of the unit propose the transfer."),
    )


@guard
def _no_transfer_proposed(case: CaseFile, act: Act, context: Context) -> None:
    proposal = case.proposed.get(TRANSFER)
    if proposal is not None:
        raise Refused(
            N_("A transfer to '{unit}' was proposed on {day} and is not decided yet."),
            unit=context.unit_called(proposal.facts["unit"]),
            day=proposal.on,
            way_on=N_("Let an approver decide on it first: disclosure refuse-transfer {number}"),
            number=case.number,
        )


@guard
def _transfer_proposed(case: CaseFile, act: Act, _: Context) -> None:
    proposal = case.proposed.get(TRANSFER)
    if proposal is None:
        raise Refused(
            N_("No transfer waits for a decision: none was proposed, or the case has moved on since."),
            way_on=N_(
                "Let its handler propose it: disclosure propose-transfer {number} --unit UNIT --reasons REASON"
            ),
            number=case.number,
        )
    common.require_not_before(act, proposal.on, "propose_transfer")


@guard
def _decides_for_another(case: CaseFile, act: Act, context: Context) -> None:
    proposal = case.proposed.get(TRANSFER)
    if proposal is not None and act.actor.persons & proposal.persons:
        raise Refused(
            N_("{officer} proposed the transfer and cannot also decide on it."),
            officer=context.officer_called(act.actor.key),
            way_on=N_("Let another officer with this role do it."),
        )


@reacts("propose_transfer")
def _proposed(case: CaseFile, entry: Entry[payloads.ProposeTransfer]) -> None:
    facts = {"unit": entry.payload["unit"]}
    case.proposed[TRANSFER] = Proposal.of(entry, facts)


@reacts("approve_transfer")
def _approved(case: CaseFile, entry: Entry[payloads.ApproveTransfer]) -> None:
    case.unit = entry.payload["unit"]
    case.handler = case.accepted = None


@reacts("refuse_transfer")
def _refused(case: CaseFile, entry: Entry[payloads.RefuseTransfer]) -> None:
    case.proposed.pop(TRANSFER, None)

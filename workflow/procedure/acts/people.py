"""Who acts for the applicants and who is written to, told after the application came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.procedure.registry import guard, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@guard
def _has_an_agent(case: CaseFile, act: Act, _: Context) -> None:
    if case.agent is None:
        raise Refused(
            N_("{number} has no agent."),
            number=case.number,
            way_on=N_("See who applies with: disclosure show {number}"),
        )


@guard
def _is_of_the_case(case: CaseFile, act: Act, _: Context) -> None:
    # Asked without facts, what stands in the way of the act as such is told: nothing.
    wanted = act.payload.get("person")
    if wanted is not None and wanted not in {one.no for one in persons.everybody(case)}:
        raise Refused(
            N_("{number} has nobody of number {no}; there are applicants 1 to {count}."),
            field="person",
            number=case.number,
            no=wanted,
            count=len(persons.applicants(case)),
            way_on=N_("See who applies with: disclosure show {number}"),
        )


@reacts("add_applicant")
def _added(case: CaseFile, entry: Entry[payloads.AddApplicant]) -> None:
    # Kept under its place among the others, to which its sealed values are bound.
    case.others = [*case.others, *entry.payload["applicants"].values()]


@reacts("appoint_agent")
def _appointed(case: CaseFile, entry: Entry[payloads.AppointAgent]) -> None:
    case.agent, case.contact = entry.payload["agent"], None


@reacts("end_agency")
def _ended(case: CaseFile, entry: Entry[payloads.EndAgency]) -> None:
    case.agent = None
    if case.contact == persons.AGENT:
        case.contact = None


@reacts("write_to")
def _written_to(case: CaseFile, entry: Entry[payloads.WriteTo]) -> None:
    case.contact = entry.payload["person"]

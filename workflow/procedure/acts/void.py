"""An application entered twice or by mistake: who may have it made void, when it is too late, what comes of
it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import letter_life
from workflow.cases.case import CaseFile, Proposal
from workflow.cases.context import Act, Context
from workflow.cases.departures import departures
from workflow.cases.entry import Entry
from workflow.procedure.acts import common
from workflow.procedure.registry import guard, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads

VOID = "void"
TWICE = "twice"


@prepares("propose_void")
def _twin(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """A duplicate names the entry that stays; a mistake names none."""
    if payload["why"] == TWICE and not payload.get("twin"):
        raise Malformed(
            N_("Entered twice: say which application stays (--twin NUMBER)."),
            field="twin",
            way_on=N_("See the applicant's cases with: disclosure list --text NAME"),
        )
    if payload.get("twin") == case.number:
        raise Malformed(
            N_("{number} cannot stay and be void."),
            field="twin",
            number=case.number,
            way_on=N_("Name the other application, the one that stays."),
        )
    return payload


@guard
def _nothing_has_left(case: CaseFile, act: Act, _: Context) -> None:
    """What is known outside the office cannot be undone by an entry."""
    if case.remedies:
        raise Refused(
            N_("A {kind} was brought in {number}: its entry cannot be made void."),
            kind=Named("remedy", case.remedies[0].kind),
            number=case.number,
            way_on=N_("See what may be done with: disclosure next {number}"),
        )
    gone = departures(case)
    if gone:
        raise Refused(
            N_("The letter {letter} left on {day}: the entry of {number} cannot be made void."),
            letter=gone[0].number or gone[0].code,
            day=gone[0].on,
            number=case.number,
            way_on=N_(
                "Tell the applicant. Let him withdraw it (disclosure withdraw {number}), or answer it as a repeat (disclosure draft {number} --outcome repeat)."
            ),
        )


@guard
def _no_void_proposed(case: CaseFile, act: Act, _: Context) -> None:
    proposal = case.proposed.get(VOID)
    if proposal is not None:
        raise Refused(
            N_("That the entry be void was proposed on {day} and is not decided yet."),
            day=proposal.on,
            way_on=N_("Let an approver decide on it first: disclosure approve-void-case {number}"),
            number=case.number,
        )


@guard
def _void_proposed(case: CaseFile, act: Act, _: Context) -> None:
    proposal = case.proposed.get(VOID)
    if proposal is None:
        raise Refused(
            N_("Nobody proposed that the entry be void, or the case has moved on since."),
            way_on=N_("Propose it first: disclosure void-case {number} --why mistake --reasons REASON"),
            number=case.number,
        )
    common.require_not_before(act, proposal.on, "propose_void")


@guard
def _void_decided_by_another(case: CaseFile, act: Act, context: Context) -> None:
    proposal = case.proposed.get(VOID)
    if proposal is not None and act.actor.persons & proposal.persons:
        raise Refused(
            N_("{officer} proposed that the entry be void and cannot also decide on it."),
            officer=context.officer_called(act.actor.key),
            way_on=N_("Let another officer with this role do it."),
        )


@reacts("propose_void")
def _proposed(case: CaseFile, entry: Entry[payloads.ProposeVoid]) -> None:
    p = entry.payload
    facts = {"reasons": p["reasons"], **({"twin": p["twin"]} if "twin" in p else {})}
    case.proposed[VOID] = Proposal.of(entry, facts)


@reacts("void_case")
def _made_void(case: CaseFile, entry: Entry[payloads.VoidCase]) -> None:
    # If it was filed as withdrawn, its retention class no longer applies.
    case.filed = case.retention = case.keep_until = case.destruction = None
    for one in entry.payload.get("letters", ()):
        letter_life.lapse(case.lives, one, entry.on, entry.n)


@reacts("refuse_void")
def _refused(case: CaseFile, entry: Entry[payloads.RefuseVoid]) -> None:
    case.proposed.pop(VOID, None)

"""The end of a case and what comes after: withdrawal, filing, keeping, destruction, reopening."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_, Remark
from workflow.base.names import Named
from workflow.cases import retention
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.cases.states import State
from workflow.law.keys import Outcome
from workflow.procedure.acts.common import day_of, kept
from workflow.procedure.registry import ends, guard, holds, prepares, reacts, selector

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("file", "file_unserved")
def _file(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the class by which the case is kept."""
    return {**payload, **retention.facts(case, on)}


@selector
def _withdrawn_from(case: CaseFile, state: str, _: Context) -> bool:
    return case.withdrawn_from == state


@selector
def _correction_lapsed(case: CaseFile, _: str, __: Context) -> bool:
    return case.correction_lapsed is not None


@selector
def _fee_lapsed(case: CaseFile, _: str, __: Context) -> bool:
    return case.fee_lapsed is not None


@guard
def _no_open_remedy(case: CaseFile, act: Act, _: Context) -> None:
    # Filed with a reason although something is missing: the entry names what.
    if act.payload.get("despite"):
        return
    going_on = [part for part in case.remedies if not part.over]
    ordering = [part for part in case.remedies if part.orders_redecision and part.against_round == case.round]
    if ordering and not going_on:
        raise Refused(
            N_("The {kind} no. {no} orders a new decision, which was not begun."),
            kind=Named("remedy", ordering[0].kind),
            no=ordering[0].no,
            way_on=N_("Begin it: disclosure redecide {number} --no {no}"),
            number=case.number,
        )
    if going_on:
        raise Refused(
            N_("The {kind} no. {no} is not decided yet."),
            kind=Named("remedy", going_on[0].kind),
            no=going_on[0].no,
            way_on=N_("File the case when it is over."),
        )


@guard
def _only_longer(case: CaseFile, act: Act, _: Context) -> None:
    until = act.payload.get("until", "")
    if case.keep_until is None or (until and until <= case.keep_until.isoformat()):
        raise Refused(
            N_("It is kept until {until}; that cannot be shortened."),
            field="until",
            until=case.keep_until or "∞",
            way_on=N_("Give a later day."),
        )


@guard
def _time_is_over(case: CaseFile, act: Act, _: Context) -> None:
    if case.keep_until is None or act.on <= case.keep_until:
        raise Refused(
            N_("It has to be kept until {until}."),
            field="on",
            until=case.keep_until or "∞",
            way_on=N_("See what may be decided on: disclosure retention review"),
        )


@guard
def _destruction_proposed(case: CaseFile, act: Act, _: Context) -> None:
    if case.destruction is None or case.destroyed is not None:
        raise Refused(
            N_("Nobody proposed that {number} be destroyed, or it was destroyed already."),
            number=case.number,
            way_on=N_(
                "The archivist proposes it first: disclosure retention decide {number} --destroy --reason ..."
            ),
        )


@guard
def _second_person(case: CaseFile, act: Act, context: Context) -> None:
    if case.destruction is not None and act.actor.persons & case.destruction_by:
        raise Refused(
            N_("{officer} proposed the destruction and cannot also approve it."),
            officer=context.officer_called(act.actor.key),
            way_on=N_("Let another officer with this role do it."),
        )
    if act.actor.persons & (case.authors | case.former_authors):
        raise Refused(
            N_("{officer} wrote the reply of this case, and cannot approve its destruction."),
            officer=context.officer_called(act.actor.key),
            way_on=N_("Let another officer with this role do it."),
        )


@ends("withdraw")
def _withdrawal(case: CaseFile, entry: Entry[payloads.Withdraw], made: list[CaseClock]) -> Remark:
    return Outcome.WITHDRAWN, {"withdrawn_on": entry.on, "statement": entry.payload["how"]}


@holds("withdraw")
def _still_withdrawn(case: CaseFile, life: Life) -> bool:
    return case.state == State.WITHDRAWN


@reacts("withdraw")
def _withdrawn(case: CaseFile, entry: Entry[payloads.Withdraw]) -> None:
    case.withdrawn, case.withdrawn_from = entry.on, entry.source


@reacts("file", "file_unserved")
def _filed(case: CaseFile, entry: Entry[payloads.File | payloads.FileUnserved]) -> None:
    p = entry.payload
    case.filed = entry.on
    case.missing, case.filed_despite = list(p.get("missing", [])), p.get("despite")
    kept(case, p)


@reacts("keep_longer")
def _kept_longer(case: CaseFile, entry: Entry[payloads.KeepLonger]) -> None:
    case.keep_until, case.destruction = day_of(entry.payload["until"]), None


@reacts("propose_destruction")
def _proposed(case: CaseFile, entry: Entry[payloads.ProposeDestruction]) -> None:
    case.destruction, case.destruction_by = (entry.on, entry.actor), entry.persons


@reacts("destroy")
def _destroyed(case: CaseFile, entry: Entry[payloads.Destroy]) -> None:
    case.destroyed = entry.on


@reacts("reopen")
def _reopened(case: CaseFile, entry: Entry[payloads.Reopen]) -> None:
    case.withdrawn = case.correction_lapsed = case.fee_lapsed = None

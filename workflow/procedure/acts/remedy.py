"""Reconsideration and suits, and the new decision that they may order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import remedy_clocks, retention, rulings
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.tracks import Remedy
from workflow.procedure.act_forms import specs
from workflow.procedure.acts.common import begin_round, day_of, kept, not_before
from workflow.procedure.acts.order_to_decide import ordered
from workflow.procedure.registry import guard, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("open_reconsideration")
def _reconsideration(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    return _opened("reconsideration", payload, case, on, context)


@prepares("open_suit")
def _suit(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    return _opened(f"suit_{payload['kind']}", payload, case, on, context)


def _opened(kind: str, payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    if payload.get("defence_due"):
        not_before(payload["defence_due"], on, "defence_due")
    made = _papers({**payload, "kind": kind, "no": len(case.remedies) + 1}, case, on, context)
    return _kept_on(made, case, "pending")


@prepares("defend", "appeal", "remand")
def _papers(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """A document that is named has to be in the file."""
    known = [file["name"] for file in case.attachments]
    for name in payload.get("papers", ()):
        if name not in known:
            raise NotFound(
                N_("The case {number} has no file '{name}'."),
                field="papers",
                number=case.number,
                name=name,
                way_on=N_("Put it in first: disclosure attach {number} --file {name}"),
            )
    return payload


@prepares("remedy_decided")
def _decided(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """What follows from the result: the column of the annual report, the effect, the last day ordered."""
    part = case.part("remedy", payload["no"])
    made = dict(payload)
    orders = "may"
    if "result" in made and part is not None:
        found = rulings.require(made["result"], getattr(part, "kind", ""), on)
        if made.get("outcome", found.outcome) != found.outcome:
            raise Malformed(
                N_("'{result}' counts as: {outcome}."),
                field="outcome",
                result=found.name,
                outcome=Named("choice", found.outcome),
                way_on=N_("Leave --outcome out."),
            )
        made |= {"result": found.key, "outcome": found.outcome, "effect": found.effect}
        orders = found.orders
    if "outcome" not in made:
        raise Malformed(
            N_("'{option}' is missing: {label}."),
            field="result",
            option="--result",
            label=next(item.label for item in specs()["remedy_decided"].fields if item.name == "result"),
            way_on=N_("For example: {example}"),
            example=specs()["remedy_decided"].example,
        )
    if made.get("dated", "") > on.isoformat():
        raise Malformed(
            N_("The paper bears the date {dated}, which is later than the day on which it came ({on})."),
            field="dated",
            dated=made["dated"],
            on=on,
        )
    if not isinstance(part, Remedy):
        # No such remedy: the procedure refuses the act and says what may be done instead.
        return made
    made = _papers(ordered(made, orders, part, on, context), case, on, context)
    return _kept_on(made, case, made["outcome"])


def _kept_on(payload: dict[str, Any], case: CaseFile, outcome: str) -> dict[str, Any]:
    """A remedy on a filed case: it may have to be kept longer, never shorter."""
    if case.filed is None or case.retention is None:
        return payload
    key = retention.longer(case.retention, retention.by_remedy(outcome))
    last = retention.until(key, case.filed)
    if last is not None and case.keep_until is not None:
        last = max(last, case.keep_until)
    kept = {"retention": key, **({"keep_until": last.isoformat()} if last else {})}
    return {**payload, **kept}


@prepares("redecide")
def _redecide(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """The limit is the one that was ordered; where none was, the statutory time runs anew."""
    part = case.part("remedy", payload["no"])
    if not isinstance(part, Remedy) or payload.get("due"):
        return payload
    if part.ordered_due:
        return {**payload, "due": part.ordered_due.isoformat()}
    # The statutory time runs from the day on which the order bound, not from the day on which it is taken up.
    binds = part.runs_from or part.decided
    return {**payload, "runs_from": min(binds, on).isoformat()} if binds else payload


@guard
def _can_be_appealed(case: CaseFile, act: Act, context: Context) -> None:
    """A court's decision, once; the organ's own appeal inside the time for it."""
    part = case.part("remedy", int(act.payload["no"]))
    assert isinstance(part, Remedy)
    if part.kind == "reconsideration" or part.first is not None:
        raise Refused(
            N_("Only what the first court decided can be appealed."),
            field="no",
            way_on=N_(
                "A suit after reconsideration is a remedy of its own: disclosure suit {number} --kind after-reconsideration"
            ),
            number=case.number,
        )
    if any(
        other.orders_redecision and other.no == part.no and case.round > part.against_round
        for other in case.remedies
    ):
        raise Refused(
            N_("The new decision that was ordered has been begun; nothing is left to appeal against."),
            field="no",
            way_on=N_("See what may be done with: disclosure next {number}"),
            number=case.number,
        )
    deadline = remedy_clocks.appeal_deadline(part, context)
    # A paper received late may have been sent in time: the court decides.
    if act.payload.get("by", "organ") == "organ" and deadline is not None and act.on > deadline.due:
        raise Refused(
            N_("The time to appeal ended on {due}."),
            field="on",
            due=deadline.due,
            way_on=N_("The judgment is final. Do what it orders."),
        )


@guard
def _decision_set_aside(case: CaseFile, act: Act, _: Context) -> None:
    no = act.payload.get("no")
    # A reply that the organ itself has mended meanwhile may have been set aside even so.
    rounds = {case.round, *(one.of_round for one in case.mendings if one.round == case.round)}
    ordering = [part.no for part in case.remedies if part.orders_redecision and part.against_round in rounds]
    if not ordering or (no is not None and no not in ordering):
        raise Refused(
            N_("No reconsideration or judgment orders a new decision on this case."),
            way_on=N_(
                "Record the outcome first: disclosure remedy-decided {number} --no NUMBER --outcome corrected --redecide yes"
            ),
            number=case.number,
        )


@reacts("open_reconsideration", "open_suit")
def _contested(case: CaseFile, entry: Entry[payloads.OpenReconsideration | payloads.OpenSuit]) -> None:
    p = entry.payload
    case.remedies.append(
        Remedy(
            no=p["no"],
            kind=p["kind"],
            body=p["body"],
            by=p.get("by", "applicant"),
            received=entry.on,
            reference=p.get("reference"),
            against_round=case.contested_round,
            defence_due=day_of(p.get("defence_due")),
            simple=p.get("procedure") == "simple",
            papers=list(p.get("papers", [])),
        )
    )
    kept(case, p)


def _remedy(case: CaseFile, no: int) -> Remedy:
    part = case.part("remedy", no)
    assert isinstance(part, Remedy)
    return part


@reacts("defend")
def _defended(case: CaseFile, entry: Entry[payloads.Defend]) -> None:
    _remedy(case, entry.payload["no"]).defended = entry.on


@reacts("set_hearing")
def _hearing_set(case: CaseFile, entry: Entry[payloads.SetHearing]) -> None:
    _remedy(case, entry.payload["no"]).hearing = day_of(entry.payload["hearing"])


@reacts("remedy_decided")
def _remedy_decided(case: CaseFile, entry: Entry[payloads.RemedyDecided]) -> None:
    part = _remedy(case, entry.payload["no"])
    p = entry.payload
    part.decided, part.outcome, part.result = entry.on, p["outcome"], p.get("result")
    part.served, part.dated, part.effect = entry.on, day_of(p.get("dated")), p.get("effect")
    part.orders_redecision, part.ordered_due = bool(p.get("redecide")), day_of(p.get("due"))
    part.number, part.runs_from, part.limit = p.get("number"), day_of(p.get("runs_from")), p.get("limit")
    part.papers += p.get("papers", [])
    kept(case, p)


@reacts("appeal")
def _appealed(case: CaseFile, entry: Entry[payloads.Appeal]) -> None:
    part = _remedy(case, entry.payload["no"])
    p = entry.payload
    assert part.decided is not None
    assert part.outcome is not None
    part.first = part.decided, part.outcome, part.result
    part.appealed, part.appealed_by = entry.on, p["by"]
    part.appeal_body, part.appeal_reference = p.get("body"), p.get("reference")
    # No longer final: neither the judgment nor its order has effect until the appeal is decided.
    part.decided = part.outcome = part.result = part.effect = part.dated = part.number = None
    part.ordered_due = part.runs_from = part.limit = part.hearing = None
    part.orders_redecision = False
    part.papers += p.get("papers", [])


@reacts("remand")
def _remanded(case: CaseFile, entry: Entry[payloads.Remand]) -> None:
    part = _remedy(case, entry.payload["no"])
    part.appealed = part.first = part.hearing = part.served = None
    part.papers += entry.payload.get("papers", [])


@reacts("redecide")
def _redecided(case: CaseFile, entry: Entry[payloads.Redecide]) -> None:
    begin_round(
        case, entry, day_of(entry.payload.get("runs_from")) or entry.on, day_of(entry.payload.get("due"))
    )

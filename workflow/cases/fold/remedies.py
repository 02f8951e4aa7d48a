"""Reconsideration and suits."""

from __future__ import annotations

from workflow.cases.case import CaseFile, Entry, Remedy
from workflow.cases.fold.closing import kept
from workflow.cases.fold.registry import day_of, reacts


@reacts("open_reconsideration", "open_suit")
def _contested(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    case.remedies.append(
        Remedy(
            no=p["no"],
            kind=p["kind"],
            body=p["body"],
            by=p.get("by", "applicant"),
            received=entry.on,
            reference=p.get("reference"),
            against_round=case.round,
            defence_due=day_of(p.get("defence_due")),
            simple=p.get("procedure") == "simple",
            papers=list(p.get("papers", [])),
        )
    )
    kept(case, p)


def _remedy(case: CaseFile, entry: Entry) -> Remedy:
    part = case.part("remedy", int(entry.payload["no"]))
    assert isinstance(part, Remedy)
    return part


@reacts("defend")
def _defended(case: CaseFile, entry: Entry) -> None:
    _remedy(case, entry).defended = entry.on


@reacts("set_hearing")
def _hearing_set(case: CaseFile, entry: Entry) -> None:
    _remedy(case, entry).hearing = day_of(entry.payload["hearing"])


@reacts("remedy_decided")
def _remedy_decided(case: CaseFile, entry: Entry) -> None:
    part = _remedy(case, entry)
    p = entry.payload
    part.decided, part.outcome, part.result = entry.on, p["outcome"], p.get("result")
    part.served, part.dated, part.effect = entry.on, day_of(p.get("dated")), p.get("effect")
    part.orders_redecision, part.ordered_due = bool(p.get("redecide")), day_of(p.get("due"))
    part.papers += p.get("papers", [])
    kept(case, p)


@reacts("appeal")
def _appealed(case: CaseFile, entry: Entry) -> None:
    part = _remedy(case, entry)
    p = entry.payload
    assert part.decided is not None
    assert part.outcome is not None
    part.first = part.decided, part.outcome, part.result
    part.appealed, part.appealed_by = entry.on, p["by"]
    part.appeal_body, part.appeal_reference = p.get("body"), p.get("reference")
    # Not final any more: neither what it said nor what it ordered holds until the appeal is decided.
    part.decided = part.outcome = part.result = part.effect = part.dated = part.ordered_due = part.hearing = (
        None
    )
    part.orders_redecision = False
    part.papers += p.get("papers", [])


@reacts("remand")
def _remanded(case: CaseFile, entry: Entry) -> None:
    part = _remedy(case, entry)
    part.appealed = part.first = part.hearing = part.served = None
    part.papers += entry.payload.get("papers", [])

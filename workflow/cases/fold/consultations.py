"""Consultations of third parties, co-makers and other organs."""

from __future__ import annotations

from workflow.cases.case import CaseFile, Consultation, Entry, Notice
from workflow.cases.fold.registry import day_of, reacts


@reacts("consult_third_party", "consult_co_maker", "consult_organ", "refer")
def _consulted(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    kinds = {"consult_third_party": "third_party", "consult_co_maker": "co_maker", "refer": "referral"}
    kind = kinds.get(entry.event, "other_organ")
    case.consultations.append(
        Consultation(
            no=p["no"],
            kind=kind,
            name=p["name"],
            items=p.get("items", []),
            sent=entry.on,
            answer_by=day_of(p.get("answer_by")),
            delivered=day_of(p.get("delivered")),
            address=p.get("address", ""),
            postcode=p.get("postcode", ""),
        )
    )
    case.notices.append(Notice("P8", entry.on))


def _consultation(case: CaseFile, entry: Entry) -> Consultation:
    part = case.part("consultation", int(entry.payload["no"]))
    assert isinstance(part, Consultation)
    return part


@reacts("opinion_delivered")
def _opinion_delivered(case: CaseFile, entry: Entry) -> None:
    _consultation(case, entry).delivered = entry.on


@reacts("opinion_given")
def _opinion_given(case: CaseFile, entry: Entry) -> None:
    part = _consultation(case, entry)
    part.answered = entry.on
    part.answer = entry.payload["answer"]
    part.reasons = entry.payload.get("reasons")


@reacts("opinion_lapsed", "consultation_recalled")
def _opinion_lapsed(case: CaseFile, entry: Entry) -> None:
    _consultation(case, entry).answered = entry.on


@reacts("objection_overruled")
def _objection_overruled(case: CaseFile, entry: Entry) -> None:
    _consultation(case, entry).public_interest = entry.payload["reasons"]

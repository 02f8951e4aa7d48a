"""Consultations of third parties, co-makers and other organs, and referral."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import consultation_clocks, draft, organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.cases.states import State
from workflow.cases.tracks import Consultation
from workflow.clocks import leaves_out
from workflow.clocks.facts import CO_MAKER, OTHER_ORGAN, REFERRAL, THIRD_PARTY
from workflow.law.keys import Letter
from workflow.law.setting_keys import SettingKey
from workflow.procedure.acts.common import day_of, from_sending, must_be_over, not_before, with_last_day
from workflow.procedure.letter_fold import answered
from workflow.procedure.registry import calls_for, guard, holds, prepares, reacts, tells

if TYPE_CHECKING:
    from workflow.procedure import payloads

# On what an objection is overruled, where it is not the public interest.
UNFOUNDED = "unfounded"


@prepares("consult_third_party", "consult_co_maker")
def _consult(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    items = payload.get("items") or list(range(1, len(case.items) + 1))
    for number in items:
        draft.require_item(case, number)
    if payload.get("delivered"):
        not_before(payload["delivered"], on, "delivered")
    if payload.get("answer_by"):
        not_before(payload["answer_by"], on, "answer_by")
    return {**payload, "items": items, "no": len(case.consultations) + 1, **from_sending(context)}


@prepares("consult_organ", "refer")
def _consult_organ(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """The law sets other organs no period: the office's own, where none is given."""
    return _consult(with_last_day(payload, on, context, SettingKey.OTHER_ORGAN_DAYS), case, on, context)


@guard
def _opinion_overdue(case: CaseFile, act: Act, context: Context) -> None:
    part = case.part("consultation", int(act.payload["no"]))
    assert isinstance(part, Consultation)
    deadline = consultation_clocks.consultation_deadline(case, part, context)
    must_be_over(
        act,
        deadline.due if deadline else None,
        N_("Wait until the day after, or record the answer if it came."),
    )


@guard
def _objected(case: CaseFile, act: Act, _: Context) -> None:
    part = case.part("consultation", int(act.payload["no"]))
    assert isinstance(part, Consultation)
    if case.state not in (State.IN_HAND, State.DRAFTING):
        raise Refused(
            N_("An objection is overruled before the draft is handed in, not while the case is: {state}."),
            state=Named("state", case.state),
            way_on=N_("Have the draft returned first: disclosure return-draft {number}"),
            number=case.number,
        )
    if part.kind != THIRD_PARTY or part.answer not in ("object", "partly") or part.overruled:
        raise Refused(
            N_("Only the objection of a third party can be overruled, and once."),
            way_on=N_("See the consultations with: disclosure show {number}"),
            number=case.number,
        )


@calls_for(Letter.TIME_LEFT_OUT)
def _time_is_left_out(case: CaseFile, entry: Entry, context: Context) -> bool:
    """The applicant is told that time is left out only where it is."""
    part = case.part("consultation", entry.payload["no"])
    assert isinstance(part, Consultation)
    if part.kind == THIRD_PARTY and _told_already(case, part):
        return False
    return leaves_out(part.kind, organ_clocks.law_day(case, context), context.law, context.settings)


def _told_already(case: CaseFile, part: Consultation) -> bool:
    """Whether the applicant is told of another third party of the same day, or of one that is still asked."""
    others = {
        one.no
        for one in case.consultations
        if one.kind == THIRD_PARTY and one.no < part.no and (one.sent == part.sent or one.state == State.SENT)
    }
    return any(
        life.code == Letter.TIME_LEFT_OUT
        and life.no in others
        and life.void is None
        and life.round == case.round
        for life in case.lives
    )


@tells("consult_third_party", "consult_co_maker", "consult_organ", "refer", "objection_overruled")
def _letter(case: CaseFile, entry: Entry[Any]) -> dict[str, Any]:
    """To whom it goes and what it is about; the applicant is told of it without the third party's name."""
    part = case.part("consultation", entry.payload["no"])
    assert isinstance(part, Consultation)
    asked = [case.items[no - 1] for no in part.items]
    consulted = "第三方合法权益" if part.kind == THIRD_PARTY else part.name
    return {
        # A third party may be a person: the letter does not call it an organisation.
        "recipient": {"name": part.name, "kind": "" if part.kind == THIRD_PARTY else "other"},
        "information": entry.payload.get("matter") or "；\n".join(asked),
        "consulted": consulted,
        "consulted_on": part.sent,
        "answered_on": part.answered,
        "answer": part.answer,
        **({"unfounded": 1} if entry.payload.get("basis") == UNFOUNDED else {}),
        **({"referred": 1} if part.kind == REFERRAL else {}),
        **({"answer_by": part.answer_by} if part.answer_by else {}),
        **({"reasons": entry.payload["reasons"]} if "reasons" in entry.payload else {}),
    }


@holds("consult_third_party", "consult_co_maker", "consult_organ", "refer")
def _still_asked(case: CaseFile, life: Life) -> bool:
    """Neither answered nor given up; of what the applicant is told as long as anybody is asked of whom the
    same letter tells."""
    asked = {life.no}
    if life.code == Letter.TIME_LEFT_OUT and case.consulted("consultation", life.no) == THIRD_PARTY:
        later = {
            one.no
            for one in case.lives
            if one.code == life.code and one.no > life.no and one.letter and one.void is None
        }
        asked |= {
            one.no
            for one in case.consultations
            if one.kind == THIRD_PARTY and life.no < one.no < min(later, default=one.no + 1)
        }
    return any(case.sub_state("consultation", no) == State.SENT for no in asked)


@holds("objection_overruled")
def _still_overruled(case: CaseFile, life: Life) -> bool:
    part = case.part("consultation", life.no)
    return isinstance(part, Consultation) and part.overruled is not None


@reacts("consult_third_party", "consult_co_maker", "consult_organ", "refer")
def _consulted(case: CaseFile, entry: Entry[Any]) -> None:
    p = entry.payload
    kinds = {"consult_third_party": THIRD_PARTY, "consult_co_maker": CO_MAKER, "refer": REFERRAL}
    kind = kinds.get(entry.event, OTHER_ORGAN)
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


def _consultation(case: CaseFile, no: int) -> Consultation:
    part = case.part("consultation", no)
    assert isinstance(part, Consultation)
    return part


@reacts("opinion_delivered")
def _opinion_delivered(case: CaseFile, entry: Entry[payloads.OpinionDelivered]) -> None:
    _consultation(case, entry.payload["no"]).delivered = entry.on
    answered(case, entry.on, no=entry.payload["no"])


@reacts("opinion_given")
def _opinion_given(case: CaseFile, entry: Entry[payloads.OpinionGiven]) -> None:
    part = _consultation(case, entry.payload["no"])
    part.answered = entry.on
    part.answer = entry.payload["answer"]
    part.reasons = entry.payload.get("reasons")
    answered(case, entry.on, no=entry.payload["no"])


@reacts("opinion_lapsed", "consultation_recalled")
def _opinion_lapsed(
    case: CaseFile, entry: Entry[payloads.OpinionLapsed | payloads.ConsultationRecalled]
) -> None:
    _consultation(case, entry.payload["no"]).answered = entry.on


@reacts("objection_overruled")
def _objection_overruled(case: CaseFile, entry: Entry[payloads.ObjectionOverruled]) -> None:
    part = _consultation(case, entry.payload["no"])
    if entry.payload.get("basis") == UNFOUNDED:
        part.unfounded = entry.payload["reasons"]
    else:
        part.public_interest = entry.payload["reasons"]
    part.overruled = entry.on
    case.overruled.append(part.no)

"""What a draft still lacks: what its outcome asks for, third parties heard, earlier steps it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.reply import DraftItem
from workflow.cases.states import State
from workflow.cases.tracks import Consultation
from workflow.clocks.facts import THIRD_PARTY
from workflow.law import terms
from workflow.law.keys import Outcome

GIVES = (Outcome.GRANTED, Outcome.ALREADY_PUBLIC)


REFUSES = Outcome.WITHHELD


TEXTS = ("reasons", "facts", "means", "part")


# The names in the law tables of the third party's answer, its silence, and the weighing of both.
CONSULTATION = "third_party_opinion"


EXCESS = "excess_reasons"


# What may stand in the place of a fact that is asked for: the organ is named "能够确定的" (Art. 36(5)).
_INSTEAD = {"responsible_organ": ("organ_unknown",)}


# Why a third party's objection is not sound, where the organ discloses all the same.
UNFOUNDED = "objection_unfounded"


class Answer(NamedTuple):
    """One requirement on a draft (answered, known, heard, agreed, step, need): for which item, and why it is
    not met.
    """

    question: str
    need: str
    outcome: str
    no: int
    fault: DisclosureError | None


def require_complete(case: CaseFile, context: Context) -> None:
    """Refused unless every item is answered, each with what its outcome and ground need."""
    for answer in answers(case, context):
        if answer.fault is not None:
            raise answer.fault


def answers(case: CaseFile, context: Context) -> Iterator[Answer]:
    """All requirements of the law on the draft, with the refusal where one is not met; listed by the check
    before issue.
    """
    received = organ_clocks.law_day(case, context)
    outcomes, grounds = context.law.outcomes_by_id(received), context.law.grounds_by_id(received)
    answered = {number for number, _ in case.draft}
    for number in range(1, len(case.items) + 1):
        refused = None if number in answered else _unanswered(case, number)
        yield Answer("answered", "", "", number, refused)
    for _, drafted in sorted(case.draft.items()):
        number, name = drafted.no, drafted.ground or drafted.outcome
        unknown = drafted.outcome not in outcomes or (drafted.ground and drafted.ground not in grounds)
        yield Answer(
            "known",
            "",
            drafted.outcome,
            number,
            Refused(
                N_("Item {no}: the law of {day} does not know: {outcome}."),
                field="outcome",
                no=number,
                day=received,
                outcome=Named("outcome", name),
                way_on=N_("Draft it anew: disclosure draft {number} --item {no} --outcome ..."),
                number=case.number,
            )
            if unknown
            else None,
        )
        if unknown:
            continue
        article = (grounds[drafted.ground] if drafted.ground else outcomes[drafted.outcome]).basis
        yield from _third_parties_heard(drafted, case, context)
        yield from _what_it_presupposes(drafted, case, context)
        wrong = terms.fault(
            number, drafted.outcome, drafted.ground, drafted.extra, case.last_on or received, context.law
        )
        if wrong is not None:
            yield Answer("need", wrong.field or "", drafted.outcome, number, wrong)
        for need in _needs(drafted, case, context):
            missing = None if _has(drafted, need, case) else _missing(case, drafted, need, article)
            yield Answer("need", need, drafted.outcome, number, missing)


def _unanswered(case: CaseFile, number: int) -> Refused:
    return Refused(
        N_("Item {no} of the request is not answered yet."),
        field="item",
        no=number,
        way_on=N_("Draft it: disclosure draft {number} --item {no} --outcome ..."),
        number=case.number,
    )


def _missing(case: CaseFile, drafted: DraftItem, need: str, article: str) -> Refused:
    return Refused(
        N_("Item {no} ({outcome}) needs: {what}."),
        rule=article,
        field=need,
        no=drafted.no,
        outcome=Named("outcome", drafted.ground or drafted.outcome),
        what=Named("need", need),
        need=need,
        way_on=_way_on(need),
        number=case.number,
    )


def _needs(drafted: DraftItem, case: CaseFile, context: Context) -> list[str]:
    """What the outcome and the ground of a drafted item need."""
    received = organ_clocks.law_day(case, context)
    needs = [*context.law.outcome(drafted.outcome, received).needs, *_deciding_fact(drafted, case, context)]
    if drafted.ground:
        needs += context.law.ground(drafted.ground, received).needs
    return list(dict.fromkeys(needs))


def lacking(drafted: DraftItem, case: CaseFile, context: Context) -> list[str]:
    """What a drafted item needs and does not have yet."""
    return [need for need in _needs(drafted, case, context) if not _has(drafted, need, case)]


def _day(case: CaseFile, context: Context) -> date:
    """The day of the latest act: that on which provisions are cited."""
    return case.last_on or organ_clocks.law_day(case, context)


def _deciding_fact(drafted: DraftItem, case: CaseFile, context: Context) -> list[str]:
    """The fact on which the remedy against an answer depends, where the law of the day makes it depend on
    one.
    """
    law, day = context.law, case.last_on
    what = law.variant(drafted.outcome)
    if what is None or day is None or law.cell(drafted.outcome, drafted.extra, context.settings) is not None:
        return []
    kinds = {series.on(day).kind for series in law.routes(drafted.outcome).values()}
    return [what.fact] if len(kinds) > 1 else []


def _third_parties_heard(drafted: DraftItem, case: CaseFile, context: Context) -> Iterator[Answer]:
    """A sound objection prevails unless the public interest overrides it; consent leaves nothing to
    protect.
    """
    heard = [
        part
        for part in case.consultations
        if part.kind == THIRD_PARTY
        and drafted.no in part.items
        and part.state in (State.ANSWERED, State.SILENT)
    ]
    if not heard:
        return

    def rule() -> str:
        return context.process.guard_rule("objected", case.regulations, _day(case, context))

    objecting = [part for part in heard if part.answer in ("object", "partly")]
    if drafted.outcome in GIVES and not drafted.part and objecting:
        standing = _standing(drafted, objecting)
        refused = _objected(drafted, case, standing, rule()) if standing else None
        yield Answer("heard", "", drafted.outcome, drafted.no, refused)
    if drafted.ground and context.law.ground(drafted.ground).third_party:
        agreed = all(part.answer == "agree" for part in heard)
        yield Answer("agreed", "", drafted.outcome, drafted.no, _agreed(drafted, rule()) if agreed else None)


def _standing(drafted: DraftItem, objecting: list[Consultation]) -> Consultation | None:
    """An objection that nobody has overruled, in its own act or in the draft."""
    if drafted.extra.get(UNFOUNDED):
        return None
    return next((part for part in objecting if part.overruled is None), None)


def _objected(drafted: DraftItem, case: CaseFile, standing: Consultation, rule: str) -> Refused:
    return Refused(
        N_("{name} objected to the disclosure of item {no}, and the objection was not overruled."),
        rule=rule,
        field="item",
        name=standing.name,
        no=drafted.no,
        way_on=N_(
            "Overrule it (disclosure overrule-objection {number} --no {consultation}; with --basis unfounded where its reasons are not sound), or draft the item as withheld."
        ),
        number=case.number,
        consultation=standing.no,
    )


def _agreed(drafted: DraftItem, rule: str) -> Refused:
    return Refused(
        N_("Every third party consulted on item {no} agreed to its disclosure; there is nobody to protect."),
        rule=rule,
        field="ground",
        no=drafted.no,
        way_on=N_("Draft the item as granted, or consult whom else it concerns."),
    )


def _what_it_presupposes(drafted: DraftItem, case: CaseFile, context: Context) -> Iterator[Answer]:
    """An outcome that refers to an earlier step (a request for correction, for reasons) requires
    that step.
    """
    step = context.process.presupposes.get(drafted.outcome)
    if step is None:
        return
    taken = getattr(case, step["fact"]) is not None
    yield Answer(
        "step",
        "",
        drafted.outcome,
        drafted.no,
        None
        if taken
        else Refused(
            N_("Item {no} ({outcome}) presupposes a step that was not taken: {event}."),
            rule=context.law.cite(case.regulations, tuple(step["article"]), _day(case, context)),
            field="outcome",
            no=drafted.no,
            outcome=Named("outcome", drafted.outcome),
            event=Named("event", step["event"]),
            way_on=N_("Take that step first, or draft another outcome."),
        ),
    )


def _has(drafted: DraftItem, need: str, case: CaseFile) -> bool:
    if need == "ground":
        return bool(drafted.ground)
    if need in TEXTS:
        return bool(getattr(drafted, need))
    if any(drafted.extra.get(other) for other in _INSTEAD.get(need, ())):
        return True
    if need == CONSULTATION:
        return bool(drafted.extra.get(need)) or any(
            part.kind == THIRD_PARTY
            and drafted.no in part.items
            and part.state in (State.ANSWERED, State.SILENT)
            for part in case.consultations
        )
    # An applicant who gave no reasons when asked has none to weigh; the letter says so.
    return bool(drafted.extra.get(need)) or (need == EXCESS and case.reasons_silent)


def _way_on(need: str) -> str:
    if need == CONSULTATION:
        return N_("Consult the third party first: disclosure consult-third-party {number} --items {no}")
    if need in (*TEXTS, "ground"):
        return N_("Draft it again with --{need}: disclosure draft {number} --item {no} --{need} ...")
    return N_("Draft it again with: --extra {need}=...")

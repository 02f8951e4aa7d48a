"""How the result of a case may be contested: by which route, under the law of the day of the act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from workflow.base.completeness import require_same
from workflow.base.errors import Refused
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.reply import SUPPLEMENT, Reply
from workflow.law import Route
from workflow.law.entries import Start
from workflow.law.keys import Letter, Service

SILENCE = "no_reply"
FIRST, FREE, ONLY, NONE = "review_first", "free", "review_only", "none"


class Ending(NamedTuple):
    """What can be contested: the day of the act, the day of service, and the answers."""

    decided: date
    reached: date | None
    items: tuple[Mapping[str, Any], ...]


def of_reply(reply: Reply) -> Ending:
    """A reply as what can be contested."""
    return Ending(reply.issued, reply.served, tuple(reply.items))


def supplemented(case: CaseFile, round_: int) -> list[Reply]:
    """Earlier replies that stand beside that of a round, which only adds to them; the latest first."""
    found: list[Reply] = []
    while mending := next((one for one in case.mendings if one.round == round_), None):
        if mending.event != SUPPLEMENT:
            break
        round_ = mending.of_round
        found += [reply for reply in case.replies if reply.round == round_]
    return found


def ending(case: CaseFile) -> Ending | None:
    """The reply of the present round (while the organ mends it and the new one has not left, the one that
    stands), or the end of an application that lapsed; None where there is neither.
    """
    reply = next((one for one in case.replies if one.round == case.contested_round), None)
    if reply is not None:
        return of_reply(reply)
    lapsed = case.correction_lapsed or case.fee_lapsed
    if lapsed is None:
        return None
    outcome = "lapsed_correction" if case.correction_lapsed else "lapsed_fee"
    notice = next((notice for notice in reversed(case.notices) if notice.letter == Letter.LAPSE), None)
    return Ending(lapsed, notice.reached if notice else None, ({"no": 1, "outcome": outcome},))


def routes(items: Iterable[Mapping[str, Any]], on: date, context: Context) -> list[Route]:
    """The route of each answered item by the law of the day of the answer."""
    return [route(item, on, context) for item in items]


def route(item: Mapping[str, Any], on: date, context: Context) -> Route:
    """The route of one answer; where the deciding fact was not recorded, the widest one, as its letter named
    both.
    """
    law, outcome = context.law, str(item["outcome"])
    cell = law.cell(outcome, item.get("extra"), context.settings)
    try:
        return law.route(outcome, item.get("ground"), on=on, answer=cell)
    except Refused:
        found = [series.on(on) for series in law.routes(outcome).values()]
        return next((one for one in found if one.kind == FREE), found[0])


# How a decision reaches the applicant, by the way in which it was sent, unless recorded otherwise.
_BY_WAY: dict[str, str] = {
    Service.HAND: "handed",
    Service.ENTRUSTED: "handed",
    Service.POST: "posted",
    Service.EMAIL: "system",
    Service.ONLINE: "system",
    Service.PUBLICATION: "published",
}
require_same("cases/ways._BY_WAY", _BY_WAY, "law/keys.Service", Service)
_STARTS = {
    "reconsideration.limit": ("reconsideration", None),
    "litigation.limit": ("suit", None),
    "litigation.after_reconsideration": ("suit", "review"),
    "reconsideration.inaction": ("reconsideration", "silence"),
    "litigation.inaction": ("suit", "silence"),
    "reconsideration.third_party": ("reconsideration", "recorded"),
    "litigation.third_party": ("suit", "recorded"),
}


def reached_how(served_by: str | None, said: str | None) -> str:
    """How a decision reached the person, as the table of starts names it."""
    if said and said != "signed":
        return said
    return _BY_WAY.get(served_by or "", "general")


def start(case: CaseFile, rule: str, on: date, context: Context) -> Start | None:
    """The event that started a remedy clock, under the text in force on a day; None for other clocks."""
    if rule not in _STARTS:
        return None
    remedy, how = _STARTS[rule]
    reply = case.reply
    how = how or (reached_how(reply.served_by, reply.how) if reply else "general")
    return started(remedy, how, on, reply.system if reply else None, context)


def started(remedy: str, how: str, on: date, system: str | None, context: Context) -> Start | None:
    """What starts the time for a remedy; of electronic service the general rule, where the law asks for a
    system that the applicant named and none is recorded (`system`)."""
    found = context.law.start(remedy, how, on)
    if found is not None and found.named and not system:
        return context.law.start(remedy, "general", on)
    return found


def silence(on: date, context: Context) -> Route:
    """The route against an application that is not answered by the last day for the reply."""
    return context.law.route(SILENCE, on=on, answer=context.law.cell(SILENCE, None, context.settings))

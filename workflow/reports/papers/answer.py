"""The draft of an answer to a reconsideration (行政复议答复书): what is recorded is written out, what only
the officer knows is left as a gap that says what belongs there. Nothing is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from letters.content import citations, kinds
from workflow import clocks
from workflow.base import messages
from workflow.base.errors import DisclosureError
from workflow.base.names import name
from workflow.cases import persons, rulings
from workflow.cases.case_clock import CaseClock
from workflow.cases.reply import Reply
from workflow.cases.states import ClockState
from workflow.clocks import Deadline
from workflow.office.seat import Seat
from workflow.procedure import act_forms
from workflow.reports.papers import contested, course, sheet
from workflow.reports.papers.contested import Contested
from workflow.reports.papers.sheet import Block

KEY = "answer"
DEFENCE = "remedy.defence"


def write(seat: Seat, ref: str, no: int | None, place: sheet.Place) -> dict[str, Any]:
    """Write the draft; NotFound where no reconsideration of that number is recorded."""
    with messages.speaking("zh_CN"):
        found = contested.of(seat, ref, no, kind=rulings.RECONSIDERATION)
        made = sheet.write(found.about, KEY, page(found), place, found.remedy.no)
    due = _clock(found).deadline.due
    return {**made, "no": found.remedy.no, "due": due.isoformat()}


def page(found: Contested) -> dict[str, Any]:
    """The draft as plain data."""
    return sheet.page(
        found.about,
        KEY,
        [
            {"kind": "alert", "lines": list(_alerts(found))},
            _parties(found),
            _part("asked", [gap("asked")]),
            _part("facts", [*course.until_reply(found), *_answered(found)]),
            _part("lawful", list(_lawful(found))),
            _part("fitting", list(_fitting(found))),
            _part("conclusion", [gap("conclusion")]),
            _part("annex", [said("annex_list")]),
            {"kind": "text", "lines": [said("signed", office=found.about.seat.office.name), gap("day")]},
        ],
        mark=said("mark"),
    )


def said(key: str, **params: object) -> str:
    """A sentence of the draft, filled in."""
    text = str(sheet.table()["answer"][key])
    return text.format(**params) if params else text


def gap(key: str) -> str:
    """A place for the officer, with what belongs there."""
    return said("gap", what=sheet.table()["gap"][key])


def _part(key: str, lines: list[str]) -> Block:
    return {"kind": "part", "text": sheet.table()["part"][key], "lines": lines}


# --- until when


def _clock(found: Contested) -> CaseClock:
    return next(
        one for one in found.about.opened.clocks if one.rule == DEFENCE and one.ref == found.remedy.no
    )


def _alerts(found: Contested) -> Iterator[str]:
    """The last day with its article; the other procedure, for the notice may name it; what else presses."""
    part, clock = found.remedy, _clock(found)
    if part.defence_due is not None:
        yield said("term_set", due=sheet.until(found.about, clock))
    else:
        yield said(
            "term",
            received=sheet.day(part.received),
            length=_length(found, clock.deadline, simple=part.simple),
            due=sheet.until(found.about, clock),
        )
        yield from _other_procedure(found)
    if part.defended is not None:
        yield said("handed", on=sheet.day(part.defended))
    if found.reply is None:
        yield said("silent_alert")
    elif (limit := _limit(found)) is not None and limit.state == ClockState.LATE:
        yield said("late_alert")
    law = found.about.seat.context.law
    for row in sheet.table()["duty"]:
        if law.holds(row["article"], part.received):
            yield said(
                "duty", zh=row["zh"], article=law.citation(law.current(row["article"], part.received)).zh
            )


def _other_procedure(found: Contested) -> Iterator[str]:
    """What the other procedure would leave; nothing where the law of the day knows one alone."""
    part, context = found.remedy, found.about.seat.context
    try:
        other = clocks.defence(
            part.kind, part.received, context.law, context.calendar, simple=not part.simple
        )
    except DisclosureError:
        return
    yield said("term_other", length=_length(found, other, simple=not part.simple), due=sheet.day(other.due))


def _length(found: Contested, deadline: Deadline, *, simple: bool) -> str:
    return said(
        "length",
        procedure=act_forms.choice_name("simple" if simple else "ordinary"),
        n=deadline.length,
        unit=sheet.table()["unit"][deadline.unit],
        article=found.about.seat.context.law.citation(deadline.article).zh,
    )


# --- who, and what was done


def _parties(found: Contested) -> Block:
    case, part, office = found.about.case, found.remedy, found.about.seat.office
    who = name_of(found) if part.by == "applicant" else gap("third_party")
    return sheet.rows(
        (said("respondent"), office.name),
        (said("respondent_at"), str(office.profile.get("address") or gap("address"))),
        (said("representative"), gap("representative")),
        (said("body"), part.body),
        (said("reference"), part.reference or gap("reference")),
        (said("claimant"), who),
        (said("act"), _act(found)),
        (said("case"), case.number),
    )


def name_of(found: Contested) -> str:
    """The applicants as they are named in the case."""
    return persons.name_of(found.about.case)


def _act(found: Contested) -> str:
    reply = found.reply
    if reply is None:
        return said("silence")
    return said("act_said", letter=kinds.get(reply.code).zh, number=reply.number, on=sheet.day(reply.issued))


def _answered(found: Contested) -> Iterator[str]:
    """What was answered, and how it went out and arrived."""
    reply = found.reply
    if reply is None:
        yield said("none_yet", on=sheet.day(found.remedy.received))
        return
    items = "；".join(item_said(reply, item) for item in reply.items)
    yield said(
        "replied",
        on=sheet.day(reply.issued),
        letter=kinds.get(reply.code).zh,
        number=reply.number,
        items=items,
    )
    if reply.dispatched is None and reply.served is None:
        yield gap("sent")
        return
    by = act_forms.choice_name(reply.served_by) if reply.served_by else ""
    if reply.dispatched is not None:
        yield said("sent", on=sheet.day(reply.dispatched), by=by)
    yield said("served", on=sheet.day(reply.served)) if reply.served else gap("served")


def item_said(reply: Reply, item: dict[str, Any]) -> str:
    """What a reply says to one item, or to a part of it."""
    told = name("outcome", item["outcome"])
    if item.get("ground"):
        told = said("on_ground", outcome=told, ground=name("outcome", item["ground"]))
    if len(reply.items) == 1:
        return told
    part = f"（{item['part']}）" if item.get("part") else ""
    return said("item", no=item["no"], part=part, text=told)


# --- lawful, fitting


def _lawful(found: Contested) -> Iterator[str]:
    yield said("head_power")
    yield gap("power")
    yield said("head_proof")
    yield from _proof(found)
    yield said("head_law")
    yield from _provisions(found)
    yield said("head_time")
    yield from _time(found)
    yield said("head_remedy")
    told = found.content["remedy"].get("paragraphs") if found.content else None
    yield said("remedy_told", text="".join(told)) if told else gap("remedy")


def _proof(found: Contested) -> Iterator[str]:
    """What the reply rests on, item by item, in its own words."""
    for item in found.reply.items if found.reply else ():
        label = sheet.word("item", no=item["no"])
        words = [str(item[key]).strip() for key in ("facts", "reasons") if str(item.get(key) or "").strip()]
        extra = item.get("extra") or {}
        words += [f"{name('need', key)}：{act_forms.choice_name(str(text))}" for key, text in extra.items()]
        if words:
            yield said("item_proof", item=label, text="；".join(one.rstrip("。；") for one in words))
    yield gap("proof")


def _provisions(found: Contested) -> Iterator[str]:
    """The provisions that the reply cites, item by item."""
    law, decided = found.about.seat.context.law, found.content and found.content["data"]["decision"]
    for item in decided or ():
        cited = citations.text(item["basis"], law)
        if cited:
            yield said("item_law", item=sheet.word("item", no=item["no"]), text=cited)
    yield gap("law")


def _limit(found: Contested) -> CaseClock | None:
    """The clock of the reply that is contested; None where the case has gone on to another round."""
    if found.remedy.against_round != found.about.case.round:
        return None
    return next((one for one in found.about.opened.clocks if one.rule == sheet.LIMIT), None)


def _time(found: Contested) -> Iterator[str]:
    """Whether the reply was in time, as the clock has it; never more than that."""
    clock = _limit(found)
    if clock is None:
        yield gap("time")
        return
    deadline = clock.deadline
    yield said(
        "limit",
        start=sheet.day(deadline.start),
        due=sheet.day(deadline.due),
        article=found.about.seat.context.law.citation(deadline.article).zh,
    )
    if clock.met_on is None:
        yield gap("time")
    elif clock.state == ClockState.MET:
        yield said("in_time", on=sheet.day(clock.met_on))
    else:
        yield said("late", on=sheet.day(clock.met_on), n=_late(found, deadline.due, clock.met_on))
        yield gap("late")


def _late(found: Contested, due: date, met: date) -> int:
    return found.about.seat.context.calendar.count(due, met)


def _fitting(found: Contested) -> Iterator[str]:
    """What the record holds on discretion, and a gap for the rest."""
    case = found.about.case
    if case.form:
        yield said("form_asked", text=case.form)
    for item in found.reply.items if found.reply else ():
        if item.get("means"):
            yield said(
                "means_given", item=sheet.word("item", no=item["no"]), text=str(item["means"]).rstrip("。")
            )
    yield gap("fitting")

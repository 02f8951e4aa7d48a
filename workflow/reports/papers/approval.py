"""The approval sheet (呈批单): what is proposed, what the check says, who said what, and room to sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from letters.check import finding
from letters.content import kinds
from workflow.base import messages
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.base.names import name
from workflow.cases import draft, organ_clocks
from workflow.cases.entry import Entry
from workflow.cases.reply import Reply
from workflow.casework import check_lines, issue_check
from workflow.office.seat import Seat
from workflow.procedure import next_steps, registry
from workflow.reports.papers import sheet
from workflow.reports.papers.sheet import Block, Subject, word
from workflow.reports.views import facts

KEY = "approval"
_STATUS = {finding.FAILED: "failed", finding.WARNED: "warned", finding.OVERRIDDEN: "overridden"}


def write(seat: Seat, ref: str, place: sheet.Place) -> dict[str, Any]:
    """Write the sheet of a case with a draft or with a reply; Refused where there is neither."""
    with messages.speaking("zh_CN"):
        about = sheet.subject(seat, ref)
        return sheet.write(about, KEY, page(about), place)


def page(about: Subject) -> dict[str, Any]:
    """The sheet as plain data."""
    if not about.case.draft:
        raise Refused(
            N_("{number} has no draft of a reply now."),
            field="case",
            number=about.case.number,
            way_on=N_("See what may be done with: disclosure next {number}"),
        )
    return sheet.page(
        about,
        KEY,
        [
            sheet.about_case(about),
            sheet.heading("proposal"),
            sheet.rows(*_proposal(about)),
            sheet.heading("check"),
            *_check(about),
            sheet.heading("opinions"),
            {"kind": "hand", "rows": [list(row) for row in _opinions(about)]},
            sheet.rows((word("returned"), "\n".join(_returned(about)))),
            sheet.rows((word("decision"), _decision(about))),
        ],
    )


def _proposal(about: Subject) -> Iterator[tuple[str, str]]:
    """The letter that is proposed, each item with what the draft says to it, and who wrote it."""
    case = about.case
    try:
        kind, _ = kinds.leading(
            draft.as_items(case), organ_clocks.law_day(case, about.seat.context), about.seat.context.law
        )
        yield word("answer"), kind.zh
    except DisclosureError as fault:
        yield word("answer"), fault.text
    for (no, part), row in sorted(case.draft.items()):
        label = word("item", no=no)
        told = [f"{said}：{text}" for said, text in facts.draft_item(row) if said and text and text != part]
        yield word("severed", item=label, part=part) if part else label, "\n".join(told)
    if case.drafter:
        yield word("drafted_by"), about.people.person(case.drafter)


def _reply(about: Subject) -> Reply | None:
    return next((one for one in about.case.replies if one.round == about.case.round), None)


def _check(about: Subject) -> Iterator[Block]:
    """What the check before issue says today: a count, and every rule that is not simply met."""
    reply = _reply(about)
    if reply is not None or about.case.state not in issue_check.DRAFTED:
        if reply is not None:
            yield {"kind": "text", "lines": [word("check_over", on=sheet.day(reply.issued))]}
        return
    with about.seat.store.reading() as connection:
        found = issue_check.findings(about.seat, connection, about.opened, on=about.today)
    told = sorted(
        (one for one in found if one.status in _STATUS), key=lambda one: list(_STATUS).index(one.status)
    )
    count = {key: sum(one.status == status for one in told) for status, key in _STATUS.items()}
    line = word(
        "check_counted",
        n=len(found),
        failed=count["failed"],
        warned=count["warned"],
        given=count["overridden"],
    )
    open_ = count["failed"] + count["warned"]
    yield {
        "kind": "alert" if open_ else "text",
        "lines": [line if told else word("check_sound", n=len(found))],
    }
    yield sheet.rows(*((word(_STATUS[one.status]), _finding(about, one)) for one in told))


def _finding(about: Subject, one: finding.Finding) -> str:
    cited = check_lines.cited(one.articles, about.seat.context)
    lines = [f"{one.rule.name}（{cited}）" if cited else one.rule.name, *(fault.text for fault in one.faults)]
    if one.override:
        given = {**one.override, "by": about.people.person(str(one.override["by"]))}
        lines.append(word("given_word", by=given["by"], reasons=given["reasons"]))
    return "\n".join(lines)


def _round(about: Subject) -> list[Entry]:
    """The entries since the draft was handed in last."""
    found = about.entries
    return found[max((at for at, one in enumerate(found) if one.event == "submit"), default=0) :]


def _opinions(about: Subject) -> Iterator[tuple[str, str, str]]:
    """Each step of the route: what was recorded of it, else room to sign."""
    case, context = about.case, about.seat.context
    passed = {one.source: one for one in _round(about) if one.event == "pass_review"}
    for step in context.process.steps:
        entry = passed.get(step.state) if case.passed else None
        if entry is None and not registry.CONDITIONS[step.condition](case, context):
            continue
        label = name("state", step.state)
        if entry is None:
            yield label, word("opinion"), word("hand")
            continue
        said = entry.payload.get("opinion") or word("no_opinion")
        signed = f"{about.people.person(entry.actor)}　{sheet.day(entry.on)}"
        yield label, word("passed") + said, signed


def _returned(about: Subject) -> Iterator[str]:
    for one in about.entries:
        if one.event in next_steps.SENT_BACK:
            yield word(
                "returned_said",
                on=sheet.day(one.on),
                by=about.people.person(one.actor),
                text=one.payload.get("reasons", ""),
            )


def _decision(about: Subject) -> str:
    reply = _reply(about)
    if reply is None:
        return word("open")
    return word(
        "issued", on=sheet.day(reply.issued), number=reply.number, outcome=name("outcome", reply.outcome)
    )

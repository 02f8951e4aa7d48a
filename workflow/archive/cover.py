"""The first and the last page of the volume of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.archive import pieces, volume
from workflow.archive.pieces import table, word
from workflow.cases import persons, retention
from workflow.casework import filing_check

if TYPE_CHECKING:
    from datetime import date


def about(source: pieces.Opened, bound: list[volume.Bound]) -> str:
    """What a volume is about, in a line."""
    return word("content").format(pieces=len(bound), pages=sum(len(one.pages) for one in bound))


def first_page(source: pieces.Opened, about: str, created: str) -> dict[str, Any]:
    """The cover, as the template takes it."""
    case = source.case
    request = " ".join(case.request.split())
    request = request[:60] + ("…" if len(request) > 60 else "")
    applicants = persons.name_of(case)
    title = word("case_title").format(applicant=applicants, request=request)
    days: list[date] = [entry.on for entry in source.entries]
    until = case.keep_until.isoformat() if case.keep_until else word("forever")
    facts = [
        (word("archive_no"), ""),
        (word("category"), table()["cover"]["kind"]),
        (word("title"), title),
        (word("number"), case.number),
        (word("span"), f"{min(days)} — {max(days)}"),
        (word("pieces"), about),
        (word("filed"), created),
        (word("retention"), f"{retention.name(case.retention or 'permanent')}（{word('until')}：{until}）"),
    ]
    return {
        "organ": source.seat.office.name,
        "title": table()["cover"]["title"],
        "case_title": title,
        "facts": [list(fact) for fact in facts],
        "created": created,
        "lang": "zh-CN",
    }


def last_page(source: pieces.Opened, about: str, lines: dict[str, Any]) -> dict[str, Any]:
    """The last page: how many pieces, what is missing and why it was filed even so, who filed it."""
    case = source.case
    missing = [filing_check.of_key(one, case).text for one in case.missing]
    facts = [[word("state"), f"{about}{'' if missing else word('complete')}"]]
    if missing:
        facts += [[word("missing"), "；".join(missing)], [word("despite"), case.filed_despite or ""]]
    filing = next(entry for entry in reversed(source.entries) if entry.event in filing_check.EVENTS)
    who = source.people.get(filing.actor, filing.actor)
    return {
        **lines,
        "title": word("end"),
        "facts": facts,
        "sign": [f"{word('compiler')}：{who}", lines["created"]],
    }

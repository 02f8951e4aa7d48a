"""The pages that are made for the folder: the application, service, remedies, time limits, and the record
itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from letters.content import kinds
from letters.pdf import archive_pages, explanation
from workflow.archive.pieces import Opened, Piece, table, word
from workflow.base import dates, names
from workflow.base.completeness import require_same
from workflow.base.messages import N_, translate
from workflow.base.names import article
from workflow.cases import clocks, persons, rulings
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Sending
from workflow.cases.reply import Reply
from workflow.casework import given_persons
from workflow.clocks import explanation as explanations
from workflow.procedure import act_forms
from workflow.procedure.fold import effective, undone
from workflow.storage import encryption

Page = dict[str, Any]


def of(opened: Opened, on: date) -> Iterator[Piece]:
    """The pages of a case as pieces; they are made when the folder is."""
    last = max((entry.on for entry in opened.entries), default=on)
    for stage in table()["stage"]:
        for key in filter(None, stage.get("made", "").split("|")):
            page = _MAKERS[key](opened)
            if page is None:
                continue
            first = key == "sheet"
            yield Piece(
                stage=stage["key"],
                round=1 if first else opened.case.round,
                on=opened.case.received_on or on if first else last,
                order=-1 if first else 1 << 40,
                title=table()["page"][key]["title"],
                responsible=opened.seat.office.name,
                name=f"{table()['page'][key]['file']}.pdf",
                make=_maker(page, on),
            )


def _maker(page: Page, on: date) -> Any:
    def make() -> bytes:
        page["created"] = on.isoformat()
        return explanation.pdf(page) if "weekdays" in page else archive_pages.pdf(page)

    return make


def _page(opened: Opened, key: str, **more: Any) -> Page:
    row = table()["page"][key]
    subtitle = f"{opened.seat.office.name}　{opened.case.number}"
    return {"title": row["title"], "subtitle": subtitle, "lang": "zh-CN", "note": row.get("note", ""), **more}


def _listed(opened: Opened, key: str, rows: list[list[str]]) -> Page | None:
    if not rows:
        return None
    row = table()["page"][key]
    return _page(opened, key, heads=row["heads"], widths=row["widths"], rows=rows)


def _person(one: persons.Person, plain: dict[str, str], count: int) -> Iterator[tuple[str, str]]:
    """The facts of an applicant or the agent."""
    agent = one.no == persons.AGENT
    yield word("agent") if agent else word("applicant") + (str(one.no) if count > 1 else ""), plain["name"]
    if not agent:
        yield word("kind"), names.name("applicant", plain["kind"])
    yield from (
        (names.name("column", name), value) for name, value in plain.items() if name not in ("name", "kind")
    )


def _sheet(opened: Opened) -> Page:
    case = opened.case
    people = [(one, given_persons.person(one, opened.key)) for one in persons.everybody(case)]
    units = opened.seat.office.units
    facts = [
        (word("number"), case.number),
        (word("received"), _day(case.received_on)),
        (word("channel"), names.name("channel", case.channel)),
        *(fact for one, plain in people for fact in _person(one, plain, len(people))),
        *((f"{word('item')}{no}", text) for no, text in enumerate(case.items, 1)),
        (word("form"), case.form),
        (word("unit"), units.get(case.unit or "", case.unit or "")),
        (word("handler"), opened.people.get(case.handler or "", case.handler or "")),
    ]
    return _page(opened, "sheet", facts=[[name, text] for name, text in facts if text])


def _service(opened: Opened) -> Page | None:
    case = opened.case
    served = {case.letter_of(reply.number): reply for reply in case.replies}
    proofs = [entry.payload.get("proof", "") for entry in effective(opened.entries) if entry.event == "serve"]
    reached = {notice.letter: notice.reached for notice in case.notices if notice.reached}
    rows = []
    for letter in case.letters:
        reply = served.get(letter["letter"])
        row = _sent_and_arrived(letter, reply, case.sent.get(letter["letter"]), reached.get(letter["code"]))
        if row is not None:
            rows.append([*row, (proofs.pop(0) if proofs else "") if reply and reply.served else ""])
    return _listed(opened, "service", rows)


def _sent_and_arrived(
    letter: Mapping[str, Any], reply: Reply | None, sent: Sending | None, reached: date | None
) -> list[str] | None:
    """A letter with its number, how and when it left, and when it arrived; None of one that is still here."""
    arrived = reply.served if reply else reached or (sent.arrived if sent else None)
    if sent is None and arrived is None:
        return None
    by = reply.served_by if reply and reply.served_by else sent.by if sent else ""
    return [
        kinds.name_of(letter["code"]),
        letter["number"] or "",
        _day(sent.on if sent else None),
        act_forms.choice_name(by),
        _day(arrived),
    ]


def _remedies(opened: Opened) -> Page | None:
    rows = []
    for part in opened.case.remedies:
        said = (
            rulings.one(part.result).name
            if part.result
            else act_forms.choice_name(part.outcome or "")
            if part.outcome
            else ""
        )
        rows.append(
            [
                str(part.no),
                names.name("remedy", part.kind),
                part.appeal_body or part.body,
                part.appeal_reference or part.reference or "",
                act_forms.choice_name(part.by),
                _day(part.received),
                _day(part.defended),
                said,
                _day(part.decided),
            ]
        )
    return _listed(opened, "remedies", rows)


def _clocks(opened: Opened) -> Page:
    context = opened.seat.context
    parts = [
        (names.name("clock", clock.rule) + (f" {clock.ref}" if clock.ref else ""), clock.deadline)
        for clock in clocks.all_clocks(opened.case, context)
    ]
    subtitle = f"{opened.seat.office.name}　{opened.case.number}"
    return explanations.page(table()["page"]["clocks"]["title"], subtitle, parts, context.calendar)


def _history(opened: Opened) -> Page | None:
    gone = undone(opened.entries)
    rows = [
        [
            str(entry.n),
            entry.on.isoformat(),
            dates.china_time(entry.recorded_at),
            opened.people.get(
                entry.actor, names.name("role", entry.actor) if entry.actor == "system" else entry.actor
            ),
            names.name("event", entry.event)
            + (translate(N_(" (taken back, no. {n})"), n=gone[entry.n]) if entry.n in gone else ""),
            article(entry.article),
            _said(entry),
        ]
        for entry in opened.entries
    ]
    return _listed(opened, "history", rows)


def _said(entry: Entry) -> str:
    """What was entered, as far as the page shows it; what is sealed by itself stays so."""
    told = []
    for name in table()["history"]["facts"]:
        value = entry.payload.get(name)
        if isinstance(value, str) and value and not encryption.is_sealed(value):
            told.append(_worded(name, value))
    return "；".join(told)


def _worded(name: str, value: str) -> str:
    """A value in the words that people know it by: choices, outcomes and rulings are kept as codes."""
    said = act_forms.choice_name(value)
    if said != value:
        return said
    if name == "result" and value in rulings.every():
        return rulings.one(value).name
    return names.name("outcome", value) if name == "outcome" else value


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


_MAKERS = {
    "sheet": _sheet,
    "service": _service,
    "remedies": _remedies,
    "clocks": _clocks,
    "history": _history,
}
_MADE = [key for stage in table()["stage"] for key in stage.get("made", "").split("|") if key]
require_same("pieces.toml: made", _MADE, "pages._MAKERS", _MAKERS)

"""The page of today: what is overdue or due, what has to be sent and proved, what came back, what others owe.

It asks the same search as the alerts, so that both speak of the same cases; its sections: agenda.toml.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, cached_property, partial
from typing import Any

from sqlalchemy import or_, select

from letters.content import kinds
from workflow.base import tables
from workflow.base.completeness import require_same
from workflow.base.messages import N_, pick, translate
from workflow.base.names import of_part, word
from workflow.cases import states
from workflow.cases.letter_life import IN_HAND, Stage
from workflow.cases.states import State
from workflow.office import who
from workflow.procedure import act_forms, next_steps
from workflow.procedure.fold import effective
from workflow.reports.alerts import unsent
from workflow.reports.alerts.agenda_rows import Made, Row, Section
from workflow.reports.alerts.report import Report
from workflow.reports.alerts.search import Search
from workflow.storage import case_entries
from workflow.storage.fixed_words import within
from workflow.storage.tables import TABLES

TABLE = os.path.join(os.path.dirname(__file__), "agenda.toml")
CASES, CLOCKS, LETTERS, LEDGER = (TABLES[name] for name in ("case_file", "clock", "letter", "ledger"))
# What came from the public pages, and how far it is where an officer has to look (workflow/web/items.py).
WEB, WAITING = TABLES["web_item"], "waiting"
REVIEW = (State.SECTION_REVIEW, State.LEGAL_REVIEW, State.HEAD_REVIEW)
FILE = "file"
# What came in and has not begun, with its next step; what has to be confirmed comes first.
_NEW = {State.UNCONFIRMED: "confirm_receipt", State.RECEIVED: "register"}


class Asked:
    """What the sections ask the database; what several of them are made of is asked once."""

    def __init__(self, report: Report) -> None:
        self.report, self.search = report, report.search

    @cached_property
    def dated(self) -> list[Any]:
        """What the office owes until Sunday, by day."""
        search = self.search
        sunday = search.today + timedelta(days=6 - search.today.weekday())
        query = search.over_clocks(_rules(search)).where(CLOCKS.c.due <= sunday)
        return list(search.rows(query.add_columns(CASES.c.applicant_name)))

    @cached_property
    def letters(self) -> list[Any]:
        """The letters that are here, and those that left and are not known to have arrived."""
        return list(_of_letters(self.search, (*IN_HAND, Stage.SENT)))


def sections(report: Report) -> list[Section]:
    """The sections that hold something, in the order of the table."""
    made, asked = [], Asked(report)
    for id_, row in _table().items():
        found = list(_SOURCES[id_](asked))
        if found:
            made.append(Section(id_, pick(row["zh"], row["en"]), pick(row["day_zh"], row["day_en"]), found))
    return made


@cache
def _table() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tables.read(TABLE)["section"]
    return found


# --- last days


def _rules(search: Search) -> list[str]:
    """The clocks by which the office owes something: not those of others, nor what it may do and need not."""
    return [
        rule
        for rule, clock in search.limits.clocks.items()
        if clock.lane != "others" and (clock.kind is not None or clock.lane == "contest")
    ]


def _overdue(asked: Asked) -> Iterator[Made]:
    search = asked.search
    for row in asked.dated:
        if row.due < search.today and search.limits.clocks[row.rule].kind is not None:
            yield partial(_last_day, search, row)


def _today(asked: Asked) -> Iterator[Made]:
    search = asked.search
    yield from (partial(_last_day, search, row) for row in asked.dated if row.due == search.today)


def _week(asked: Asked) -> Iterator[Made]:
    search = asked.search
    yield from (partial(_last_day, search, row) for row in asked.dated if row.due > search.today)


def _last_day(search: Search, row: Any) -> Row:
    called = of_part(row.rule, row.ref)
    left, step = _left(search, row.due), search.of_clock("soon", row).next
    return Row(row.number, row.applicant_name, called, row.due, left, step)


def _left(search: Search, due: date) -> str:
    left = search.limits.left(due)
    if left is None:
        return ""
    if left < 0:
        return translate(N_("{n} working days over"), n=-left)
    return translate(N_("{n} working days left"), n=left)


# --- drafts and letters


def _returned(asked: Asked) -> Iterator[Row]:
    """Drafts that were sent back and not handed in again, with the reason."""
    report, search = asked.report, asked.search
    back = select(LEDGER.c.case_id).where(within(LEDGER.c.event, next_steps.SENT_BACK)).distinct()
    query = search.over_cases(State.DRAFTING).where(CASES.c.id.in_(back))
    people = who.People(report.office.units, {one.key: one for one in report.officers})
    for row in list(search.rows(query.add_columns(CASES.c.id, CASES.c.applicant_name))):
        entries = effective(case_entries.entries(search.connection, row.id))
        either = (*next_steps.SENT_BACK, next_steps.SUBMIT)
        last = next((one for one in reversed(entries) if one.event in either), None)
        if last is None or last.event == next_steps.SUBMIT:
            continue
        reason = last.payload.get("reasons", "")
        said = pick(f"{people.name(last.actor)}：{reason}", f"{people.name(last.actor)}: {reason}")
        yield Row(
            row.number,
            row.applicant_name,
            word("event", last.event),
            last.on,
            said,
            act_forms.typed("submit", row.number),
        )


# --- what came in


def _new(asked: Asked) -> Iterator[Made]:
    """Applications that came in and are not registered, or of which receipt is still to be confirmed."""
    search = asked.search
    query = (
        select(CASES.c.number, CASES.c.state, CASES.c.applicant_name, CASES.c.received_on)
        .where(
            CASES.c.office_id == search.office.id, within(CASES.c.state, tuple(_NEW)), search.scope.where()
        )
        # By their words, the states stand in this order.
        .order_by(CASES.c.state.desc(), CASES.c.last_on, CASES.c.id)
    )
    for row in search.rows(query):
        yield partial(_to_begin, row)


def _to_begin(row: Any) -> Row:
    step = act_forms.typed(_NEW[row.state], row.number)
    return Row(row.number, row.applicant_name, word("state", row.state), row.received_on, command=step)


def _web(asked: Asked) -> Iterator[Row]:
    """What applicants and third parties sent from the public pages, and an officer has to look at."""
    search = asked.search
    query = (
        select(WEB.c.kind, WEB.c.receipt, WEB.c.on_day, CASES.c.number, CASES.c.applicant_name)
        .join(CASES, CASES.c.id == WEB.c.case_id)
        .where(WEB.c.office_id == search.office.id, WEB.c.step == WAITING)
        .order_by(WEB.c.id)
    )
    if not search.keeps_the_office:
        query = query.where(search.scope.where())
    for row in search.rows(query):
        yield Row(
            row.number,
            row.applicant_name,
            word("web_kind", row.kind),
            row.on_day,
            row.receipt,
            f"disclosure web settle {row.receipt}",
        )


def _letters(asked: Asked) -> Iterator[Row]:
    """Letters that are here and ought to leave."""
    for row in asked.letters:
        if row.stage in IN_HAND and kinds.get(row.code).to != FILE:
            yield _letter(row, row.dated, word("letter_stage", row.stage))


def _proofs(asked: Asked) -> Iterator[Row]:
    """Numbered letters that left, and of which it is not known that they arrived."""
    for row in asked.letters:
        if row.stage == Stage.SENT and row.number:
            yield _letter(row, row.sent_on, row.number)


def _of_letters(search: Search, stages: tuple[str, ...]) -> Iterator[Any]:
    query = (
        select(
            LETTERS.c.code,
            LETTERS.c.number,
            LETTERS.c.dated,
            LETTERS.c.sent_on,
            LETTERS.c.stage,
            CASES.c.number.label("case"),
            CASES.c.applicant_name,
        )
        .join(CASES, CASES.c.id == LETTERS.c.case_id)
        .where(
            LETTERS.c.office_id == search.office.id,
            within(LETTERS.c.stage, stages),
            or_(LETTERS.c.stage == Stage.SENT, unsent.still_to_leave()),
            search.scope.where(),
        )
        .order_by(LETTERS.c.dated, LETTERS.c.id)
    )
    yield from search.rows(query)


def _letter(row: Any, day: date | None, detail: str) -> Row:
    return Row(
        row.case, row.applicant_name, kinds.name_of(row.code), day, detail, f"disclosure next {row.case}"
    )


# --- others


def _others(asked: Asked) -> Iterator[Row]:
    """Who was asked and has not answered; and, for one officer, his drafts that others review."""
    search = asked.search
    rules = [rule for rule, clock in search.limits.clocks.items() if clock.lane == "others"]
    query = search.over_clocks(rules, states.OPEN).add_columns(CASES.c.applicant_name)
    for row in search.rows(query):
        called = of_part(row.rule, row.ref)
        yield Row(row.number, row.applicant_name, called, row.due, _left(search, row.due))
    officer = search.scope.officer
    if officer is None:
        return
    query = select(CASES.c.number, CASES.c.applicant_name, CASES.c.state, CASES.c.last_on).where(
        CASES.c.office_id == search.office.id, CASES.c.handler == officer.key, within(CASES.c.state, REVIEW)
    )
    for row in search.rows(query.order_by(CASES.c.last_on)):
        yield Row(row.number, row.applicant_name, word("state", row.state), row.last_on)


_SOURCES: dict[str, Callable[[Asked], Iterator[Made]]] = {
    "overdue": _overdue,
    "today": _today,
    "week": _week,
    "returned": _returned,
    "new": _new,
    "web": _web,
    "letters": _letters,
    "proofs": _proofs,
    "others": _others,
}
require_same("agenda.toml: section", _table(), "agenda._SOURCES", _SOURCES)

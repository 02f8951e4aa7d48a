"""What all papers of the house share: the case they are about, their words, the page and its file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.content import chinese
from letters.pdf import papers, word_copy
from workflow.base import tables, whole_files
from workflow.base.names import name
from workflow.cases import paper_names, persons
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.entry import Entry
from workflow.cases.states import ClockState
from workflow.casework.opened import open_case
from workflow.office import who
from workflow.office.seat import Seat
from workflow.office.who import People
from workflow.procedure.fold import effective

if TYPE_CHECKING:
    from workflow.casework.opened import Opened

TABLE = os.path.join(os.path.dirname(__file__), "papers.toml")
LIMIT = "reply.limit"
Block = dict[str, Any]
Place = Callable[[str], Path]
"""Where a file of a name is to be written."""


@cache
def table() -> dict[str, Any]:
    """The table of papers and words."""
    return tables.read(TABLE)


def word(key: str, **params: object) -> str:
    """A word of the papers, filled in."""
    text = str(table()["words"][key])
    return text.format(**params) if params else text


@dataclass(frozen=True)
class Subject:
    """A case as a paper looks at it."""

    seat: Seat
    opened: Opened
    people: People
    today: date

    @property
    def case(self) -> CaseFile:
        """The case."""
        return self.opened.case

    @property
    def entries(self) -> list[Entry]:
        """What was recorded and stands."""
        return effective(self.opened.entries)


def subject(seat: Seat, ref: str) -> Subject:
    """A case by its number."""
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
        people = who.people(connection, seat.office)
    return Subject(seat, opened, people, seat.today())


def page(about: Subject, key: str, blocks: list[Block], *, mark: str = "", title: str = "") -> dict[str, Any]:
    """A paper as plain data."""
    practice = name("office", "practice") if about.seat.office.entry("practice") else ""
    return {
        "title": title or table()["paper"][key]["title"],
        "organ": about.seat.office.name,
        "subtitle": f"{about.case.number}　{chinese.day(about.today)}",
        "mark": "：".join(filter(None, (practice, mark))),
        "lang": "zh-CN",
        "created": about.today.isoformat(),
        "blocks": [block for block in blocks if block.get("rows") or block.get("lines") or "text" in block],
    }


def write(about: Subject, key: str, made: dict[str, Any], place: Place, tail: object = "") -> dict[str, Any]:
    """The paper where `place` puts a file of its name: as a PDF, or as a Word document (.docx)."""
    path = place(file_name(about, key, tail))
    setting = word_copy.paper if path.suffix.lower() == ".docx" else papers.pdf
    whole_files.write(path, setting(made), replace=True)
    return {"path": str(path), "case": about.case.number, "paper": key}


def file_name(about: Subject, key: str, tail: object = "", ending: str = ".pdf") -> str:
    """What the file of a paper is called."""
    return paper_names.of_case(about.case, table()["paper"][key]["file"], tail, ending=ending)


# --- blocks


def rows(*pairs: tuple[str, str]) -> Block:
    """Labels with their texts; what is empty is left out."""
    return {"kind": "rows", "rows": [[label, text] for label, text in pairs if text]}


def heading(key: str) -> Block:
    """A heading by its word."""
    return {"kind": "heading", "text": word(key), "lines": []}


def listing(key: str, lines: list[list[str]]) -> list[Block]:
    """A table under its heading; nothing where it has no line."""
    if not lines:
        return []
    return [
        heading(key),
        {"kind": "table", "heads": table()["heads"][key], "widths": table()["widths"][key], "rows": lines},
    ]


def about_case(about: Subject) -> Block:
    """The rows with which every sheet begins: who asks for what, who has it in hand, until when."""
    case = about.case
    applicant = case.applicant.get("kind")
    received = "，".join(filter(None, (day(case.received_on), name("channel", case.channel))))
    items = case.items
    asked = (
        items[0]
        if len(items) == 1
        else "\n".join(f"{no}. {' '.join(text.split())}" for no, text in enumerate(items, 1))
    )
    return rows(
        (word("number"), case.number),
        (
            word("applicant"),
            f"{persons.name_of(case)}（{name('applicant', applicant)}）" if applicant else "",
        ),
        (word("received"), received),
        (word("request"), asked),
        (word("form"), case.form),
        (word("handled"), handled(about)),
        (word("due"), limit(about)),
    )


def handled(about: Subject) -> str:
    """Unit and handler by name."""
    case, people = about.case, about.people
    unit = people.unit(case.unit) if case.unit else ""
    return "，".join(filter(None, (unit, people.name(case.handler) if case.handler else "")))


def limit(about: Subject) -> str:
    """Until when the reply has to be given, and how that stands today."""
    clock = next((one for one in about.opened.clocks if one.rule == LIMIT), None)
    return until(about, clock) if clock is not None else ""


def until(about: Subject, clock: CaseClock) -> str:
    """The last day of a clock, how it stands, and the working days that are left."""
    deadline = clock.deadline
    seen = clock.seen_on(about.today)
    said = word("until", due=day(deadline.due), state=name("clock_state", seen))
    more = [word("provisional")] if deadline.provisional else []
    if clock.state == ClockState.RUNNING:
        more.insert(0, left(about, deadline.due))
    return "，".join((said, *more))


def left(about: Subject, due: date) -> str:
    """The working days from today to a day."""
    if due == about.today:
        return word("last_day")
    count = about.seat.context.calendar.count
    if due > about.today:
        return word("days_left", n=count(about.today, due))
    return word("days_over", n=count(due, about.today))


def day(value: date | None) -> str:
    """A day as Chinese papers write it; "" for none."""
    return chinese.day(value) if value else ""

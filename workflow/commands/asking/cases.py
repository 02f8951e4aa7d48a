"""What waits for the officer today, and the case that he means by a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import select

from workflow.base import typed_words
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.base.names import name
from workflow.base.screen import Column, labelled, table
from workflow.cases import persons
from workflow.casework import lookup
from workflow.commands.asking.lines import Reader
from workflow.commands.asking.questions import Choice, line, meant, say
from workflow.reports.alerts import agenda, report
from workflow.reports.views import case_text, steps
from workflow.storage.tables import TABLES

CASES = TABLES["case_file"]
# So many rows of each section, and so many cases in which it is his turn.
MOST, TURNS = 6, 30
# Among so many of the newest cases a name is found by its initials.
BY_INITIALS = 3000


def waiting(desk: Any) -> list[Choice]:
    """Show what waits, by urgency; the cases that were named, to choose from."""
    found: dict[str, Choice] = {}
    lines: list[str] = []
    with report.opened(desk, mine=True) as agenda_of:
        for section in agenda.sections(agenda_of):
            rows = [(one.case, one.applicant, one.what, one.day) for one in section.rows]
            lines += _section(section.title, section.day, rows, found)
    turn = [one for one in islice(steps.mine(desk), TURNS) if one.case.number not in found]
    mine = [
        (one.case.number, persons.name_of(one.case), name("event", one.first[0].event), one.first[0].until)
        for one in turn
    ]
    lines += _section(_(N_("your turn")), _(N_("until")), mine, found)
    say(lines or [_(N_("Nothing waits for you today."))])
    return list(found.values())


def _section(
    title: str, day: str, rows: list[tuple[str, str, str, Any]], found: dict[str, Choice]
) -> list[str]:
    for number, applicant, what, _day in rows:
        found.setdefault(
            number, Choice(number, {"zh": f"{number} {applicant}", "en": f"{number} {applicant}"}, what)
        )
    if not rows:
        return []
    columns = [
        Column(_(N_("case"))),
        Column(_(N_("applicant")), rank=1, cut=True, least=8),
        Column(pick("事项", "what"), cut=True, least=12),
        Column(day),
    ]
    shown = [[number, who, what, str(until or "-")] for number, who, what, until in rows[:MOST]]
    more = [_(N_("{n} more; type part of a case to find it"), n=len(rows) - MOST)] if len(rows) > MOST else []
    return ["", labelled(title, str(len(rows))), *table(columns, shown), *more]


def choose(reader: Reader, desk: Any, waits: list[Choice], also: list[Choice]) -> str:
    """The number of the case that is meant by what is typed, the key of one of `also`, or "" for none."""
    while True:
        say(["", _(N_("Which case? Type part of it: number, name, telephone, initials (Enter: leave)"))])
        say([f"  {one.name}" for one in also])
        typed = line(reader, choices=[*waits, *also])
        if not typed:
            return ""
        if chosen := [one.key for one in also if typed in (one.key, *one.names.values())]:
            return chosen[0]
        found = _meant(desk, typed, waits)
        if len(found) == 1:
            return found[0][0]
        if not found and (chosen := meant(typed, also)):
            return chosen[0]
        said = N_("'{typed}' can mean several:") if found else N_("There is no case '{typed}'.")
        say([_(said, typed=typed)])
        say([f"  {number}  {applicant}" for number, applicant in found[:MOST]])


def _meant(desk: Any, typed: str, waits: list[Choice]) -> list[tuple[str, str]]:
    """The cases that may be meant, with their applicants: as a number, a name or a telephone; else by
    initials."""
    if typed in {one.name for one in waits}:
        typed = typed.split(maxsplit=1)[0]
    try:
        with desk.store.reading() as connection:
            rows = lookup.candidates(connection, desk, typed)
            if rows or typed.isdecimal():
                # Figures alone are a running number or a telephone number, and no part of another number.
                return [(row.number, row.applicant_name) for row in rows]
            people = dict(_newest(connection, desk.office.id))
    except DisclosureError as fault:
        say(case_text.fault_lines(fault))
        return []
    return [(number, people[number]) for number in typed_words.matches(typed, people)]


def _newest(connection: Any, office: int) -> Iterator[tuple[str, str]]:
    query = select(CASES.c.number, CASES.c.applicant_name).where(CASES.c.office_id == office)
    for row in connection.execute(query.order_by(CASES.c.id.desc()).limit(BY_INITIALS)):
        yield row.number, row.applicant_name

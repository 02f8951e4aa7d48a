"""What is offered can be done: each act and each line of acts that the guided way offers, and each step that
`next` names as possible, over all states of the process, with nothing but its facts to be given.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import FACTS, ROADS, USUAL, Place, Step
from workflow.base.errors import DisclosureError
from workflow.casework import line, outgoing
from workflow.commands.asking import acting, steps
from workflow.jobs.press_ahead import PressAhead
from workflow.procedure.next_steps import Option
from workflow.reports.views import steps as reported

# In a small office one officer has nearly every role: to him the longest lines are offered.
EVERYTHING = {"key": "all", "name": "全能某", "roles": [*builders.ROLES[:-1]], "unit": "ban"}
WHO = ("all", "registrar", "handler", "head")
HANDED: list[Step] = [*ROADS["approved"], ("handler", "issue", 7, {"served_by": "hand"})]
PLACES = {**ROADS, "issued to be handed over": HANDED}


@pytest.fixture
def office(_sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    path = tmp_path / "office.db"
    shutil.copyfile(_sqlite_template, path)
    officers = [*builders.office_file()["officer"], EVERYTHING]
    made = builders.found(f"sqlite:///{path}", officer=officers)
    yield made
    made.store.close()


def facts(option: Option, event: str, *, first: bool) -> dict[str, Any]:
    """Facts that are in order for an act; of the first on a line those that the option names."""
    given = {name: value for name, value in FACTS.get(event, {}).items() if name != "no"}
    if event == "issue":
        given = {}
    if first and option.part:
        given["no"] = option.part
    if first and option.letters:
        given["letter"] = list(option.letters)
    return given


def offered(office: Place, number: str, officer: str) -> Iterator[tuple[Option, list[str]]]:
    """What an officer is offered first on a case: single acts, and lines."""
    found, _people = reported.of_case(office.desk(officer), number)
    usual = [one for one in found.first if steps._possible(one)]
    for option in usual:
        yield option, [option.event]
    for option, then in steps._lines(office.desk(officer), found.case, usual).values():
        yield option, [option.event, *(spec.event for spec in then)]


@pytest.mark.parametrize("place", PLACES)
def test_every_line_that_is_offered_can_be_carried_out(office: Place, place: str) -> None:
    number = office.begin(PLACES[place])
    office.walk(number, PLACES[place])
    office.made()
    case = office.case(number)
    office.today = max(case.last_on or builders.RECEIVED, builders.RECEIVED + timedelta(days=USUAL))
    for officer in WHO:
        desk = office.desk(officer)
        for option, events in offered(office, number, officer):
            made = [
                line.Step(event, builders._dated(facts(option, event, first=at == 0), builders.RECEIVED))
                for at, event in enumerate(events)
            ]
            try:
                outgoing.all_tried(desk, number, made, on=office.today, press=PressAhead(desk).note)
            except DisclosureError as fault:
                if len(events) == 1 and fault.field == acting.DESPITE:
                    # That something is missing is told before, and its reason asked for.
                    continue
                raise AssertionError(f"{officer}: {events}: {fault.text} ({fault.field})") from fault

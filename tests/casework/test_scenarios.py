"""Dated walk-throughs of whole cases (tests/scenarios/cases/*.toml), act by act, as an officer would enter
them.

A scenario names its application and its steps. A step is an act (`act`, `by`, `on`, and its facts), a
correction (`amend`, `to`). What it leads to is said beside it, each only where it matters:

due       the last day for the reply afterwards          state    the state of the case afterwards
clocks    last day and state of clocks, by rule or rule:number ("2026-03-30 met", a day, a state, "none")
letters   codes of the letters of the act                number   the number of its last letter
text      passages of its last letter, spaces aside      lacks    passages that are not in it
refused   the provision by which it is refused, or the kind of the refusal
notes     words of the remarks                           row      columns of the case's row
facts     facts of the act whose names stand above
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import Place
from workflow.base import tables
from workflow.base.errors import DisclosureError
from workflow.casework import letter_data
from workflow.casework.opened import Done
from workflow.jobs import queue
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("lines_kept")

FOLDER = Path(__file__).parent.parent / "scenarios" / "cases"
CASES = sorted(path.stem for path in FOLDER.glob("*.toml"))
# Keys of a step that describe it; all others are facts of the act.
SAID = {
    "act",
    "amend",
    "to",
    "by",
    "on",
    "due",
    "state",
    "clocks",
    "letters",
    "number",
    "text",
    "lacks",
    "refused",
    "notes",
    "row",
    "why",
    "facts",
}
HEAD = {"title", "today", "office", "receive", "step"}


def read(name: str) -> dict[str, Any]:
    """A scenario; an entry that nothing looks at is a mistake."""
    found = tables.parse((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name)
    assert set(found) <= HEAD, set(found) - HEAD
    return found


@pytest.fixture
def place(database_url: str, home: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    scenario = read(request.node.callspec.params["name"])
    made = builders.found(database_url, **scenario.get("office", {}))
    made.today = date.fromisoformat(scenario.get("today", builders.TODAY.isoformat()))
    yield made
    made.store.close()


@pytest.mark.parametrize("name", CASES)
def test_scenario(place: Place, name: str) -> None:
    scenario = read(name)
    expected = scenario["receive"]
    given = {key: value for key, value in expected.items() if key not in SAID or key == "on"}
    application = builders.application(**{"on": None, **given})
    walk = Walk(place)
    walk.step({**expected, "act": "receive"}, lambda: place.desk("registrar").receive(application))
    for step in scenario["step"]:
        walk.step(step)
    verdict = verify_record.verify(place.store, place.desk().office)
    assert (verdict.cases, verdict.stale) == (1, [])


class Walk:
    """A case on its way."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.number = ""

    def step(self, step: dict[str, Any], call: Any = None) -> None:
        """One step, and what it should lead to."""
        what = f"{step.get('act') or step['amend']} on {step.get('on', '-')}"
        call = call or (lambda: self.act(step))
        if "refused" in step:
            before = builders.digest(self.place.store)
            with pytest.raises(DisclosureError) as caught:
                call()
            fault = caught.value
            assert step["refused"] in (fault.rule, fault.kind), f"{what}: {fault.rule} {fault}"
            assert fault.advice or fault.field, what
            assert builders.digest(self.place.store) == before, what
            return
        done = call()
        self.number = done.case.number
        self.check(step, done, what)
        self.place.made()

    def act(self, step: dict[str, Any]) -> Done:
        """The act or correction of a step."""
        if "amend" in step:
            desk = self.place.desk(step.get("by", "registrar"))
            return desk.amend(self.number, step["amend"], step["to"], step["why"], no=step.get("no"))
        facts = {key: value for key, value in step.items() if key not in SAID} | step.get("facts", {})
        return self.place.act(step["by"], step["act"], self.number, step["on"], **facts)

    def check(self, step: dict[str, Any], done: Done, what: str) -> None:
        """What is said of the case after a step."""
        clocks = self.place.clocks(self.number)
        if "due" in step:
            assert clocks["reply.limit", 0][0].isoformat() == step["due"], what
        for name, said in step.get("clocks", {}).items():
            rule, _, ref = name.partition(":")
            found = clocks.get((rule, int(ref or 0)))
            shown = {"none"} if found is None else {found[0].isoformat(), found[1], f"{found[0]} {found[1]}"}
            assert said in shown, f"{what}: {name} {shown}"
        if "state" in step:
            assert self.place.case(self.number).state == step["state"], what
        row = self.place.row(self.number)
        for name, value in step.get("row", {}).items():
            assert str(row[name]) == str(value), f"{what}: {name} = {row[name]}"
        if "letters" in step:
            assert [letter["code"] for letter in done.letters] == step["letters"], what
        if "number" in step:
            assert done.letters[-1]["number"] == step["number"], what
        notes = " ".join(text.format(**params) for text, params in done.notes)
        for word in step.get("notes", []):
            assert word in notes, f"{what}: {notes}"
        if "text" in step or "lacks" in step:
            text = self.text(done.letters[-1]["id"])
            for passage in step.get("text", []):
                assert "".join(passage.split()) in text, f"{what}: no «{passage}» in {text}"
            for passage in step.get("lacks", []):
                assert "".join(passage.split()) not in text, f"{what}: «{passage}»"

    def text(self, letter: int) -> str:
        """What a letter says, without spaces."""
        desk, table = self.place.desk(), TABLES["letter"]
        with self.place.store.reading() as connection:
            row = connection.execute(table.select().where(table.c.id == letter)).one()
            content = letter_data.opened(row.content, desk.case_key(connection, row.case_id))
        content.pop("data", None)
        return "".join("".join(words(content)).split())


def words(value: Any) -> Iterator[str]:
    """Every text in a letter's content, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from words(one)
    elif isinstance(value, list):
        for one in value:
            yield from words(one)


def test_scenarios_are_there() -> None:
    wanted = {
        "guiding-case-26",
        "trade-secret",
        "correction-restart",
        "correction-lapse",
        "fee-paid",
        "fee-lapsed",
        "extension",
        "overlapping-consultations",
        "set-aside",
        "withdrawal",
        "returned-mail",
        "law-of-2008",
        "before-the-change",
        "after-the-change",
    }
    assert wanted <= set(CASES)
    for name in CASES:
        scenario = read(name)
        assert scenario["title"]
        assert json.dumps(scenario, ensure_ascii=False)


def test_the_letters_of_a_scenario_can_be_made(sqlite_url: str, home: Path) -> None:
    """One walk with real PDFs: the case of the trade secret."""
    place = builders.found(sqlite_url)
    scenario = read("trade-secret")
    given = {key: value for key, value in scenario["receive"].items() if key not in SAID or key == "on"}
    number = place.desk().receive(builders.application(**{"on": None, **given})).case.number
    made = []
    for step in scenario["step"]:
        if "refused" in step or "act" not in step:
            continue
        facts = {key: value for key, value in step.items() if key not in SAID}
        done = place.act(step["by"], step["act"], number, step["on"], **facts)
        # The archive folder of the filing has its own tests.
        made += queue.settle(place.desk(), [letter["id"] for letter in done.letters])
    assert [letter["code"] for letter in made] == ["P2", "P6", "P7", "P8", "D3"]
    assert all(Path(letter["path"]).read_bytes().startswith(b"%PDF") for letter in made)
    assert verify_record.verify(place.store, place.desk().office, with_files=True).files == 5
    place.store.close()

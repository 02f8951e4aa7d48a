"""The tables of the acts: each says all of it, once; what is left out is refused by its name; the types of
payloads follow.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from scripts import payloads as written
from tests import builders
from tests.builders import ROADS, Place
from workflow import law
from workflow.base.errors import Malformed
from workflow.procedure import act_assembly, act_tables, acts, payloads, registry, transitions
from workflow.storage import case_entries

FILES = {Path(path).stem: tomllib.loads(Path(path).read_text("utf-8")) for path in act_tables.paths()}


@pytest.fixture(autouse=True)
def _english(language: Callable[[str], None]) -> None:
    language("en")


def refusal(change: Callable[[dict[str, Any]], Any]) -> str:
    files = copy.deepcopy(FILES)
    change(files)
    with pytest.raises(Malformed) as caught:
        act_assembly.assembled(files)
    return str(caught.value)


# --- what is left out is named


@pytest.mark.parametrize(
    "cell", ["name", "chart", "zh", "en", "example", "source", "dest", "roles", "article"]
)
def test_a_cell_that_is_missing_is_named_with_its_act(cell: str) -> None:
    said = refusal(lambda files: files["time"]["act"]["extend"].pop(cell))
    assert "extend" in said
    assert f"'{cell}' is missing" in said


def test_a_cell_that_every_row_needs_may_stand_in_the_row() -> None:
    rows = FILES["correction"]["act"]["correct"]["rows"]
    assert "dest" not in FILES["correction"]["act"]["correct"]
    assert all("dest" in row for row in rows)
    said = refusal(lambda files: files["correction"]["act"]["correct"]["rows"][1].pop("dest"))
    assert "correct: the cell 'dest' is missing" in said


WRONG: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "unknown cell": (lambda f: f["time"]["act"]["extend"].update(colour="red"), "unknown cell 'colour'"),
    "unknown cell of a row": (
        lambda f: f["correction"]["act"]["correct"]["rows"][0].update(to="x"),
        "unknown cell 'to'",
    ),
    "unknown table": (lambda f: f["time"].update(color={}), "time.toml: unknown table 'color'"),
    "an act twice": (
        lambda f: f["fee"]["act"].update(extend=f["time"]["act"]["extend"]),
        "'act.extend' stands twice",
    ),
    "a guard twice": (
        lambda f: f["fee"].setdefault("guard", {}).update(not_extended={}),
        "'guard.not_extended' stands twice",
    ),
    "a field without its name in Chinese": (
        lambda f: f["time"]["act"]["extend"]["fields"][0].pop("zh"),
        "extend.reasons: the cell 'zh' is missing",
    ),
    "a type that nothing reads": (
        lambda f: f["time"]["act"]["extend"]["fields"][0].update(type="txt"),
        "extend.reasons: unknown value 'type = txt'",
    ),
    "a choice without a name": (
        lambda f: f["fee"]["act"]["notify_fee"]["fields"][0]["choice"].append("by_ton"),
        "the choice 'by_ton' has no name",
    ),
    "searched for a fact that is none": (
        lambda f: f["time"]["act"]["extend"]["searched"]["fields"].append("mood"),
        "extend: it has no fact 'mood'",
    ),
    "told a fact that is none": (
        lambda f: f["reasons"]["act"]["ask_reasons"]["told"].append("mood"),
        "ask_reasons: it has no fact 'mood'",
    ),
    "offered somehow": (lambda f: f["time"]["act"]["extend"].update(offered="often"), "offered = often"),
    "an answer to nothing": (
        lambda f: f["correction"]["act"]["correct"]["answers"].update(event="sing"),
        "there is no act 'sing'",
    ),
    "a correction of nothing": (
        lambda f: f["time"]["amendable"]["extended_on"].update(event="sing"),
        "there is no act 'sing'",
    ),
    "after no file": (lambda f: f["time"].update(after="tea"), "no file 'tea'"),
    "after itself": (lambda f: f["receipt"].update(after="record"), "it comes after itself"),
    "no route of review": (lambda f: f["review"].pop("review"), "the table [review] is missing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_unknown_or_said_twice_is_refused(name: str) -> None:
    change, reason = WRONG[name]
    assert reason in refusal(change)


def test_a_card_that_is_none_is_refused_by_the_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    from workflow.procedure import chart

    files = copy.deepcopy(FILES)
    files["time"]["act"]["extend"]["chart"] = "kitchen"
    made = act_assembly.assembled(files)
    monkeypatch.setattr(act_tables, "bundled", lambda: made)
    with pytest.raises(Malformed, match="names a card that is none: kitchen"):
        chart.svg(transitions.bundled(), "en")


# --- each thing has its other half


def test_what_modules_compute_belongs_to_an_act_and_what_tables_name_is_computed() -> None:
    events = set(act_tables.acts())
    for register in (registry.PREPARERS, registry.REACTIONS, registry.TELLINGS, registry.ENDINGS):
        assert set(register) <= events
    asked = {guard for row in transitions.bundled().rows for guard in row.guard}
    assert asked == set(acts.GUARDS)
    assert asked <= set(act_tables.bundled()["words"]["guard"])


def test_a_function_is_not_kept_twice() -> None:
    with pytest.raises(ValueError, match="extend is kept twice"):
        registry.reacts("extend")(lambda case, entry: None)


def test_periods_are_values_of_the_law() -> None:
    for act in act_tables.acts().values():
        for name in act.get("periods", ()):
            assert law.bundled().parameter(name)["zh"]


def test_a_file_after_another_comes_right_behind_it() -> None:
    order = list(act_tables.acts())
    assert order.index("propose_transfer") == order.index("return_assignment") + 1
    assert order.index("refuse_transfer") + 1 == order.index("consult_third_party")


# --- the types of payloads


def test_the_types_of_payloads_are_what_the_tables_say() -> None:
    assert written.PAGE.read_text("utf-8") == written.page(), "python scripts/payloads.py"


def of(event: str) -> Any:
    return getattr(payloads, "".join(word.capitalize() for word in event.split("_")))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = builders.found(f"sqlite:///{tmp_path_factory.mktemp('payloads')}/a.db")
    yield made
    made.store.close()


@pytest.mark.parametrize("road", ROADS)
def test_what_is_recorded_is_of_the_type(place: Place, road: str) -> None:
    """Every entry of a real case has the facts that its type names, no other, and all that it requires."""
    number = place.bring(road.split(" ")[0], variant=road)
    with place.store.reading() as connection:
        entries = case_entries.entries(connection, place.row(number)["id"])
    for entry in entries:
        kind = of(entry.event)
        assert set(entry.payload) - {"sealed"} <= set(get_type_hints(kind)), entry
        assert set(kind.__required_keys__) <= set(entry.payload), entry

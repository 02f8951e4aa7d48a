"""The office's rules propose a unit and a handler; nobody is assigned by them without a word."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
import pytest

from tests import builders
from tests.builders import Place
from workflow.base.errors import Malformed, Refused
from workflow.casework import assignment
from workflow.casework.line import Step
from workflow.casework.opened import open_case
from workflow.commands import proposals
from workflow.office import office_file as office_files
from workflow.office import profile_changes
from workflow.reports.views import steps, steps_text

MONDAY = date(2026, 3, 2)
RULES: dict[str, Any] = {
    "ban": {"keywords": ["住房", "小区"], "areas": ["城东街道"], "turn": True},
    "fa": {"keywords": "合同，小区", "areas": ["城西街道"]},
}


@pytest.fixture
def place(sqlite_url: str) -> Any:
    more = [
        *builders.office_file()["officer"],
        {"key": "second", "name": "second某", "roles": ["handler"], "unit": "ban"},
    ]
    made = builders.found(sqlite_url, assignment=RULES, officer=more)
    yield made
    made.store.close()


def registered(place: Place, request: str, **given: Any) -> str:
    number = place.receive(request=request, **given).case.number
    place.act("registrar", "register", number, MONDAY)
    return number


def proposal(place: Place, number: str) -> assignment.Proposal | None:
    seat = place.desk("registrar")
    with place.store.reading() as connection:
        opened = open_case(seat, connection, number)
        return assignment.propose(seat, connection, opened.case, lambda: seat.case_key(connection, opened.id))


@pytest.mark.parametrize(
    ("request_", "address", "unit"),
    [
        ("住房补贴名单", "江州市平安路1号", "ban"),
        ("采购合同", "江州市平安路1号", "fa"),
        ("小区改造项目", "江州市城西街道2号", "fa"),
        ("小区改造项目", "江州市平安路1号", None),
        ("2025年度预算", "江州市城东街道3号", "ban"),
        ("2025年度预算", "江州市平安路1号", None),
    ],
)
def test_which_unit_is_proposed(place: Place, request_: str, address: str, unit: str | None) -> None:
    found = proposal(place, registered(place, request_, address=address))
    assert (found.unit if found else None) == unit


def test_handlers_by_turn(place: Place) -> None:
    taken = []
    for _ in range(3):
        number = registered(place, "住房补贴名单")
        done = place.act("registrar", "assign", number, MONDAY, unit="proposed")
        taken.append(done.case.handler)
    assert taken in (["handler", "second", "handler"], ["second", "handler", "second"])
    assert done.entry.payload["proposed"]["unit"] == "ban"
    assert done.entry.payload["proposed"]["words"] == ["住房"]


def test_what_was_proposed_and_not_taken_is_kept(place: Place) -> None:
    number = registered(place, "住房补贴名单")
    done = place.act("registrar", "assign", number, MONDAY, unit="fa")
    assert (done.case.unit, done.entry.payload["proposed"]["unit"]) == ("fa", "ban")
    assert done.case.handler is None


def test_nothing_is_taken_where_nothing_or_several_are_proposed(place: Place) -> None:
    for request in ("2025年度预算", "小区改造项目"):
        number = registered(place, request)
        fault = builders.refused(
            lambda number=number: place.act("registrar", "assign", number, MONDAY, unit="建议")  # type: ignore[misc]
        )
        assert isinstance(fault, Refused)
        assert place.case(number).unit is None


def test_an_assignment_without_a_word_needs_its_unit(place: Place) -> None:
    number = registered(place, "住房补贴名单")
    assert isinstance(builders.refused(lambda: place.act("registrar", "assign", number, MONDAY)), Malformed)


def test_proposed_on_the_line_of_the_receipt(place: Place) -> None:
    steps_ = [Step("register", {}), Step("assign", {"unit": "proposed"})]
    made = place.desk("registrar").receive_and(
        builders.application(MONDAY, request="住房补贴名单"), steps_, on=MONDAY
    )
    assert made[-1].case.unit == "ban"


def test_the_next_step_shows_the_proposal(place: Place) -> None:
    number = registered(place, "住房补贴名单")
    seat = place.desk("registrar")
    shown = "\n".join(steps_text.case_lines(*steps.of_case(seat, number), seat.today()))
    assert f"disclosure 分办 {number} --unit 办公室 --handler" in shown
    assert "申请内容中有“住房”" in shown


def test_an_office_without_rules_proposes_nothing(quick: Place) -> None:
    number = registered(quick, "住房补贴名单")
    done = quick.act("registrar", "assign", number, MONDAY, unit="ban")
    assert "proposed" not in done.entry.payload


@pytest.mark.parametrize(
    "rules",
    [
        {"nowhere": {"keywords": ["住房"]}},
        {"ban": {"words": ["住房"]}},
        {"ban": {"turn": "yes"}},
        {"ban": {"keywords": 3}},
        {"ban": "住房"},
    ],
)
def test_rules_that_cannot_be_read(rules: dict[str, Any]) -> None:
    fault = builders.refused(lambda: office_files.checked(builders.office_file(assignment=rules)))
    assert str(fault.field).startswith("assignment.")


def test_at_a_terminal_enter_takes_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proposal is the default answer to a question; another answer leaves its handler out."""
    number, desk = registered(place, "住房补贴名单"), place.desk("registrar")
    asked: list[str] = []

    def enter(text: str, default: str | None = None, **_: Any) -> str:
        asked.append(str(default))
        return str(default)

    monkeypatch.setattr(click, "prompt", enter)
    said = proposals.defaults(desk, number, "assign", {})
    assert said["unit"] == "办公室"
    assert asked == ["办公室", said["handler"]]
    assert proposals.defaults(desk, number, "assign", {"unit": "fa"}) == {"unit": "fa"}
    assert proposals.defaults(desk, "", "assign", {})["unit"] in assignment.PROPOSED
    monkeypatch.setattr(click, "prompt", lambda text, **_: "法规处")
    assert proposals.defaults(desk, number, "assign", {}) == {"unit": "法规处"}


def test_the_rules_are_set_later_too(quick: Place) -> None:
    profile_changes.set_profile(quick.desk("head"), "assignment.fa.keywords", "预算，决算")
    profile_changes.set_profile(quick.desk("head"), "assignment.fa.turn", "true")
    fresh = Place(quick.store, quick.key, quick.today)
    number = registered(fresh, "2025年度决算")
    found = proposal(fresh, number)
    assert found is not None
    assert (found.unit, found.handler, found.words) == ("fa", "other", ("决算",))

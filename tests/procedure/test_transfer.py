"""Transfer to another unit in two steps, through the real desk: who proposes, who decides, and when a
proposal lapses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from tests import builders
from tests.builders import RECEIVED, Place
from workflow.base.errors import DisclosureError, Malformed, Refused
from workflow.casework.opened import open_case
from workflow.office import founding
from workflow.procedure import next_steps
from workflow.reports.views import case_screen


def d(days: int) -> date:
    return RECEIVED + timedelta(days=days)


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Place]:
    made = builders.found(sqlite_url)
    founding.add_officer(
        made.desk("head"), {"key": "both", "name": "兼任", "roles": "reviewer,approver", "unit": "ban"}
    )
    yield made
    made.store.close()


@pytest.fixture(autouse=True)
def _english(language: Callable[[str], None]) -> None:
    language("en")


def proposed(place: Place, state: str = "in_hand", officer: str = "handler") -> str:
    number = place.bring(state)
    place.act(officer, "propose_transfer", number, d(10), unit="fa", reasons="涉及重大行政决策")
    return number


@pytest.mark.parametrize("state", ["assigned", "in_hand", "drafting"])
def test_it_is_proposed_and_approved(place: Place, state: str) -> None:
    number = place.bring(state)
    before = place.case(number)
    done = place.act("handler", "propose_transfer", number, d(10), unit="fa", reasons="涉及重大行政决策")
    assert (done.case.state, done.case.unit) == (state, before.unit), "a proposal changes nothing yet"
    assert done.moved == [], "and moves no clock"
    done = place.act("head", "approve_transfer", number, d(10))
    assert (done.case.state, done.case.unit, done.case.handler) == ("assigned", "fa", None)
    assert done.entry.payload == {"unit": "fa"}
    assert done.case.proposed == {}
    other = place.act("other", "accept", number, d(10))
    assert (other.case.state, other.case.handler) == ("in_hand", "other")


def test_it_is_refused_with_a_reason_and_may_be_proposed_again(place: Place) -> None:
    number = proposed(place)
    with pytest.raises(Malformed, match="'--reasons' is missing"):
        place.act("head", "refuse_transfer", number, d(10))
    done = place.act("head", "refuse_transfer", number, d(10), reasons="属于本单位职责")
    assert (done.case.state, done.case.unit, done.case.proposed) == ("in_hand", "ban", {})
    with pytest.raises(Refused, match="No transfer waits for a decision"):
        place.act("head", "approve_transfer", number, d(10))
    place.act("handler", "propose_transfer", number, d(10), unit="fa", reasons="再次提出")
    assert place.act("head", "approve_transfer", number, d(10)).case.unit == "fa"


def test_the_head_of_the_unit_may_propose_it_too(place: Place) -> None:
    number = proposed(place, officer="reviewer")
    assert place.case(number).proposed["transfer"].by == "reviewer"


@pytest.mark.parametrize(
    ("officer", "words"),
    [
        ("other", "neither handles the case nor heads the unit"),
        ("registrar", "it is for"),
        ("head", "it is for"),
    ],
)
def test_nobody_else_proposes_it(place: Place, officer: str, words: str) -> None:
    number = place.bring("in_hand")
    with pytest.raises(Refused, match=words):
        place.act(officer, "propose_transfer", number, d(10), unit="fa", reasons="x")


@pytest.mark.parametrize("officer", ["handler", "reviewer", "registrar", "legal"])
@pytest.mark.parametrize("event", ["approve_transfer", "refuse_transfer"])
def test_only_the_head_of_the_office_decides(place: Place, officer: str, event: str) -> None:
    number = proposed(place)
    facts = {"reasons": "x"} if event == "refuse_transfer" else {}
    with pytest.raises(Refused, match="it is for: approver"):
        place.act(officer, event, number, d(10), **facts)


def test_not_to_the_unit_that_has_it_nor_to_none(place: Place) -> None:
    number = place.bring("in_hand")
    with pytest.raises(Malformed, match="with the unit 'ban' already"):
        place.act("handler", "propose_transfer", number, d(10), unit="ban", reasons="x")
    with pytest.raises(DisclosureError, match="no unit 'nowhere'"):
        place.act("handler", "propose_transfer", number, d(10), unit="nowhere", reasons="x")


def test_one_at_a_time(place: Place) -> None:
    number = proposed(place)
    with pytest.raises(Refused, match="is not decided yet"):
        place.act("handler", "propose_transfer", number, d(10), unit="fa", reasons="x")


def test_it_is_not_decided_before_it_was_proposed(place: Place) -> None:
    number = place.bring("in_hand")
    place.act("handler", "propose_transfer", number, d(12), unit="fa", reasons="x")
    with pytest.raises(Refused, match="lies before"):
        place.act("head", "approve_transfer", number, d(11))


def test_it_lapses_when_the_case_moves_on(place: Place) -> None:
    number = proposed(place)
    place.act("handler", "draft", number, d(10), outcome="granted", means="随函提供复印件")
    assert place.case(number).proposed == {}
    with pytest.raises(Refused, match="the case has moved on since"):
        place.act("head", "approve_transfer", number, d(10))


def test_it_lapses_when_somebody_else_gets_the_case(place: Place) -> None:
    number = proposed(place, "assigned")
    place.act("registrar", "reassign", number, d(10), unit="fa", reasons="职责不符")
    assert place.case(number).proposed == {}


def test_what_moves_nothing_leaves_it(place: Place) -> None:
    number = proposed(place)
    place.act("handler", "note", number, d(10), text="已与对方单位沟通")
    assert place.case(number).proposed["transfer"].facts == {"unit": "fa"}


def test_the_head_is_told_of_it_only_while_it_waits(place: Place) -> None:
    number = place.bring("in_hand")

    def offered() -> set[str]:
        desk = place.desk("head")
        case = place.case(number)
        found = next_steps.options(case, desk.officer.actor, desk.context, d(10))
        return {option.event for option in found}

    decisions = {"approve_transfer", "refuse_transfer"}
    assert not decisions & offered()
    place.act("handler", "propose_transfer", number, d(10), unit="fa", reasons="x")
    assert decisions <= offered()


def test_whoever_proposed_it_does_not_decide_on_it(place: Place) -> None:
    number = proposed(place, officer="both")
    for event, facts in (("approve_transfer", {}), ("refuse_transfer", {"reasons": "x"})):
        with pytest.raises(Refused, match="cannot also decide"):
            place.act("both", event, number, d(10), **facts)


def test_whoever_looks_at_the_case_sees_what_waits(place: Place) -> None:
    number = proposed(place)
    desk = place.desk("head")
    with place.store.reading() as connection:
        opened = open_case(desk, connection, number)
    lines = "\n".join(case_screen.lines(case_screen.gather(desk, opened, opened.clocks)))
    assert "transfer proposed (法规处), proposed by handler某 (办公室) on 2026-03-12" in lines

"""An application entered twice or by mistake: two persons make it void, and it is counted nowhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, ROADS, Place
from workflow.base.errors import Malformed, Refused
from workflow.procedure.next_steps import options
from workflow.procedure.step_order import sorted_out
from workflow.reports.annual import counts
from workflow.reports.annual.form import NEW
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record


@pytest.fixture
def place(database_url: str) -> Any:
    made = builders.found(database_url)
    yield made
    made.store.close()


def _void(place: Place, number: str, twin: str = "") -> None:
    facts = {"why": "twice", "twin": twin} if twin else {"why": "mistake"}
    day = RECEIVED + timedelta(days=8)
    place.act("registrar", "propose_void", number, day, **facts, reasons="同一封信登记了两次")
    place.act("head", "void_case", number, day)


def _letters(place: Place) -> list[Any]:
    with place.store.reading() as connection:
        return list(connection.execute(sa.select(TABLES["letter"]).order_by(TABLES["letter"].c.id)))


def test_a_double_entry_leaves_the_figures_and_keeps_its_number(place: Place) -> None:
    stays = place.receive().case.number
    double = place.receive().case.number
    place.walk(double, ROADS["in_hand"])
    _void(place, double, twin=stays)
    case = place.case(double)
    assert (case.state, case.open) == ("void", False)
    # The receipt that was made and not handed over is void with it; nothing waits to be made any more.
    assert [(row.code, row.voided_on) for row in _letters(place)] == [("P2", RECEIVED + timedelta(days=8))]
    with place.store.reading() as connection:
        waiting = sa.select(TABLES["outbox"]).where(TABLES["outbox"].c.done_at.is_(None))
        assert not list(connection.execute(waiting))
        report = counts.count(connection, place.desk().office.id, "江州市民政局", 2026)
        behind = list(counts.cell(connection, place.desk().office.id, 2026, NEW, "total"))
    assert report.table3[NEW]["total"] == 1
    assert [row["number"] for row in behind] == [stays]
    assert set(place.clocks(double).values()) == {(due, "ended") for due, _ in place.clocks(double).values()}
    # The number stays taken, and no duplicate of it is told of.
    third = place.receive()
    assert third.case.number == "2026-0003"
    assert [params["number"] for _, params in third.notes if "percent" in params] == [stays]
    assert verify_record.verify(place.store, place.desk().office).cases == 3


def test_the_head_is_first_offered_to_agree(place: Place) -> None:
    number = place.bring("assigned")
    day = RECEIVED + timedelta(days=8)
    place.act("registrar", "propose_void", number, day, why="mistake", reasons="误登记")
    head = place.desk("head")
    first, rest = sorted_out(options(place.case(number), head.officer.actor, head.context, day))
    assert first[0].event == "void_case"
    assert "refuse_void" in [one.event for one in rest]


def test_one_person_is_not_enough(place: Place) -> None:
    number = place.receive().case.number
    place.act("head", "propose_void", number, RECEIVED, why="mistake", reasons="误登记")
    assert (
        builders.refused(lambda: place.act("head", "void_case", number, RECEIVED)).rule == "house:void_case"
    )
    place.act("head", "note", number, RECEIVED, text="电话")
    # Taken up by another hand, the case has moved on, and the proposal has lapsed.
    place.act("registrar", "register", number, RECEIVED)
    fault = builders.refused(lambda: place.act("head", "void_case", number, RECEIVED))
    assert fault.message.startswith("Nobody proposed")


def test_the_application_that_stays_has_to_be_named_and_to_stand(place: Place) -> None:
    number, other = place.receive().case.number, place.receive().case.number

    def propose(**facts: Any) -> Any:
        return place.act("registrar", "propose_void", number, RECEIVED, why="twice", reasons="重复", **facts)

    assert isinstance(builders.refused(propose), Malformed)
    assert isinstance(builders.refused(lambda: propose(twin=number)), Malformed)
    assert builders.refused(lambda: propose(twin="2026-0099")).field == "case"
    _void(place, other)
    assert builders.refused(lambda: propose(twin=other)).field == "twin"


@pytest.mark.parametrize(
    ("road", "step"),
    [
        ("correction_asked", ("notice_reached", {"letter": "P3"})),
        ("registered", ("letter_posted", {"letter": ["P2"]})),
        ("correction_asked", ("correct", {"request": "2025年方案"})),
        ("in_hand", ("open_suit", {"kind": "direct", "body": "江州市姑江区人民法院"})),
        ("dispatched", None),
    ],
)
def test_it_is_too_late_once_something_has_left(place: Place, road: str, step: Any) -> None:
    number = place.bring(road)
    if step:
        place.made()
        place.act("registrar", step[0], number, RECEIVED + timedelta(days=7), **step[1])
    fault = builders.refused(
        lambda: place.act(
            "registrar", "propose_void", number, date(2026, 3, 20), why="mistake", reasons="误登记"
        )
    )
    assert isinstance(fault, Refused)
    assert fault.rule == "house:void_case"
    assert number in fault.advice

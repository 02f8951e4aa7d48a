"""An application to a platform is passed on to an organ before it is registered, and handed back in time."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import Place
from workflow.base.errors import NotFound, Refused
from workflow.storage.figures import counted
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record

MONDAY, THURSDAY = date(2026, 3, 2), date(2026, 3, 5)
FRIDAY, NEXT_MONDAY, NEXT_TUESDAY = date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)
WHY, NOT_OURS = "低保审批由该局负责", "该项职责已划转"


def online(place: Place) -> str:
    """An application that the platform's system took on a Monday."""
    return place.receive(MONDAY, channel="online", name="李四", attach=[__file__]).case.number


def passed_on(place: Place, number: str, to: str = "mz") -> str:
    """Passed on on the Thursday; its number with the organ."""
    place.act("registrar", "route", number, THURSDAY, organ=to, reasons=WHY)
    made = place.case(number).passed_to
    assert made is not None
    return made.number


def verified(*places: Place) -> None:
    """Both records hold."""
    for one in places:
        verify_record.verify(one.store, one.desk().office)


def test_it_goes_to_the_organ_with_its_day_and_is_counted_once(place: Place) -> None:
    """Both records tell it; the time for reply runs from the platform's day; one entry counts."""
    theirs = place.organ_below()
    number = online(place)
    due = place.due(number)
    done = place.act("registrar", "route", number, THURSDAY, organ="江州市mz局", reasons=WHY)
    case, got = place.case(number), theirs.case("2026-0001")
    assert case.state == "passed_on"
    assert ("江州市mz局", "2026-0001") in [(p.get("office"), p.get("theirs")) for _, p in done.notes]
    assert (got.state, got.received_on, got.first_received) == ("received", MONDAY, MONDAY)
    assert got.came_from is not None
    assert (got.came_from.organ, got.came_from.number, got.came_from.on) == ("jz", number, THURSDAY)
    assert [one["name"] for one in got.attachments] == ["test_routing.py"]
    assert theirs.due("2026-0001") == due
    assert ("reply.limit", 0) not in place.clocks(number) or place.clocks(number)["reply.limit", 0][
        1
    ] == "ended"
    cases = TABLES["case_file"]
    with place.store.reading() as connection:
        found = connection.execute(sa.select(cases.c.number, cases.c.office_id).where(counted())).all()
    assert [row.office_id for row in found] == [theirs.desk().office.id]
    theirs.act("registrar", "register", "2026-0001", THURSDAY)
    verified(place, theirs)


def test_handed_back_it_is_open_again_with_its_first_day(place: Place) -> None:
    """Inside two working days; the office passes it on to the right one."""
    theirs, others = place.organ_below(), place.organ_below("zj")
    number = online(place)
    there = passed_on(place, number)
    theirs.act("registrar", "hand_back", there, NEXT_MONDAY, reasons=NOT_OURS)
    case = place.case(number)
    assert (case.state, case.received_on, case.passed_to) == ("received", MONDAY, None)
    assert place.clocks(number)["reply.limit", 0][1] == "running"
    assert theirs.case(there).state == "passed_on"
    place.act("registrar", "route", number, NEXT_MONDAY, organ="zj", reasons=WHY)
    again = place.case(number).passed_to
    assert again is not None
    assert others.case(again.number).received_on == MONDAY
    verified(place, theirs, others)


def test_too_late_registered_or_never_passed_on_is_not_handed_back(quick: Place) -> None:
    """The office rule of the table, said with the day."""
    theirs = quick.organ_below()
    there = passed_on(quick, online(quick))
    with pytest.raises(Refused) as late:
        theirs.act("registrar", "hand_back", there, NEXT_TUESDAY, reasons=NOT_OURS)
    assert (late.value.rule, late.value.params["last"]) == ("house:routing", NEXT_MONDAY)
    own = theirs.receive(MONDAY).case.number
    with pytest.raises(Refused, match="nobody passed it on"):
        theirs.act("registrar", "hand_back", own, MONDAY, reasons=NOT_OURS)
    theirs.act("registrar", "register", there, FRIDAY)
    with pytest.raises(Refused):
        theirs.act("registrar", "hand_back", there, FRIDAY, reasons=NOT_OURS)
    verified(quick, theirs)


def test_only_before_registration_and_only_downward(quick: Place) -> None:
    """An organ that is not below, a registered application, and the organ itself are refused."""
    theirs = quick.organ_below()
    other = quick.organ_below("xx", superior="")
    number = online(quick)
    for key in ("xx", "jz", "nobody"):
        with pytest.raises(NotFound):
            quick.act("registrar", "route", number, THURSDAY, organ=key, reasons=WHY)
    quick.act("registrar", "register", number, THURSDAY)
    with pytest.raises(Refused):
        passed_on(quick, number)
    verified(quick, theirs, other)


def test_the_organ_may_count_from_its_own_day(quick: Place) -> None:
    """The setting for what no text settles; both days are kept."""
    theirs = quick.organ_below(settings={"routed_receipt": "organ"})
    got = theirs.case(passed_on(quick, online(quick)))
    assert (got.received_on, got.first_received) == (THURSDAY, MONDAY)
    verified(quick, theirs)


def test_what_waits_for_its_confirmation_waits_there(quick: Place) -> None:
    """A fax whose sender was not reached yet: the organ confirms it."""
    theirs = quick.organ_below()
    number = quick.receive(MONDAY, channel="fax").case.number
    there = passed_on(quick, number)
    assert (theirs.case(there).state, theirs.clocks(there)) == ("unconfirmed", {})
    theirs.act("registrar", "confirm_receipt", there, FRIDAY, how="电话")
    assert theirs.case(there).received_on == FRIDAY
    verified(quick, theirs)

"""The office above asks how an application stands; the organ answers; both records and the alerts tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests import builders
from tests.builders import RECEIVED, Place
from tests.counter import disclosure
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.casework import urging
from workflow.upkeep import verify_record

MONDAY, THURSDAY = date(2026, 8, 31), date(2026, 9, 3)
WHY = "距答复期限三日，请说明办理情况"


@pytest.fixture
def counter(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Its officers type commands."""
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def asked(place: Place, on: date = MONDAY) -> tuple[Place, str]:
    """An organ's application in hand, and the office above that asks about it."""
    theirs = place.organ_below()
    number = theirs.bring("in_hand", on=date(2026, 8, 24))
    urging.ask(place.desk("head"), "mz", number, WHY, on)
    return theirs, number


def test_asked_and_answered_both_records_tell_it(place: Place) -> None:
    """The clock of the answer runs in the organ's case until it has answered."""
    theirs, number = asked(place)
    assert theirs.clocks(number)["urging.answer", 1] == (THURSDAY, "running")
    (one,) = urging.asked(place.desk())
    assert (one.organ, one.case, one.question, one.answered) == ("mz", number, WHY, None)
    theirs.act("handler", "answer_urging", number, date(2026, 9, 1), answer="本周拟稿")
    assert theirs.clocks(number)["urging.answer", 1][1] == "met"
    (one,) = urging.asked(place.desk())
    assert (one.answered, one.answer) == ("2026-09-01", "本周拟稿")
    for office in (place, theirs):
        verify_record.verify(office.store, office.desk().office)


def test_it_is_among_the_alerts_and_in_today(counter: Place) -> None:
    """Of the organ's officers, with the act that is due."""
    theirs, number = asked(counter)
    line = ["--as", "registrar", "--office", "mz", "--on", "2026-09-01"]
    assert number in disclosure("alerts", "--kind", "urged", *line).out
    assert "上级督办" in disclosure("today", *line).out
    theirs.act("handler", "answer_urging", number, date(2026, 9, 1), answer="本周拟稿")
    assert number not in disclosure("alerts", "--kind", "urged", *line).out


def test_by_command_in_chinese_words(counter: Place) -> None:
    """Asked, answered, listed."""
    theirs = counter.organ_below()
    number = theirs.bring("in_hand", on=date(2026, 8, 24))
    above = ["--as", "head", "--office", "jz"]
    said = disclosure("督办", "mz", number, "--question", WHY, "--on", "2026-09-01", *above)
    assert said.code == 0, said.err
    assert "2026-09-04" in said.out
    said = disclosure(
        "回复督办", number, "--answer", "已拟稿", "--on", "2026-09-02", "--as", "handler", "--office", "mz"
    )
    assert said.code == 0, said.err
    assert "已拟稿" in disclosure("督办", *above).out


def test_who_may_ask_whom_and_about_what(quick: Place) -> None:
    """Only an organ below, only the head or the registrar, and not until a day that is over."""
    theirs, number = asked(quick)
    with pytest.raises(Refused):
        urging.ask(quick.desk("handler"), "mz", number, WHY)
    with pytest.raises(NotFound):
        urging.ask(theirs.desk("head"), "jz", number, WHY)
    with pytest.raises(NotFound):
        urging.ask(quick.desk("head"), "mz", "2026-0099", WHY)
    with pytest.raises(Malformed):
        urging.ask(quick.desk("head"), "mz", number, WHY, MONDAY, RECEIVED)
    own = quick.receive(RECEIVED).case.number
    with pytest.raises(Refused, match="No office above"):
        quick.act("registrar", "answer_urging", own, RECEIVED, answer="无")
    with pytest.raises(Malformed):
        theirs.act("handler", "answer_urging", number, MONDAY, answer="无", which=7)


def test_who_handed_it_back_is_not_asked(quick: Place) -> None:
    """It is said who has it now, under which number."""
    theirs = quick.organ_below()
    number = quick.receive(MONDAY, channel="online").case.number
    quick.act("registrar", "route", number, MONDAY, organ="mz", reasons="由该局负责")
    passed = quick.case(number).passed_to
    assert passed is not None
    urging.ask(quick.desk("head"), "mz", passed.number, WHY, MONDAY)
    theirs.act("registrar", "hand_back", passed.number, MONDAY, reasons="不属于本机关职责")
    with pytest.raises(Refused, match=f"it is with jz as {number}"):
        urging.ask(quick.desk("head"), "mz", passed.number, WHY, MONDAY)

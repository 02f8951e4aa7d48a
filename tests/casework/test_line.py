"""Several acts of one officer on one line: one transaction, each its own entry, all or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import GRANT, Place
from workflow.base.errors import Refused
from workflow.casework import outgoing
from workflow.casework.line import Step
from workflow.casework.opened import open_case
from workflow.jobs import letter_press
from workflow.jobs.press_ahead import PressAhead
from workflow.procedure import act_forms, act_tables
from workflow.storage import file_store
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("lines_kept")

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def events(place: Place, number: str) -> list[str]:
    with place.store.reading() as connection:
        return [one.event for one in open_case(place.desk("registrar"), connection, number).entries]


def test_receipt_registration_and_assignment_are_three_entries_of_one_commit(place: Place) -> None:
    steps = [Step("register", {}), Step("assign", {"unit": "办公室"})]
    made = place.desk("registrar").receive_and(builders.application(MONDAY), steps, on=MONDAY)
    assert [done.entry.event for done in made] == ["receive", "register", "assign"]
    number = made[0].case.number
    assert [done.case.state for done in made] == ["received", "registered", "assigned"]
    assert place.case(number).unit == "ban"
    assert [done.entry.n for done in made] == [1, 2, 3]
    assert [one["code"] for one in made[1].letters] == ["P2"]
    assert place.row(number)["version"] == made[-1].version


def test_what_a_later_act_may_not_leaves_nothing(place: Place) -> None:
    before = builders.digest(place.store)
    steps = [Step("register", {}), Step("assign", {"unit": "nowhere"})]
    desk = place.desk("registrar")
    fault = builders.refused(lambda: desk.receive_and(builders.application(MONDAY), steps, on=MONDAY))
    assert fault.of_line == "assign"
    assert builders.digest(place.store) == before


def test_each_act_needs_its_own_role(place: Place) -> None:
    number = place.bring("assigned")
    before = builders.digest(place.store)
    steps = [Step("accept", {}), Step("draft", dict(GRANT)), Step("submit", {}), Step("pass_review", {})]
    fault = builders.refused(lambda: place.desk("handler").acts(number, steps, on=TUESDAY))
    assert isinstance(fault, Refused)
    assert fault.of_line == "pass_review"
    assert builders.digest(place.store) == before
    made = place.desk("handler").acts(number, steps[:3], on=TUESDAY)
    assert [done.entry.event for done in made] == ["accept", "draft", "submit"]
    assert place.case(number).state == "section_review"
    assert events(place, number)[-3:] == ["accept", "draft", "submit"]


def test_a_single_act_names_no_line(place: Place) -> None:
    number = place.bring("assigned")
    fault = builders.refused(lambda: place.act("handler", "submit", number, TUESDAY))
    assert fault.of_line is None


def test_the_record_is_whole(place: Place) -> None:
    number = place.bring("assigned")
    steps = [Step("accept", {}), Step("draft", dict(GRANT)), Step("submit", {})]
    made = place.desk("handler").acts(number, steps, on=TUESDAY)
    assert place.row(number)["version"] == made[-1].version
    verify_record.verify(place.store, place.desk().office)


def test_a_letter_is_made_between_the_act_that_calls_for_it_and_the_one_that_sends_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, desk, set_ = place.bring("approved"), place.desk("registrar"), []

    def press(errand: letter_press.Errand) -> str:
        set_.append(errand.content)
        return file_store.put(Path(errand.store), f"%PDF {len(errand.content)}".encode()).sha256

    monkeypatch.setattr(letter_press, "press", press)
    steps = [Step("issue", {"served_by": "post"}), Step("dispatch", {"served_by": "post"})]
    on, ahead = date(2026, 3, 9), PressAhead(desk)
    outgoing.all_tried(desk, number, steps, on=on, press=ahead.note)
    assert place.case(number).state == "approved"
    ahead.set()
    desk.acts(number, steps, on=on, press=ahead.record)
    assert len(set_) == 1
    assert events(place, number)[-3:] == ["issue", "letter_made", "dispatch"]
    verify_record.verify(place.store, place.desk().office)
    fault = builders.refused(lambda: desk.acts(place.bring("approved"), steps, on=on))
    assert fault.of_line == "dispatch"


@pytest.mark.parametrize("event", [event for event in act_tables.acts() if act_forms.along(event)])
def test_what_one_line_may_name_fits_together(event: str) -> None:
    """No option of a line means two things."""
    spec = act_forms.specs().get(event)
    names: list[Any] = [field.option for field in spec.fields] if spec else []
    for one in act_forms.along(event):
        names += [one.option, *(field.option for field in one.fields)]
    assert len(names) == len(set(names))

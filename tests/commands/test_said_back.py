"""What an act or a step says of people: to whom a case was given, whose turn it is, to whom a letter goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from letters.content import kinds
from tests import builders
from tests.builders import Place
from workflow.base import messages
from workflow.base.errors import Malformed
from workflow.casework import outgoing
from workflow.casework.line import Step
from workflow.office import who
from workflow.procedure import act_facts
from workflow.reports.views import case_text, facts_beside, steps, steps_text

DAY = builders.day("2026-03-05")


@pytest.fixture
def office(quick: Place) -> Iterator[Place]:
    with messages.speaking("zh_CN"):
        yield quick


def test_an_assignment_says_back_the_unit_and_the_handler(office: Place) -> None:
    number = office.bring("registered")
    done = office.act("registrar", "assign", number, DAY, unit="ban", handler="handler")
    people = who.of_office(office.desk("registrar"))
    said = [line.strip() for line in case_text.line_lines([done], people)]
    assert f"承办单位：{people.unit('ban')}" in said
    assert f"承办人：{people.name('handler')}" in said


def test_the_example_of_a_missing_unit_names_no_office_s_own(office: Place) -> None:
    with pytest.raises(Malformed) as fault:
        act_facts.facts("assign", {})
    assert fault.value.params["example"] == "disclosure 分办 2026-0001 --unit 〈承办单位〉"


def test_a_step_that_only_this_officer_may_not_take_is_not_said_to_be_his(office: Place) -> None:
    number = office.bring("in_hand")
    for officer, by_him in (("handler", True), ("other", False)):
        seat = office.desk(officer)
        found, people = steps.of_case(seat, number)
        assert found.first[0].personal is not by_him
        said = "\n".join(steps_text.case_lines(found, people, seat.today()))
        assert ("由您办理" in said) is by_him
        assert ("尚不可办理" in said) is not by_him


def test_letters_that_wait_are_called_by_name_with_their_addressee(office: Place) -> None:
    number = office.bring("in_hand", items=["合同正文", "合同价格"], request=None)
    for item, name in ((1, "甲公司"), (2, "乙公司")):
        office.act("handler", "consult_third_party", number, DAY, name=name, items=[item])
    office.made()
    found, _ = steps.of_case(office.desk("registrar"), number, everything=True)
    sends = next(one for one in (*found.first, *found.rest) if one.event == "letter_posted")
    called = [facts_beside.letter_to(found.case, said) for said in sends.letters]
    asks = kinds.name_of("P6")
    assert [one for one in called if one.startswith(asks)] == [f"{asks} → 甲公司", f"{asks} → 乙公司"]
    assert all(one.endswith(("→ 张三", "→ 甲公司", "→ 乙公司")) for one in called)


def test_before_a_letter_is_sent_the_way_that_was_chosen_is_shown(office: Place) -> None:
    number = office.bring("in_hand", items=["合同正文", "合同价格"], request=None)
    office.act("handler", "consult_third_party", number, DAY, name="甲公司", items=[1])
    office.made()
    for way, shown in (("email", "email"), (None, "post")):
        facts = {"letter": ["P6"], **({"served_by": way} if way else {})}
        would = outgoing.all_tried(
            office.desk("registrar"), number, [Step("letter_posted", facts)], on=DAY, press=None
        )
        assert [(one.to, one.by) for one in would.papers] == [("甲公司", shown)]

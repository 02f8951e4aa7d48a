"""Reasons to choose from at the draft: whose they are, that nothing of a person is in them, and that none is
taken unread; earlier requests that are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pexpect
import pytest

from tests import builders, terminals
from tests.builders import GRANT, RECEIVED, REFUSE, Place
from tests.counter import disclosure
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.drafting import phrase_book
from workflow.reports.views import similar
from workflow.upkeep import verify_record

REASONS = str(REFUSE["reasons"])


@pytest.fixture
def desk_place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def known(place: Place) -> list[phrase_book.Phrase]:
    with place.store.reading() as connection:
        return phrase_book.phrases(connection, place.desk().office.id)


def test_own_ones_are_kept_found_and_removed(quick: Place) -> None:
    desk = quick.desk("handler")
    first = phrase_book.add(desk, REASONS, outcome="不予公开", ground="internal_affairs")
    second = phrase_book.add(desk, "经检索未查到", outcome="not_held", name="未查到", field="facts")
    assert [(one.no, one.outcome, one.ground) for one in known(quick)] == [
        (1, "withheld", "internal_affairs"),
        (2, "not_held", None),
    ]
    assert first.name == REASONS[:12]
    assert phrase_book.fitting(known(quick), "withheld") == [known(quick)[0]]
    assert [one.no for one in phrase_book.find(known(quick), "工作秩序 车辆")] == [1]
    assert phrase_book.one(known(quick), "未查").no == second.no
    phrase_book.remove(desk, "1", "复议认为说理不足")
    assert [one.no for one in known(quick)] == [2]
    assert phrase_book.add(desk, "另一说明", outcome="granted", field="means").no == 3, (
        "no number comes twice"
    )
    with pytest.raises(NotFound):
        phrase_book.one(known(quick), "1")
    verify_record.verify(quick.store, desk.office)


def test_who_may_and_what_may_not(quick: Place) -> None:
    with pytest.raises(Refused, match="registrar"):
        phrase_book.add(quick.desk("registrar"), REASONS, outcome="withheld")
    desk = quick.desk("handler")
    for text in ("请联系13800001111", "身份证110101199003070011", "住平安路12号3幢201室"):
        with pytest.raises(Refused) as fault:
            phrase_book.add(desk, text, outcome="granted")
        assert fault.value.rule == "house:privacy"
        assert text[-6:] not in fault.value.text
    for given in ({"outcome": None}, {"outcome": "granted", "field": "colour"}):
        with pytest.raises(Malformed):
            phrase_book.add(desk, "说明", **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        phrase_book.add(desk, "说明", outcome="发还")
    phrase_book.add(desk, "说明", outcome="granted")
    with pytest.raises(Malformed, match="already|已有"):
        phrase_book.add(desk, "说明", outcome="granted")
    assert len(known(quick)) == 1


def issued(place: Place, reasons: str, **given: object) -> str:
    """A case whose reply withholds for these reasons and was issued."""
    number = place.receive(**given).case.number  # type: ignore[arg-type]
    road = [step for step in builders.ROADS["approved"] if step[1] not in ("draft", "submit", "pass_review")]
    place.walk(number, [step for step in road if step[1] != "receive"])
    refuse = {**REFUSE, "reasons": reasons}
    place.walk(
        number,
        [
            ("handler", "draft", 3, refuse),
            ("handler", "submit", 4, {}),
            ("reviewer", "pass_review", 4, {}),
            ("legal", "pass_review", 5, {}),
            ("head", "pass_review", 5, {}),
            ("handler", "issue", 7, {}),
        ],
    )
    return number


def test_out_of_a_reply_without_its_people(quick: Place) -> None:
    number = issued(quick, f"{REASONS}，张三的申请不在此列")
    desk = quick.desk("handler")
    with pytest.raises(Refused) as fault:
        phrase_book.adopt(desk, number)
    assert "张三" not in fault.value.text
    made = phrase_book.adopt(desk, number, strike=True, name="车辆调度")
    assert made.text == f"{REASONS}，××的申请不在此列"
    assert (made.case, made.outcome, made.ground) == (number, "withheld", "internal_affairs")
    with pytest.raises(NotFound):
        phrase_book.adopt(desk, number, field="means")
    with pytest.raises(Refused):
        phrase_book.adopt(desk, quick.bring("drafting"))


def test_none_is_taken_unread(desk_place: Place) -> None:
    phrase_book.add(desk_place.desk("handler"), REASONS, outcome="withheld", ground="internal_affairs")
    number = desk_place.bring("in_hand")
    line = ["draft", number, "--outcome", "withheld", "--ground", "internal_affairs", "--as", "handler"]
    line += ["--extra", builders.SEVERED, "--on", "2026-03-05"]
    said = disclosure(*line, "--phrase", "1")
    assert said.code == 1
    assert REASONS in said.err, "it is shown all the same"
    assert disclosure(*line, "--phrase", "1", "--reasons", "x", "--yes").code == 2
    assert disclosure(*line, "--phrase", "9", "--yes").code == 3
    said = disclosure(*line, "--phrase", "1", "--yes")
    assert said.code == 0, said.err
    assert REASONS in said.err
    assert desk_place.case(number).draft[1, ""].reasons == REASONS


def test_it_is_offered_at_a_terminal(desk_place: Place) -> None:
    """What is typed at a real terminal: the number, after the text was shown a yes; Enter takes none."""
    phrase_book.add(
        desk_place.desk("handler"), REASONS, outcome="withheld", ground="internal_affairs", name="车辆"
    )
    earlier = issued(desk_place, REASONS)
    number = desk_place.bring("in_hand")
    words = ["draft", number, "--outcome", "withheld", "--ground", "internal_affairs", "--as", "handler"]
    words += ["--extra", builders.SEVERED, "--on", "2026-03-05"]
    with terminals.typed(*words) as child:
        child.expect_exact(earlier)
        child.expect_exact("1  车辆")
        child.sendline("1")
        child.expect_exact("公开会影响工作秩序")
        child.sendline("y")
        child.expect(pexpect.EOF)
    assert desk_place.case(number).draft[1, ""].reasons == REASONS


# --- earlier requests


def test_earlier_requests_and_what_came_of_them(place: Place) -> None:
    asked = "2025年度城东片区征收补偿方案及评估报告"
    first = place.bring("served", request=asked)
    place.act(
        "registrar", "open_reconsideration", first, RECEIVED + timedelta(days=20), body="江州市人民政府"
    )
    place.receive(request="道路养护计划")
    third = place.bring("in_hand", request="城东片区2024年度征收补偿方案及评估报告")
    later = place.receive(request=asked).case.number
    number, found = similar.of_case(place.desk("handler"), third)
    assert [one.case for one in found] == [first], "not itself, not the later one, nothing else"
    one = found[0]
    assert (one.outcome, one.same_numbers) == (GRANT["outcome"], False)
    assert one.likeness > 0.6
    assert [remedy.kind for remedy in one.remedies] == ["reconsideration"]
    _number, found = similar.of_case(place.desk("handler"), later)
    assert [(one.case, one.same_numbers) for one in found] == [(first, True), (third, False)]
    assert similar.lines(number, []) != similar.lines(number, found)
    assert "张三" not in str([one.as_json() for one in found])

"""What an officer types on one line: acts that usually follow one another, with one commit and one answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.jobs import press_ahead

ON = ("--on", "2026-03-09")


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def test_received_registered_and_assigned(place: Place) -> None:
    said = disclosure(
        *("receive", "--channel", "in_person", "--name", "张三", "--request", "2025年度预算"),
        *("--register", "--assign", "办公室", "--on", "2026-03-02", "--json"),
    )
    assert said.code == 0, said.err
    assert [one["event"] for one in said.json["line"]] == ["receive", "register", "assign"]
    assert said.json["state"] == "assigned"
    assert said.json["line"][1]["letters"][0]["path"].endswith(".pdf")


def test_what_is_refused_is_named_and_nothing_is_written(place: Place) -> None:
    before = builders.digest(place.store)
    words = ("receive", "--channel", "in_person", "--name", "张三", "--request", "预算", *ON)
    said = disclosure(*words, "--register", "--assign", "没有的科室")
    assert said.code == 3
    assert "未予办理的是“分办”一步；本命令各步均未记录。" in said.err
    assert builders.digest(place.store) == before
    unregistered = disclosure(*words, "--assign", "办公室")
    assert unregistered.code == 1
    assert "申请未收件" in unregistered.err
    assert "disclosure next" not in unregistered.err
    fault = disclosure(*words, "--register", "--assign", "没有的科室", "--json").fault
    assert fault["act"] == "assign"


def test_a_fact_of_an_act_that_is_not_named(place: Place) -> None:
    said = disclosure("issue", place.bring("approved"), "--tracking", "XA123456785CN", *ON)
    assert said.code == 2
    assert "--dispatch" in said.err


def test_taken_in_hand_drafted_and_handed_in(place: Place) -> None:
    number = place.bring("assigned")
    said = disclosure(
        *("draft", number, "--as", "handler", "--accept", "--outcome", "予以公开", "--means", "邮寄复印件"),
        *("--submit", *ON),
    )
    assert said.code == 0, said.err
    assert place.case(number).state == "section_review"
    assert [word in said.out for word in ("接收承办", "拟稿", "送审")] == [True] * 3


def test_issued_and_posted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter that the line sends is made before the lock, and recorded between the two acts."""
    number, set_under_lock = place.bring("approved"), []
    press = press_ahead.letter_press.press
    monkeypatch.setattr(
        press_ahead.letter_press, "press", lambda errand: set_under_lock.append(errand) or press(errand)
    )
    said = disclosure(*("issue", number, "--dispatch", "邮寄", "--tracking", "XA123456785CN", *ON, "--json"))
    assert said.code == 0, said.err
    assert len(set_under_lock) == 1
    issued, sent = said.json["line"]
    assert (issued["event"], sent["event"]) == ("issue", "dispatch")
    path = Path(issued["letters"][0]["path"])
    assert path.read_bytes().startswith(b"%PDF")
    case = place.case(number)
    assert case.state == "dispatched"
    assert case.reply is not None
    assert case.reply.written_for == "post"
    assert [one["number"] for one in case.letters if one["number"]] == [case.reply.number]
    assert disclosure("verify").code == 0


def test_a_letter_that_may_not_go_out_takes_no_number(place: Place) -> None:
    number = place.bring("approved")
    before = builders.digest(place.store)
    said = disclosure("issue", number, "--dispatch", "post", "--tracking", "SF1234567890123", *ON)
    assert said.code != 0
    assert "发出答复" in said.err
    assert builders.digest(place.store) == before


def test_service_and_filing_each_need_their_role(place: Place) -> None:
    number = place.bring("dispatched")
    before = builders.digest(place.store)
    said = disclosure("served", number, "--proof", "签收回执", "--file", "--on", "2026-03-30")
    assert said.code == 1
    assert "“归档”" in said.err
    assert builders.digest(place.store) == before


def test_whoever_approves_issues_only_with_that_role(place: Place) -> None:
    number = place.bring("head_review")
    said = disclosure("pass", number, "--as", "head", "--issue", *ON)
    assert said.code == 1
    assert "编号印发" in said.err
    assert place.case(number).state == "head_review"


def test_another_number_taken_meanwhile(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever issues between trial and act takes the number: the letter is set again, with the next one."""
    other, number = place.bring("approved"), place.bring("approved")
    set_first = press_ahead.PressAhead.set

    def overtaken(ahead: press_ahead.PressAhead) -> None:
        set_first(ahead)
        place.act("registrar", "issue", other, "2026-03-09")

    monkeypatch.setattr(press_ahead.PressAhead, "set", overtaken)
    assert disclosure("issue", number, "--dispatch", "post", *ON).code == 0
    assert place.case(number).reply.number == "jz公复〔2026〕2号"  # type: ignore[union-attr]
    place.made()
    assert disclosure("verify").code == 0

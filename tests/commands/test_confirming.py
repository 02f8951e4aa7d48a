"""Nothing with a number leaves by itself: at a terminal what would go out is shown and asked about, and a
script is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests import builders, terminals
from tests.builders import GRANT, Place
from tests.counter import Said, disclosure
from workflow.base.errors import Refused
from workflow.casework import outgoing
from workflow.commands import confirming, prompting

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(database_url, home, monkeypatch)


class Sitting:
    """Somebody who sits at a terminal and gives one answer; what was shown to him."""

    def __init__(self, answer: bool) -> None:
        self.answer, self.shown, self.asked = answer, "", 0

    def confirm(self, question: str, **_: object) -> bool:
        self.asked += 1
        self.shown += question
        return self.answer


@pytest.fixture
def sitting(monkeypatch: pytest.MonkeyPatch) -> Sitting:
    who = Sitting(True)
    monkeypatch.setattr(confirming, "asked", lambda yes, as_json: not (yes or as_json))
    monkeypatch.setattr(prompting, "agreed", who.confirm)
    return who


def issue(number: str, *words: str) -> Said:
    return disclosure("issue", number, "--as", "handler", "--on", "2026-03-09", "--later", *words)


def test_what_would_be_issued_is_shown_first(place: Place, sitting: Sitting) -> None:
    number = place.bring("approved")
    before = builders.digest(place.store)
    sitting.answer = False
    said = issue(number)
    assert said.code == 1, said.err
    assert builders.digest(place.store) == before
    assert sitting.asked == 1
    for words in (
        "政府信息公开申请答复书",
        "jz公复〔2026〕1号",
        "张三",
        "邮寄",
        "第1项：予以公开",
        "答复期限",
    ):
        assert words in said.err, words
    assert said.out == ""
    sitting.answer = True
    assert issue(number).code == 0
    assert place.case(number).state == "issued"
    assert place.case(number).reply.number == "jz公复〔2026〕1号"  # type: ignore[union-attr]


def test_what_the_check_suspects_is_seen_before_a_draft_is_passed(place: Place, sitting: Sitting) -> None:
    sitting.answer = False
    number = place.bring("section_review")
    words = ("pass", number, "--as", "reviewer", "--on", "2026-03-06")
    assert disclosure(*words).code == 0
    assert sitting.asked == 0, "nothing is suspected"
    number = place.bring("in_hand", request="2018年至2020年救济台账")
    place.act("handler", "draft", number, "2026-03-06", **{**GRANT, "reasons": "现提供2020年台账。"})
    place.act("handler", "submit", number, "2026-03-06")
    words = ("pass", number, *words[2:])
    said = disclosure(*words)
    assert (said.code, sitting.asked) == (1, 1)
    assert "规则：申请写明的各个年度均已答复" in said.err
    assert place.case(number).passed == []
    sitting.answer = True
    assert disclosure(*words).code == 0
    assert len(place.case(number).passed) == 1


def test_scripts_are_not_asked(place: Place, sitting: Sitting) -> None:
    assert issue(place.bring("approved"), "--yes").code == 0
    assert issue(place.bring("approved"), "--json").code == 0
    assert sitting.asked == 0


def test_nobody_is_asked_where_nobody_sits(place: Place) -> None:
    assert issue(place.bring("approved")).code == 0


@pytest.mark.parametrize(
    ("state", "who", "command", "words", "shown"),
    [
        (
            "registered",
            "registrar",
            "ask-correction",
            ["--matters", "请明确所需信息的年度", "--answer-by", "2026-03-25"],
            "补正",
        ),
        ("in_hand", "head", "extend", ["--reasons", "信息量大"], "延期"),
        ("registered", "registrar", "withdraw", ["--how", "书面"], ""),
        (
            "in_hand",
            "handler",
            "consult-third-party",
            ["--name", "甲公司", "--address", "江州市新街2号"],
            "甲公司",
        ),
    ],
)
def test_numbered_notices_are_shown(
    place: Place, sitting: Sitting, state: str, who: str, command: str, words: list[str], shown: str
) -> None:
    number = place.bring(state)
    said = disclosure(command, number, "--as", who, "--on", "2026-03-05", "--later", *words)
    assert said.code == 0, said.err
    assert sitting.asked == 1, said.err
    assert shown in said.err


def test_what_goes_out_and_what_becomes_void(place: Place, sitting: Sitting) -> None:
    number = place.bring("issued")
    place.made()
    said = disclosure(
        "letter",
        "void",
        number,
        "--letter",
        "D1",
        "--reason",
        "附件有误",
        "--as",
        "head",
        "--on",
        "2026-03-09",
    )
    assert (said.code, sitting.asked) == (0, 1)
    assert "作废" in said.err
    place.act("handler", "issue", number, "2026-03-09")
    place.made()
    said = disclosure(
        "dispatch", number, "--served-by", "post", "--as", "registrar", "--on", "2026-03-09", "--later"
    )
    assert (said.code, sitting.asked) == (0, 2)
    assert "jz公复〔2026〕2号" in said.err
    assert "发出" in said.err


def test_what_sends_nothing_is_not_asked_about(place: Place, sitting: Sitting) -> None:
    number = place.receive().case.number
    # The receipt bears no number.
    assert disclosure("register", number, "--on", "2026-03-02", "--later").code == 0
    assert disclosure("assign", number, "--unit", "ban", "--on", "2026-03-02").code == 0
    assert sitting.asked == 0


def test_what_would_be_refused_is_refused_before_anybody_is_asked(place: Place, sitting: Sitting) -> None:
    number = place.bring("in_hand")
    assert issue(number).code != 0
    assert sitting.asked == 0


def test_a_case_that_changed_meanwhile_is_looked_at_again(
    place: Place, sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = place.bring("approved")

    def changed(question: str, **_: object) -> bool:
        place.act("handler", "note", number, "2026-03-08", text="补记")
        return True

    monkeypatch.setattr(prompting, "agreed", changed)
    said = issue(number)
    assert said.code == 4, said.err
    assert place.case(number).state == "approved"


def test_an_act_that_is_tried_leaves_nothing(place: Place) -> None:
    number = place.bring("approved")
    before = builders.digest(place.store)
    would = outgoing.tried(place.desk("handler"), number, "issue", {}, on=builders.day("2026-03-09"))
    assert [(one.what, one.code, one.to, one.by) for one in would.papers] == [
        ("numbered", "D1", "张三", "post")
    ]
    assert builders.digest(place.store) == before
    with pytest.raises(Refused):
        outgoing.tried(place.desk("head"), number, "issue", {}, on=builders.day("2026-03-09"))


def test_at_a_real_terminal(place: Place) -> None:
    number = place.bring("approved")
    words = ("issue", number, "--as", "handler", "--on", "2026-03-09", "--later")
    for answer, state in (("n", "approved"), ("y", "issued")):
        with terminals.typed(*words, columns=200) as child:
            child.expect("确认办理吗")
            assert "张三" in str(child.before)
            child.sendline(answer)
            child.expect(pexpect.EOF)
        assert place.case(number).state == state

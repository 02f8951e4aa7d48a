"""The life of a letter, and what each act does to the letters that lie here unsent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tests.builders import RECEIVED, ROADS, Place, Step
from workflow.base.errors import Malformed, Refused
from workflow.cases.letter_life import GONE, IN_HAND, Life, Sending, Stage, Voided
from workflow.delivery import batches, to_be_posted
from workflow.office import office_file, profile
from workflow.procedure import act_tables, letter_truth, next_steps
from workflow.procedure.registry import HOLDINGS
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")


@pytest.fixture
def place(quick: Place) -> Place:
    return quick


def walked(place: Place, *steps: Step, **given: Any) -> str:
    number = place.receive(**{"channel": "in_person", **given}).case.number
    for step in steps:
        place.walk(number, [step])
        place.made()
    return number


def stages(place: Place, number: str) -> dict[str, str]:
    """Where each letter that leaves the office is, by its code; of several the last."""
    return {
        life.code: str(life.stage)
        for life in place.case(number).lives
        if letter_truth.outside(life) and life.letter is not None
    }


# --- each transition of a life

_EXTEND: Step = ("head", "extend", 3, {"reasons": "信息量大"})
_HAND = [("registrar", event, 7, facts) for event, facts in (("dispatch", {"served_by": "hand"}),)]
_POST: Step = ("registrar", "letter_posted", 7, {"letter": ["P5"]})
_BACK: Step = ("registrar", "letter_returned", 9, {"letter": ["P5"], "reasons": "查无此人"})
LIVES: list[tuple[str, list[Step], str]] = [
    ("made", [_EXTEND], "made"),
    ("sent", [_EXTEND, _POST], "sent"),
    ("arrived", [_EXTEND, _POST, ("registrar", "letter_arrived", 9, {"letter": ["P5"]})], "arrived"),
    ("handed over", [_EXTEND, ("registrar", "notice_reached", 7, {"letter": "P5"})], "arrived"),
    ("came back", [_EXTEND, _POST, _BACK], "returned"),
    ("sent again", [_EXTEND, _POST, _BACK, ("registrar", "letter_posted", 10, {"letter": ["P5"]})], "sent"),
    (
        "void",
        [_EXTEND, ("head", "void_letter", 7, {"letter": "P5", "reasons": "错字", "anew": "no"})],
        "void",
    ),
    ("anew", [_EXTEND, ("head", "void_letter", 7, {"letter": "P5", "reasons": "错字"})], "made"),
]


@pytest.mark.parametrize(("name", "steps", "stage"), LIVES, ids=[one[0] for one in LIVES])
def test_a_letter_goes_through_its_life(place: Place, name: str, steps: list[Step], stage: str) -> None:
    number = walked(place, *ROADS["in_hand"], *steps)
    assert stages(place, number)["P5"] == stage
    verify_record.verify(place.store, place.desk().office)


def test_a_reply_that_is_on_its_way_arrives_or_comes_back(place: Place) -> None:
    number = walked(place, *ROADS["issued"])
    assert stages(place, number)["D1"] == "made"
    for step, stage in (
        (ROADS["dispatched"][-1], "sent"),
        (("registrar", "come_back", 10, {"reasons": "查无此人"}), "returned"),
        (("registrar", "dispatch", 11, {"served_by": "post"}), "sent"),
        (("registrar", "serve", 14, {"proof": "签收"}), "arrived"),
    ):
        place.walk(number, [step])
        assert stages(place, number)["D1"] == stage


_DAY = st.dates(min_value=RECEIVED, max_value=RECEIVED + timedelta(days=9))


@given(
    letter=st.none() | st.just(1),
    sending=st.none() | st.builds(Sending, _DAY, st.just("post"), st.none() | _DAY, st.none() | _DAY),
    waits=st.booleans(),
    reached=st.none() | _DAY,
    answered=st.none() | _DAY,
    approved=st.none() | st.tuples(_DAY, st.just("head")),
    void=st.booleans(),
)
def test_a_letter_is_in_one_place(void: bool, **facts: Any) -> None:
    made = Voided(1, "P5", None, RECEIVED, "错字") if void else None
    life = Life("P5", 1, "extend", RECEIVED, 1, void=made, **facts)
    assert (life.stage in IN_HAND) + (life.stage in GONE) + (life.stage == Stage.VOID) == 1
    assert life.in_hand == (life.stage in IN_HAND)
    # What has left has a day on which it did.
    assert life.stage not in GONE or life.left_on is not None


# --- what an act does to letters that were not sent

_ASK = ROADS["correction_asked in hand"][-1]
_REASONS = ROADS["reasons_asked in hand"][-1]
_FEE = ROADS["fee_notified"][-1]
_CONSULT: Step = ("handler", "consult_third_party", 3, {"name": "甲科技有限公司"})
_WITHDRAW: Step = ("registrar", "withdraw", 8, {"how": "书面"})
_REOPEN: Step = ("head", "reopen", 9, {"reasons": "误结"})
_IN_HAND = ROADS["in_hand"]
_LAPSED_FEE = [*_IN_HAND, _FEE, ("registrar", "notice_reached", 4, {"letter": "P12"})]
_REDECIDE: list[Step] = [
    ("legal", "open_reconsideration", 20, {"body": "江南省人民政府"}),
    ("legal", "remedy_decided", 30, {"no": 1, "result": "annulled", "redecide": "yes"}),
    ("legal", "redecide", 31, {"no": 1}),
]
EFFECTS: dict[str, tuple[list[Step], Step, dict[str, str]]] = {
    "undo_extension": (
        [*_IN_HAND, _EXTEND],
        ("head", "undo_extension", 7, {"reasons": "误操作"}),
        {"P5": "void"},
    ),
    "dispatch (extension)": (
        [*_IN_HAND, _EXTEND, *ROADS["issued"][len(_IN_HAND) :]],
        ("registrar", "dispatch", 7, {"served_by": "post"}),
        {"P5": "void", "D1": "sent"},
    ),
    "correct": ([*_IN_HAND, _ASK], ("registrar", "correct", 8, {"request": "2025年方案"}), {"P3": "arrived"}),
    "give_reasons": (
        [*_IN_HAND, _REASONS],
        ("registrar", "give_reasons", 8, {"reasons": "学术研究"}),
        {"P4": "arrived"},
    ),
    "pay_fee": ([*_IN_HAND, _FEE], ("registrar", "pay_fee", 8, {}), {"P12": "arrived"}),
    "withdraw": ([*_IN_HAND, _EXTEND], _WITHDRAW, {"P5": "made"}),
    "reopen": ([*_IN_HAND, _EXTEND, _WITHDRAW], _REOPEN, {"P5": "made", "D14": "void"}),
    "reopen (lapsed)": (
        [*_LAPSED_FEE, ("handler", "lapse_fee", 60, {})],
        ("head", "reopen", 61, {"reasons": "误结"}),
        {"D13": "void"},
    ),
    "opinion_given": (
        [*_IN_HAND, _CONSULT],
        ("registrar", "opinion_given", 8, {"no": 1, "answer": "agree"}),
        {"P6": "arrived", "P7": "arrived", "P8": "void"},
    ),
    "opinion_delivered": (
        [*_IN_HAND, _CONSULT],
        ("registrar", "opinion_delivered", 8, {"no": 1}),
        {"P6": "arrived", "P7": "arrived", "P8": "made"},
    ),
    "opinion_lapsed": (
        [*_IN_HAND, _CONSULT, ("registrar", "opinion_delivered", 4, {"no": 1})],
        ("registrar", "opinion_lapsed", 60, {"no": 1}),
        {"P6": "arrived", "P8": "void"},
    ),
    "consultation_recalled": (
        [*_IN_HAND, _CONSULT],
        ("handler", "consultation_recalled", 8, {"no": 1, "reasons": "已公开"}),
        {"P6": "void", "P7": "void", "P8": "void"},
    ),
    "file": ([*ROADS["withdrawn in hand"]], ("archivist", "file", 10, {}), {"D14": "void"}),
    "void_reply": ([*ROADS["issued"]], ("head", "void_reply", 8, {"reasons": "错字"}), {"D1": "void"}),
    "redecide": ([*ROADS["dispatched"], *_REDECIDE[:-1]], _REDECIDE[-1], {"P2": "void", "D1": "sent"}),
}


@pytest.mark.parametrize("name", EFFECTS)
def test_an_act_makes_void_what_it_makes_untrue(place: Place, name: str) -> None:
    road, step, wanted = EFFECTS[name]
    number = walked(place, *road, channel="post")
    who, event, days, facts = step
    if event == "dispatch":
        place.made()
    done = place.act(who, event, number, RECEIVED + timedelta(days=days), **facts)
    found = stages(place, number)
    assert {code: found[code] for code in wanted} == wanted
    lapsed = [one for one in builders.entries(place, number) if one.event == "letter_lapsed"]
    void = [code for code, stage in wanted.items() if stage == "void"]
    if event != "void_reply" and void:
        named = {one["code"] for one in lapsed[-1].payload["letters"]}
        assert set(void) <= named
        assert lapsed[-1].payload["because"] == done.entry.n
        assert any("void now" in text for text, _ in done.notes)
    assert done.version == len(builders.entries(place, number))
    verify_record.verify(place.store, place.desk().office)


def test_letters_that_are_not_made_yet_lapse_too(place: Place) -> None:
    number = place.receive(channel="post").case.number
    place.walk(number, [*_IN_HAND, _EXTEND])
    place.act("head", "undo_extension", number, RECEIVED + timedelta(days=7), reasons="误操作")
    place.made()
    assert [life.stage for life in place.case(number).lives if life.code == "P5"] == ["void"]
    assert "P5" not in {made["code"] for made in place.case(number).letters}
    verify_record.verify(place.store, place.desk().office)


def test_of_what_has_gone_out_it_is_said(place: Place) -> None:
    number = walked(place, *_IN_HAND, _EXTEND, _POST)
    done = place.act("head", "undo_extension", number, RECEIVED + timedelta(days=8), reasons="误操作")
    assert any("has gone out" in text and "延期" in params["letter"] for text, params in done.notes)


def test_no_letter_goes_out_that_says_what_was_corrected(place: Place) -> None:
    number = walked(place, *_IN_HAND, _EXTEND, channel="post")
    before = {life.letter for life in place.case(number).lives if life.code in ("P2", "P5")}
    place.desk("registrar").amend(number, "applicant_name", "张三丰", "姓名有误")
    place.made()
    case = place.case(number)
    assert not before & {life.letter for life in letter_truth.to_send(case)}
    verify_record.verify(place.store, place.desk().office)


def test_every_act_with_a_letter_says_when_the_letter_holds() -> None:
    assert set(HOLDINGS) == {
        event for event in act_tables.acts() if set(act_tables.letters_of(event)) - {"P13"}
    }


# --- approval by a second person


@pytest.fixture
def strict(sqlite_url: str, home: Path) -> Iterator[Place]:
    """An office in which a second person approves some notices before they go out."""
    made = builders.found(sqlite_url, letters={"approve": ["P3", "P5", "P12", "D13", "D14"]})
    yield made
    made.store.close()


def events(place: Place, who: str, number: str) -> dict[str, tuple[str, ...]]:
    """The acts on letters that an officer is shown, with the letters that wait for them."""
    found = next_steps.options(
        place.case(number), place.desk(who).officer.actor, place.desk(who).context, place.today
    )
    return {one.event: one.letters for one in found if one.letters}


def test_a_notice_goes_out_once_a_second_person_approved_it(strict: Place) -> None:
    number = walked(strict, *ROADS["in_hand"], _EXTEND, channel="post")
    assert events(strict, "reviewer", number) == {"approve_letter": ("P5",), "letter_posted": ("P2",)}
    day = RECEIVED + timedelta(days=4)
    for event, facts in (("letter_posted", {"letter": ["P5"]}), ("notice_reached", {"letter": "P5"})):
        with pytest.raises(Refused) as caught:
            strict.act("registrar", event, number, day, **facts)
        assert caught.value.rule == "house:four_eyes"
    batch = batches.make(strict.desk(), day)
    assert [[letter.code for letter in piece.letters] for piece in batch.pieces] == [["P2"]]
    assert [one["reason"] for one in batch.left_out] == [to_be_posted.NOT_APPROVED]
    # Who called for it is no second person.
    with pytest.raises(Refused):
        strict.act("head", "approve_letter", number, day, letter=["P5"])
    strict.act("reviewer", "approve_letter", number, day, letter=["P5"])
    assert stages(strict, number)["P5"] == "approved"
    assert events(strict, "registrar", number) == {"letter_posted": ("P2", "P5")}
    strict.act("registrar", "letter_posted", number, day, letter=["P5"])
    assert stages(strict, number)["P5"] == "sent"
    verify_record.verify(strict.store, strict.desk().office)


def test_a_letter_made_anew_is_approved_anew(strict: Place) -> None:
    number = walked(strict, *ROADS["in_hand"], _EXTEND)
    day = RECEIVED + timedelta(days=4)
    strict.act("reviewer", "approve_letter", number, day, letter=["P5"])
    strict.act("head", "void_letter", number, day, letter="P5", reasons="错字")
    strict.made()
    assert stages(strict, number)["P5"] == "made"


def test_an_unknown_letter_cannot_be_made_to_need_approval() -> None:
    with pytest.raises(Malformed):
        office_file.checked(builders.office_file(letters={"approve": ["D1"]}))
    checked, _ = office_file.checked(builders.office_file(letters={"approve": "p3，P5"}))
    assert profile.approved_by_two(checked["letters"]["approve"]) == ("P3", "P5")


def test_a_consultation_whose_letter_is_still_here_leaves_no_time_out(quick: Place) -> None:
    """Art. 32: the third party's time runs from its receipt of the letter; nobody who was not asked delays a
    reply."""
    number = quick.bring("in_hand")
    plain = quick.due(number)
    quick.walk(number, [_CONSULT])
    assert quick.clocks(number)["reply.limit", 0] == (plain, "running")
    quick.made()
    quick.act("registrar", "letter_posted", number, RECEIVED + timedelta(days=7), letter="P6")
    due, state = quick.clocks(number)["reply.limit", 0]
    assert state in ("paused", "stopped")
    assert due >= plain

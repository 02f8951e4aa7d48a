"""What comes next depends on no text of a case: where cases are only counted, their texts stay sealed."""

from __future__ import annotations

from typing import Any

from tests.builders import GRANT, ROADS, TODAY, Place
from workflow.procedure.fold import fold
from workflow.procedure.next_steps import options
from workflow.procedure.step_order import sorted_out
from workflow.storage import case_entries

# Roads with no other organ or case in them, the longest first: what they lead over is asked on the way.
GONE = (
    "filed",
    "head_review of a refusal",
    "reasons_asked in hand",
    "lapsed unpaid",
    "lapsed",
    "unconfirmed",
)
OFFICERS = ("registrar", "handler", "reviewer", "legal", "head", "archivist")


def told(place: Place, entries: list[Any], officer: str) -> list[tuple[Any, ...]]:
    seat = place.desk(officer)
    first, rest = sorted_out(
        options(fold(entries), seat.officer.actor, seat.context, TODAY, only_usual=True, dated=False)
    )
    return [(one.event, one.no, one.mine, one.ready, one.usual, one.letters) for one in (*first, *rest)]


def test_steps_are_the_same_without_the_texts(quick: Place) -> None:
    numbers = {quick.row(number)["id"]: number for number in (quick.begin(ROADS[road]) for road in GONE)}
    for number, road in zip(numbers.values(), GONE, strict=True):
        quick.walk(number, ROADS[road])
    with quick.store.reading() as connection:
        open_ = dict(case_entries.of_cases(connection, numbers))
        sealed = dict(case_entries.of_cases(connection, numbers, lambda: False))
    assert all(open_[one] != sealed[one] for one in numbers)
    for one in numbers:
        for last in range(1, len(open_[one]) + 1):
            for officer in OFFICERS:
                found = told(quick, open_[one][:last], officer)
                assert told(quick, sealed[one][:last], officer) == found, (numbers[one], last, officer)


def test_another_officer_is_told_of_no_obstacle_that_is_only_who_he_is(place: Place) -> None:
    number = place.bring("assigned")
    case = place.case(number)
    for who in ("reviewer", "head"):
        desk = place.desk(who)
        found = options(case, desk.officer.actor, desk.context, place.today)
        accept = next(one for one in found if one.event == "accept")
        assert accept.ready, who
        assert not accept.mine


def test_what_the_reply_says_was_sent_is_sent_first(quick: Place) -> None:
    """The third party is told before the draft is handed in: told later, the reply is another one and passed
    anew.
    """
    number = quick.bring("in_hand")
    for who, event, on, facts in (
        ("handler", "consult_third_party", "2026-03-04", {"name": "丙公司", "items": [1]}),
        ("handler", "opinion_given", "2026-03-06", {"no": 1, "answer": "object", "reasons": "不愿公开"}),
        ("head", "objection_overruled", "2026-03-09", {"no": 1, "reasons": "没有理由", "basis": "unfounded"}),
        ("handler", "draft", "2026-03-10", GRANT),
    ):
        quick.act(who, event, number, on, **facts)
    quick.made()
    seat = quick.desk("handler")
    first, _rest = sorted_out(options(quick.case(number), seat.officer.actor, seat.context, TODAY))
    assert [one.event for one in first][:2] == ["letter_posted", "submit"]
    assert "P9" in first[0].letters

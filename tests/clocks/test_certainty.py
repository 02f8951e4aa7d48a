"""How certain a deadline is: as the least certain of all that it rests on, under laws invented for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from workflow import calendar, clocks, law
from workflow.base import messages
from workflow.base.errors import Malformed
from workflow.clocks import Deadline, ReplyFacts, Restart, Window, deadline

L = law.bundled()
CAL = calendar.known()
MARCH = date(2026, 3, 2)
AUGUST = date(2026, 8, 3)
KEPT = ((date(2026, 8, 10), date(2026, 8, 12)),)


def with_status(statuses: dict[str, str]) -> law.Law:
    """The law as it would be, were these values so certain."""
    durations = law.bundled().tables["durations"]
    rows = [{**row, "status": statuses.get(row["id"], row["status"])} for row in durations["value"]]
    return law.Law({**law.bundled().tables, "durations": {**durations, "value": rows}})


def faulty(status: str | None) -> law.Law:
    """The law as it would be, were what follows from a faulty notice so certain, or unknown."""
    table = law.bundled().tables["faulty_notices"]
    rows = [{**row, "status": status} for row in table["notice"]] if status else []
    return law.Law({**law.bundled().tables, "faulty_notices": {**table, "notice": rows}})


def asked(kind: str) -> ReplyFacts:
    return ReplyFacts(MARCH, windows=(Window(kind, date(2026, 3, 9), answered=date(2026, 3, 11)),))


RESTS_ON: dict[str, Callable[[law.Law], Deadline]] = {
    "reply.limit": lambda L: clocks.reply(ReplyFacts(MARCH), L, CAL),
    "correction.restart": lambda L: clocks.reply(
        ReplyFacts(MARCH, restarts=(Restart("correction", MARCH),)), L, CAL
    ),
    "fee.restart": lambda L: clocks.reply(ReplyFacts(MARCH, restarts=(Restart("payment", MARCH),)), L, CAL),
    "reply.excluded_third_party": lambda L: clocks.reply(asked("third_party"), L, CAL),
    "reply.excluded_other_organ": lambda L: clocks.reply(asked("other_organ"), L, CAL),
    "reconsideration.limit": lambda L: clocks.calculate("reconsideration", AUGUST, L=L, excluded=KEPT),
    "reconsideration.left_out": lambda L: clocks.calculate("reconsideration", AUGUST, L=L, excluded=KEPT),
    "litigation.limit": lambda L: clocks.calculate("litigation", date(2015, 4, 1), L=L),
    "litigation.transition": lambda L: clocks.calculate("litigation", date(2015, 4, 1), L=L),
    "litigation.left_out": lambda L: clocks.calculate("litigation", AUGUST, L=L, excluded=KEPT),
    "fee.payment": lambda L: clocks.calculate("fee-payment", MARCH, L=L),
}


@pytest.mark.parametrize("id", RESTS_ON)
def test_no_deadline_is_more_certain_than_what_it_rests_on(id: str) -> None:
    certain = dict.fromkeys(RESTS_ON, "V")
    plain = RESTS_ON[id](with_status(certain))
    assert plain.status == "V"
    for status in ("V*", "M", "C", "U"):
        assert RESTS_ON[id](with_status({**certain, id: status})) == plain._replace(status=status)


@pytest.mark.parametrize(("rule", "told"), [("reconsideration", "30d"), ("reconsideration", "organ")])
def test_what_follows_from_a_faulty_notice_of_reconsideration(rule: str, told: str) -> None:
    for status, expected in (("V", "V"), ("C", "C"), ("U", "U"), (None, "U")):
        found = clocks.calculate(rule, MARCH, told=told, L=faulty(status))
        assert (found.status, found.due) == (expected, date(2026, 5, 6))


@pytest.mark.parametrize(("told", "due"), [("3m", date(2027, 2, 3)), ("7m", date(2027, 3, 3))])
def test_what_follows_from_a_faulty_notice_of_a_suit(told: str, due: date) -> None:
    for status, expected in (("V", "V"), ("C", "C"), ("U", "U"), (None, "C")):
        found = clocks.calculate("litigation", AUGUST, told=told, L=faulty(status))
        assert (found.status, found.due) == (expected, due)


def test_what_follows_from_a_faulty_notice_is_that_of_the_day_of_service() -> None:
    table = law.bundled().tables["faulty_notices"]
    rows = [
        row | span
        for row in table["notice"]
        for span in (
            {"status": "V", "effective_from": "2020-01-01", "effective_until": "2026-06-30"},
            {"status": "M", "effective_from": "2026-07-01"},
        )
    ]
    turned = law.Law({**law.bundled().tables, "faulty_notices": {**table, "notice": rows}})
    for told, rule in (("organ", "reconsideration"), ("30d", "reconsideration"), ("3m", "litigation")):
        for start, status in ((MARCH, "V"), (date(2026, 6, 30), "V"), (date(2026, 7, 1), "M"), (AUGUST, "M")):
            assert clocks.calculate(rule, start, told=told, L=turned).status == status


def test_only_the_consultations_that_count_make_it_less_certain() -> None:
    """An order may set a day inside a consultation; one that was asked on the last day takes nothing out."""
    L = with_status(
        {"reply.excluded_third_party": "M", "reply.excluded_other_organ": "C", "reply.limit": "V"}
    )
    first = Window("third_party", date(2026, 3, 4), answered=date(2026, 3, 11))
    plain = clocks.reply(ReplyFacts(MARCH, windows=(first,)), L, CAL)
    last = Window("other_organ", plain.due, answered=date(2026, 4, 20))
    both = clocks.reply(ReplyFacts(MARCH, windows=(first, last)), L, CAL)
    assert (plain.status, both.status, both.due) == ("M", "M", plain.due)
    inside = clocks.reply(ReplyFacts(MARCH, windows=(first,), ordered_due=date(2026, 3, 9)), L, CAL)
    assert (inside.status, inside.due) == ("M", date(2026, 3, 9))
    before = clocks.reply(ReplyFacts(MARCH, windows=(first,), ordered_due=date(2026, 3, 4)), L, CAL)
    assert (before.status, before.notes) == ("V", ("window_idle", "ordered"))
    two = Window("other_organ", date(2026, 3, 18), answered=date(2026, 3, 20))
    assert clocks.reply(ReplyFacts(MARCH, windows=(first, two)), L, CAL).status == "C"


def test_a_consultation_that_takes_nothing_out_makes_nothing_uncertain() -> None:
    plain = clocks.reply(ReplyFacts(MARCH), L, CAL)
    for sent, answered in ((plain.due, date(2026, 4, 8)), (MARCH, MARCH)):
        facts = ReplyFacts(MARCH, windows=(Window("third_party", sent, answered=answered),))
        found = clocks.reply(facts, L, CAL)
        assert found == plain._replace(notes=("window_idle",))
    eve = date(2026, 3, 29)
    facts = ReplyFacts(MARCH, windows=(Window("third_party", eve, answered=plain.due),))
    taken = clocks.reply(facts, L, CAL)
    assert (taken.due, taken.notes) == (date(2026, 3, 31), ("window",))
    assert taken.status == L.value("reply.excluded_third_party", MARCH).status


def test_statuses_from_the_most_to_the_least_certain() -> None:
    order = ("V", "V*", "M", "C", "U")
    for n, status in enumerate(order):
        assert deadline.worse(*order[: n + 1]) == deadline.worse(status) == status


def test_notes_are_told_once_in_their_order_and_none_is_unknown() -> None:
    assert deadline.in_order(("window", "extended", "window")) == ("extended", "window")
    with pytest.raises(Malformed) as caught:
        deadline.in_order(("nosuch",))
    assert str(caught.value) == "clocks names nosuch, and deadline.NOTES does not have it."


@pytest.mark.parametrize(
    ("channel", "day", "settings", "awaited"),
    [
        ("post_unsigned", MARCH, {}, True),
        ("fax", MARCH, {}, True),
        ("post", MARCH, {}, False),
        ("in_person", MARCH, {}, False),
        ("email", MARCH, {}, False),
        ("online", MARCH, {}, False),
        ("online", MARCH, {"online_receipt": "confirmed"}, True),
        ("online", MARCH, {"online_receipt": "system"}, False),
        ("post", MARCH, {"online_receipt": "confirmed"}, False),
    ],
)
def test_which_channels_wait_for_a_confirmation(
    channel: str, day: date, settings: dict[str, str], awaited: bool
) -> None:
    assert clocks.awaits_confirmation(channel, day, L, settings=settings) == awaited


def test_several_notes_on_a_receipt_are_told_one_after_the_other() -> None:
    arrived, confirmed = date(2011, 6, 1), date(2011, 6, 3)
    found = clocks.receipt_day("post", arrived, L, CAL, confirmed=confirmed, to_office=False)
    assert found.notes == ("other_office", "confirmed_late")
    with messages.speaking("en"):
        assert found.note == (
            "Sent to somebody other than the open government office: the day of confirmation counts. "
            "Confirmed with the applicant after the day of arrival; the law asks for the same day."
        )

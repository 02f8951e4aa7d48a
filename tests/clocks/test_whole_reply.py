"""The reply limit with everything that is told of it, of all that can happen to it; and the days spent."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from workflow import calendar, clocks, law
from workflow.clocks import Extension, ReplyFacts, Restart, Window, derivation, time_spent
from workflow.clocks.intervals import ends, merge

L = law.bundled()
CAL = calendar.known()
MARCH = date(2026, 3, 2)


def asked(kind: str, sent: date, **told: date) -> Window:
    return Window(kind, sent, **told)


def test_a_reply_with_all_that_can_happen() -> None:
    facts = ReplyFacts(
        MARCH,
        restarts=(Restart("correction", date(2026, 3, 10)), Restart("payment", date(2026, 3, 16))),
        windows=(
            asked("third_party", date(2026, 3, 5), answered=date(2026, 3, 12)),
            asked("third_party", date(2026, 3, 18), delivered=date(2026, 3, 20), answered=date(2026, 3, 25)),
            asked("other_organ", date(2026, 3, 24), answered=date(2026, 3, 27)),
            asked("referral", date(2026, 3, 24), answered=date(2026, 3, 27)),
            asked("other_organ", date(2026, 3, 30)),
        ),
        extension=Extension(date(2026, 4, 10), 30),
    )
    found = clocks.reply(facts, L, CAL)
    # From the payment, 16 March; out of it 19 to 27 March, seven working days; 20 and 20 working days.
    assert (found.start, found.first_due, found.due) == (
        date(2026, 3, 16),
        CAL.add(date(2026, 3, 16), 27),
        CAL.add(date(2026, 3, 16), 47),
    )
    assert found.excluded == ((date(2026, 3, 19), date(2026, 3, 27)),)
    assert (found.length, found.extended_by, found.article, found.instrument) == (
        40,
        20,
        "ogi2019:33.2",
        "ogi2019",
    )
    assert found.notes == (
        "restarted_payment",
        "extended",
        "extension_capped",
        "window",
        "window_open",
        "window_idle",
    )
    assert (found.rule, found.unit, found.provisional, found.status) == ("reply", "working_day", False, "U")


def test_on_one_day_the_payment_is_the_later_of_two_restarts() -> None:
    both = (Restart("payment", date(2026, 3, 10)), Restart("correction", date(2026, 3, 10)))
    for restarts in (both, both[::-1]):
        found = clocks.reply(ReplyFacts(MARCH, restarts=restarts), L, CAL)
        assert (found.start, found.notes) == (date(2026, 3, 10), ("restarted_payment",))


@pytest.mark.parametrize(
    ("noticed", "notes", "days"),
    [
        (date(2026, 3, 10), ("restarted_correction", "extended"), 10),
        (date(2026, 4, 8), ("restarted_correction", "extended"), 10),
        (date(2026, 4, 9), ("restarted_correction", "extension_late"), 0),
        (date(2026, 3, 9), ("restarted_correction", "extension_dropped"), 0),
    ],
)
def test_an_extension_holds_inside_the_first_period_alone(
    noticed: date, notes: tuple[str, ...], days: int
) -> None:
    facts = ReplyFacts(
        MARCH, restarts=(Restart("correction", date(2026, 3, 10)),), extension=Extension(noticed, 10)
    )
    found = clocks.reply(facts, L, CAL)
    assert found.first_due == date(2026, 4, 8)
    assert (found.notes, found.extended_by, found.length) == (notes, days, 20 + days)
    assert found.due == CAL.add(date(2026, 4, 8), days) if days else found.first_due
    kept = clocks.reply(facts, L, CAL, {"extension_survives_restart": True})
    assert ("extended" in kept.notes) == (noticed <= date(2026, 4, 8))


@pytest.mark.parametrize(
    ("facts", "due", "length", "article", "notes"),
    [
        (ReplyFacts(MARCH, delay_until=date(2026, 3, 31)), "2026-03-31", 21, "ogi2019:35", ("delayed",)),
        # A Saturday is moved, as any last day.
        (
            ReplyFacts(MARCH, delay_until=date(2026, 4, 11)),
            "2026-04-13",
            29,
            "ogi2019:35",
            ("delayed", "rolled"),
        ),
        (ReplyFacts(MARCH, delay_until=date(2026, 3, 30)), "2026-03-30", 20, "ogi2019:33.2", ("delay_idle",)),
        # What a court or the reconsideration organ sets stands over all, sooner or later.
        (ReplyFacts(MARCH, ordered_due=date(2026, 3, 9)), "2026-03-09", 5, "house:order", ("ordered",)),
        (
            ReplyFacts(MARCH, delay_until=date(2026, 5, 20), ordered_due=date(2026, 3, 14)),
            "2026-03-16",
            10,
            "house:order",
            ("ordered", "rolled"),
        ),
        (
            ReplyFacts(
                MARCH,
                windows=(asked("third_party", date(2026, 3, 4), answered=date(2026, 3, 11)),),
                ordered_due=date(2026, 3, 9),
            ),
            "2026-03-09",
            2,
            "house:order",
            ("window", "ordered"),
        ),
        (
            ReplyFacts(
                MARCH,
                windows=(asked("third_party", date(2026, 3, 18), answered=date(2026, 3, 20)),),
                ordered_due=date(2026, 3, 9),
            ),
            "2026-03-09",
            5,
            "house:order",
            ("window_idle", "ordered"),
        ),
    ],
)
def test_days_that_replace_the_limit(
    facts: ReplyFacts, due: str, length: int, article: str, notes: tuple[str, ...]
) -> None:
    found = clocks.reply(facts, L, CAL)
    assert (found.due.isoformat(), found.length, found.article, found.notes) == (due, length, article, notes)
    assert found.instrument == article.partition(":")[0]
    assert found.extended_by == 0


def test_what_is_left_out_where_consultations_meet() -> None:
    low, mid, high = date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 10)
    assert merge([(mid, high), (low, mid)]) == [(low, high)]
    assert merge([(low, high), (low, mid)]) == [(low, high)]
    later = mid.replace(day=7)
    assert merge([(later, high), (low, mid)]) == [(low, mid), (later, high)]
    assert merge([]) == []
    days = [(low, mid), (date(2026, 3, 8), high)]
    assert ends(CAL, date(2026, 3, 2), 5, "day", days) == date(2026, 3, 11)
    assert ends(CAL, date(2026, 3, 2), 2, "day", days) == date(2026, 3, 4)
    assert ends(CAL, date(2026, 3, 2), 5, "working_day", days) == date(2026, 3, 13)


def test_regulations_that_the_office_chose_for_the_turn_of_2019() -> None:
    """Received under the old Regulations, governed by the new: their limit from the first day of theirs."""
    old = clocks.reply(ReplyFacts(date(2019, 5, 6)), L, CAL)
    assert (old.due, old.length, old.article) == (date(2019, 5, 27), 15, "ogi2008:24.2")
    new = clocks.reply(ReplyFacts(date(2019, 5, 6), regulations="ogi2019"), L, CAL)
    assert (new.due, new.length, new.article) == (date(2019, 6, 3), 20, "ogi2019:33.2")
    back = clocks.reply(ReplyFacts(date(2019, 5, 20), regulations="ogi2008"), L, CAL)
    assert (back.due, back.length, back.article) == (date(2019, 6, 11), 15, "ogi2008:24.2")
    last = date(2019, 5, 14)
    chosen = {"transition_regulations": "new"}
    assert clocks.governing(last, L, chosen, ended_on=last) == "ogi2008"
    assert clocks.governing(last, L, {"transition_regulations": "old"}) == "ogi2008"


@pytest.mark.parametrize(
    ("kind", "settings", "left_out"),
    [
        ("third_party", {}, True),
        ("other_organ", {}, True),
        ("other_organ", {"excluded_other_organs": False}, False),
        ("co_maker", {"excluded_other_organs": False}, False),
        ("referral", {}, False),
        ("referral", {"excluded_referral": True}, True),
        ("third_party", {"excluded_other_organs": False, "excluded_referral": False}, True),
    ],
)
def test_whose_time_is_left_out(kind: str, settings: dict[str, bool], left_out: bool) -> None:
    assert clocks.leaves_out(kind, MARCH, L, settings) == left_out
    window = asked(kind, date(2026, 3, 4), answered=date(2026, 3, 10))
    found = clocks.reply(ReplyFacts(MARCH, windows=(window,)), L, CAL, settings)
    assert (found.due == date(2026, 4, 3)) == left_out
    assert found.notes == (("window",) if left_out else ("window_idle",))


@pytest.mark.parametrize(
    ("left_out", "net"),
    [
        (None, 20),
        ("", 20),
        ("2026-03-05/2026-03-11", 15),
        ("2026-03-05/2026-03-05", 19),
        # Before the start or after the reply nothing is taken off.
        ("2026-02-10/2026-03-02", 20),
        ("2026-02-10/2026-03-03", 19),
        ("2026-03-30/2026-04-10", 19),
        ("2026-04-07/2026-04-10", 20),
        ("2026-03-05/2026-03-11,2026-03-19/2026-03-20", 13),
    ],
)
def test_working_days_that_the_organ_had(left_out: str | None, net: int) -> None:
    assert time_spent.spent(CAL, MARCH, date(2026, 3, 30), left_out) == (net, 20)


def test_a_reply_before_its_start_took_no_day() -> None:
    spans = "2026-03-05/2026-03-11"
    assert time_spent.spent(CAL, date(2026, 3, 30), MARCH, spans) == (0, 0)
    assert time_spent.spent(CAL, MARCH, MARCH, None) == (0, 0)


# --- an invented law


def in_days(*rules: str) -> law.Law:
    """The law as it would be, were these counted in days."""
    durations = law.bundled().tables["durations"]
    rows = [{**row, "unit": "day"} if row["id"] in rules else row for row in durations["value"]]
    return law.Law({**law.bundled().tables, "durations": {**durations, "value": rows}})


def test_an_extension_in_days_runs_on_from_the_end_of_the_first_period() -> None:
    invented, extension = in_days("reply.extension"), Extension(date(2026, 3, 30), 10)
    plain = clocks.reply(ReplyFacts(MARCH, extension=extension), invented, CAL)
    assert (plain.first_due, plain.due, plain.length) == (date(2026, 3, 30), date(2026, 4, 9), 30)
    # Three working days of the first period are left out: until 2 April, and ten days to a Sunday.
    before = asked("third_party", date(2026, 3, 17), answered=date(2026, 3, 20))
    found = clocks.reply(ReplyFacts(MARCH, windows=(before,), extension=extension), invented, CAL)
    assert (found.first_due, found.due) == (date(2026, 4, 2), date(2026, 4, 13))
    assert found.notes == ("extended", "window", "rolled")
    # And two days of the extension.
    inside = asked("third_party", date(2026, 4, 7), answered=date(2026, 4, 9))
    both = clocks.reply(ReplyFacts(MARCH, windows=(before, inside), extension=extension), invented, CAL)
    assert (both.first_due, both.due) == (date(2026, 4, 2), date(2026, 4, 14))
    assert both.notes == ("extended", "window")


def test_a_limit_in_days_is_moved_off_a_day_off_and_its_extension_is_not_counted_from_there() -> None:
    invented = in_days("reply.limit")
    plain = clocks.reply(ReplyFacts(MARCH), invented, CAL)
    assert (plain.first_due, plain.due, plain.notes) == (date(2026, 3, 23), date(2026, 3, 23), ("rolled",))
    assert (plain.unit, plain.length) == ("day", 20)
    facts = ReplyFacts(MARCH, extension=Extension(date(2026, 3, 23), 5))
    found = clocks.reply(facts, invented, CAL)
    assert (found.first_due, found.due, found.extended_by) == (date(2026, 3, 23), date(2026, 3, 27), 5)
    assert derivation.steps(found, CAL) == [
        (MARCH, False, 0, "start", "", ""),
        (date(2026, 3, 27), True, 25, "arrival", "", ""),
    ]
    left_out = asked("third_party", date(2026, 3, 4), answered=date(2026, 3, 9))
    later = clocks.reply(ReplyFacts(MARCH, windows=(left_out,)), invented, CAL)
    assert (later.due, later.notes) == (date(2026, 3, 27), ("window",))
    assert derivation.steps(later, CAL)[1:-1] == [
        (date(2026, 3, day), False, 0, "window", "", "") for day in range(5, 10)
    ]


def test_what_is_asked_after_a_change_of_the_law_has_the_time_of_then() -> None:
    """The third party's time to answer is that of the day on which it is asked, not of the receipt."""
    tables: dict[str, Any] = copy.deepcopy(dict(L.tables))
    rows = tables["durations"]["value"]
    now = next(row for row in rows if row["id"] == "third_party.opinion" and "effective_until" not in row)
    now["effective_until"] = "2026-03-31"
    rows.append({key: value for key, value in now.items() if key != "effective_until"})
    rows[-1] |= {"value": 5, "effective_from": "2026-04-01"}
    book = law.Law(tables)
    received = date(2026, 3, 26)
    for sent, days in ((date(2026, 3, 30), 15), (date(2026, 4, 1), 5)):
        silent = asked("third_party", sent, answered=CAL.add(sent, 40))
        found = clocks.reply(ReplyFacts(received, windows=(silent,)), book, CAL)
        assert found.excluded[0][1] == CAL.add(sent, days)

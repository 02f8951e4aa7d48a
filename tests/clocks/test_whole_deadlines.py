"""Each period with everything that is told of it: both last days, unit, length, article, certainty, notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from workflow import calendar, clocks, law
from workflow.clocks import Deadline, periods

L = law.bundled()
CAL = calendar.known()
MONDAY, FRIDAY, LATE = date(2026, 8, 3), date(2026, 8, 7), date(2026, 12, 11)
OPINION = ("working_day", 15, "house:office_set", "C", False, ("office_set",))

# Rule, day of the event: last day, last day before it is moved, then unit, length, article, certainty,
# whether it is provisional, and notes.
BY_RULE: list[tuple[str, date, str, str, tuple[object, ...]]] = [
    ("reply", MONDAY, "2026-08-31", "", ("working_day", 20, "ogi2019:33.2", "V", False, ())),
    ("reply", LATE, "2027-01-11", "", ("working_day", 20, "ogi2019:33.2", "V", True, ())),
    (
        "reply",
        date(2026, 12, 2),
        "2026-12-30",
        "",
        ("working_day", 20, "ogi2019:33.2", "V", False, ("december_open",)),
    ),
    ("reply", date(2019, 5, 14), "2019-06-04", "", ("working_day", 15, "ogi2008:24.2", "V", False, ())),
    ("correction-notice", MONDAY, "2026-08-12", "", ("working_day", 7, "ogi2019:30", "V", False, ())),
    ("third-party-opinion", MONDAY, "2026-08-24", "", ("working_day", 15, "ogi2019:32", "V", False, ())),
    ("co-maker-opinion", LATE, "2027-01-04", "", ("working_day", 15, "ogi2019:34", "V", True, ())),
    ("fee-payment", MONDAY, "2026-08-31", "", ("working_day", 20, "fee2020:6", "V*", False, ())),
    (
        "reconsideration",
        MONDAY,
        "2026-10-08",
        "2026-10-02",
        ("day", 60, "arl2023:20.1", "V", False, ("rolled",)),
    ),
    ("reconsideration", LATE, "2027-02-09", "", ("day", 60, "arl2023:20.1", "V", True, ())),
    ("litigation", MONDAY, "2027-02-03", "", ("month", 6, "all2014:46.1", "V", True, ())),
    # Longer since 1 May 2015: for what had not ended by then too (法释〔2015〕9号 Art. 26(1)).
    ("litigation", date(2015, 1, 30), "2015-04-30", "", ("month", 3, "all1989:39", "V", False, ())),
    (
        "litigation",
        date(2015, 2, 3),
        "2015-08-03",
        "",
        ("month", 6, "all2014:46.1", "V", False, ("litigation_transition",)),
    ),
    (
        "litigation",
        date(2015, 4, 30),
        "2015-10-30",
        "",
        ("month", 6, "all2014:46.1", "V", False, ("litigation_transition",)),
    ),
    (
        "litigation",
        date(2015, 5, 1),
        "2015-11-02",
        "2015-11-01",
        ("month", 6, "all2014:46.1", "V", False, ("rolled",)),
    ),
    (
        "litigation-after-reconsideration",
        MONDAY,
        "2026-08-18",
        "",
        ("day", 15, "spc2026:6.1", "V", False, ()),
    ),
    (
        "litigation-after-reconsideration",
        LATE,
        "2026-12-28",
        "2026-12-26",
        ("day", 15, "spc2026:6.1", "V", False, ("rolled",)),
    ),
    (
        "reconsideration-inaction",
        MONDAY,
        "2026-10-08",
        "2026-10-02",
        ("day", 60, "arl2023:20.1", "C", False, ("rolled",)),
    ),
    ("litigation-inaction", MONDAY, "2027-02-03", "", ("month", 6, "spc2018:66", "V", True, ())),
    ("litigation-review-silent", MONDAY, "2026-08-18", "", ("day", 15, "all2014:45", "V", False, ())),
    (
        "reconsideration-absolute",
        MONDAY,
        "2031-08-04",
        "2031-08-03",
        ("year", 5, "arl2023:21", "V", True, ("rolled",)),
    ),
    ("litigation-absolute", LATE, "2031-12-11", "", ("year", 5, "all2014:46.2", "V", True, ())),
]


def whole(found: Deadline) -> tuple[object, ...]:
    return found.unit, found.length, found.article, found.status, found.provisional, found.notes


def is_plain(found: Deadline, start: date, rule: str) -> None:
    """Neither extended nor with days left out, and of its rule, day, instrument and calendar."""
    assert (found.rule, found.start, found.extended_by, found.excluded) == (rule, start, 0, ())
    assert found.instrument == found.article.partition(":")[0]
    assert found.calendar_version == CAL.version


@pytest.mark.parametrize(("rule", "start", "due", "first_due", "rest"), BY_RULE)
def test_by_rule(rule: str, start: date, due: str, first_due: str, rest: tuple[object, ...]) -> None:
    found = clocks.calculate(rule, start)
    assert (found.due.isoformat(), found.first_due.isoformat()) == (due, first_due or due)
    assert whole(found) == rest
    is_plain(found, start, rule)


# What was told of a remedy on 3 August 2026.
TOLD: list[tuple[str, str, str, tuple[object, ...]]] = [
    ("reconsideration", "no", "2027-08-03", ("year", 1, "arl2023:20.3", "V", True, ("untold",))),
    (
        "reconsideration",
        "30d",
        "2026-10-08",
        ("day", 60, "arl2023:20.1", "U", False, ("rolled", "told_wrong")),
    ),
    (
        "reconsideration",
        "1y",
        "2026-10-08",
        ("day", 60, "arl2023:20.1", "U", False, ("rolled", "told_wrong")),
    ),
    ("reconsideration", "60d", "2026-10-08", ("day", 60, "arl2023:20.1", "V", False, ("rolled",))),
    (
        "reconsideration",
        "organ",
        "2026-10-08",
        ("day", 60, "arl2023:20.1", "U", False, ("rolled", "told_organ")),
    ),
    ("litigation", "no", "2027-08-03", ("year", 1, "spc2018:64.1", "V", True, ("untold",))),
    ("litigation", "30d", "2027-02-03", ("month", 6, "all2014:46.1", "V", True, ("told_short",))),
    ("litigation", "6m", "2027-02-03", ("month", 6, "all2014:46.1", "V", True, ())),
    ("litigation", "1y", "2027-08-03", ("year", 1, "all2014:46.1", "V", True, ("told_long",))),
    (
        "litigation-after-reconsideration",
        "no",
        "2027-08-03",
        ("year", 1, "spc2026:6.2", "V", True, ("untold",)),
    ),
    (
        "litigation-after-reconsideration",
        "7d",
        "2026-08-18",
        ("day", 15, "spc2026:6.1", "V", False, ("told_short",)),
    ),
    (
        "litigation-after-reconsideration",
        "100d",
        "2026-11-11",
        ("day", 100, "spc2026:6.1", "V", False, ("told_long",)),
    ),
]


@pytest.mark.parametrize(("rule", "told", "due", "rest"), TOLD)
def test_as_told(rule: str, told: str, due: str, rest: tuple[object, ...]) -> None:
    found = clocks.calculate(rule, MONDAY, told=told)
    assert found.due.isoformat() == due
    assert whole(found) == rest
    is_plain(found, MONDAY, rule)


def test_what_was_not_told_before_the_law_of_2015_ran_two_years() -> None:
    found = clocks.calculate("litigation", date(2015, 2, 3), told="no")
    assert found.due == date(2017, 2, 3)
    assert whole(found) == ("year", 2, "spc2000:41.1", "M", False, ("untold",))


# After a remedy was brought, from 3 August 2026.
AFTER: list[tuple[Callable[[], Deadline], str, str, tuple[object, ...]]] = [
    (
        lambda: clocks.reconsideration_decision(MONDAY, L, CAL),
        "reconsideration-decision",
        "2026-10-08",
        ("day", 60, "arl2023:62.1", "V", False, ("rolled",)),
    ),
    (
        lambda: clocks.reconsideration_decision(MONDAY, L, CAL, simple=True),
        "reconsideration-decision",
        "2026-09-02",
        ("day", 30, "arl2023:62.2", "V", False, ()),
    ),
    (
        lambda: clocks.defence("reconsideration", MONDAY, L, CAL),
        "remedy-defence",
        "2026-08-17",
        ("working_day", 10, "arl2023:48", "V", False, ()),
    ),
    (
        lambda: clocks.defence("reconsideration", MONDAY, L, CAL, simple=True),
        "remedy-defence",
        "2026-08-10",
        ("working_day", 5, "arl2023:54.1", "V", False, ()),
    ),
    (
        lambda: clocks.defence("suit_direct", MONDAY, L, CAL),
        "remedy-defence",
        "2026-08-18",
        ("day", 15, "all2014:67.1", "V", False, ()),
    ),
    (
        lambda: clocks.appeal(MONDAY, L, CAL),
        "remedy-appeal",
        "2026-08-18",
        ("day", 15, "all2014:85", "V", False, ()),
    ),
    (
        lambda: clocks.appeal(MONDAY, L, CAL, ruling=True),
        "remedy-appeal",
        "2026-08-13",
        ("day", 10, "all2014:85", "V", False, ()),
    ),
    (
        lambda: clocks.internal("drafting", MONDAY, 3, L, CAL),
        "drafting",
        "2026-08-06",
        ("working_day", 3, "house:internal_target", "C", False, ("office_set",)),
    ),
    (
        lambda: clocks.internal("drafting", MONDAY, 1, L, CAL),
        "drafting",
        "2026-08-04",
        ("working_day", 1, "house:internal_target", "C", False, ("office_set",)),
    ),
    (
        lambda: clocks.office_set("answer", MONDAY, MONDAY, "ogi2019:35", L, CAL, note="delayed"),
        "answer",
        "2026-08-03",
        ("working_day", 0, "ogi2019:35", "C", False, ("delayed",)),
    ),
    (
        lambda: clocks.office_set("answer", MONDAY, date(2026, 12, 31), "ogi2019:35", L, CAL),
        "answer",
        "2026-12-31",
        (
            "working_day",
            CAL.count(MONDAY, date(2026, 12, 31)),
            "ogi2019:35",
            "C",
            False,
            ("office_set", "december_open"),
        ),
    ),
]


@pytest.mark.parametrize(("made", "rule", "due", "rest"), AFTER)
def test_after_a_remedy_and_inside_the_office(
    made: Callable[[], Deadline], rule: str, due: str, rest: tuple[object, ...]
) -> None:
    found = made()
    assert found.due.isoformat() == due
    assert whole(found) == rest
    is_plain(found, MONDAY, rule)


@pytest.mark.parametrize(("kind", "article"), [("third_party", "ogi2019:32"), ("co_maker", "ogi2019:34")])
def test_whom_the_law_gives_a_time(kind: str, article: str) -> None:
    rule = f"{kind.replace('_', '-')}-opinion"
    for given in (None, date(2026, 9, 5)):
        sent = clocks.consultation(kind, MONDAY, L, CAL, answer_by=given)
        assert sent.due == date(2026, 8, 24)
        assert whole(sent) == ("working_day", 15, article, "V", False, ("delivery_unknown",))
        is_plain(sent, MONDAY, rule)
    delivered = clocks.consultation(kind, MONDAY, L, CAL, delivered=FRIDAY)
    assert delivered.due == date(2026, 8, 28)
    assert whole(delivered) == ("working_day", 15, article, "V", False, ())
    is_plain(delivered, FRIDAY, rule)
    same_day = clocks.consultation(kind, MONDAY, L, CAL, delivered=MONDAY)
    assert (same_day.due, same_day.notes) == (date(2026, 8, 24), ())
    # The Regulations of 2008 gave none: the office did.
    sent_on, by = date(2012, 3, 8), date(2012, 4, 12)
    old = clocks.consultation(kind, sent_on, L, CAL, answer_by=by)
    assert whole(old) == ("working_day", 24, "house:office_set", "C", False, ("office_set",))
    is_plain(old, sent_on, rule)
    assert old.due == by


@pytest.mark.parametrize("kind", ["other_organ", "referral"])
def test_whom_the_office_gives_a_time(kind: str) -> None:
    rule = f"{kind.replace('_', '-')}-opinion"
    plain = clocks.consultation(kind, MONDAY, L, CAL)
    assert plain.due == date(2026, 8, 24)
    assert whole(plain) == OPINION
    is_plain(plain, MONDAY, rule)
    # Also where the day of delivery is known: the day is the office's.
    assert clocks.consultation(kind, MONDAY, L, CAL, delivered=FRIDAY) == plain
    by = clocks.consultation(kind, MONDAY, L, CAL, answer_by=date(2026, 9, 5))
    assert by.due == date(2026, 9, 5)
    assert whole(by) == ("working_day", 24, *OPINION[2:])
    is_plain(by, MONDAY, rule)


def test_days_left_out_of_a_remedy() -> None:
    spans = ((date(2027, 2, 1), date(2027, 2, 7)), (date(2026, 8, 1), date(2026, 8, 5)))
    found = clocks.calculate("litigation-inaction", MONDAY, excluded=spans)
    # 4 and 5 August, 1 to 3 February: five days more, from the 8th on.
    assert found.due == found.first_due == date(2027, 2, 12)
    assert (*whole(found), found.excluded) == (
        "month",
        6,
        "spc2018:66",
        "V",
        True,
        ("left_out",),
        tuple(sorted(spans)),
    )
    before = ((date(2026, 7, 1), MONDAY),)
    assert clocks.calculate("litigation-inaction", MONDAY, excluded=before) == clocks.calculate(
        "litigation-inaction", MONDAY
    )
    # What had been moved off a day off, and is no longer, and the other way round.
    moved = clocks.calculate("reconsideration", MONDAY, excluded=((date(2026, 8, 5), date(2026, 8, 11)),))
    assert (moved.due, moved.first_due, moved.notes) == (date(2026, 10, 9), date(2026, 10, 9), ("left_out",))
    rolled = clocks.calculate("reconsideration", MONDAY, excluded=((date(2026, 8, 5), date(2026, 8, 5)),))
    assert (rolled.due, rolled.first_due) == (date(2026, 10, 8), date(2026, 10, 3))
    assert rolled.notes == ("left_out", "rolled")
    december = clocks.calculate(
        "reconsideration", date(2026, 10, 30), excluded=((date(2026, 11, 2), date(2026, 11, 2)),)
    )
    assert (december.due, december.notes) == (date(2026, 12, 30), ("left_out", "december_open"))


@pytest.mark.parametrize(
    ("start", "length", "unit", "end"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2028, 1, 31), 1, "month", date(2028, 2, 29)),
        (date(2026, 8, 31), 6, "month", date(2027, 2, 28)),
        (date(2026, 11, 30), 1, "month", date(2026, 12, 30)),
        (date(2026, 11, 30), 13, "month", date(2027, 12, 30)),
        (date(2026, 12, 31), 12, "month", date(2027, 12, 31)),
        (date(2028, 2, 29), 1, "year", date(2029, 2, 28)),
        (date(2028, 2, 29), 4, "year", date(2032, 2, 29)),
        (date(2026, 12, 31), 1, "day", date(2027, 1, 1)),
    ],
)
def test_the_end_of_days_months_and_years(start: date, length: int, unit: str, end: date) -> None:
    assert periods.natural_end(start, length, unit) == end
    assert clocks.due_again(start, length, unit, CAL) == CAL.roll(end)


def test_the_same_length_in_working_days_under_another_calendar() -> None:
    then = calendar.known(as_known_on=date(2020, 1, 25))
    start = date(2020, 1, 20)
    assert clocks.due_again(start, 10, "working_day", then) == date(2020, 2, 7)
    assert clocks.due_again(start, 10, "working_day", CAL) == date(2020, 2, 11)

"""Working days: equal to other implementations of the same notices, and as known at each time."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from workflow import calendar
from workflow.base import dates
from workflow.base.errors import Malformed, OutOfLaw
from workflow.calendar import LocalDay, Missing, fixed_holidays

CAL = calendar.known()
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, date(2034, 12, 31))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_every_day_equals_chinesecalendar_and_holidays() -> None:
    others = holidays.country_holidays("CN", years=range(2006, 2028))
    for day in days(FIRST, LAST):
        ours = CAL.is_working(day)
        assert ours == chinese_calendar.is_workday(day), day
        assert ours == others.is_working_day(day), day


def test_the_days_set_in_the_december_before() -> None:
    for day in ("2006-12-30", "2006-12-31", "2007-12-29", "2011-12-31", "2018-12-29"):
        assert CAL.day(date.fromisoformat(day)).kind == "make_up", day
    for day in ("2007-12-31", "2018-12-31", "2022-12-31"):
        assert CAL.day(date.fromisoformat(day)).kind == "holiday", day
    assert (
        "2019" in CAL.day(date(2018, 12, 31)).notice or "〔2018〕15号" in CAL.day(date(2018, 12, 31)).notice
    )


def test_each_notice_has_its_year_number_promulgation_and_source() -> None:
    found = calendar.notices()
    assert {notice.year for notice in found} == set(range(2007, 2027))
    assert [notice.promulgated for notice in found] == sorted(notice.promulgated for notice in found)
    for notice in found:
        assert notice.source.startswith("http")
        assert notice.status == ("M" if notice.year == 2008 else "V")
        assert notice.promulgated < date(notice.year, 12, 31)
        assert notice.amends or notice.promulgated < date(notice.year, 1, 1)
        assert notice.number
        assert all(day.weekday() >= 5 for day in notice.work)
        assert not set(notice.off) & set(notice.work)


def test_the_law_and_the_notices_agree() -> None:
    for year in range(2007, 2027):
        for day, festival, _ in fixed_holidays.holidays(year):
            assert not CAL.is_working(day), (day, festival)


@pytest.mark.parametrize(
    ("known_on", "day", "working", "provisional"),
    [
        # Labour Day 2019 was made longer on 22 March 2019.
        ("2019-03-21", "2019-05-02", True, False),
        ("2019-03-22", "2019-05-02", False, False),
        ("2019-03-21", "2019-04-28", False, False),
        ("2019-03-22", "2019-04-28", True, False),
        ("2019-03-21", "2019-05-01", False, False),
        # The Spring Festival of 2020 was prolonged on 26 January 2020; 1 February had been a make-up day.
        ("2020-01-25", "2020-01-31", True, False),
        ("2020-01-26", "2020-01-31", False, False),
        ("2020-01-25", "2020-02-01", True, False),
        ("2020-01-26", "2020-02-01", False, False),
        # The day of remembrance of September 2015 was announced on 13 May 2015.
        ("2015-05-12", "2015-09-03", True, False),
        ("2015-05-13", "2015-09-03", False, False),
        ("2015-05-12", "2015-09-06", False, False),
        ("2015-05-13", "2015-09-06", True, False),
        # Next year's notice also sets days of this December.
        ("2018-12-03", "2018-12-31", True, False),
        ("2018-12-04", "2018-12-31", False, False),
        # A year not yet announced has its fixed holidays only, and is provisional.
        ("2025-11-03", "2026-02-16", False, True),
        ("2025-11-03", "2026-02-20", True, True),
        ("2025-11-04", "2026-02-20", False, False),
        ("2025-11-03", "2026-02-14", False, True),
        ("2025-11-04", "2026-02-14", True, False),
    ],
)
def test_what_was_known_on_a_day(known_on: str, day: str, working: bool, provisional: bool) -> None:
    then = calendar.known(as_known_on=date.fromisoformat(known_on))
    asked = date.fromisoformat(day)
    assert (then.is_working(asked), then.provisional(asked)) == (working, provisional)


def test_the_fixed_holidays_follow_the_version_of_their_rule() -> None:
    def spring(year: int, known_on: date | None = None) -> list[str]:
        return [day.isoformat() for day, name, _ in fixed_holidays.holidays(year, known_on) if name == "春节"]

    assert spring(2007) == ["2007-02-18", "2007-02-19", "2007-02-20"]
    assert spring(2008) == ["2008-02-06", "2008-02-07", "2008-02-08"]
    assert spring(2014) == ["2014-01-31", "2014-02-01", "2014-02-02"]
    assert spring(2025) == ["2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31"]
    assert spring(2025, date(2024, 11, 9)) == ["2025-01-29", "2025-01-30", "2025-01-31"]
    assert [len(fixed_holidays.holidays(year)) for year in (2007, 2008, 2014, 2025)] == [10, 11, 11, 13]
    assert calendar.known(as_known_on=date(2024, 11, 9)).is_working(date(2025, 1, 28))
    assert not calendar.known(as_known_on=date(2024, 11, 10)).is_working(date(2025, 1, 28))


def test_the_lunar_days_agree_with_the_notices_and_with_others() -> None:
    for year in fixed_holidays.years():
        others = holidays.country_holidays("CN", years=year, language="en_US")
        for day, festival, _ in fixed_holidays.holidays(year):
            assert day in others, (day, festival)


def test_past_the_last_notice_nothing_is_guessed() -> None:
    assert CAL.announced_until == date(2026, 12, 31)
    assert not CAL.provisional(date(2026, 12, 31))
    assert CAL.provisional(date(2027, 1, 1))
    off = [
        day
        for day in days(date(2027, 1, 1), date(2027, 12, 31))
        if day.weekday() < 5 and not CAL.is_working(day)
    ]
    assert [day.isoformat() for day in off] == [
        "2027-01-01",
        "2027-02-05",
        "2027-02-08",
        "2027-04-05",
        "2027-06-09",
        "2027-09-15",
        "2027-10-01",
    ]
    assert not any(
        CAL.is_working(day) for day in days(date(2027, 1, 1), date(2027, 12, 31)) if day.weekday() >= 5
    )
    assert CAL.day(date(2027, 2, 5)) == calendar.Day(
        date(2027, 2, 5), False, "statutory", "春节", "国务院令第795号"
    )


def test_the_last_days_of_december_stay_open_until_the_next_notice() -> None:
    found = [day for day in days(date(2026, 12, 1), date(2027, 1, 31)) if CAL.december_open(day)]
    assert [day.isoformat() for day in found] == ["2026-12-29", "2026-12-30", "2026-12-31"]
    earlier = calendar.known(as_known_on=date(2018, 12, 3))
    changed = [
        day
        for day in days(date(2018, 1, 1), date(2018, 12, 31))
        if earlier.is_working(day) != CAL.is_working(day)
    ]
    assert changed
    assert all(earlier.december_open(day) for day in changed)


# The number of each year's notice and the day under its text.
NOTICES = {
    2007: ("国办发明电〔2006〕49号", "2006-12-14"),
    2008: ("国办发明电〔2007〕52号", "2007-12-15"),
    2009: ("国办发明电〔2008〕42号", "2008-12-04"),
    2010: ("国办发明电〔2009〕27号", "2009-12-07"),
    2011: ("国办发明电〔2010〕40号", "2010-12-09"),
    2012: ("国办发明电〔2011〕45号", "2011-12-05"),
    2013: ("国办发明电〔2012〕33号", "2012-12-08"),
    2014: ("国办发明电〔2013〕28号", "2013-12-11"),
    2015: ("国办发明电〔2014〕28号", "2014-12-16"),
    2016: ("国办发明电〔2015〕18号", "2015-12-10"),
    2017: ("国办发明电〔2016〕17号", "2016-12-01"),
    2018: ("国办发明电〔2017〕12号", "2017-11-30"),
    2019: ("国办发明电〔2018〕15号", "2018-12-04"),
    2020: ("国办发明电〔2019〕16号", "2019-11-21"),
    2021: ("国办发明电〔2020〕27号", "2020-11-25"),
    2022: ("国办发明电〔2021〕11号", "2021-10-25"),
    2023: ("国办发明电〔2022〕16号", "2022-12-08"),
    2024: ("国办发明电〔2023〕7号", "2023-10-25"),
    2025: ("国办发明电〔2024〕12号", "2024-11-12"),
    2026: ("国办发明电〔2025〕7号", "2025-11-04"),
}


def test_number_and_day_of_each_years_notice() -> None:
    found = {notice.year: notice for notice in calendar.notices() if not notice.amends}
    assert {
        year: (notice.number, notice.promulgated.isoformat()) for year, notice in found.items()
    } == NOTICES


def test_what_a_day_is_and_who_said_so() -> None:
    assert CAL.day(date(2026, 2, 16)) == calendar.Day(
        date(2026, 2, 16), False, "holiday", "春节", "国办发明电〔2025〕7号"
    )
    assert CAL.day(date(2026, 2, 14)).kind == "make_up"
    assert CAL.day(date(2026, 5, 20)) == calendar.Day(date(2026, 5, 20), True, "weekday", "", "")
    assert CAL.day(date(2026, 5, 23)).kind == "weekend"
    assert CAL.day(date(2020, 2, 1)).notice == "国办发明电〔2020〕1号"
    assert CAL.day(date(2008, 5, 2)).notice == "国办发明电〔2007〕52号"


def test_the_days_of_a_year() -> None:
    year = CAL.year(2026)
    assert sum(not day.working for day in year) == 33
    assert sum(day.kind == "make_up" for day in year) == 6
    assert [day.date for day in year] == sorted(day.date for day in year)


@given(DAYS, st.integers(0, 60))
def test_add_is_a_walk_over_the_days(start: date, n: int) -> None:
    day, left = start, n
    if n == 0:
        while not CAL.is_working(day):
            day += timedelta(days=1)
    while left:
        day += timedelta(days=1)
        left -= CAL.is_working(day)
    assert CAL.add(start, n) == day


@given(DAYS, DAYS)
def test_count_counts_and_has_a_sign(first: date, last: date) -> None:
    low, high = sorted((first, last))
    number = sum(CAL.is_working(day) for day in days(low, high)[1:])
    assert CAL.count(low, high) == number
    assert CAL.count(high, low) == -number


@given(DAYS, st.integers(1, 60))
def test_add_and_count_undo_each_other(start: date, n: int) -> None:
    assert CAL.count(start, CAL.add(start, n)) == n


@given(DAYS)
def test_roll_is_the_first_working_day(day: date) -> None:
    rolled = CAL.roll(day)
    assert CAL.is_working(rolled)
    assert not any(CAL.is_working(between) for between in days(day, rolled)[:-1])


def test_local_days_stand_over_the_notices_and_change_the_version() -> None:
    own = calendar.known(
        local=(LocalDay(date(2026, 4, 20), False, "三月三"), LocalDay(date(2026, 5, 23), True, "local shift"))
    )
    assert not own.is_working(date(2026, 4, 20))
    assert own.is_working(date(2026, 5, 23))
    assert own.day(date(2026, 4, 20))[1:4] == (False, "local", "三月三")
    assert own.day(date(2026, 5, 23)).kind == "local"
    assert own.version != CAL.version
    assert CAL.is_working(date(2026, 4, 20))
    with pytest.raises(OutOfLaw):
        calendar.known(local=(LocalDay(date(2050, 1, 1), False, "far"),))
    first, last = calendar.known().first, calendar.known().last
    for day in (first, last):
        assert calendar.known(
            local=(LocalDay(day, not calendar.known().is_working(day), "edge"),)
        ).is_working(day) is not calendar.known().is_working(day)
    with pytest.raises(OutOfLaw):
        calendar.known(local=(LocalDay(first - timedelta(days=1), False, "before"),))


def test_the_version_says_which_data_it_was() -> None:
    assert calendar.known().version == CAL.version
    assert calendar.known(as_known_on=date(2025, 11, 3)).version.startswith("2025.")
    assert (
        calendar.known(as_known_on=date(2020, 1, 25)).version
        != calendar.known(as_known_on=date(2020, 1, 26)).version
    )


def test_the_same_knowledge_is_the_same_calendar() -> None:
    assert calendar.known(as_known_on=date(2026, 1, 5)) is calendar.known(as_known_on=date(2026, 3, 9))


@pytest.mark.parametrize("day", [date(2006, 12, 29), date(2036, 1, 1), date.min, date.max])
def test_outside_its_years_it_says_so(day: date) -> None:
    for ask in (CAL.is_working, CAL.roll, CAL.day, lambda d: CAL.add(d, 1), lambda d: CAL.add(d, 0)):
        with pytest.raises(OutOfLaw):
            ask(day)
    with pytest.raises(OutOfLaw):
        CAL.count(day, date(2026, 1, 5))


def test_a_count_that_runs_off_the_end() -> None:
    with pytest.raises(OutOfLaw):
        CAL.add(date(2035, 12, 1), 60)
    with pytest.raises(OutOfLaw):
        CAL.add(date(2026, 1, 5), 10**7)
    with pytest.raises(Malformed):
        CAL.add(date(2026, 1, 5), -1)


def test_before_the_first_notice_nothing_was_known() -> None:
    with pytest.raises(OutOfLaw) as caught:
        calendar.known(as_known_on=date(2006, 12, 13))
    assert caught.value.params["first"] == "2006-12-14"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-10-31", None),
        ("2026-11-01", Missing(2027, "warn")),
        ("2026-11-30", Missing(2027, "warn")),
        ("2026-12-01", Missing(2027, "fail")),
        ("2026-12-31", Missing(2027, "fail")),
        ("2027-01-01", Missing(2027, "fail")),
        ("2028-06-01", Missing(2027, "fail")),
    ],
)
def test_a_missing_notice_is_a_warning_then_a_failure(today: str, expected: Missing | None) -> None:
    with freeze_time(f"{today} 03:00:00"):
        then = calendar.known(as_known_on=date(2026, 10, 1))
        assert calendar.missing(dates.today(), then) == expected


def test_the_last_days_are_reached_as_any_other() -> None:
    known = calendar.known()
    days = [known.last - timedelta(days=back) for back in range(30, -1, -1)]
    working = [day for day in days if known.is_working(day)]
    assert known.last == date(known.last.year, 12, 31)
    assert [known.add(day, 1) for day in working[:-1]] == working[1:]
    assert known.add(working[0], len(working) - 1) == working[-1]
    assert known.count(working[0], known.last) == len(working) - 1


def test_what_is_the_same_in_two_calendars_begins_where_both_begin() -> None:
    known = calendar.known()
    later = calendar.Calendar(lambda: known.notices[3:])
    unannounced = known.announced_until + timedelta(days=1)
    assert known.same_until(later) == later.same_until(known) == unannounced
    assert known.same_until(calendar.known()) == known.last

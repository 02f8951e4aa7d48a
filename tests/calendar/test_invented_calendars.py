"""A calendar made of invented notices is what these say, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflow import calendar
from workflow.calendar import (
    Calendar,
    Day,
    Festival,
    LocalDay,
    Missing,
    Notice,
    fixed_holidays,
    notice_tables,
)

TOLD = date(2026, 11, 20)


def notice(
    year: int, *festivals: Festival, number: str = "", amends: bool = False, on: date = TOLD
) -> Notice:
    return Notice(str(year), year, f"{year}年通知", number, "M", on, "M", "", festivals, amends)


def fixed(year: int) -> Festival:
    """All days that the law fixes."""
    return Festival("法定", tuple(day for day, _, _ in fixed_holidays.holidays(year)), ())


START = notice(2025, fixed(2025), Festival("元旦", (date(2025, 1, 1),), (date(2024, 12, 28),)), number="甲")
NEXT = notice(2026, fixed(2026), Festival("春节", (date(2026, 2, 16),), (date(2026, 2, 14),)))
CHANGE = notice(2026, Festival("又", (date(2026, 9, 4),), (date(2026, 2, 15),)), number="丙", amends=True)


def made(*notices: Notice, local: tuple[LocalDay, ...] = (), rules: date | None = None) -> Calendar:
    return Calendar(lambda: notices, local, rules)


def plain_kind(day: date) -> str:
    return "weekday" if day.weekday() < 5 else "weekend"


@pytest.mark.parametrize("local", [(), (LocalDay(date(2026, 9, 4), True, "自办", "府"),)])
def test_each_day_is_what_the_last_that_speaks_of_it_says(local: tuple[LocalDay, ...]) -> None:
    found = made(START, NEXT, CHANGE, local=local)
    said: dict[date, Day] = {}
    for year in fixed_holidays.years():
        for day, festival, source in fixed_holidays.holidays(year):
            said[day] = Day(day, False, "statutory", festival, source)
    for one in (START, NEXT, CHANGE):
        for festival in one.festivals:
            for day in festival.off:
                said[day] = Day(day, False, "holiday", festival.name, one.name)
            for day in festival.work:
                said[day] = Day(day, True, "make_up", festival.name, one.name)
    for own in local:
        said[own.date] = Day(own.date, own.working, "local", own.name, own.source)
    assert (found.first, found.last) == (date(2024, 12, 28), date(2035, 12, 31))
    assert (found.announced_until, found.open_from) == (date(2026, 12, 31), date(2026, 12, 29))
    day, worked = found.first, []
    while day <= found.last:
        kind = plain_kind(day)
        expected = said.get(day, Day(day, kind == "weekday", kind, "", ""))
        assert found.day(day) == expected
        assert found.is_working(day) == expected.working
        assert found.provisional(day) == (day > date(2026, 12, 31))
        assert found.december_open(day) == (date(2026, 12, 29) <= day <= date(2026, 12, 31))
        worked += [day] * expected.working
        day += timedelta(1)
    assert [found.add(found.first, n) for n in (1, 2, 300)] == [worked[1], worked[2], worked[300]]
    assert found.year(2026) == tuple(said[day] for day in sorted(said) if day.year == 2026)
    assert found.version.startswith("2026.")
    again = Calendar(lambda: (), local, made=found.plain)
    assert (again.plain, again.version, again.first, again.last) == (
        found.plain,
        found.version,
        found.first,
        found.last,
    )
    assert again.announced_until == found.announced_until
    assert again.open_from == found.open_from
    assert again.day(date(2026, 2, 14)) == found.day(date(2026, 2, 14))


def without(festival: Festival, *days: date) -> Festival:
    return festival._replace(off=tuple(day for day in festival.off if day not in days))


@pytest.mark.parametrize(
    ("notices", "until"),
    [
        ((START,), date(2025, 12, 31)),
        ((START, NEXT), date(2026, 12, 31)),
        # A gap ends what is announced.
        ((START, notice(2027, fixed(2027))), date(2025, 12, 31)),
        # Of an incomplete notice what it sets before the first holiday that it leaves out.
        ((START, notice(2026, without(fixed(2026), date(2026, 10, 1)))), date(2026, 9, 25)),
        ((START, notice(2026, without(fixed(2026), date(2026, 1, 1)))), date(2025, 12, 31)),
        (
            (
                START,
                notice(
                    2026, without(fixed(2026), date(2026, 10, 1)), Festival("x", (), (date(2026, 9, 27),))
                ),
            ),
            date(2026, 9, 27),
        ),
        # Another notice of the year may set what the first left out.
        (
            (
                START,
                notice(2026, without(fixed(2026), date(2026, 10, 1))),
                notice(2026, Festival("x", (date(2026, 10, 1),), ()), amends=True),
            ),
            date(2026, 12, 31),
        ),
    ],
)
def test_until_when_days_are_announced(notices: tuple[Notice, ...], until: date) -> None:
    assert made(*notices).announced_until == until


def test_the_holidays_of_the_law_as_it_was_known() -> None:
    """Four days of the Spring Festival and two of Labour Day are fixed since 10 November 2024."""
    before = made(
        START._replace(festivals=(Festival("x", (date(2025, 1, 1),), ()),)), rules=date(2024, 11, 9)
    )
    after = made(
        START._replace(festivals=(Festival("x", (date(2025, 1, 1),), ()),)), rules=date(2024, 11, 10)
    )
    for day in (date(2025, 5, 2), date(2025, 1, 28)):
        assert (before.is_working(day), after.is_working(day)) == (True, False)
    # Complete by the rule that was known.
    three = tuple(day for day, _, _ in fixed_holidays.holidays(2025, date(2024, 11, 9)))
    old = notice(2025, Festival("法定", three, ()))
    assert made(old, rules=date(2024, 11, 9)).announced_until == date(2025, 12, 31)
    assert made(old, rules=date(2024, 11, 10)).announced_until == max(
        day for day in three if day < date(2025, 1, 28)
    )


def test_where_two_calendars_begin_to_differ() -> None:
    one, two = made(START, NEXT), made(START, NEXT, CHANGE)
    assert one.same_until(two) == two.same_until(one) == date(2026, 2, 15)
    assert one.same_until(made(START, NEXT)) == one.last
    # Announced further, with the same days off.
    further = made(START, NEXT, notice(2027, fixed(2027)))
    assert one.same_until(further) == further.same_until(one) == date(2027, 1, 1)
    late = made(START, NEXT, local=(LocalDay(date(2030, 5, 15), False, "x"),))
    assert one.same_until(late) == date(2027, 1, 1)
    first = made(NEXT, CHANGE)
    assert first.first == date(2026, 1, 1)
    assert first.same_until(one) == one.same_until(first) == date(2026, 2, 15)


@pytest.mark.parametrize(
    ("until", "today", "expected"),
    [
        (START, "2025-10-31", None),
        (START, "2025-11-01", Missing(2026, "warn")),
        (START, "2025-11-30", Missing(2026, "warn")),
        (START, "2025-12-01", Missing(2026, "fail")),
        (START, "2026-01-01", Missing(2026, "fail")),
        (START, "2024-12-31", None),
        (notice(2025, without(fixed(2025), date(2025, 10, 1))), "2025-06-01", Missing(2025, "fail")),
        (notice(2025, without(fixed(2025), date(2025, 10, 1))), "2024-11-30", Missing(2025, "warn")),
    ],
)
def test_which_notice_is_missed(until: Notice, today: str, expected: Missing | None) -> None:
    assert calendar.missing(date.fromisoformat(today), made(until)) == expected


def test_whose_notice_of_a_year_counts() -> None:
    own = calendar.notices()
    assert calendar.notices(()) == own
    plain = notice(2027, fixed(2027), number="国办发明电〔2026〕9号")
    basic = plain._replace(id="2026", year=2026, number="私")
    amends = basic._replace(amends=True)
    same_number = plain._replace(number=own[-1].number, amends=True)
    nameless = plain._replace(number="")
    assert calendar.notices((basic, same_number)) == own
    assert calendar.notices((nameless, amends)) == notice_tables.in_order((*own, nameless, amends))

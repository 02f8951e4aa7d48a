"""What is no calendar, no notice and no day is refused with its words, field and rule; what may be is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.calendar.test_calendar_files import event, feed
from workflow import calendar
from workflow.base import messages
from workflow.base.errors import DisclosureError, Malformed, OutOfLaw, Refused
from workflow.calendar import day_ranges, importing
from workflow.calendar.spoken_days import read_day

TOLD = date(2026, 11, 20)
HEAD = "date,kind,festival\n"
FIRST = "2027-01-01,off,元旦\n"
THEN = calendar.known(as_known_on=date(2026, 10, 1))
ARRANGED = "holidays2024:7"
COMPARE = "Compare it with the State Council's notice; see the year tables of the project for the form."
DAY_FORM = "Write dates as YYYY-MM-DD, for example 2026-05-20."
SPOKEN_FORM = "Write the day as 2026-05-20, 5月20日, 5.20, 昨天, 周一 or -3工作日."
CHECK = "Check the day that was given."


@pytest.fixture(autouse=True)
def english() -> Any:
    with messages.speaking("en"):
        yield


def parsed(text: str, form: str = "csv", **given: Any) -> Callable[[Path], object]:
    return lambda _: importing.parse_notice(text, form, **{"promulgated": TOLD, **given})


def of_file(name: str, text: str) -> Callable[[Path], object]:
    def read(folder: Path) -> object:
        (folder / name).write_text(text, encoding="utf-8")
        return importing.of_file(folder / name, promulgated=TOLD)

    return read


def admitted(text: str) -> Callable[[Path], object]:
    return lambda _: importing.admit(importing.parse_notice(text, "csv", promulgated=TOLD), THEN)


def unusable(problems: str) -> tuple[type[DisclosureError], str, str | None, str, str | None]:
    return Malformed, "file", ARRANGED, f"The calendar file cannot be used: {problems}.", COMPARE


def malformed(field: str, words: str, way_on: str | None = None) -> tuple[Any, ...]:
    return Malformed, field, None, words, way_on


def outside(day: str) -> tuple[Any, ...]:
    words = f"The calendar of working days does not reach {day}: it runs from 2006-12-30 to 2035-12-31."
    return OutOfLaw, "date", None, words, CHECK


def lacks(wanted: str) -> tuple[Any, ...]:
    way_on = (
        "Its lines are days, of which a column 类型 says 休 or 班, "
        "or festivals with the columns 放假时间 and 调休上班."
    )
    return Malformed, "file", ARRANGED, f"The list 'a.csv' lacks a column: {wanted}.", way_on


def each_day(number: int) -> str:
    return HEAD + "".join(f"{date(2027, 1, 1) + timedelta(n)},off,x\n" for n in range(number))


LOCAL = {"date": "2026-04-20", "name": "三月三"}
NEEDS = "The local day 2026-04-20 needs a name, and true or false for `working`."
REFUSED: dict[str, tuple[Callable[[Path], object], tuple[Any, ...]]] = {
    "another kind of file": (
        of_file("a.pdf", "x"),
        malformed(
            "file",
            "'a.pdf' is not a calendar file.",
            "It has to be one of these: .xlsx, .xlsm, .xls, .ods, .csv, .tsv, .ics, .json, .toml.",
        ),
    ),
    "another form": (
        parsed("x", "xml"),
        malformed("file", "A calendar file is csv, ics, json, toml, not xml."),
    ),
    "no JSON": (
        parsed("{", "json"),
        malformed(
            "file",
            "The file is not valid JSON: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)",
        ),
    ),
    "JSON of a list": (parsed("[1]", "json"), malformed("file", "The file has no days.")),
    "days that are no list": (parsed('{"days": 3}', "json"), malformed("days", "'days' has to be a list.")),
    "days off that are no list": (parsed('{"off": 3}', "json"), malformed("off", "'off' has to be a list.")),
    "no such day": (parsed(f"{HEAD}{FIRST}2027-02-30,off,x\n"), unusable("no such day: '2027-02-30'")),
    "another word": (
        parsed(f"{HEAD}{FIRST}2027-01-02,{'m' * 50},x\n"),
        unusable(f"2027-01-02: neither off nor work: '{'m' * 40}'"),
    ),
    "twice": (parsed(f"{HEAD}{FIRST}{FIRST}"), unusable("2027-01-01 stands twice")),
    "a working Tuesday": (
        parsed(f"{HEAD}{FIRST}2027-02-16,work,x\n"),
        unusable("2027-02-16 is a make-up working day but no Saturday or Sunday"),
    ),
    "the year after": (
        parsed(f"{HEAD}{FIRST}2028-01-01,off,x\n", year=2027),
        unusable("2028-01-01 belongs neither to 2027 nor to the December before"),
    ),
    "the November before": (
        parsed(f"{HEAD}{FIRST}2026-11-30,off,x\n", year=2027),
        unusable("2026-11-30 belongs neither to 2027 nor to the December before"),
    ),
    "two years before": (
        parsed(f"{HEAD}{FIRST}2025-12-31,off,x\n", year=2027),
        unusable("2025-12-31 belongs neither to 2027 nor to the December before"),
    ),
    "no day off": (parsed(f"{HEAD}2027-02-13,work,x\n"), unusable("no day off")),
    "no year": (parsed('{"off": ["2027-01-01"]}', "json"), unusable("the year is missing")),
    "a year in words": (
        parsed('{"year": "next", "off": ["2027-01-01"]}', "json"),
        unusable("the year is missing"),
    ),
    "a year too long": (
        parsed('{"year": "20270", "off": ["2027-01-01"]}', "json"),
        unusable("the year is missing"),
    ),
    "no promulgation": (
        parsed(HEAD + FIRST, promulgated=None),
        unusable("the day on which the notice was promulgated is missing"),
    ),
    "nothing at all": (
        parsed("", promulgated=None),
        unusable("the year is missing, the day on which the notice was promulgated is missing, no day off"),
    ),
    "more days than a year has": (
        parsed(each_day(367), year=2027),
        unusable(
            "more than 366 days, 2028-01-01 belongs neither to 2027 nor to the December before, "
            "2028-01-02 belongs neither to 2027 nor to the December before"
        ),
    ),
    "more faults than anybody reads": (
        parsed(HEAD + FIRST + "2027-02-30,off,x\n" * 30),
        unusable(", ".join(["no such day: '2027-02-30'"] * 20)),
    ),
    "a year left out": (
        admitted(HEAD + "2028-01-01,off,x\n"),
        (Refused, "year", None, "The notice is for 2028, but that for 2027 has not been imported.", None),
    ),
    "a holiday by law worked": (
        admitted(f"{HEAD}{FIRST}2027-02-06,work,x\n"),
        (
            Refused,
            "file",
            None,
            "2027-02-06 is a holiday by law (春节, 国务院令第795号) and cannot be a make-up working day.",
            None,
        ),
    ),
    "no column of kinds": (of_file("a.csv", "日期,x\n2027-01-01,y\n"), lacks("日期, 类型")),
    "no iCalendar": (
        of_file("a.ics", "x"),
        malformed(
            "file",
            "The file is not valid iCalendar: Content line could not be parsed into parts: 'x': "
            "Invalid content line",
        ),
    ),
    "an event of a year": (
        of_file("a.ics", feed(event("元旦 假期", "20270101", "20280101"))),
        unusable(
            "'2027-01-01 - 2027-12-31' ends before it begins, or lasts too long, the year is missing, no day off"
        ),
    ),
    "an event that repeats": (
        of_file("a.ics", feed(event("元旦 假期" * 20, "20270101", "", "RRULE:FREQ=DAILY\r\n"))),
        unusable(f"no such day: '{('元旦 假期' * 20)[:40]}', the year is missing, no day off"),
    ),
    "a local day twice": (
        lambda _: importing.local_days([LOCAL, LOCAL]),
        malformed("local_days", "2026-04-20 stands twice among the local days."),
    ),
    "a local day without a name": (
        lambda _: importing.local_days([{"date": "2026-04-20"}]),
        malformed("local_days", NEEDS),
    ),
    "a local day with a word": (
        lambda _: importing.local_days([{**LOCAL, "working": "no"}]),
        malformed("local_days", NEEDS),
    ),
    "a local day without a day": (
        lambda _: importing.local_days([{"name": "x"}]),
        malformed("local_days", "'' is not a date of the calendar.", DAY_FORM),
    ),
    "fewer than no working days": (
        lambda _: calendar.known().add(TOLD, -1),
        malformed("days", "A number of working days cannot be negative: -1."),
    ),
    "before the calendar": (lambda _: calendar.known().is_working(date(2006, 12, 29)), outside("2006-12-29")),
    "after it": (lambda _: calendar.known().roll(date(2036, 1, 1)), outside("2036-01-01")),
    "counted beyond it": (lambda _: calendar.known().add(date(2035, 12, 1), 60), outside("2036-01-30")),
    "counted beyond all days": (
        lambda _: calendar.known().add(date(2035, 12, 1), 10**7),
        outside("9999-12-31"),
    ),
    "a year before it": (lambda _: calendar.known().year(2006), outside("2006-01-01")),
    "a year after it": (lambda _: calendar.known().year(2036), outside("2036-01-01")),
    "a local day beyond it": (
        lambda _: calendar.known(local=(calendar.LocalDay(date(2050, 1, 1), False, "far"),)),
        outside("2050-01-01"),
    ),
    "known before the first notice": (
        lambda _: calendar.known(as_known_on=date(2006, 12, 13)),
        (
            OutOfLaw,
            "as_known_on",
            None,
            "No notice on days off is known before 2006-12-14; asked for what was known on 2006-12-13.",
            CHECK,
        ),
    ),
    **{
        said: (
            lambda _, said=said: read_day(said, TOLD, calendar.known(), "on"),  # type: ignore[misc]
            malformed("on", f"'{said[:40]}' is not a date of the calendar.", SPOKEN_FORM),
        )
        for said in ("2月30日", "13月底", "0月底", "本月31日", "31日", "20260230", "去年2月30日", "x" * 60)
    },
}


@pytest.mark.parametrize(("done", "refused"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be(tmp_path: Path, done: Callable[[Path], object], refused: tuple[Any, ...]) -> None:
    with pytest.raises(DisclosureError) as caught:
        done(tmp_path)
    fault = caught.value
    assert (type(fault), fault.field, fault.rule, str(fault), fault.advice) == refused


def test_a_damaged_year_table_is_named_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "2027.toml").write_text("year = 2027\n[[notice]]\nid = 3\n", encoding="utf-8")
    with pytest.raises(Malformed) as caught:
        importing.load_folder(tmp_path)
    assert caught.value.field == "calendar"
    assert str(caught.value) == f"A year table in {tmp_path} is damaged: 'promulgated'."


def test_as_many_days_and_events_as_there_may_be() -> None:
    whole = importing.parse_notice(each_day(365), "csv", promulgated=TOLD)
    assert len(whole.off) == 365
    leap = HEAD + "".join(f"{date(2028, 1, 1) + timedelta(n)},off,x\n" for n in range(366))
    assert len(importing.parse_notice(leap, "csv", promulgated=TOLD).off) == 366


@pytest.mark.parametrize(
    ("cell", "year", "why"),
    [
        ("12月30日", 2027, "'12月30日' may be December of 2026 or of 2027"),
        ("10-7", 2027, "no such day: '10-7'"),
        ("10月7日至1日", 2027, "'10月7日至1日' ends before it begins, or lasts too long"),
        ("10月1日至11月11日", 2027, "'10月1日至11月11日' ends before it begins, or lasts too long"),
        ("国庆", 2027, "no such day: '国庆'"),
        ("10月32日", 2027, "no such day: '10月32日'"),
        ("10月1日至32日", 2027, "no such day: '10月1日至32日'"),
        ("5日", 2027, "no such day: '5日'"),
        ("", 2027, "no such day: ''"),
        ("放假", 2027, "no such day: '放假'"),
        ("10.1-10.7-10.9", 2027, "no such day: '10.1-10.7-10.9'"),
        ("10月20日、25-11-7", 2027, "no such day: '10月20日、25-11-7'"),
        ("10月1日至3日至5日", 2027, "no such day: '10月1日至3日至5日'"),
        ("国庆节", None, "'国庆节' names no year, and neither does the title of the list"),
        ("10月1日", None, "'10月1日' names no year, and neither does the title of the list"),
        ("日" * 50, 2027, f"no such day: '{'日' * 40}'"),
    ],
)
def test_why_a_cell_names_no_days(cell: str, year: int | None, why: str) -> None:
    with pytest.raises(day_ranges.Unread) as caught:
        day_ranges.read(cell, year)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("cell", "year", "first", "last", "number"),
    [
        ("12月30日至1月2日", 2027, "2026-12-30", "2027-01-02", 4),
        ("12月30日至2027年1月2日", None, "2026-12-30", "2027-01-02", 4),
        ("2026年12月30日至2027年1月2日", None, "2026-12-30", "2027-01-02", 4),
        ("2026年12月30日", 2027, "2026-12-30", "2026-12-30", 1),
        ("12月30日至31日、2027年1月1日", 2026, "", "", 0),
        ("10月1日至11月10日", 2027, "2027-10-01", "2027-11-10", 41),
        ("2027年10月1日至7日、9日、11月2日", None, "2027-10-01", "2027-11-02", 9),
        ("2027年10月1日、2日", 2026, "2027-10-01", "2027-10-02", 2),
        ("2027-10-01-2027-10-07", None, "2027-10-01", "2027-10-07", 7),
        ("2027-10-01", None, "2027-10-01", "2027-10-01", 1),
        ("10-1-10-7", 2027, "2027-10-01", "2027-10-07", 7),
        ("2027-10-1至10-7", None, "2027-10-01", "2027-10-07", 7),
        ("国庆节放假", 2027, "2027-10-01", "2027-10-03", 3),
        ("１０月１日－７日", 2027, "2027-10-01", "2027-10-07", 7),
        ("9月30日（周四）和10月8日（周五）", 2027, "2027-09-30", "2027-10-08", 2),
        ("9月30日与周末连休", 2027, "2027-09-30", "2027-09-30", 1),
    ],
)
def test_the_days_that_a_cell_names(cell: str, year: int | None, first: str, last: str, number: int) -> None:
    if not number:
        with pytest.raises(day_ranges.Unread, match="may be December of 2025 or of 2026"):
            day_ranges.read(cell, year)
        return
    found = day_ranges.read(cell, year)
    assert (found[0].isoformat(), found[-1].isoformat(), len(found)) == (first, last, number)
    assert found == sorted(found)

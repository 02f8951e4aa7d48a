"""Days as people say them: today, Monday, 3月5日, three working days from now."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from workflow.base.dates import parse_date
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.calendar.working_days import Calendar

_NAMED = {
    -2: ("前天", "前日"),
    -1: ("昨天", "昨日", "yesterday"),
    0: ("今天", "今日", "本日", "当日", "today"),
    1: ("明天", "明日", "tomorrow"),
    2: ("后天", "后日"),
}
_BY_NAME = {name: days for days, names in _NAMED.items() for name in names}
_CHINESE_WEEK = "一二三四五六日"
_ENGLISH_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_NAMES = (
    *_ENGLISH_WEEK,
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_WEEKDAY = re.compile(r"(上|本|这|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天1-7])")
_OFFSET = re.compile(r"([+-])(\d{1,4})(个)?(工作日|日|天|周|wd|d|w)?")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_YEAR_FIRST = re.compile(r"(今年|去年|明年|\d{4}年?[./-]?)(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_ONLY = re.compile(r"(\d{1,2})[日号]")
_YEARS = {"去年": -1, "今年": 0, "明年": 1}
_WEEKS = {"上": -1, "下": 1}


def read_day(text: str, today: date, calendar: Calendar, field: str = "date") -> date:
    """The day that is meant. A day without a year is of this year, without a month of this month, a weekday
    of this week (Monday to Sunday). Malformed where it is none; OutOfLaw where working days go beyond the
    known calendar.
    """
    said = unicodedata.normalize("NFKC", text).strip().lower().replace(" ", "")
    if said in _BY_NAME:
        return today + timedelta(days=_BY_NAME[said])
    found = _weekday(said, today) or _offset(said, today, calendar) or _of_a_year(said, today, field)
    return found or parse_date(said, field)


def _weekday(said: str, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    found = _WEEKDAY.fullmatch(said)
    if found:
        name = "日" if found[2] == "天" else found[2]
        day = int(name) - 1 if name.isdigit() else _CHINESE_WEEK.index(name)
        return monday + timedelta(days=day, weeks=_WEEKS.get(found[1] or "", 0))
    if said in _ENGLISH_NAMES:
        return monday + timedelta(days=_ENGLISH_WEEK.index(said[:3]))
    return None


def _offset(said: str, today: date, calendar: Calendar) -> date | None:
    found = _OFFSET.fullmatch(said)
    if not found:
        return None
    count, unit = int(found[1] + found[2]), found[4] or "日"
    if unit in ("工作日", "wd"):
        return calendar.add(today, count) if count >= 0 else _working_days_before(today, -count, calendar)
    return today + timedelta(days=count * (7 if unit in ("周", "w") else 1))


def _working_days_before(today: date, count: int, calendar: Calendar) -> date:
    day = today
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working(day)
    return day


def _of_a_year(said: str, today: date, field: str) -> date | None:
    parts: tuple[int, int, int] | None = None
    if found := _YEAR_FIRST.fullmatch(said):
        year = found[1]
        number = today.year + _YEARS[year] if year in _YEARS else int(year[:4])
        parts = number, int(found[2]), int(found[3])
    elif found := _COMPACT.fullmatch(said):
        parts = int(found[1]), int(found[2]), int(found[3])
    elif found := _MONTH_DAY.fullmatch(said):
        parts = today.year, int(found[1]), int(found[2])
    elif found := _DAY_ONLY.fullmatch(said):
        parts = today.year, today.month, int(found[1])
    if parts is None:
        return None
    try:
        return date(*parts)
    except ValueError:
        raise Malformed(
            N_("'{text}' is not a date of the calendar."),
            field=field,
            text=said[:40],
            way_on=N_("Write dates as YYYY-MM-DD, for example 2026-05-20."),
        ) from None

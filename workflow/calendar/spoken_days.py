"""Days as people say them: today, Monday, 3月5日, three working days from now."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from workflow.base.dates import parse_date
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.calendar.working_days import Calendar

_NAMED = {
    -3: ("大前天", "大前日"),
    -2: ("前天", "前日"),
    -1: ("昨天", "昨日", "yesterday"),
    0: ("今天", "今日", "本日", "当日", "today"),
    1: ("明天", "明日", "tomorrow"),
    2: ("后天", "后日"),
    3: ("大后天", "大后日"),
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
_WEEKDAY = later(r"(上|本|这|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天1-7])")
_OFFSET = later(r"([+-])(\d{1,4})(个)?(工作日|日|天|周|wd|d|w)?")
_AWAY = later(r"(\d{1,4})个?(工作日|日|天|周|星期)(?:之|以)?(前|后)")
_OF_MONTH = later(r"(上|本|这|下|\d{1,2})?个?月(底|末|初|\d{1,2}[日号])")
_OF_YEAR = later(r"(去年|今年|本年|明年|[1-9]\d{3}年|)年?(底|末|初)")
# A number in Chinese signs: up to ninety-nine.
_CHINESE_NUMBER = later(r"[一二两三四五六七八九]?[十廿卅][一二三四五六七八九]?|[一二两三四五六七八九]")
_SIGNS = {**{sign: n for n, sign in enumerate("一二三四五六七八九", 1)}, "两": 2}
# Where a number in signs is one: before these.
_COUNTED = later(rf"(?<![周期拜])({_CHINESE_NUMBER.pattern})(?=个?(?:工作日|天|日|号|月|星期|周))")
_MONTH_DAY = later(r"(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_YEAR_FIRST = later(
    r"(今年|去年|明年|\d{4}年?[./-]?|\d{2}[./-](?=\d{1,2}[./-]))(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?"
)
_COMPACT = later(r"(\d{4})(\d{2})(\d{2})")
_DAY_ONLY = later(r"(\d{1,2})[日号]")
_YEARS = {"去年": -1, "今年": 0, "明年": 1}
_WEEKS = {"上": -1, "下": 1}
_CENTURY = 2000
_MONTHS = 12


def read_day(text: str, today: date, calendar: Calendar, field: str = "date") -> date:
    """The day that is meant. A day without a year is of this year, without a month of this month, a weekday
    of this week (Monday to Sunday). Malformed where it is none; OutOfLaw where working days go beyond the
    known calendar.
    """
    said = unicodedata.normalize("NFKC", text).strip().lower().replace(" ", "")
    if said in _BY_NAME:
        return today + timedelta(days=_BY_NAME[said])
    if found := _weekday(said, today):
        return found
    said = _COUNTED.sub(lambda found: str(_number(found[1])), said)
    found = (
        _offset(said, today, calendar)
        or _end_of_a_year(said, today)
        or _of_a_month(said, today, field)
        or _of_a_year(said, today, field)
    )
    if found:
        return found
    try:
        return parse_date(said, field)
    except Malformed:
        raise _no_day(said, field) from None


def _number(signs: str) -> int:
    """A number in Chinese signs: 五, 十五, 二十, 廿九."""
    tens, ten, ones = signs, "", ""
    for ten in "十廿卅":
        if ten in signs:
            tens, _ten, ones = signs.partition(ten)
            break
    else:
        return _SIGNS[signs]
    count = {"廿": 2, "卅": 3}.get(ten) or (_SIGNS[tens] if tens else 1)
    return count * 10 + (_SIGNS[ones] if ones else 0)


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
    if away := _AWAY.fullmatch(said):
        said = f"{'-' if away[3] == '前' else '+'}{away[1]}{away[2].replace('星期', '周')}"
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


def _end_of_a_year(said: str, today: date) -> date | None:
    """The first or the last day of a year."""
    found = _OF_YEAR.fullmatch(said)
    if not found:
        return None
    year = int(found[1][:4]) if found[1][:1].isdigit() else today.year + _YEARS.get(found[1], 0)
    return date(year, 1, 1) if found[2] == "初" else date(year, _MONTHS, 31)


def _of_a_month(said: str, today: date, field: str) -> date | None:
    """A day of last, this, next month or of one by its number, or its first or last day."""
    found = _OF_MONTH.fullmatch(said)
    if not found:
        return None
    which = found[1] or ""
    month = today.year * _MONTHS + (int(which) if which.isdigit() else today.month + _WEEKS.get(which, 0)) - 1
    if which.isdigit() and not 1 <= int(which) <= _MONTHS:
        raise _no_day(said, field)
    if found[2] in "底末":
        return date((month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1) - timedelta(days=1)
    try:
        return date(month // _MONTHS, month % _MONTHS + 1, 1 if found[2] == "初" else int(found[2][:-1]))
    except ValueError:
        raise _no_day(said, field) from None


def _of_a_year(said: str, today: date, field: str) -> date | None:
    parts: tuple[int, int, int] | None = None
    if found := _YEAR_FIRST.fullmatch(said):
        year = found[1]
        number = today.year + _YEARS[year] if year in _YEARS else int(year.rstrip("年./-"))
        number += _CENTURY if len(year.rstrip("年./-")) == 2 and year not in _YEARS else 0
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
        raise _no_day(said, field) from None


def _no_day(said: str, field: str) -> Malformed:
    return Malformed(
        N_("'{text}' is not a date of the calendar."),
        field=field,
        text=said[:40],
        way_on=N_("Write the day as 2026-05-20, 5月20日, 5.20, 昨天, 周一 or -3工作日."),
    )

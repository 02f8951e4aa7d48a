"""Several days in one cell, as notices on days off print them: "10月1日至7日", "10.1-10.7".

The year is that of the cell, else that of the notice; without either nothing is read, and neither is what
could mean two days.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from workflow.base.messages import N_, translate
from workflow.base.patterns import later
from workflow.calendar import fixed_holidays

MOST_DAYS = 40
_BRACKETS = later(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_BESIDE = later(
    r"(?:放假(?:调休)?|调休|休假|补休|照常上班|正常上班|补班|上班|共(?:计)?\d+天|与周末连休|连休|[,，。；;\s])+$"
)
_BETWEEN = later(r"至|到|[-—–－~～]+")
_PARTS = later(r"[、,，;；。\n]+|和|及|与(?!周末)")
_WEEKDAY = later(r"(?:星期|周|礼拜)[一二三四五六日天]")
_DAY = later(r"(?:(?P<y>\d{4})[年./-])?(?:(?P<m>\d{1,2})[月./-])?(?P<d>\d{1,2})[日号]?")
_FULL = later(r"\d{4}[./-]\d{1,2}[./-]\d{1,2}")


class Unread(Exception):
    """Why a cell names no days, in words."""


def read(text: str, year: int | None) -> list[date]:
    """The days that a cell names, in their order; Unread says why there are none."""
    plain = _WEEKDAY.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", text)))
    if fixed := _festival(plain, year):
        return fixed
    found: list[date] = []
    last: tuple[int | None, int | None] = (None, None)
    for part in _PARTS.split(plain):
        one = re.sub(r"\s+", "", _BESIDE.sub("", part.strip()))
        if not one or _BESIDE.fullmatch(one):
            continue
        days, last = _part(one, year, last, text)
        found += days
    if not found:
        raise Unread(translate(N_("no such day: '{day}'"), day=text[:40]))
    return found


def _festival(text: str, year: int | None) -> list[date]:
    """The days that the law fixes for a festival that is named alone."""
    name = re.sub(r"\s+|放假|假期|法定|节假日", "", text)
    if name not in fixed_holidays.table()["festivals"].values():
        return []
    if year is None:
        raise Unread(_no_year(text))
    return [day for day, festival, _ in fixed_holidays.holidays(year) if festival == name]


def _part(
    one: str, year: int | None, last: tuple[int | None, int | None], text: str
) -> tuple[list[date], tuple[int | None, int | None]]:
    """The days of one part, and the year and month that the next part goes on with."""
    told = _told(one, text)
    first_year, month, day = told[0][0] or last[0], told[0][1] or last[1], told[0][2]
    if not month:
        raise Unread(translate(N_("no such day: '{day}'"), day=text[:40]))
    until_year, until_month, until_day = told[-1][0], told[-1][1] or month, told[-1][2]
    if not first_year:
        across = len(told) > 1 and month > until_month
        first_year, until_year = _years(until_year or year, until_year, across, month == 12, text)
    first = _date(first_year, month, day, text)
    until = _date(until_year or first_year, until_month, until_day, text)
    if until < first or (until - first).days > MOST_DAYS:
        raise Unread(translate(N_("'{day}' ends before it begins, or lasts too long"), day=text[:40]))
    return [first + timedelta(days=n) for n in range((until - first).days + 1)], (until.year, until.month)


def _told(one: str, text: str) -> list[tuple[int, int, int]]:
    """Year, month and day of the first and the last day of a part, each 0 where it is not said."""
    ends = [one] if _FULL.fullmatch(one) else _ends(one)
    read_ = [_DAY.fullmatch(end) for end in ends]
    if len(ends) > 2 or not all(read_):
        raise Unread(translate(N_("no such day: '{day}'"), day=text[:40]))
    return [(int(n["y"] or 0), int(n["m"] or 0), int(n["d"])) for n in read_ if n]


def _years(year: int | None, until_year: int, across: bool, december: bool, text: str) -> tuple[int, int]:
    """The years of both ends of a part whose first day names none; `across`: it runs into the next year."""
    if year is None:
        raise Unread(_no_year(text))
    if across:
        return year - 1, year
    if december and not until_year:
        raise Unread(
            translate(
                N_("'{day}' may be December of {one} or of {other}"), day=text[:40], one=year - 1, other=year
            )
        )
    return year, until_year


def _ends(one: str) -> list[str]:
    """The first and the last day of a range, or the one day."""
    parts = [part for part in _BETWEEN.split(one) if part]
    if len(parts) > 2 and "至" not in one and "到" not in one:
        # Days written with strokes: 2027-10-01-2027-10-07, 10-1-10-7.
        half = len(parts) // 2
        even = len(parts) in (4, 6)
        return ["-".join(parts[:half]), "-".join(parts[half:])] if even else [one]
    if len(parts) > 2:
        return re.split(r"至|到", one)
    if len(parts) == 2 and re.fullmatch(r"\d{1,2}-\d{1,2}", one):
        # One day of a month, or two days.
        return ["?"]
    return parts


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unread(translate(N_("no such day: '{day}'"), day=text[:40])) from None


def _no_year(text: str) -> str:
    return translate(N_("'{day}' names no year, and neither does the title of the list"), day=text[:40])

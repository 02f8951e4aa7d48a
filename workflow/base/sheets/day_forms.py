"""Days as people write them in lists: read where there is exactly one reading, else refused with the reason.

Nothing is guessed: no missing year (unless the title of the list names it and the caller passes it), no
missing day of a month, no choice between two readings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from workflow.base.dates import CHINA
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later

# Day 0 of spreadsheets. (They count the first two months of 1900 wrongly, which does not matter here.)
EPOCH = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
_SERIALS = range(20_000, 80_000)
_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
    "元": "1",
    "壹": "1",
    "贰": "2",
    "叁": "3",
    "肆": "4",
    "伍": "5",
    "陆": "6",
    "柒": "7",
    "捌": "8",
    "玖": "9",
    "两": "2",
}
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_WEEKDAY = r"(?:[(\[]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)\]]?)?"
_TIME = (
    r"(?:[\sT]*(?:上午|下午|早上|中午|晚上|晚间|凌晨|AM|PM)?\s*\d{1,2}\s*(?:[::]|时|点)\s*(?:\d{1,2}\s*(?:分|[::])?)?"
    r"\s*(?:\d{1,2}(?:\.\d+)?)?\s*秒?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?\s*(?:AM|PM)?|\s*(?:上午|下午|早上|早晨|中午|傍晚|晚上|晚间|夜间|晚))?"
)
# The column says what happened on the day; a cell may say so once more.
_TOLD = r"(?:收到|收悉|收件|收文|签收|收讫|收)?"
_END = rf"\s*{_WEEKDAY}{_TIME}\s*{_WEEKDAY}\s*{_TOLD}\s*[.。]?"
_SIGN = r"\s*[-/.．。、,_\s]\s*"
_YEAR_FIRST = later(
    rf"(?P<y>\d{{4}})(?:{_SIGN})(?P<m>\d{{1,2}})(?:{_SIGN})(?P<d>\d{{1,2}})[日号]?{_END}", re.IGNORECASE
)
_CHINESE = later(
    rf"(?P<y>\d{{2}}|\d{{4}})\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*[日号]?{_END}", re.IGNORECASE
)
_NO_YEAR = later(rf"(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*[日号]?{_END}", re.IGNORECASE)
_NO_DAY = later(r"(?:\d{2}|\d{4})\s*(?:年|[-/.])\s*\d{1,2}\s*月?")
_SHORT_YEAR = later(rf"(?P<y>\d{{2}})(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}}){_END}", re.IGNORECASE)
_YEAR_LAST = later(rf"(?P<a>\d{{1,2}})(?P<s>[-/.])(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{4}}){_END}", re.IGNORECASE)
_ENGLISH = later(
    rf"(?:(?P<d>\d{{1,2}})[-\s]+(?P<m>[a-z]{{3}})[a-z]*\.?[-,\s]+|(?P<m2>[a-z]{{3}})[a-z]*\.?\s+(?P<d2>\d{{1,2}}),?\s+)"
    rf"(?P<y>\d{{2}}|\d{{4}}){_END}",
    re.IGNORECASE,
)
_COMPACT = later(rf"(?P<y>(?:19|20)\d{{2}})(?P<m>\d{{2}})(?P<d>\d{{2}})(?:\d{{6}})?{_END}", re.IGNORECASE)
# An American spreadsheet writes 10/3/26: where the year could be a month, nobody can tell what is meant.
_YEAR_OR_MONTH = later(
    rf"(?P<a>0[1-9]|1[0-2])(?P<s>[-/])(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{2}}){_END}", re.IGNORECASE
)
_SERIAL = later(r"(\d{5})(?:\.\d+)?")
_ONES = "一二三四五六七八九〇零○oO0"
_NUMERALS = later(r"[〇零○元一二三四五六七八九十廿卅两壹贰叁肆伍陆柒捌玖拾]+")


class Way(NamedTuple):
    """How to read the days of a list where the cells themselves do not say."""

    year: int | None = None
    order: str = ""
    from_1904: bool = False


PLAIN = Way()


def read(cell: Any, field: str, way: Way = PLAIN) -> tuple[date, bool]:
    """The day in a cell, and whether its year is that of the list's title; Malformed says why there is
    none.
    """
    if isinstance(cell, datetime):
        return cell.date(), False
    if isinstance(cell, date):
        return cell, False
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cell = str(int(cell)) if math.isfinite(cell) and cell == int(cell) else repr(cell)
    try:
        return _read(str(cell), way)
    except _NoDay as fault:
        raise Malformed(
            fault.message,
            field=field,
            text=" ".join(str(cell).split())[:40],
            way_on=N_("Write days as 2026-05-20, or as days of the spreadsheet."),
            **fault.params,
        ) from None


class _NoDay(Exception):
    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message, self.params = message, params


_NONE = N_("'{text}' is not a date of the calendar.")
_TWO = N_("'{text}' has two readings, {one} and {other}.")


@lru_cache(maxsize=4096)
def _read(text: str, way: Way) -> tuple[date, bool]:
    plain = unicodedata.normalize("NFKC", text).strip().strip("'\"").strip()
    plain = _arabic(plain)
    if found := _YEAR_OR_MONTH.fullmatch(plain):
        return _one_reading(found, way), False
    for form in (_CHINESE, _YEAR_FIRST, _COMPACT, _SHORT_YEAR):
        if found := form.fullmatch(plain):
            return _in_china(found, _made(found["y"], found["m"], found["d"])), False
    if found := _ENGLISH.fullmatch(plain):
        month = _MONTHS.get((found["m"] or found["m2"]).lower())
        if month:
            return _made(found["y"], month, found["d"] or found["d2"]), False
    if found := _YEAR_LAST.fullmatch(plain):
        return _year_last(found, way), False
    if found := _NO_YEAR.fullmatch(plain):
        if way.year is None:
            raise _NoDay(N_("'{text}' names no year, and the title of the list names none either."))
        return _made(way.year, found["m"], found["d"]), True
    if (found := _SERIAL.fullmatch(plain)) and int(found[1]) in _SERIALS:
        return (EPOCH_1904 if way.from_1904 else EPOCH) + timedelta(days=int(found[1])), False
    if _NO_DAY.fullmatch(plain):
        raise _NoDay(N_("'{text}' names a month and no day."))
    raise _NoDay(_NONE)


def _made(year: Any, month: Any, day: Any) -> date:
    number = int(year)
    try:
        return date(number + 2000 if number < 100 else number, int(month), int(day))
    except ValueError:
        raise _NoDay(_NONE) from None


def _one_reading(found: re.Match[str], way: Way) -> date:
    """The one reading of 10/3/26: it may be a day of 2010, or of 2026 in the American order."""
    if way.order:
        return _year_last(found, way)
    readings = []
    for year, month, day in ((found["a"], found["b"], found["y"]), (found["y"], found["a"], found["b"])):
        with suppress(_NoDay):
            readings.append(_made(year, month, day))
    if not readings:
        raise _NoDay(_NONE)
    if len(set(readings)) > 1:
        raise _NoDay(_TWO, one=readings[0].isoformat(), other=readings[1].isoformat())
    return readings[0]


def _in_china(found: re.Match[str], day: date) -> date:
    """The day in China, where the text names another time zone."""
    zone = found.groupdict().get("zone")
    if not zone or zone == "+08:00" or zone == "+0800":
        return day
    try:
        return datetime.fromisoformat(re.sub(r"\s+", "T", found[0].strip(), count=1)).astimezone(CHINA).date()
    except ValueError:
        raise _NoDay(_NONE) from None


def _year_last(found: re.Match[str], way: Way) -> date:
    first, second = int(found["a"]), int(found["b"])
    if way.order == "day-first" or (first > 12 and not way.order):
        return _made(found["y"], second, first)
    if way.order == "month-first" or second > 12 or first == second:
        return _made(found["y"], first, second)
    raise _NoDay(
        _TWO,
        one=_made(found["y"], first, second).isoformat(),
        other=_made(found["y"], second, first).isoformat(),
    )


def _arabic(text: str) -> str:
    """Chinese numerals of a date as digits; weekdays and parts of the day keep theirs."""
    if not _NUMERALS.search(text):
        return text
    # The circle is typed as the letter or as the digit.
    text = re.sub(rf"(?<=[{_ONES}])[oO0](?=[{_ONES}])", "〇", text)
    return re.sub(
        rf"(?<![期周拜])({_NUMERALS.pattern})(?=\s*[年月日号])", lambda found: _number(found[1]), text
    )


def _number(text: str) -> str:
    text = text.replace("拾", "十").replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return "".join(_DIGITS[char] for char in text)
    tens, _, ones = text.partition("十")
    return f"{_DIGITS.get(tens[-1:], '1')}{_DIGITS.get(ones[:1], '0')}"

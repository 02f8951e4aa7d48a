"""Days and spans of days as an officer types them on a command line."""

from __future__ import annotations

from typing import Any

from workflow.base.patterns import later

# A month where a day may stand.
_MONTH = later(r"(?:(\d{4})[年-])?(\d{1,2})(?:月份?|(?<=\d{4}-\d{2})|(?<=\d{4}-\d))")


def legal_day(text: str | None, desk: Any = None, field: str = "on") -> Any:
    """A day as typed (2026-03-05, 3月5日, 昨天, 周一, +3工作日); none where none was given."""
    if text is None:
        return None
    from workflow.base import dates

    # Most days come so: they need nothing of what reads spoken ones.
    day = dates.iso_day(text)
    if day is not None:
        return day
    from workflow import calendar
    from workflow.calendar.spoken_days import read_day

    if desk is None:
        return read_day(text, dates.today(), calendar.known(), field)
    return read_day(text, desk.today(), desk.context.calendar, field)


def said_day(text: str | None, desk: Any = None, field: str = "on") -> str | None:
    """A day as typed, for what reads days as YYYY-MM-DD."""
    return None if text is None else legal_day(text, desk, field).isoformat()


def said_span(text: str | None, desk: Any = None, field: str = "on") -> str | None:
    """START..END with days as typed; either may be left out, or be a month (2026-03, 2026年3月, 3月)."""
    return None if text is None else "..".join(_end(one.strip(), desk, field) for one in text.split(".."))


def _end(text: str, desk: Any, field: str) -> str:
    month = _MONTH.fullmatch(text)
    if month is None:
        return str(said_day(text, desk, field)) if text else ""
    year = month[1] or legal_day("今天", desk).year
    return f"{year}-{int(month[2]):02d}"

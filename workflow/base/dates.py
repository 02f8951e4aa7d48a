"""The two dates of everything: the legal day (China Standard Time) and the moment of recording (UTC)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later

CHINA = timezone(timedelta(hours=8), "CST")
_ISO = later(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_CHINESE = later(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The legal day in China at this moment, whatever the machine's own time zone."""
    return datetime.now(UTC).astimezone(CHINA).date()


def stamp(moment: datetime) -> str:
    """A moment as it is recorded: UTC, microseconds, so that recorded moments sort as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def china_day(moment: datetime) -> date:
    """The legal day in China of a recorded moment."""
    return moment.astimezone(CHINA).date()


def china_time(recorded: str) -> str:
    """A recorded moment as a clock in China shows it, to the second."""
    return f"{datetime.fromisoformat(recorded).astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def iso_day(text: str) -> date | None:
    """A day written YYYY-MM-DD; None for all else, and where there is no such day."""
    if len(text) != len("YYYY-MM-DD") or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_date(text: str, field: str = "date") -> date:
    """'2026-05-20' or '2026年5月20日' to a date; Malformed if there is no such day."""
    day = iso_day(text.strip())
    if day is not None:
        return day
    found = _ISO.fullmatch(text.strip()) or _CHINESE.fullmatch(text.strip())
    if found:
        try:
            return date(*(int(part) for part in found.groups() if part.isdigit()))
        except ValueError:
            pass
    raise Malformed(
        N_("'{text}' is not a date of the calendar."),
        field=field,
        text=text[:40],
        way_on=N_("Write dates as YYYY-MM-DD, for example 2026-05-20."),
    )

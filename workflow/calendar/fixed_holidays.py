"""The holidays fixed by law, for the years that no notice has settled yet."""

from __future__ import annotations

import os
from datetime import date, timedelta
from functools import cache

from workflow.base import tables
from workflow.base.tables import Table

PATH = os.path.join(os.path.dirname(__file__), "statutory.toml")


@cache
def table() -> Table:
    """The table statutory.toml."""
    return tables.read(PATH)


def years() -> range:
    """The years for which the days of the lunar calendar are known to the table."""
    known = sorted(int(key) for key in table()["lunar"] if key.isdigit())
    return range(known[0], known[-1] + 1)


def rule(year: int, as_known_on: date | None = None) -> Table:
    """The version of the rule that governs a year, as far as it was promulgated on `as_known_on`."""
    known: list[Table] = [
        row
        for row in table()["rule"]
        if row["first_year"] <= year
        and (as_known_on is None or row["promulgated"] <= as_known_on.isoformat())
    ]
    return max(known, key=lambda row: int(row["first_year"]))


def holidays(year: int, as_known_on: date | None = None) -> tuple[tuple[date, str, str], ...]:
    """The fixed holidays of a year: (day, festival, the instrument that fixes it), in order of the date."""
    version, lunar = rule(year, as_known_on), table()["lunar"][str(year)]
    found: list[tuple[date, str, str]] = []
    for key, name in table()["festivals"].items():
        for item in version.get(key, ()):
            if isinstance(item, int):
                day = date.fromisoformat(lunar[key]) + timedelta(days=item)
            else:
                day = date.fromisoformat(f"{year}-{item}")
            found.append((day, name, version["source"]))
    return tuple(sorted(found))


def arrangement() -> str:
    """The provision on which the yearly notices rest."""
    return str(table()["arrangement"]["article"])


def known_on(day: date) -> date:
    """The promulgation of the latest version of the rule that was known on a day."""
    told = [row["promulgated"] for row in table()["rule"] if row["promulgated"] <= day.isoformat()]
    return date.fromisoformat(max(told))


def alarm_days(year: int) -> tuple[date, date]:
    """From when in `year` the missing notice for the next year is a warning, and from when a failure."""
    return _alarm("warn_from", year), _alarm("fail_from", year)


@cache
def december_from(year: int) -> date:
    """The first day at the end of a year that next year's notice has ever changed."""
    return _alarm("december_from", year)


def _alarm(key: str, year: int) -> date:
    return date.fromisoformat(f"{year}-{table()['alarm'][key]}")

"""The notices that come with the project, one table a year."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.patterns import later
from workflow.calendar.days import Festival, Notice

FOLDER = os.path.dirname(__file__)
_YEAR_FILE = later(r"\d{4}\.toml")


def of_table(table: dict[str, Any]) -> tuple[Notice, ...]:
    """The notices of one year's table (dates as ISO strings, as workflow.base.tables gives them)."""
    found: list[Notice] = []
    for number, row in enumerate(table["notice"]):
        found.append(
            Notice(
                id=row["id"],
                year=table["year"],
                title=row.get("title", ""),
                number=row.get("number", ""),
                status=row.get("status", "M"),
                promulgated=date.fromisoformat(row["promulgated"]),
                promulgated_status=row.get("promulgated_status", "M"),
                source=row.get("source", ""),
                festivals=tuple(_festival(festival) for festival in row["festival"]),
                amends=row.get("amends", number > 0),
                note=row.get("note", ""),
            )
        )
    return tuple(found)


def _festival(row: dict[str, Any]) -> Festival:
    read = date.fromisoformat
    return Festival(row["name"], tuple(map(read, row["off"])), tuple(map(read, row.get("work", ()))))


def in_order(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """By promulgation, the basic notice of a year before those that change it."""
    return tuple(
        sorted(notices, key=lambda notice: (notice.promulgated, notice.amends, notice.year, notice.id))
    )


def paths() -> list[str]:
    """The tables of all years."""
    return [os.path.join(FOLDER, name) for name in sorted(os.listdir(FOLDER)) if _YEAR_FILE.fullmatch(name)]


@cache
def bundled() -> tuple[Notice, ...]:
    """All notices that come with the project, in order of promulgation."""
    years = tables.gather(paths())
    return in_order(notice for table in years.values() for notice in of_table(table))

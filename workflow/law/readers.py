"""Converts checked tables (dates as ISO strings) to the rows of workflow.law.rows."""

from __future__ import annotations

from datetime import date

from workflow.base.tables import Table
from workflow.law.rows import Instrument, Setting, Value

_day = date.fromisoformat


def until(row: Table) -> date | None:
    """The last day of a row; None for a row in force."""
    last = row.get("effective_until")
    return _day(last) if last else None


def value(id: str, head: Table, row: Table) -> Value:
    """A row of durations.toml."""
    return Value(
        id=id,
        value=row["value"],
        unit=row["unit"],
        starts=row["starts"],
        instrument=row["article"].partition(":")[0],
        article=row["article"],
        effective_from=_day(row["effective_from"]),
        effective_until=until(row),
        promulgated=_day(row["promulgated"]),
        source=row["source"],
        status=row["status"],
        checked_on=_day(row["checked_on"]),
        text=row.get("text", ""),
        note=row.get("note", ""),
        amended_by=row.get("amended_by", ""),
    )


def instrument(key: str, row: Table) -> Instrument:
    """A table of instruments.toml."""
    return Instrument(
        key=key,
        zh=row["zh"],
        short=row["short"],
        en=row["en"],
        number=row.get("number", ""),
        promulgated=_day(row["promulgated"]),
        effective_from=_day(row["effective_from"]),
        effective_until=until(row),
        status=row["status"],
        source=row["source"],
        checked_on=_day(row["checked_on"]),
        note=row.get("note", ""),
        words=row.get("words", "V"),
    )


def setting(id: str, row: Table) -> Setting:
    """A setting of settings.toml."""
    return Setting(
        id=id,
        default=row["default"],
        choices=tuple(row.get("choices", ())),
        low=row.get("min"),
        high=row.get("max"),
        zh=row["zh"],
        en=row["en"],
        article=row["article"],
        note=row["note"],
    )

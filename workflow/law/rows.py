"""Legal values and citations as the rest of the program sees them. All are immutable.

Dates are legal days, both ends included; `effective_until` None means in force. `article` and `basis` are
citations ("ogi2019:33.2"). `status`: V read in the text, V* confirmed by an official source that is not the
text, M held to be right, C inferred, U unsettled in law or practice. They are named tuples and not data
classes, with annotations that are evaluated, and apart from the other rows of the tables
(workflow.law.entries): a command must not spend its start on building classes.
"""

from datetime import date
from typing import NamedTuple

from workflow.base.tables import Table

_day = date.fromisoformat

# Read in the text; confirmed by an official source that is not the text; held to be right; inferred;
# unsettled.
STATUSES = ("V", "V*", "M", "C", "U")


class Value(NamedTuple):
    """A legal value: so many units from an event, under an article, between two days.

    `amended_by` is the instrument that gave the article this value, where it is not the one cited;
    `promulgated` is then the day of that one.
    """

    id: str
    value: int
    unit: str
    starts: str
    instrument: str
    article: str
    effective_from: date
    effective_until: date | None
    promulgated: date
    source: str
    status: str
    checked_on: date
    text: str
    note: str
    amended_by: str = ""


class Citation(NamedTuple):
    """A reference spelt out: `zh` with the instrument, `zh_short` the article alone, `en` in English."""

    ref: str
    instrument: str
    zh: str
    zh_short: str
    en: str


class Provision(NamedTuple):
    """A provision that the program cites itself, between two days."""

    id: str
    article: str
    effective_from: date
    effective_until: date | None
    status: str
    text: str
    note: str


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


def provision(id: str, head: Table, row: Table) -> Provision:
    """A row of provisions.toml."""
    return Provision(
        id=id,
        article=row["article"],
        effective_from=_day(row["effective_from"]),
        effective_until=until(row),
        status=row["status"],
        text=row.get("text", ""),
        note=row.get("note", ""),
    )

"""Checks that hold for every dated row of the law tables: its keys, its dates, its article, and its
neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law import citations
from workflow.law.citations import citation_fault
from workflow.law.rows import STATUSES

Tables = Mapping[str, Table]

_DATES = ("effective_from", "effective_until", "promulgated", "checked_on")
_END = "9999-12-31"
_FIRST = date(1900, 1, 1)


class Checked(NamedTuple):
    """One thing that a check looked at: where it stands, and what is wrong with it ('' for nothing)."""

    where: str
    problem: str

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


def row_faults(
    tables: Tables, row: Table, required: Iterable[str], optional: Iterable[str] = ()
) -> Iterator[str]:
    """Faults of one row, considered alone."""
    required, optional = (*required, "effective_from", "status"), (*optional, "effective_until", "note")
    for key in required:
        if row.get(key) in (None, "", [], ()):
            yield translate(N_("{key} is missing"), key=key)
    for key in row:
        if key not in required and key not in optional:
            yield translate(N_("{key} is not a key of this table"), key=key)
    for key in _DATES:
        if key in row and not is_day(row[key]):
            yield translate(N_("{key} is not a date: {value}"), key=key, value=row[key])
    if "status" in row and row["status"] not in STATUSES:
        yield translate(N_("unknown status {status}"), status=row["status"])
    if "article" in row:
        yield from _article_faults(tables, row, row["article"])
    for ref in row.get("articles", ()):
        yield from _article_faults(tables, row, ref)


def _article_faults(tables: Tables, row: Table, ref: Any) -> Iterator[str]:
    problem = citation_fault(tables, ref)
    if problem:
        yield problem
        return
    reference = citations.take_apart(ref)
    if reference is None or reference.instrument == citations.HOUSE or not is_day(row.get("effective_from")):
        return
    instrument = tables["instruments"][reference.instrument]
    late = row["effective_from"] < instrument["effective_from"]
    if late or row.get("effective_until", _END) > instrument.get("effective_until", _END):
        yield translate(
            N_("{ref} is cited for {first} to {last}, outside the days on which {instrument} was in force"),
            ref=ref,
            first=row["effective_from"],
            last=row.get("effective_until", "…"),
            instrument=reference.instrument,
        )


def is_day(value: Any) -> bool:
    """Whether a value of a table is a date (ISO) that a law could bear."""
    try:
        return date.fromisoformat(value) >= _FIRST
    except (TypeError, ValueError):
        return False


def series_faults(rows: list[Table], head: Table) -> Iterator[str]:
    """Gaps and overlaps among the rows of one name, and whether they cover the days claimed by its head.

    Rows with broken dates are reported elsewhere and end the check here.
    """
    if not all(
        is_day(row.get("effective_from")) and is_day(row.get("effective_until", _END)) for row in rows
    ):
        return
    rows = sorted(rows, key=lambda row: str(row["effective_from"]))
    if not rows:
        yield translate(N_("no row has this name"))
        return
    first, last = head.get("from"), head.get("until", _END)
    if rows[0]["effective_from"] != first:
        message = N_("begins on {found}, not on {first} as its head says")
        yield translate(message, found=rows[0]["effective_from"], first=first)
    if rows[-1].get("effective_until", _END) != last:
        found = rows[-1].get("effective_until", "…")
        yield translate(
            N_("ends on {found}, not on {last} as its head says"), found=found, last=head.get("until", "…")
        )
    for row in rows:
        if row.get("effective_until", _END) < row["effective_from"]:
            yield translate(N_("ends before it begins, on {first}"), first=row["effective_from"])
    for before, after in pairwise(rows):
        ends, begins = before.get("effective_until", _END), after["effective_from"]
        if ends >= begins:
            yield translate(
                N_("overlap: two rows on {date}; the earlier one ends before (effective_until)"), date=begins
            )
        elif date.fromisoformat(ends) + timedelta(days=1) != date.fromisoformat(begins):
            yield translate(N_("gap between {last} and {first}"), last=ends, first=begins)


def head_faults(head: Table, beginning: str) -> Iterator[str]:
    """What is wrong with the head of a series: names, first day, and why there is nothing earlier or
    later.
    """
    for key in ("zh", "en"):
        if not head.get(key):
            yield translate(N_("{key} is missing"), key=key)
    if not is_day(head.get("from")):
        yield translate(N_("{key} is not a date: {value}"), key="from", value=head.get("from"))
    elif head["from"] > beginning and not head.get("before"):
        yield translate(N_("begins after {first} without saying why (`before`)"), first=beginning)
    if "until" in head and not head.get("after"):
        yield translate(N_("ends without saying why (`after`)"))


def told(where: str, problems: Iterable[str]) -> Iterator[Checked]:
    """One Checked for each problem, or one without a problem."""
    found = [Checked(where, problem) for problem in problems]
    yield from found or [Checked(where, "")]


def not_in_force(ref: str, on: date) -> str:
    """That a provision is cited on a day on which it is not in force."""
    return translate(N_("{ref} is cited on {day}, on which it is not in force"), ref=ref, day=on)

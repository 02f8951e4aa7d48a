"""The conditions on rows of which the figures are counts: each is written once, here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, or_

from workflow import law
from workflow.cases.states import GOING, ClockState
from workflow.reports.annual import counts
from workflow.reports.annual.form import ALL, PENDING
from workflow.storage import figures as counting
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

CASES, REMEDIES, ITEMS = TABLES["case_file"], TABLES["remedy"], TABLES["web_item"]
STANDING = (ClockState.PAUSED, ClockState.STOPPED)
SATISFIED = 4


@dataclass(frozen=True)
class Span:
    """The days looked at, both included; today, and until which day "due" looks ahead."""

    first: date
    last: date
    today: date
    until: date

    @property
    def end(self) -> date:
        """The last day of which something is known."""
        return min(self.last, self.today)


class Source(NamedTuple):
    """Rows of one table from which several figures are counted: which rows, and of each figure which among
    them. `parts` are conditions that exclude each other; a row is counted that meets one of them.
    """

    table: Any
    parts: Callable[[Span], tuple[ColumnElement[bool], ...]]
    among: dict[str, Callable[[Span], ColumnElement[bool] | None]]

    def where(self, span: Span) -> ColumnElement[bool]:
        """The rows as one condition."""
        return or_(*self.parts(span))


def _always(span: Span) -> None:
    return None


def _is(condition: ColumnElement[bool]) -> Callable[[Span], ColumnElement[bool]]:
    return lambda span: condition


REPLIED = and_(CASES.c.replied_on == CASES.c.finished_on, CASES.c.reply_start.is_not(None))
_MET = CASES.c.reply_clock == ClockState.MET
_CORRECTED = "corrected"


@cache
def sources() -> tuple[Source, ...]:
    """What is counted from what."""
    tables_of_law = law.bundled()
    remedies: dict[str, Callable[[Span], ColumnElement[bool] | None]] = {
        "contested_decided": _always,
        "contested_corrected": _is(_result_is(_CORRECTED)),
    }
    for part in tables_of_law.report_remedies():
        for one in tables_of_law.report_results():
            if one.id not in (PENDING, ALL):
                among = and_(REMEDIES.c.kind == part.id, _result_is(one.id))
                remedies[f"remedy.{part.id}.{one.id}"] = _is(among)
    return (
        Source(CASES, lambda span: (counts.received_between(span.first, span.last),), {"received": _always}),
        Source(CASES, lambda span: counts.open_after_parts(span.end), {"open": _always}),
        Source(
            CASES,
            lambda span: (and_(CASES.c.open.is_(True), counting.counted()),),
            {
                "due": lambda span: and_(
                    CASES.c.reply_clock.in_(GOING), CASES.c.reply_due.between(span.today, span.until)
                ),
                "overdue": lambda span: and_(CASES.c.reply_clock.in_(GOING), CASES.c.reply_due < span.today),
                "stopped": _is(CASES.c.reply_clock.in_(STANDING)),
            },
        ),
        Source(
            CASES,
            lambda span: (and_(CASES.c.finished_on.between(span.first, span.last), counting.counted()),),
            {
                "finished": _always,
                "replied": _is(REPLIED),
                "in_time": _is(and_(REPLIED, _MET)),
                "late": _is(and_(REPLIED, or_(CASES.c.reply_clock.is_(None), ~_MET))),
                "extended": _is(CASES.c.extended_on.is_not(None)),
                "corrected": _is(CASES.c.corrected_on.is_not(None)),
            },
        ),
        Source(
            CASES,
            lambda span: (counts.finished_between(span.first, span.last),),
            {f"row.{key}": _is(CASES.c.report_row == key) for key in report_rows()},
        ),
        Source(REMEDIES, lambda span: (REMEDIES.c.decided_on.between(span.first, span.last),), remedies),
        Source(
            REMEDIES,
            lambda span: (counts.pending_after(span.end),),
            {
                f"remedy.{part.id}.{PENDING}": _is(REMEDIES.c.kind == part.id)
                for part in tables_of_law.report_remedies()
            },
        ),
        Source(
            ITEMS,
            lambda span: (and_(ITEMS.c.stars.is_not(None), ITEMS.c.on_day.between(span.first, span.last)),),
            {"rated": _always, "satisfied": _is(ITEMS.c.stars >= SATISFIED)},
        ),
    )


def _result_is(result: str) -> ColumnElement[bool]:
    """The condition that a decided remedy is counted in this column of table 4."""
    results = law.bundled().report_results()
    named = [outcome for one in results for outcome in one.outcomes]
    own = next(one.outcomes for one in results if one.id == result)
    if own:
        return REMEDIES.c.outcome.in_(own)
    return or_(REMEDIES.c.outcome.is_(None), REMEDIES.c.outcome.not_in(named))


def newest_format() -> Any:
    """The newest format of the annual report: the rows of cases name its rows."""
    formats = law.bundled().tables["report"]["format"]
    return law.bundled().report_format(max(int(one["first_year"]) for one in formats.values()))


def report_rows() -> tuple[str, ...]:
    """The rows of table 3 in which something finished is counted."""
    return tuple(newest_format().results)

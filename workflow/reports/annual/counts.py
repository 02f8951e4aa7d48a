"""Counting the annual report from the database: grouped by the database itself, one pass a group.

New: received in the year. Finished: counted in the year (workflow.cases.row_report). Carried over and
forward: received before the day, and not counted before it. Table 4: what was decided in the year, by its
outcome, whenever it was brought; pending at its end is what was brought by then and not decided by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from workflow import law
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.reports.annual import figure_names
from workflow.reports.annual import form as forms
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, PENDING, TOTAL, Report
from workflow.storage import figures
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

CASES, REMEDIES = TABLES["case_file"], TABLES["remedy"]
COLUMNS = ("number", "received_on", "counted_on", "state", "outcome", "applicant_kind", "unit", "report_row")
REMEDY_COLUMNS = ("number", "no", "kind", "opened_on", "decided_on", "outcome")

_CASES = select(*(CASES.c[name] for name in COLUMNS))


def bounds(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def count(connection: Connection, office_id: int, unit: str, year: int) -> Report:
    """The report of a year without table 2 and words; NotFound where nothing was received, open or contested
    then.
    """
    report = forms.empty(unit, year)
    fill(connection, office_id, report, *bounds(year))
    if not any(cells[ALL] for cells in (*report.table3.values(), *report.table4.values())):
        raise NotFound(
            N_("There is nothing to report of {year}: no application was received, open or contested in it."),
            field="year",
            year=year,
            way_on=N_("Years with cases are: {years}"),
            years=_years(connection, office_id),
        )
    return report


def fill(connection: Connection, office_id: int, report: Report, first: date, last: date) -> None:
    """Count tables 3 and 4 and the fees of a span of days, both included, into an empty report: of a year, or
    of one of its months ("this year" is then the month, "carried over" what was open at its beginning).
    """
    table, form = report.table3, report.form
    for key, where in (
        (NEW, received_between(first, last)),
        (OVER, open_before(first)),
        (FORWARD, open_after(last)),
    ):
        query = select(CASES.c.applicant_kind, func.count()).where(CASES.c.office_id == office_id, where)
        for kind, number in connection.execute(query.group_by(CASES.c.applicant_kind)):
            table[key][kind] += number
    query = select(CASES.c.report_row, CASES.c.applicant_kind, func.count()).where(
        CASES.c.office_id == office_id, finished_between(first, last)
    )
    for row, kind, number in connection.execute(query.group_by(CASES.c.report_row, CASES.c.applicant_kind)):
        table[form.merged.get(row, row)][kind] += number
    _remedies(connection, office_id, report, first, last)
    forms.add_totals(report)
    report.fees = _fees(connection, office_id, first, last)


def received_between(first: date, last: date) -> ColumnElement[bool]:
    """What was received from a day to a day."""
    return and_(CASES.c.received_on.between(first, last), figures.counted())


def finished_between(first: date, last: date) -> ColumnElement[bool]:
    """What table 3 counts as finished from a day to a day."""
    return CASES.c.counted_on.between(first, last)


def open_before(day: date) -> ColumnElement[bool]:
    """What was received before a day and not finished before it."""
    return and_(
        CASES.c.received_on < day,
        or_(CASES.c.counted_on.is_(None), CASES.c.counted_on >= day),
        figures.counted(),
    )


def open_after(day: date) -> ColumnElement[bool]:
    """What was received up to a day and not finished up to it."""
    return or_(*open_after_parts(day))


def open_after_parts(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The same as two conditions that exclude each other: over many offices at once each finds its way by the
    index, and both together do not.
    """
    received = and_(CASES.c.received_on <= day, figures.counted())
    return and_(CASES.c.counted_on.is_(None), received), and_(CASES.c.counted_on > day, received)


def pending_after(last: date) -> ColumnElement[bool]:
    """Remedies brought up to a day and not decided up to it."""
    return and_(
        REMEDIES.c.opened_on <= last, or_(REMEDIES.c.decided_on.is_(None), REMEDIES.c.decided_on > last)
    )


def remedy_result(outcome: str | None) -> str:
    """The column of table 4 in which an outcome is counted; what has none of its own is another result."""
    results = law.bundled().report_results()
    return next((one.id for one in results if outcome in one.outcomes), "other")


def _remedies(connection: Connection, office_id: int, report: Report, first: date, last: date) -> None:
    here = REMEDIES.c.office_id == office_id
    decided = select(REMEDIES.c.kind, REMEDIES.c.outcome, func.count()).where(
        here, REMEDIES.c.decided_on.between(first, last)
    )
    for kind, outcome, number in connection.execute(decided.group_by(REMEDIES.c.kind, REMEDIES.c.outcome)):
        report.table4[kind][remedy_result(outcome)] += number
    waiting = select(REMEDIES.c.kind, func.count()).where(here, pending_after(last))
    for kind, number in connection.execute(waiting.group_by(REMEDIES.c.kind)):
        report.table4[kind][PENDING] += number


def _fees(connection: Connection, office_id: int, first: date, last: date) -> dict[str, int]:
    """Notices of a fee in the year and their amount in yuan, payments in the year and their amount."""

    def of(column: Any) -> tuple[int, int]:
        query = select(func.count(), func.coalesce(func.sum(CASES.c.fee_amount), 0))
        row = connection.execute(
            query.where(CASES.c.office_id == office_id, column.between(first, last))
        ).one()
        return int(row[0]), int(row[1])

    notices, charged = of(CASES.c.fee_notified_on)
    payments, paid = of(CASES.c.fee_paid_on)
    if not notices and not payments:
        return {}
    return {"notices": notices, "charged_yuan": charged, "payments": payments, "paid_yuan": paid}


def _years(connection: Connection, office_id: int) -> str:
    query = select(func.min(CASES.c.received_on), func.max(CASES.c.received_on), func.max(CASES.c.counted_on))
    first, *last = connection.execute(query.where(CASES.c.office_id == office_id)).one()
    if first is None:
        return "-"
    return f"{first.year}-{max(day.year for day in last if day is not None)}"


# --- the cases behind a figure


def cell(
    connection: Connection, office_id: int, year: int, row: str, column: str
) -> Iterator[dict[str, Any]]:
    """The cases (for table 4 the remedies) that a figure counts, one each: as many as it says."""
    form = law.bundled().report_format(year)
    remedies = figure_names.remedies()
    if row in remedies:
        yield from _remedy_cell(connection, office_id, year, remedies[row], figure_names.result_id(column))
        return
    key, kind = figure_names.row_key(year, row), figure_names.column_key(year, column)
    first, last = bounds(year)
    conditions: dict[str, Callable[[], ColumnElement[bool]]] = {
        NEW: lambda: received_between(first, last),
        OVER: lambda: open_before(first),
        FORWARD: lambda: open_after(last),
        TOTAL: lambda: finished_between(first, last),
    }
    if key in conditions:
        where = conditions[key]()
    else:
        counted = [key, *(part for part, whole in form.merged.items() if whole == key)]
        where = and_(finished_between(first, last), CASES.c.report_row.in_(counted))
    query = _CASES.where(CASES.c.office_id == office_id, where)
    if kind != ALL:
        query = query.where(CASES.c.applicant_kind == kind)
    yield from _streamed(connection, query.order_by(CASES.c.id))


def heads(row: str) -> tuple[str, ...]:
    """The columns listed for each case (in table 4: each remedy) behind a figure of this row."""
    return REMEDY_COLUMNS if row in figure_names.remedies() else COLUMNS


def _remedy_cell(
    connection: Connection, office_id: int, year: int, kind: str, result: str
) -> Iterator[dict[str, Any]]:
    first, last = bounds(year)
    decided = REMEDIES.c.decided_on.between(first, last)
    query = (
        select(CASES.c.number, *(REMEDIES.c[name] for name in REMEDY_COLUMNS[1:]))
        .join(CASES, CASES.c.id == REMEDIES.c.case_id)
        .where(REMEDIES.c.office_id == office_id, REMEDIES.c.kind == kind)
        .where(
            pending_after(last)
            if result == PENDING
            else or_(decided, pending_after(last))
            if result == ALL
            else decided
        )
        .order_by(REMEDIES.c.opened_on, REMEDIES.c.id)
    )
    for row in _streamed(connection, query):
        if result in (ALL, PENDING) or remedy_result(row["outcome"]) == result:
            yield row


def _streamed(connection: Connection, query: Any) -> Iterator[dict[str, Any]]:
    for row in connection.execution_options(yield_per=500).execute(query).mappings():
        yield {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}

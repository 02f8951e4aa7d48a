"""The numbers of the figures, and the cases behind each, from the same conditions.

Counted by the database over the projections, for all organs at once and grouped by organ; no case is folded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from workflow.calendar import Calendar
from workflow.clocks.time_spent import spent
from workflow.reports.board.figures import Figure
from workflow.reports.board.sources import CASES, ITEMS, REMEDIES, REPLIED, Source, Span, sources

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def count(connection: Connection, offices: list[int], span: Span) -> dict[int, Counter[str]]:
    """Of each office the number of every figure that is counted."""
    made: dict[int, Counter[str]] = {id: Counter() for id in offices}
    for source in sources():
        if next(iter(source.among)).startswith("row."):
            _count_rows(connection, source, offices, span, made)
            continue
        of = source.table.c.office_id
        conditions = [among(span) for among in source.among.values()]
        sums = [func.count() if one is None else func.sum(case((one, 1), else_=0)) for one in conditions]
        for part in source.parts(span):
            query = select(of, *sums).where(of.in_(offices), part).group_by(of)
            for office, *numbers in connection.execute(query):
                made[office].update(dict(zip(source.among, map(int, numbers), strict=True)))
    return made


def _count_rows(
    connection: Connection, source: Source, offices: list[int], span: Span, made: dict[int, Counter[str]]
) -> None:
    """The same where the conditions are the values of one column: the index holds all that is read."""
    of, row = CASES.c.office_id, CASES.c.report_row
    query = select(of, row, func.count()).where(of.in_(offices), source.where(span)).group_by(of, row)
    for office, key, number in connection.execute(query):
        if f"row.{key}" in source.among:
            made[office][f"row.{key}"] += int(number)


def days_of_replies(
    connection: Connection, offices: list[int], span: Span, calendar: Calendar
) -> dict[int, Counter[int]]:
    """Of each office how many replies took how many working days (net); as many as "replied to" counts."""
    made: dict[int, Counter[int]] = {id: Counter() for id in offices}
    of, parts = CASES.c.office_id, (CASES.c.reply_start, CASES.c.replied_on, CASES.c.left_out)
    source = next(source for source in sources() if "replied" in source.among)
    query = (
        select(of, *parts, func.count())
        .where(of.in_(offices), source.where(span), REPLIED)
        .group_by(of, *parts)
    )
    known: dict[tuple[date, date], int] = {}
    for office, start, replied, left_out, number in connection.execute(query):
        if left_out:
            net = spent(calendar, start, replied, left_out).net
        else:
            key = start, replied
            net = known[key] if key in known else known.setdefault(key, spent(calendar, *key, None).net)
        made[office][net] += number
    return made


def stars(connection: Connection, offices: list[int], span: Span) -> dict[int, Counter[int]]:
    """Of each office how many ratings of how many stars; as many as "ratings" counts."""
    made: dict[int, Counter[int]] = {id: Counter() for id in offices}
    source = next(source for source in sources() if "rated" in source.among)
    query = (
        select(ITEMS.c.office_id, ITEMS.c.stars, func.count())
        .where(ITEMS.c.office_id.in_(offices), source.where(span))
        .group_by(ITEMS.c.office_id, ITEMS.c.stars)
    )
    for office, number, times in connection.execute(query):
        made[office][int(number)] += times
    return made


# --- lists

# What is shown of each case: of one's own organ with names, of another's numbers and days alone.
NUMBERS = ("number", "received_on", "state", "reply_due", "reply_clock", "replied_on", "report_row")
NAMES = ("unit", "handler", "applicant_kind", "applicant_name")
_OF_REMEDY = ("no", "kind", "opened_on", "decided_on", "outcome")


def columns(figure: Figure, *, own: bool) -> tuple[str, ...]:
    """The columns of a figure's list."""
    table = _source_of(figure).table
    more = _OF_REMEDY if table is REMEDIES else ("stars", "on_day") if table is ITEMS else ()
    return (*NUMBERS, *more, *(NAMES if own else ()))


def listed(
    connection: Connection,
    office: int,
    figure: Figure,
    span: Span,
    *,
    own: bool,
    after: int = 0,
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """The cases (remedies, ratings) that a figure counts, each with its `id` for paging (`after`)."""
    source = _source_of(figure)
    table, among = source.table, source.among[figure.of or figure.id](span)
    of_case = {*NUMBERS, *NAMES}
    chosen = [(CASES if name in of_case else table).c[name] for name in columns(figure, own=own)]
    query = select(table.c.id.label("id"), *chosen)
    if table is not CASES:
        query = query.join_from(table, CASES, CASES.c.id == table.c.case_id)
    query = query.where(table.c.office_id == office, source.where(span), table.c.id > after)
    if among is not None:
        query = query.where(among)
    query = query.order_by(table.c.id)
    if limit is not None:
        query = query.limit(limit)
    for row in connection.execution_options(yield_per=500).execute(query).mappings():
        yield dict(row)


def _source_of(figure: Figure) -> Source:
    id = figure.of or figure.id
    return next(source for source in sources() if id in source.among)

"""The figures, each defined once as a condition on rows, from which its number and its list are made.

Counted by the database over the projections, for all organs at once and grouped by organ; no case is folded.
What a figure is called, when it holds and on what it rests stands in figures.toml.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, func, or_, select

from workflow import law
from workflow.base import tables
from workflow.base.completeness import require_same
from workflow.base.errors import NotFound
from workflow.base.messages import N_, pick
from workflow.calendar import Calendar
from workflow.cases.states import GOING, ClockState
from workflow.clocks.time_spent import spent
from workflow.reports.annual import counts
from workflow.reports.annual.form import ALL, PENDING
from workflow.storage import figures as counting
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

CASES, REMEDIES, ITEMS = TABLES["case_file"], TABLES["remedy"], TABLES["web_item"]
TABLE = os.path.join(os.path.dirname(__file__), "figures.toml")
STANDING = (ClockState.PAUSED, ClockState.STOPPED)
SATISFIED = 4
NOW, DAY = "now", "day"


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


class Figure(NamedTuple):
    """A figure: what it is called, when it holds (period, day, now), what it rests on; `of` names the figure
    from whose cases it is computed, and whose list it opens.
    """

    id: str
    zh: str
    en: str
    when: str
    basis: str
    says_zh: str
    says_en: str
    of: str = ""

    @property
    def name(self) -> str:
        """In the language in force."""
        return pick(self.zh, self.en)

    @property
    def says(self) -> str:
        """Which cases it counts, in the language in force."""
        return pick(self.says_zh, self.says_en)


class _Source(NamedTuple):
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


_REPLIED = and_(CASES.c.replied_on == CASES.c.finished_on, CASES.c.reply_start.is_not(None))
_MET = CASES.c.reply_clock == ClockState.MET
_CORRECTED = "corrected"


@cache
def sources() -> tuple[_Source, ...]:
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
        _Source(CASES, lambda span: (counts.received_between(span.first, span.last),), {"received": _always}),
        _Source(CASES, lambda span: counts.open_after_parts(span.end), {"open": _always}),
        _Source(
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
        _Source(
            CASES,
            lambda span: (and_(CASES.c.finished_on.between(span.first, span.last), counting.counted()),),
            {
                "finished": _always,
                "replied": _is(_REPLIED),
                "in_time": _is(and_(_REPLIED, _MET)),
                "late": _is(and_(_REPLIED, or_(CASES.c.reply_clock.is_(None), ~_MET))),
                "extended": _is(CASES.c.extended_on.is_not(None)),
                "corrected": _is(CASES.c.corrected_on.is_not(None)),
            },
        ),
        _Source(
            CASES,
            lambda span: (counts.finished_between(span.first, span.last),),
            {f"row.{key}": _is(CASES.c.report_row == key) for key in _rows()},
        ),
        _Source(REMEDIES, lambda span: (REMEDIES.c.decided_on.between(span.first, span.last),), remedies),
        _Source(
            REMEDIES,
            lambda span: (counts.pending_after(span.end),),
            {
                f"remedy.{part.id}.{PENDING}": _is(REMEDIES.c.kind == part.id)
                for part in tables_of_law.report_remedies()
            },
        ),
        _Source(
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


def _format() -> Any:
    """The newest format of the annual report: the rows of cases name its rows."""
    formats = law.bundled().tables["report"]["format"]
    return law.bundled().report_format(max(int(one["first_year"]) for one in formats.values()))


def _rows() -> tuple[str, ...]:
    return tuple(_format().results)


@cache
def all_figures() -> dict[str, Figure]:
    """Every figure by its id, in the order of the board."""
    raw = tables.read(TABLE)
    found = {id: Figure(id=id, **row) for id, row in raw["figure"].items()}
    tables_of_law, form = law.bundled(), _format()
    labels = {row.key: row for row in form.rows}
    for key in _rows():
        row = labels[key]
        found[f"row.{key}"] = Figure(
            f"row.{key}",
            row.zh,
            row.en,
            "period",
            form.article,
            "年度报告表三该行所计的申请",
            "what this row of table 3 of the annual report counts",
        )
    for part in tables_of_law.report_remedies():
        for one in tables_of_law.report_results():
            if one.id != ALL:
                when = DAY if one.id == PENDING else "period"
                id = f"remedy.{part.id}.{one.id}"
                found[id] = Figure(
                    id,
                    f"{part.zh}：{one.zh}",
                    f"{part.en}: {one.en}",
                    when,
                    form.article,
                    "年度报告表四该格所计的复议、诉讼",
                    "what this cell of table 4 of the annual report counts",
                )
    counted = [id for source in sources() for id in source.among]
    listed = [figure.id for figure in found.values() if not figure.of]
    require_same("board/figures.toml", listed, "board/figures.sources", counted)
    return found


def due_days() -> int:
    """How many working days "due" looks ahead."""
    return int(tables.read(TABLE)["due_days"])


def find(typed: str) -> Figure:
    """A figure by its id or by its name in either language; NotFound tells which there are."""
    wanted = typed.strip()
    found = [one for one in all_figures().values() if wanted in (one.id, one.zh, one.en)]
    if not found:
        raise NotFound(
            N_("The board has no figure '{name}'."),
            field="figure",
            name=wanted[:60],
            way_on=N_("Figures are: {names}"),
            names="、".join(all_figures()),
        )
    return found[0]


# --- counting


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
    connection: Connection, source: _Source, offices: list[int], span: Span, made: dict[int, Counter[str]]
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
        .where(of.in_(offices), source.where(span), _REPLIED)
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


def _source_of(figure: Figure) -> _Source:
    id = figure.of or figure.id
    return next(source for source in sources() if id in source.among)

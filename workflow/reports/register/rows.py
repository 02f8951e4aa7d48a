"""The lines of the register, read page by page: the rows of the cases, and what belongs to them by one query
a page.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.cases import states
from workflow.office.seat import Seat
from workflow.reports.register.columns import PARTS, Column
from workflow.reports.register.selection import Choice
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, CLOCKS, LETTERS = TABLES["case_file"], TABLES["clock"], TABLES["letter"]
PAGE = 500
_CLOCKS = [
    CLOCKS.c[name]
    for name in ("case_id", "rule", "ref", "party", "start", "due", "state", "met_on", "provisional")
]
_LETTERS = [LETTERS.c[name] for name in ("case_id", "code", "number", "dated", "round")]


@dataclass(slots=True)
class Line:
    """One application: its row, its details, and of letters and clocks what was asked for."""

    row: Any
    details: dict[str, Any] = field(default_factory=dict)
    letters: Sequence[Any] = ()
    clocks: Sequence[Any] = ()


def lines(
    connection: Connection,
    seat: Seat,
    choice: Choice,
    columns: Sequence[Column],
    *,
    after: str | None = None,
    limit: int | None = None,
) -> Iterator[Line]:
    """Applications in the order of their receipt numbers; `after` is the number of the last one seen."""
    where = choice.conditions(connection, seat)
    choice.require_data(connection, seat)
    names, parts = needed(columns), {need for column in columns for need in column.needs} & set(PARTS)
    read, detailed = _reading(tuple(names)), "details" in names
    last = _place(connection, seat, after) if after else 0
    left = limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        query = read.where(*where, CASES.c.id > last).limit(size)
        page = connection.execute(query).all()
        if page:
            yield from _with_parts(connection, page, "letters" in parts, "clocks" in parts, detailed)
        if len(page) < size:
            return
        last = page[-1].id
        left = None if left is None else left - len(page)


@lru_cache(maxsize=32)
def _reading(names: tuple[str, ...]) -> Any:
    """The statement that reads these columns, to which the choice is added: putting it together costs
    time.
    """
    return select(*(CASES.c[name] for name in names)).order_by(CASES.c.id)


def needed(columns: Sequence[Column]) -> list[str]:
    """The columns of the case's row that these are made of, the number and the id among them."""
    needs = dict.fromkeys(need for column in columns for need in column.needs if need not in PARTS)
    return list(dict.fromkeys(["id", "number", *needs]))


def _with_parts(
    connection: Connection, page: Sequence[Any], letters: bool, clocks: bool, detailed: bool
) -> Iterator[Line]:
    if not (letters or clocks or detailed):
        yield from map(Line, page)
        return
    parts = [
        _parts(connection, page, table, read) if wanted else {}
        for wanted, table, read in ((letters, LETTERS, _LETTERS), (clocks, CLOCKS, _CLOCKS))
    ]
    for row in page:
        details = json.loads(row.details) if detailed and row.details else {}
        yield Line(row, details, parts[0].get(row.id, ()), parts[1].get(row.id, ()))


def _parts(connection: Connection, page: Sequence[Any], table: Any, read: list[Any]) -> dict[int, list[Any]]:
    """The rows of another table that belong to the cases of a page, by case."""
    first, last = page[0].id, page[-1].id
    # Consecutive ids form a range, which needs no list.
    whole = last - first + 1 == len(page)
    among = table.c.case_id.between(first, last) if whole else table.c.case_id.in_([row.id for row in page])
    found: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(select(*read).where(among).order_by(table.c.case_id, table.c.id)):
        found[row.case_id].append(row)
    return found


def _place(connection: Connection, seat: Seat, number: str) -> int:
    found = connection.execute(
        select(CASES.c.id).where(CASES.c.office_id == seat.office.id, CASES.c.number == number.strip())
    ).scalar()
    if found is None:
        raise NotFound(
            N_("There is no case '{ref}'."),
            field="after",
            ref=number[:60],
            way_on=N_("Give the whole number of the last case seen."),
        )
    return int(found)


def count(connection: Connection, seat: Seat, choice: Choice) -> int:
    """How many applications there are of this choice."""
    query = select(func.count()).select_from(CASES).where(*choice.conditions(connection, seat))
    return int(connection.execute(query).scalar() or 0)


def overdue(row: Any, today: date) -> bool:
    """Whether the last day of a running time for reply is over."""
    return row.reply_clock in states.GOING and row.reply_due is not None and row.reply_due < today

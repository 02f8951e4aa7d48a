"""Lists of cases as an office looks at them: filtered in the database, read page by page, personal data
masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import names, typed_words
from workflow.cases import states
from workflow.casework import lookup, parties
from workflow.procedure import transitions
from workflow.storage.encryption import Keyring
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

CASES, CLOCKS, PARTIES = TABLES["case_file"], TABLES["clock"], TABLES["party"]
COLUMNS = (
    "number",
    "state",
    "received_on",
    "channel",
    "applicant_name",
    "applicant_kind",
    "request",
    "unit",
    "handler",
    "reply_due",
    "reply_provisional",
    "reply_clock",
    "replied_on",
    "served_on",
    "outcome",
    "decision_number",
    "version",
)


def cases(
    connection: Connection,
    office_id: int,
    *,
    state: str | None = None,
    handler: str | None = None,
    unit: str | None = None,
    text: str | None = None,
    only_open: bool = False,
    overdue_on: date | None = None,
    after: int = 0,
    limit: int | None = None,
    ring: Callable[[], Keyring] | None = None,
) -> Iterator[dict[str, Any]]:
    """Cases in the order of their receipt number; `after` is the id of the last one seen (paging by key, not
    offset).
    """
    query = select(CASES.c.id, *(CASES.c[name] for name in COLUMNS)).where(
        CASES.c.office_id == office_id, CASES.c.id > after
    )
    if state:
        states_of = names.both("state", transitions.bundled().states("case"))
        state = typed_words.resolve(state, states_of, "state")
        query = query.where(CASES.c.state == state)
    if handler:
        query = query.where(CASES.c.handler == handler)
    if unit:
        query = query.where(CASES.c.unit == unit)
    if only_open:
        query = query.where(CASES.c.open.is_(True))
    if overdue_on:
        query = query.where(CASES.c.reply_clock.in_(states.GOING), CASES.c.reply_due < overdue_on)
    if text:
        pattern = lookup.like(text)
        someone: ColumnElement[bool] = PARTIES.c.name.like(pattern, escape="\\")
        if ring is not None and parties.is_telephone(text):
            someone |= PARTIES.c.phone == parties.telephone(text, ring())
        query = query.where(
            CASES.c.number.like(pattern, escape="\\")
            | CASES.c.id.in_(parties.cases_of(office_id, someone))
            | CASES.c.request.like(pattern, escape="\\")
        )
    query = query.order_by(CASES.c.id)
    if limit is not None:
        query = query.limit(limit)
    for row in connection.execution_options(yield_per=500).execute(query).mappings():
        yield {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def numbers(
    connection: Connection, office_id: int | None, start: str, limit: int = 50
) -> list[tuple[str, str]]:
    """Case numbers that begin with a text, newest first, with the applicant's name: for shell completion."""
    query = select(CASES.c.number, CASES.c.applicant_name).where(
        CASES.c.number.startswith(start, autoescape=True)
    )
    if office_id is not None:
        query = query.where(CASES.c.office_id == office_id)
    return [
        (row.number, row.applicant_name)
        for row in connection.execute(query.order_by(CASES.c.id.desc()).limit(limit))
    ]

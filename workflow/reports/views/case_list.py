"""Lists of cases as an office looks at them: filtered in the database, read page by page, personal data
masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import names, typed_words
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.cases import states
from workflow.casework import lookup, parties
from workflow.office import who
from workflow.office.seat import Seat
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
            | CASES.c.id.in_(parties.concerned(office_id, someone))
            | CASES.c.request.like(pattern, escape="\\")
        )
    query = query.order_by(CASES.c.id)
    if limit is not None:
        query = query.limit(limit)
    rows = connection.execution_options(yield_per=500).execute(query)
    names_of = tuple(rows.keys())
    for row in rows:
        yield {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(names_of, row, strict=True)
        }


# How a list of cases is filtered, with its names where the filter is typed as a word (--where).
FILTERS = {
    "state": {"zh": "状态", "en": "state"},
    "handler": {"zh": "承办人", "en": "handler"},
    "unit": {"zh": "科室", "en": "unit"},
    "text": {"zh": "文字", "en": "text"},
    "only_open": {"zh": "未办结", "en": "open"},
    "overdue": {"zh": "逾期", "en": "overdue"},
}
# Those that are a mere word.
WORDS = ("only_open", "overdue")


def found(connection: Connection, seat: Seat, today: date, **filters: Any) -> Iterator[dict[str, Any]]:
    """Cases by the filters as they were typed: units and handlers by their names too."""
    if filters.get("unit"):
        filters["unit"] = typed_words.meant(filters["unit"], seat.office.units, "unit")
    if filters.get("handler"):
        known = who.names(connection, seat.office)
        filters["handler"] = typed_words.meant(filters["handler"], known, "handler")
    overdue_on = today if filters.pop("overdue", False) else None
    return cases(
        connection, seat.office.id, overdue_on=overdue_on, ring=lambda: seat.ring(connection), **filters
    )


def typed(said: Iterable[str]) -> dict[str, Any]:
    """Filters as they are typed after --where: NAME=VALUE, or the bare name of one that takes no value."""
    made: dict[str, Any] = {}
    for one in said:
        name, sign, value = one.replace("＝", "=").partition("=")
        key = typed_words.resolve(name, FILTERS, "where")
        if (key in WORDS) == bool(sign) or (sign and not value.strip()) or key in made:
            raise Malformed(
                N_("'{text}' is no filter."),
                field="where",
                text=one[:40],
                way_on=N_(
                    "Write it as state=registered, unit=…, handler=…, text=…, open or overdue, each once."
                ),
            )
        made[key] = value.strip() if sign else True
    return made


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

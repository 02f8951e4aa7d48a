"""The entries of cases, read from the record: what a case is folded from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from workflow.cases.entry import Entry, Known
from workflow.storage import case_keys, sealed_texts, unsent
from workflow.storage.entry_hash import value_of
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Executable
    from sqlalchemy.engine import Connection

LEDGER, CASES = TABLES["ledger"], TABLES["case_file"]
# A number that no case's last entry reaches.
LAST = 2**31 - 1

# So many cases are fetched together.
LOT = 32


# What an entry is made of, in the order in which `_read` takes it.
_ENTRY = [
    LEDGER.c[name]
    for name in (
        "n",
        "event",
        "track",
        "on_day",
        "recorded_at",
        "actor",
        "source",
        "dest",
        "article",
        "payload",
        "via",
        "login",
        "acting_for",
    )
]
_OF_CASE = (
    select(*_ENTRY)
    .where(LEDGER.c.case_id == bindparam("case"), LEDGER.c.n.between(bindparam("first"), bindparam("last")))
    .order_by(LEDGER.c.n)
)
_KEYED = (
    select(*_ENTRY, case_keys.KEYS.c.wrapped)
    .outerjoin(case_keys.KEYS, case_keys.KEYS.c.case_id == LEDGER.c.case_id)
    .where(LEDGER.c.case_id == bindparam("case"))
    .order_by(LEDGER.c.n)
)
_KEYED_BY_NUMBER = (
    select(*_ENTRY, case_keys.KEYS.c.wrapped)
    .join(CASES, CASES.c.id == LEDGER.c.case_id)
    .outerjoin(case_keys.KEYS, case_keys.KEYS.c.case_id == LEDGER.c.case_id)
    .where(
        CASES.c.office_id == bindparam("office"),
        CASES.c.number == bindparam("number"),
        CASES.c.entries < bindparam("fewer"),
    )
    .order_by(LEDGER.c.n)
)
_OF_CASES = (
    select(*_ENTRY, LEDGER.c.case_id)
    .where(LEDGER.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(LEDGER.c.case_id, LEDGER.c.n)
)


def entry_of(row: Any) -> Entry:
    """A ledger row as the pure fold wants it; its texts stay sealed, with marks in their place."""
    return _of_row(row, row.n or 0, json.loads(row.payload))


def bare_of(row: Any) -> Entry:
    """A ledger row as its hash takes it: with the number that stands there, the payload apart."""
    return _of_row(row, row.n, {})


def _of_row(row: Any, n: Any, payload: dict[str, Any]) -> Entry:
    return Entry(
        n,
        row.event,
        row.track,
        row.on_day,
        row.recorded_at,
        row.actor,
        row.source,
        row.dest,
        row.article,
        payload,
        known_of(row),
    )


def known_of(row: Any) -> Known | None:
    """How the officer of a row was known, as the row says."""
    return _known(row.via, row.login, row.acting_for)


@lru_cache(maxsize=256)
def _known(via: str | None, login: str | None, acting_for: str | None) -> Known | None:
    return Known(via, login, acting_for) if via is not None else None


def _read(rows: Iterable[Any], key: bytes | None) -> list[Entry]:
    """Rows of these columns as entries, with their texts if the key of the case is given; each is made once,
    as every act and every view reads all of a case.
    """
    made = []
    for n, event, track, on, moment, actor, source, dest, article, kept, via, login, acting_for, *_ in rows:
        payload = sealed_texts.shown(n or 0, event, value_of(kept), key)
        known = _known(via, login, acting_for)
        made.append(Entry(n or 0, event, track, on, moment, actor, source, dest, article, payload, known))
    return made


def keyed(connection: Connection, case_id: int) -> tuple[list[Entry], bytes | None]:
    """The entries of a case as `entries` gives them, and its key, in one question; None where it is not at
    hand.
    """
    return _keyed(connection, case_id, connection.execute(_KEYED, {"case": case_id}).all())


def with_row(
    connection: Connection, row: Executable, office_id: int, number: str, fewer: int
) -> tuple[Any, tuple[list[Entry], bytes | None]]:
    """The row of the case of this number, as `row` asks for it, and what `keyed` gives of it, in one message
    (PostgreSQL alone); nothing of the latter where the case does not have fewer entries than said.
    """
    found, entries = unsent.both(
        connection, row, _KEYED_BY_NUMBER, {"office": office_id, "number": number, "fewer": fewer}
    )
    rows = entries.all()
    return found, _keyed(connection, found.id if rows else 0, rows)


def _keyed(connection: Connection, case_id: int, rows: Sequence[Any]) -> tuple[list[Entry], bytes | None]:
    key = case_keys.of_wrapped(connection, case_id, rows[0].wrapped) if rows else None
    return _read(rows, key), key


def between(
    connection: Connection, case_id: int, key: bytes | None, first: int = 1, last: int = LAST
) -> list[Entry]:
    """The entries of a case from one number to another, with their texts if its key is given."""
    rows = connection.execute(_OF_CASE, {"case": case_id, "first": first, "last": last})
    return _read(rows, key)


def of_cases(
    connection: Connection, case_ids: Iterable[int], texts: Callable[[], bool] = lambda: True
) -> Iterator[tuple[int, list[Entry]]]:
    """Cases in the order given, each with its entries as `entries` gives them; fetched by the lot.

    `texts` is asked at each case whether its texts are looked at: if not, marks stand in their place.
    """
    waiting = iter(case_ids)
    while lot := list(islice(waiting, LOT)):
        key_of = case_keys.many(connection, lot)
        found: dict[int, list[Any]] = {one: [] for one in lot}
        for row in connection.execute(_OF_CASES, {"cases": lot}):
            found[row.case_id].append(row)
        for one, listed in found.items():
            yield one, _read(listed, key_of(one) if texts() else None)


def entries(connection: Connection, case_id: int, until: str | None = None) -> list[Entry]:
    """The entries of a case in their order, with their texts as far as its key is at hand.

    `until` (a UTC moment) leaves out what was recorded later.
    """
    query = select(LEDGER).where(LEDGER.c.case_id == case_id).order_by(LEDGER.c.n)
    if until is not None:
        query = query.where(LEDGER.c.recorded_at <= until)
    return case_keys.opened(connection, case_id, [entry_of(row) for row in connection.execute(query)])

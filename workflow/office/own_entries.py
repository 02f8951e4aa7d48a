"""Entries of the office itself in the ledger, read back in their order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]


class Told(NamedTuple):
    """An entry of the office: what happened, what it says, by whom, when it was recorded, its number."""

    event: str
    payload: dict[str, Any]
    by: str
    at: str
    seq: int


def told(connection: Connection, office_id: int, events: tuple[str, ...]) -> Iterator[Told]:
    """The entries of these events, oldest first."""
    query = (
        select(LEDGER.c.event, LEDGER.c.payload, LEDGER.c.actor, LEDGER.c.recorded_at, LEDGER.c.seq)
        .where(LEDGER.c.case_id.is_(None), LEDGER.c.office_id == office_id, LEDGER.c.event.in_(events))
        .order_by(LEDGER.c.seq)
    )
    for row in connection.execute(query):
        yield Told(row.event, json.loads(row.payload), row.actor, row.recorded_at, row.seq)

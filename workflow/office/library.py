"""What an office keeps besides its cases and its settings: entries of its own in the ledger, read back in
their order.

Each library is folded from its entries; no table holds it a second time. What stands in them is not sealed: a
text that names a person is refused before it comes here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.office import founding, identity
from workflow.office.seat import Seat
from workflow.storage import ledger
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
RULE = "house:library"
# Whoever writes and passes replies writes what they are drawn from.
WRITERS = ("handler", "reviewer", "legal_reviewer", "approver")


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


def lock(connection: Connection, seat: Seat) -> None:
    """Put the writers of the office in line: what is looked at now is what is written after."""
    ledger.head(connection, seat.office.id, lock=True)


def record(connection: Connection, seat: Seat, event: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Write an entry; what it says."""
    founding.entry(connection, seat.office.id, event, seat.officer.actor, payload)
    return payload


def require_writer(seat: Seat) -> None:
    """Refused unless the officer is one of those who write replies."""
    identity.require_known(seat.office.settings, seat.officer.known)
    if not seat.officer.actor.roles & set(WRITERS):
        raise Refused(
            N_("{officer} may not change the library of the office; it is for: {roles}."),
            rule=RULE,
            officer=seat.officer.name,
            roles=Named("role", *WRITERS),
            way_on=N_("Let an officer with that role do it."),
        )


def require_role(seat: Seat, role: str) -> None:
    """Refused unless the officer has this role."""
    if role not in seat.officer.actor.roles:
        raise Refused(
            N_("{officer} does not have the role '{role}'."),
            rule=RULE,
            officer=seat.officer.name,
            role=Named("role", role),
            way_on=N_("Let an officer with that role do it."),
        )

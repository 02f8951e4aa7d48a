"""What an office keeps besides its cases and its settings: entries of its own in the ledger, read back in
their order (own_entries).

Each library is folded from its entries; no table holds it a second time. What stands in them is not sealed: a
text that names a person is refused before it comes here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.office import founding, identity
from workflow.office.seat import Seat
from workflow.storage import ledger

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

RULE = "house:library"
# Whoever writes and passes replies writes what they are drawn from.
WRITERS = ("handler", "reviewer", "legal_reviewer", "approver")


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

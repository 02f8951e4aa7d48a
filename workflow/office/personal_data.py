"""Ways to personal data besides the act `reveal`: who may go them, and that it is recorded.

Letters, envelopes, attachments and archive folders hold names and addresses: whoever may not look at them on
the screen gets them no other way.
"""

from __future__ import annotations

from typing import Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.office import founding
from workflow.office.seat import Seat

REVEAL = "reveal"
TAKEN = "personal_data_taken"


def _roles(seat: Seat) -> set[str]:
    return {role for row in seat.context.process.rows_of(REVEAL) for role in row.roles}


def allowed(seat: Seat) -> bool:
    """Whether the officer has a role that may look at personal data."""
    return bool(seat.officer.actor.roles & _roles(seat))


def require(seat: Seat, way: str) -> None:
    """Refused unless the officer has a role that may look at personal data. `way` names the command."""
    roles = _roles(seat)
    if not seat.officer.actor.roles & roles:
        raise Refused(
            N_("{officer} may not look at personal data ({way}); it is for: {roles}."),
            rule="house:privacy",
            officer=seat.officer.name,
            way=way,
            roles=Named("role", *sorted(roles)),
            way_on=N_("Let an officer with that role do it."),
        )


def record(seat: Seat, way: str, **what: Any) -> None:
    """Record that personal data left by this way, and what it was of; before it is handed over."""
    require(seat, way)
    with seat.store.writing() as connection:
        founding.entry(connection, seat.office.id, TAKEN, seat.officer.actor, {"way": way, **what})

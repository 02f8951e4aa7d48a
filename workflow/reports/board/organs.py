"""Whose figures an officer sees: those of his own organ and of the organs below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base.errors import NotFound
from workflow.base.messages import N_, listed
from workflow.office import offices
from workflow.office.profile import Office
from workflow.office.seat import Seat

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def seen(connection: Connection, seat: Seat) -> list[Office]:
    """One's own organ, then those below it, directly or through others, in the order of their founding."""
    known = offices.listed(connection)
    own = [one for one in known if one.id == seat.office.id]
    return [*own, *offices.below(known, seat.office.key)]


def find(known: list[Office], typed: str) -> Office:
    """An organ by its key or its name; NotFound where it is none of those whose figures are seen here."""
    wanted = typed.strip()
    for one in known:
        if wanted in (one.key, one.name, one.entry("short")):
            return one
    raise NotFound(
        N_("'{organ}' is no organ whose cases lie here for you to see."),
        field="organ",
        organ=wanted[:60],
        way_on=N_(
            "Organs are: {names}. What an organ reported by file it opens itself: disclosure board compare FILE"
        ),
        names=listed(f"{one.name}（{one.key}）" for one in known[:20]),
    )

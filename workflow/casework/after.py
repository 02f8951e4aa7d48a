"""What an act puts down in its own commit for a room above casework: the archive folder, the end of what is
readable.

Casework cannot know the archive. So each such act has a place here that a room above fills when it is
imported (workflow.commands.wiring); an act whose place is empty is not done at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workflow.base.completeness import require_known
from workflow.casework.opened import Done
from workflow.office.seat import Seat
from workflow.procedure import act_tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# Writes in the transaction of the act, and names in `done.errands` the work that is to follow the commit.
Hook = Callable[[Seat, "Connection", Done], None]
_PLACES: dict[str, Hook | None] = dict.fromkeys(("file", "file_unserved", "destroy"))
require_known("casework/after.py", _PLACES, "procedure/acts", act_tables.acts())


def fill(event: str, hook: Hook) -> None:
    """Say what follows an act; LookupError if nothing has to follow it."""
    if event not in _PLACES:
        raise LookupError(f"nothing follows the act {event!r}")
    _PLACES[event] = hook


def empty() -> list[str]:
    """Acts whose place nobody has filled."""
    return [event for event, hook in _PLACES.items() if hook is None]


def require(event: str) -> Hook | None:
    """What follows an act; None if nothing does, LookupError if it is owed and not there."""
    if event in empty():
        raise LookupError(f"what follows the act {event!r} is not loaded: import workflow.commands.wiring")
    return _PLACES.get(event)

"""Hooks by which rooms above casework write in the commit of an act: the archive folder, the destruction of a
case.

Casework cannot import the archive. Each such act has a place here that a room above fills when it is imported
(workflow.commands.wiring); an act whose place is empty is refused.
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

# Writes in the transaction of the act, and adds to `done.errands` the work for after the commit.
Hook = Callable[[Seat, "Connection", Done], None]
_PLACES: dict[str, Hook | None] = dict.fromkeys(("file", "file_unserved", "destroy"))
require_known("casework/after.py", _PLACES, "procedure/acts", act_tables.acts())


def fill(event: str, hook: Hook) -> None:
    """Register the hook of an act; LookupError if the act has none."""
    if event not in _PLACES:
        raise LookupError(f"nothing follows the act {event!r}")
    _PLACES[event] = hook


def empty() -> list[str]:
    """Acts whose hook is missing."""
    return [event for event, hook in _PLACES.items() if hook is None]


def require(event: str) -> Hook | None:
    """The hook of an act; None if it has none, LookupError if it was not registered."""
    if event in empty():
        raise LookupError(f"what follows the act {event!r} is not loaded: import workflow.commands.wiring")
    return _PLACES.get(event)

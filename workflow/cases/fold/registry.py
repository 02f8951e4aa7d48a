"""What each event adds to the facts of a case: the table that the modules beside this one fill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.cases.case import CaseFile, Entry

Reaction = Callable[[CaseFile, Entry], None]
REACTIONS: dict[str, Reaction] = {}


def reacts(*events: str) -> Callable[[Reaction], Reaction]:
    """Marks what these events add to the facts of a case."""

    def keep(function: Reaction) -> Reaction:
        for event in events:
            REACTIONS[event] = function
        return function

    return keep


def day_of(value: str | None) -> date | None:
    """A day as an entry has it; none where it has none."""
    return date.fromisoformat(value) if value else None

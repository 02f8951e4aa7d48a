"""Which acts usually come next in a state, and how an act is offered, by the tables of the acts."""

from __future__ import annotations

from functools import cache

from workflow.base.messages import N_
from workflow.procedure import act_table_checks, act_tables, transitions

# In the cell `usual`: the step that leads on in a state while the draft that was sent back is not changed.
RETURNED = "@returned"
# The acts on letters that lie here.
POSTED, APPROVED = "letter_posted", "approve_letter"


@cache
def usual_events(track: str, state: str, *, returned: bool) -> frozenset[str]:
    """The acts from a state that are usual there, or an answer to another officer's step."""
    rows = transitions.bundled().from_state(track, state)
    answering = (row.event for row in rows if answers(row.event))
    return frozenset((*usual(track, state, returned=returned), *answering))


@cache
def first_events(track: str, state: str, *, returned: bool) -> frozenset[str]:
    """The acts from a state that come before the rest: those, and the ones on letters that wait."""
    return usual_events(track, state, returned=returned) | {POSTED, APPROVED}


@cache
def usual(track: str, state: str, *, returned: bool = False) -> tuple[str, ...]:
    """The acts that usually come next in a state: first the one that is waited for, then those that take its
    place; where the draft was `returned`, those that come before. Malformed where a table names one that does
    not start from there."""
    known = {row.event for row in transitions.bundled().from_state(track, state)}
    found = _named(track, state)
    if returned:
        found = _named(track, state + RETURNED) or found
    for event in found:
        if event not in known:
            raise act_table_checks.fault(event, N_("it does not start from the state '{name}'"), name=state)
    return found


def _named(track: str, place: str) -> tuple[str, ...]:
    return tuple(
        event
        for event, act in act_tables.acts().items()
        if act.get("track", "case") == track and place in act.get("usual", "").split("|")
    )


def answers(event: str) -> bool:
    """Whether an act answers another officer's step."""
    return offered(event) == "ready"


@cache
def offered(event: str) -> str:
    """How an act is offered: "next", "aside" for what is no step forward, "always" for what is shown only
    when asked for, "letters" for what is shown while letters wait for it, "ready" for what is shown only
    while nothing stands in its way."""
    return str(act_tables.acts().get(event, {}).get("offered", "next"))

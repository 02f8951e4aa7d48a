"""Whose turn it is where thousands of cases wait: `next` without a case, against the query that it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Figure, clocked, in_turns
from benchmarks.recompute import OPEN, filled
from benchmarks.world import World

LIMIT = 1.5


def turn(world: World, rounds: int) -> Iterator[Figure]:
    """What an officer in whose hands all open cases lie is shown, as lines."""
    from workflow.reports.views import steps, steps_text

    desk = filled(world.shared / "many")
    runs = {
        "ours": lambda: clocked(lambda: steps_text.list_lines(steps.nearest(desk), desk.today())),
        "floor": lambda: clocked(lambda: _asked(desk)),
    }
    assert len(steps.nearest(desk)) == steps.LISTED + steps.COUNTED + 1
    taken = in_turns(runs, rounds)
    note = f"{OPEN} open cases; on the wall {taken['ours'].wall:.0f} and {taken['floor'].wall:.0f} ms"
    yield Figure("next, processor time", taken["ours"].processor, LIMIT, taken["floor"].processor, note=note)


def _asked(desk: Any) -> Any:
    """The first rows of the query, as many as are looked at together."""
    from workflow.reports.views import steps
    from workflow.storage import case_entries

    with desk.store.reading() as connection:
        found = connection.execution_options(yield_per=case_entries.LOT).execute(*steps.candidates(desk))
        return found.fetchmany(case_entries.LOT)

"""The first page of the register over a million cases, against the same statements as text on a connection of
the same engine, their rows fetched and nothing done with them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.measure import Figure, clocked, in_turns
from benchmarks.recompute import CASES, filled
from benchmarks.world import World

PAGE = 50
LIMIT = 3.0
# Reading a hundred times as many rows may hold no more in memory.
STREAMED, MOST_MB = 20_000, 12


def roll(world: World, rounds: int) -> Iterator[Figure]:
    """The page as it is shown and as it is written, both as text; and what reading on holds in memory."""
    from workflow.reports.register import columns, selection

    desk = filled(world.shared / "many")
    for name, usual, filters in (
        ("register, first page", "screen", {}),
        ("register, what is open", "screen", {"only_open": True}),
    ):
        chosen = selection.Choice(**filters)
        shown = columns.chosen(None, usual)
        statements = _statements(desk, chosen, shown)
        found = in_turns(
            {
                "ours": partial(clocked, partial(_page, desk, chosen, shown)),
                "floor": partial(clocked, partial(_raw, desk, statements)),
            },
            rounds,
            warm=3,
        )
        ours, floor = found["ours"].wall, found["floor"].wall
        yield Figure(name, ours, LIMIT, floor, note=f"{PAGE} of {CASES} cases, {len(statements)} statements")
    yield Figure("register, memory in reading", _held(desk), MOST_MB, unit="MB", note=f"{STREAMED} rows")


def _page(desk: Any, chosen: Any, columns: Any, limit: int = PAGE) -> int:
    from workflow.reports.register import rows
    from workflow.reports.register.cells import Cells

    with desk.store.reading() as connection:
        cells = Cells(connection, desk, columns)
        count = 0
        for line in rows.lines(connection, desk, chosen, columns, limit=limit):
            cells.of(line)
            count += 1
    return count


def _statements(desk: Any, chosen: Any, columns: Any) -> list[tuple[str, Any]]:
    """What our page asks of the database: the floor asks the same."""
    import sqlalchemy

    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    sqlalchemy.event.listen(desk.store.engine, "before_cursor_execute", note)
    assert _page(desk, chosen, columns) == PAGE
    sqlalchemy.event.remove(desk.store.engine, "before_cursor_execute", note)
    return asked


def _raw(desk: Any, statements: list[tuple[str, Any]]) -> None:
    with desk.store.reading() as connection:
        for statement, parameters in statements:
            connection.exec_driver_sql(statement, tuple(parameters)).fetchall()


def _held(desk: Any) -> float:
    from workflow.reports.register import columns, selection

    tracemalloc.start()
    _page(desk, selection.Choice(), columns.chosen(None, "all"), STREAMED)
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return most

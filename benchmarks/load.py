"""Many at once on PostgreSQL: what eight officers of one office do in the time of one, and what an act costs
in a case with a long history.

The server is a throw-away one of the machine's own programs, as in the tests. Each officer at work is a
process of his own, with a connection of his own, and takes cases from receipt to the submitted draft.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from benchmarks.measure import Figure
from benchmarks.world import JOURNEY, OFFICE, TODAY, World

LEAST = 1.5
LONG, SHORT, MOST = 2000, 10, 1.5
WRITERS = (1, 4, 8)
# From the registration to the submitted draft: what officers do most, and a letter on the way.
WORK = JOURNEY[: [event for event, *_ in JOURNEY].index("submit") + 1]


def load(world: World, rounds: int) -> Iterator[Figure]:
    """Acts a second of several writers against those of one, then an act at the end of a long history."""
    from tests import postgres

    server = postgres.start()
    try:
        url = server.url(server.create())
        with _office(url) as desks:
            rates = {n: _rate(desks, url, n, rounds) for n in WRITERS}
            for n in WRITERS[1:]:
                # A ratio of time: so many times the rate of one, or less.
                yield Figure(
                    f"{n} writers, time of an act",
                    1000 / rates[n],
                    1 / LEAST,
                    1000 / rates[1],
                    note=f"{rates[n]:.0f} and {rates[1]:.0f} acts a second",
                )
            yield _history(desks, rounds)
    finally:
        server.stop()


@contextmanager
def _office(url: str) -> Iterator[dict[str, Any]]:
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    store = Store(url)
    founding.init(store, *office_file.checked(OFFICE))
    try:
        yield _desks(store)
    finally:
        store.close()


def _desks(store: Any) -> dict[str, Any]:
    from workflow.casework.desk import Desk

    keys = [officer["key"] for officer in OFFICE["officer"]]  # type: ignore[index]
    return {key: Desk(store, key, today=lambda: TODAY) for key in keys}


def _receive(desk: Any, name: str) -> str:
    from benchmarks.world import APPLICATION
    from workflow.casework import application

    raw = {**APPLICATION, "name": name, "request": name}
    return str(desk.receive(application.checked(raw)).case.number)


def _rate(desks: dict[str, Any], url: str, writers: int, rounds: int) -> float:
    """Acts a second of so many processes together."""
    each = 3 * rounds
    total = max(writers, 2)
    work = [[_receive(desks["registrar"], f"{writers}.{n}.{m}") for m in range(each)] for n in range(total)]
    share = [[case for one in work[place::writers] for case in one] for place in range(writers)]
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(writers + 1)
    found = context.Queue()
    processes = [
        context.Process(target=_writer, args=(url, str(desks["registrar"].store.folder), cases, start, found))
        for cases in share
    ]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    done = sum(found.get() for _ in processes)
    taken = time.perf_counter() - began
    for process in processes:
        process.join()
    assert done == total * each * len(WORK)
    return done / taken


def _writer(url: str, home: str, cases: list[str], start: Any, found: Any) -> None:
    from workflow.storage.database import Store

    os.environ["DISCLOSURE_HOME"] = home
    store = Store(url)
    desks = _desks(store)
    warm = desks["registrar"].office.id
    assert warm
    start.wait()
    done = 0
    for case in cases:
        for event, officer, day, facts in WORK:
            desks[officer].act(case, event, dict(facts), on=date.fromisoformat(day))
            done += 1
    found.put(done)
    store.close()


def _history(desks: dict[str, Any], rounds: int) -> Figure:
    """A remark in a case with thousands of entries against one in a short case."""
    from benchmarks.measure import clocked, medians

    handler = desks["handler"]
    cases = {}
    for size in (LONG, SHORT):
        case = cases[size] = _receive(desks["registrar"], f"history {size}")
        for event, officer, day, facts in JOURNEY[:3]:
            desks[officer].act(case, event, dict(facts), on=date.fromisoformat(day))
        for number in range(size - 4):
            handler.act(case, "note", {"text": f"第{number}次电话联系"}, on=date(2026, 3, 5))
    taken: dict[int, list[Any]] = {LONG: [], SHORT: []}
    for number in range(20 * rounds):
        for size, case in cases.items():
            taken[size].append(
                clocked(lambda: handler.act(case, "note", {"text": f"又{number}"}, on=date(2026, 3, 6)))  # noqa: B023
            )
    return Figure(
        f"an act at {LONG} entries",
        medians(taken[LONG]).wall,
        MOST,
        medians(taken[SHORT]).wall,
        note=f"against one at {SHORT}",
    )

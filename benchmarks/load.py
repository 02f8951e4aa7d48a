"""Many at once on PostgreSQL: what eight officers of one office do in the time of one, and what an act costs
in a case with a long history.

The server is a throw-away one of the machine's own programs, as in the tests. Each officer at work is a
process of his own, with a connection of his own, and takes cases from the registration to the submitted
draft. All have done each act before; then one, four and eight of them work in turns, round by round, each
time for some seconds. Counted is what is done while all of them are at it.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from math import comb
from statistics import median
from typing import Any

from benchmarks.measure import Figure
from benchmarks.world import JOURNEY, OFFICE, TODAY, World

LEAST = 1.5
LONG, SHORT, MOST = 2000, 10, 1.5
WRITERS = (1, 4, 8)
# So long each number of writers is counted in each round, after they have begun; the most acts a second that
# cases are kept ready for.
SECONDS, BEGINNING, FASTEST = 1.0, 0.5, 1000
# So many cases each writer does before anything is counted: the driver prepares a statement at its fifth use,
# and who works only where there are eight would else have prepared fewer.
BEFORE = 8
# From the registration to the submitted draft: what officers do most, and a letter on the way.
WORK = JOURNEY[: [event for event, *_ in JOURNEY].index("submit") + 1]


def load(world: World, rounds: int) -> Iterator[Figure]:
    """Acts a second of several writers against those of one, then an act at the end of a long history."""
    from tests import postgres

    server = postgres.start()
    try:
        url = server.url(server.create())
        with _office(url) as desks:
            yield from _together(url, desks["registrar"].store.folder, rounds)
            yield _history(desks, rounds)
    finally:
        server.stop()


def _together(url: str, home: Any, rounds: int) -> Iterator[Figure]:
    """Rates by the number of writers: each against one, and the most of them against fewer."""
    rates: dict[int, list[float]] = {n: [] for n in WRITERS}
    with _writers(url, str(home)) as writers:
        for number in range(rounds):
            start = number % len(WRITERS)
            for n in WRITERS[start:] + WRITERS[:start]:
                rates[n].append(_rate(writers[:n]))
    one, *more = WRITERS
    for n in more:
        # A ratio of time: so many times the rate of one, or less.
        yield _against(f"{n} writers, time of an act", rates[n], rates[one], 1 / LEAST)
    most, fewer = WRITERS[-1], WRITERS[-2]
    yield _never_less(f"{most} writers against {fewer}", rates[most], rates[fewer])


def _against(name: str, ours: list[float], theirs: list[float], limit: float) -> Figure:
    """The time of an act by the medians of all rounds; the note has the rates, and how the rounds differ."""
    ratios = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    note = (
        f"{median(ours):.0f} ({min(ours):.0f} to {max(ours):.0f}) and {median(theirs):.0f}"
        f" ({min(theirs):.0f} to {max(theirs):.0f}) acts a second;"
        f" by rounds {ratios[0]:.2f} to {ratios[-1]:.2f} times, half of them {ratios[len(ratios) // 4]:.2f} to"
        f" {ratios[-1 - len(ratios) // 4]:.2f}"
    )
    return Figure(name, 1000 / median(ours), limit, 1000 / median(theirs), note=note)


def _never_less(name: str, ours: list[float], theirs: list[float]) -> Figure:
    """The least time of an act, against that of the others, that the rounds leave possible: it is too long
    where they show that these writers do less, and not by chance.
    """
    ratios = sorted(other / one for one, other in zip(ours, theirs, strict=True))
    # The true median lies between these two in 19 of 20 measurements (the sign test).
    first = _beyond_chance(len(ratios))
    least, most = ratios[first], ratios[-1 - first]
    note = f"at the least; {median(ratios):.2f} by the rounds' median, {least:.2f} to {most:.2f} in 19 of 20 measurements"
    return Figure(name, least * 1000 / median(theirs), 1.0, 1000 / median(theirs), note=note)


def _beyond_chance(rounds: int) -> int:
    """How many of so many ratios may be left out at each end of them; 0 where they are too few for any."""
    left, share = 0, 0.0
    for number in range(rounds // 2):
        share += comb(rounds, number) / 2**rounds
        if share > 0.025:
            break
        left = number
    return left


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


@contextmanager
def _writers(url: str, home: str) -> Iterator[list[Any]]:
    """As many officers at work as are wanted at most, each by the pipe that tells him what to do."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(max(WRITERS))]
    processes = [
        context.Process(target=_writer, args=(url, home, place, theirs))
        for place, (_, theirs) in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    try:
        yield [ours for ours, _ in pipes]
        for ours, _ in pipes:
            ours.send(None)
        for process in processes:
            process.join()
    finally:
        for process in processes:
            process.kill()


def _rate(writers: list[Any]) -> float:
    """Acts a second of these writers together."""
    # First all see to it that they have cases enough.
    cases = round(FASTEST * (SECONDS + BEGINNING) / len(WORK) / len(writers)) + 1
    for one in writers:
        one.send(cases)
    for one in writers:
        one.recv()
    begin = time.monotonic() + BEGINNING
    for one in writers:
        one.send((begin, begin + SECONDS))
    return float(sum(one.recv() for one in writers)) / SECONDS


def _writer(url: str, home: str, place: int, orders: Any) -> None:
    """An officer at work, as he is told: to have so many cases ready, then to work and count from one moment
    to another.
    """
    from workflow.storage.database import Store

    os.environ["DISCLOSURE_HOME"] = home
    store = Store(url)
    desks = _desks(store)
    cases = [_receive(desks["registrar"], f"{place}.{number}") for number in range(BEFORE)]
    work = _acts(desks, cases)
    for _ in range(BEFORE * len(WORK)):
        next(work)
    received = BEFORE
    while (wanted := orders.recv()) is not None:
        while len(cases) < wanted:
            received += 1
            cases.append(_receive(desks["registrar"], f"{place}.{received}"))
        orders.send(None)
        begin, end = orders.recv()
        done = 0
        while time.monotonic() < end:
            next(work)
            done += begin <= time.monotonic() < end
        orders.send(done)
    store.close()


def _acts(desks: dict[str, Any], cases: list[str]) -> Iterator[None]:
    """One act after the other, case by case."""
    while True:
        assert cases, f"this machine does more than {FASTEST} acts a second: raise FASTEST"
        case = cases.pop()
        for event, officer, day, facts in WORK:
            desks[officer].act(case, event, dict(facts), on=date.fromisoformat(day))
            yield


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
    for number in range(6 * rounds):
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

"""Letters in bulk: one process against WeasyPrint alone, two against one, and memory over a thousand letters.

Started as a program (`python -m benchmarks.pressing JOBS`) it makes all letters that wait in the database of
DISCLOSURE_HOME, and prints how long that took and how much memory the processes that set letters held.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import PYTHON, Figure, Taken, clocked, medians
from benchmarks.world import OFFICE, OFFICER, World

# Fewer for a look in between: BENCH_LETTERS=300.
LETTERS = int(os.environ.get("BENCH_LETTERS", "1000"))
SETTLED = 100
LOT = 16
RATE, SPEEDUP, GROWTH = 0.87, 1.8, 1.2
DAY = date(2026, 3, 3)


def pressing(world: World, rounds: int) -> Iterator[Figure]:
    """A letter from the outbox to its entry in the ledger, by the hundred."""
    yield _one(world, rounds)
    folders = [_filled(world.folder / "press-1")]
    folders.append(world.folder / "press-2")
    shutil.copytree(*folders)
    one, two = (_run(folder, jobs) for jobs, folder in enumerate(folders, 1))
    assert one["made"] == two["made"] >= LETTERS
    load = os.getloadavg()[0]
    note = f"{one['made']} letters in {one['seconds']:.1f} and {two['seconds']:.1f} s: {one['seconds'] / two['seconds']:.2f} × as fast (load afterwards {load:.1f})"
    yield Figure("two processes, one", two["seconds"], 1 / SPEEDUP, one["seconds"], "s", note)
    for found, name in ((one, "memory, one process"), (two, "memory, each of two")):
        before, after = found["settled"], found["end"]
        note = f"{before / 1024:.0f} MB after {SETTLED} letters, {after / 1024:.0f} MB after {found['made']}"
        yield Figure(name, after / before, GROWTH, unit="×", note=note)


def _one(world: World, rounds: int) -> Figure:
    """Lots of letters in turns: ours as the office makes them, and WeasyPrint alone with the same pages."""
    from benchmarks.letter import bare
    from workflow.jobs import bulk_letters, queue

    desk = world.desks[OFFICER]
    ours, floor = [], []
    for number in range(-1, rounds):
        for n in range(LOT):
            case = world.receive(1000 + (number + 1) * LOT + n)
            desk.act(case, "register", {}, on=DAY)
        contents = [json.loads(sheet.errand.content) for sheet in queue.sheets(desk, queue.waiting(desk))]
        pages = [bare(content) for content in contents]
        taken = (
            clocked(partial(bulk_letters.press, desk, 1)),
            clocked(lambda pages=pages: [page() for page in pages]),
        )  # type: ignore[misc]
        if number >= 0:
            ours.append(_each(taken[0], len(pages)))
            floor.append(_each(taken[1], len(pages)))
    both, least = medians(ours), medians(floor)
    note = f"from the outbox to the ledger: {least.wall / both.wall:.2f} of the rate of WeasyPrint alone"
    return Figure("letters in bulk, one process", both.wall, 1 / RATE, least.wall, note=note)


def _each(taken: Taken, count: int) -> Taken:
    return Taken(taken.wall / count, taken.processor / count)


def _filled(folder: Path) -> Path:
    """An office with so many letters waiting, in a folder of its own."""
    from benchmarks.world import APPLICATION
    from workflow.casework import application
    from workflow.casework.desk import Desk
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    folder.mkdir()
    before = os.environ["DISCLOSURE_HOME"]
    os.environ["DISCLOSURE_HOME"] = str(folder)
    try:
        store = Store()
        founding.init(store, *office_file.checked(OFFICE))
        desk = Desk(store, OFFICER, today=lambda: date(2026, 9, 1))
        for number in range(LETTERS):
            raw = {**APPLICATION, "name": f"{APPLICATION['name']}{number}", "request": f"第{number}件"}
            done: Any = desk.receive(application.checked(raw))
            desk.act(done.case.number, "register", {}, on=DAY)
        store.close()
    finally:
        os.environ["DISCLOSURE_HOME"] = before
    return folder


def _run(folder: Path, jobs: int) -> dict[str, Any]:
    done = subprocess.run(
        [PYTHON, "-m", "benchmarks.pressing", str(jobs)],
        env={**os.environ, "DISCLOSURE_HOME": str(folder)},
        cwd=Path(__file__).resolve().parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# --- in a process of its own


def main() -> None:
    """Make everything that waits; what was found, as JSON."""
    from workflow.casework.desk import Desk
    from workflow.jobs import bulk_letters
    from workflow.storage.database import Store

    jobs, held = int(sys.argv[1]), []
    start = time.perf_counter()

    def seen() -> None:
        held.append(_held(jobs))

    found = bulk_letters.press(Desk(Store(), OFFICER), jobs, seen)
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "made": found.made,
                "seconds": seconds,
                "settled": max(held[:SETTLED]),
                "end": max(held[SETTLED:]),
            }
        )
    )


def _held(jobs: int) -> int:
    """The memory (kB) of this process, or of the largest of those that set letters for it (0: they have
    ended).
    """
    own = os.getpid()
    setters = [own] if jobs == 1 else map(int, Path(f"/proc/{own}/task/{own}/children").read_text().split())
    return max(map(_resident, setters), default=0)


def _resident(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


if __name__ == "__main__":
    main()

"""Commands through the resident service, against a bare interpreter that does nothing, and against themselves
without it.

By the clock on the wall: the command runs in the service's own process, and its time is no child's.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measure import PYTHON, Figure, Taken, clocked, in_turns, process
from benchmarks.world import OFFICER, World

# What every start of Python costs at least: without `site`, without the user's variables.
NOTHING = [PYTHON, "-I", "-S", "-c", "pass"]
READ, ACT, FASTER, TOGETHER = 2.0, 3.0, 10.0, 1.6
WARM = 3
# An act with a letter may take what two acts may (the entry that the letter was made is the second), and so
# many times what WeasyPrint alone takes for it: 1.15 as any letter, and a third more, as a process that was
# forked copies what it touches first.
LETTER, SET = "an act with one letter", 1.5
CALLERS = 8
# Memory after so many commands, against that after the first tenth of them: BENCH_COMMANDS=20000 for a long
# look. What it would be after MANY is reckoned from the growth between the two.
COMMANDS, FLAT, MANY = 3000, 1.05, 100_000
# What costs little more than the start of Python without the service too, and cannot be ten times faster.
LIGHT = ("--version", "completion of a case number")
ROOT = Path(__file__).resolve().parent.parent


def script(world: World) -> list[str]:
    """The command as `make setup` installs it, for this tree."""
    path = world.folder / "disclosure"
    lines = (
        "import sys",
        f"sys.path[0] = {str(ROOT)!r}",
        "from workflow.service.client import main",
        "sys.exit(main())",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return [PYTHON, "-S", str(path)]


@contextmanager
def served(world: World, command: list[str]) -> Iterator[int]:
    """A service for the database of this world; its process."""
    assert world.store
    subprocess.run([*command, "service", "start"], check=True, stdout=subprocess.DEVNULL)
    try:
        told = subprocess.run(
            [*command, "service", "status", "--json"], check=True, capture_output=True, text=True
        )
        yield int(json.loads(told.stdout)["pid"])
    finally:
        subprocess.run([*command, "service", "stop"], check=True, stdout=subprocess.DEVNULL)


def service(world: World, rounds: int) -> Iterator[Figure]:
    """Reads, completion and an act through the service; eight callers at once; memory."""
    command, surroundings = script(world), {"DISCLOSURE_OFFICER": OFFICER}
    reads = {
        "--version": (["--version"], {}),
        "next": (["next"], {}),
        "list": (["list"], {}),
        "show CASE": (["show", world.number], {}),
        "today": (["today"], {}),
        "completion of a case number": (
            [],
            {"_DISCLOSURE_COMPLETE": "bash_complete", "COMP_LINE": "disclosure show 2026-00"},
        ),
    }
    with served(world, command) as pid:
        runs = {
            name: process([*command, *words], **surroundings, **more) for name, (words, more) in reads.items()
        }
        runs["an act: a remark"] = process(
            # On a case that no other command here looks at: else each would have more to read than the last.
            [*command, "note", world.waiting, "--text", "电话告知进度"],
            **surroundings,
        )
        found = in_turns({"floor": process(NOTHING), **_git(), **runs}, rounds, warm=WARM)
        # Apart: after so much computing a processor begins the empty process of the floor much sooner.
        setting = {LETTER: _registered(world, command, surroundings, rounds + WARM), "letter": _letter()}
        found |= in_turns(setting, rounds, warm=WARM)
        floor = found.pop("floor").wall
        git, page = found.pop("git", None), found.pop("letter")
        registered = found.pop(LETTER)
        for name, taken in found.items():
            note = f"git --version {git.wall:.1f} ms" if git and name == "--version" else ""
            yield Figure(name, taken.wall, ACT if name.startswith("an act") else READ, floor, note=note)
        limit = 2 * ACT + page.wall * SET / floor
        note = f"WeasyPrint alone {page.wall:.0f} ms"
        yield Figure(LETTER, registered.wall, limit, floor, note=note)
        yield _together(process([*command, "next"], **surroundings), rounds)
        yield from _memory(pid, process([*command, "next"], **surroundings), rounds)
    off = {**surroundings, "DISCLOSURE_SERVICE": "off"}
    without = in_turns(
        {
            name: process([*command, *words], **off, **more)
            for name, (words, more) in reads.items()
            if name not in LIGHT
        },
        max(3, rounds // 10),
    )
    for name, taken in without.items():
        yield Figure(f"{name}, against without", found[name].wall, 1 / FASTER, taken.wall)


def _registered(
    world: World, command: list[str], surroundings: dict[str, str], times: int
) -> Callable[[], Taken]:
    """An act with one letter, each time on a case of its own: the receipt is set before the command ends."""
    cases = iter([world.receive(1000 + number) for number in range(times)])

    def run() -> Taken:
        return process([*command, "register", next(cases), "--on", "2026-03-03"], **surroundings)()

    return run


def _letter() -> Callable[[], Taken]:
    """The same letter by WeasyPrint alone, in a process that has set one."""
    from benchmarks.letter import bare
    from letters.content import specimens
    from workflow import law

    return partial(clocked, bare(specimens.letter("P2", law=law.bundled())))


def _git() -> dict[str, Callable[[], Taken]]:
    return {"git": process(["git", "--version"])} if shutil.which("git") else {}


def _together(run: Callable[[], Taken], rounds: int) -> Figure:
    """So many callers at once, against one after the other: the same number of commands."""
    alone, at_once = [], []
    with ThreadPoolExecutor(CALLERS) as callers:
        for _ in range(max(3, rounds // 5)):
            begun = time.perf_counter()
            for _ in range(CALLERS):
                run()
            alone.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            for waiting in [callers.submit(run) for _ in range(CALLERS)]:
                waiting.result()
            at_once.append(time.perf_counter() - begun)
    note = f"load {os.getloadavg()[0]:.1f}"
    return Figure(
        f"{CALLERS} callers at once", median(at_once) * 1000, 1 / TOGETHER, median(alone) * 1000, note=note
    )


def _memory(pid: int, run: Callable[[], Taken], rounds: int) -> Iterator[Figure]:
    """The service's own memory after many commands, against that after the first tenth."""
    wanted = int(os.environ.get("BENCH_COMMANDS", max(300, COMMANDS * rounds // 30)))
    with ThreadPoolExecutor(2) as callers:
        list(callers.map(lambda _: run(), range(wanted // 10)))
        before = resident(pid)
        list(callers.map(lambda _: run(), range(wanted - wanted // 10)))
    after = resident(pid)
    growth = (after - before) / (wanted * 0.9)
    note = f"reckoned for {MANY} commands: {before + growth * MANY:.1f} MB"
    yield Figure(f"memory after {wanted} commands", after, FLAT, before, unit="MB", note=note)


def resident(pid: int) -> float:
    """Memory that a process holds, what its children share with it too, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024

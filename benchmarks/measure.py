"""Measuring: the sides of a comparison alternate, round by round, so that load slows both alike."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

PYTHON = sys.executable
COMMAND = str(Path(PYTHON).with_name("disclosure"))


class Taken(NamedTuple):
    """How long something took, in ms: by the clock on the wall, and by the processor alone."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Figure:
    """One line of the table: a ratio to a floor, or without a floor an amount that has a limit of its own."""

    name: str
    ours: float
    limit: float
    floor: float | None = None
    unit: str = "ms"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return None if self.floor is None else self.ours / self.floor

    @property
    def ok(self) -> bool:
        """Whether the limit holds."""
        return (self.ours if self.ratio is None else self.ratio) <= self.limit


def in_turns(runs: Mapping[str, Callable[[], Taken]], rounds: int, warm: int = 1) -> dict[str, Taken]:
    """The medians of what each run takes. Every round runs all of them, each time beginning with another."""
    names: list[str] = list(runs)
    taken: dict[str, list[Taken]] = {name: [] for name in names}
    for number in range(-warm, rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            found = runs[name]()
            if number >= 0:
                taken[name].append(found)
    return {name: medians(found) for name, found in taken.items()}


def medians(taken: list[Taken]) -> Taken:
    """The median of each of the two times."""
    return Taken(median(one.wall for one in taken), median(one.processor for one in taken))


def clocked(function: Callable[[], object]) -> Taken:
    """What a call takes in this process."""
    wall, processor = time.perf_counter(), time.process_time()
    function()
    return Taken((time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000)


def process(command: list[str], **environment: str) -> Callable[[], Taken]:
    """A process from its start to its end as a run; it has to succeed."""
    variables = _surroundings(environment)

    def run() -> Taken:
        before, start = _of_children(), time.perf_counter()
        subprocess.run(
            command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True
        )
        return Taken((time.perf_counter() - start) * 1000, (_of_children() - before) * 1000)

    return run


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def modules(command: list[str], **environment: str) -> set[str]:
    """The modules that a command imports, by what Python says of it (-X importtime)."""
    done = subprocess.run(
        [PYTHON, "-X", "importtime", *command],
        env=_surroundings(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (line.rpartition("|") for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {name.strip() for _, _, name in lines}


def _surroundings(environment: dict[str, str]) -> dict[str, str]:
    """Compiled modules are kept, as they are on an officer's machine: for both sides, in the folder of the
    run.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = os.path.join(os.environ["DISCLOSURE_HOME"], "compiled")
    return {**kept, "PYTHONPYCACHEPREFIX": compiled, **environment}

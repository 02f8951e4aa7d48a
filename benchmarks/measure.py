"""Measuring: what is compared takes turns, round by round, so that a busy machine slows both alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PYTHON = sys.executable
COMMAND = str(Path(PYTHON).with_name("disclosure"))


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


def in_turns(runs: Mapping[str, Callable[[], float]], rounds: int, warm: int = 1) -> dict[str, float]:
    """The median of what each run returns (ms). Every round runs all of them, each time beginning with another."""
    names, taken = list(runs), {name: [] for name in runs}
    for number in range(-warm, rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            found = runs[name]()
            if number >= 0:
                taken[name].append(found)
    return {name: median(found) for name, found in taken.items()}


def clocked(function: Callable[[], object]) -> Callable[[], float]:
    """The function as a run: it returns how long it took, in ms."""

    def run() -> float:
        start = time.perf_counter()
        function()
        return (time.perf_counter() - start) * 1000

    return run


def process(command: list[str], **environment: str) -> Callable[[], float]:
    """A process from its start to its end as a run; it has to succeed."""
    variables = {**os.environ, **environment}

    def started() -> None:
        subprocess.run(
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=120,
        )

    return clocked(started)


def modules(command: list[str], **environment: str) -> set[str]:
    """The modules that a command imports, by what Python says of it (-X importtime)."""
    done = subprocess.run(
        [PYTHON, "-X", "importtime", *command], env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    lines = (line.rpartition("|") for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {name.strip() for _, _, name in lines}

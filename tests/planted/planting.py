"""Plants the faults of faults.toml one at a time in a copy of the project, and asks that the tests named
with each fail. Started by `make planted`; words choose the faults by their ids.

python -m tests.planted.planting [ID ...]
"""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LEAST = 0.96
"""What part of the faults has to be found."""
LONGEST = 600
"""So many seconds of the processor the tests of a fault may take."""


@dataclass(frozen=True)
class Fault:
    """A fault: its name, the file, the text that stands there once and what is put in its place, what it
    breaks, and the tests that have to fail (arguments of pytest)."""

    id: str
    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...]

    def planted(self, text: str) -> str:
        """The text of the file with the fault in it; ValueError where it does not fit exactly once."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.id} fits {text.count(self.old)} times in {self.file}")
        return text.replace(self.old, self.new)


def faults() -> list[Fault]:
    """All faults of the table."""
    rows = tomllib.loads(Path(__file__).with_name("faults.toml").read_text("utf-8"))["fault"]
    return [Fault(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def copy_of_the_project(folder: Path) -> None:
    """What git knows of the project, and what was compiled of it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in (one.decode() for one in listed.stdout.split(b"\0") if one):
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place)
    for compiled in ROOT.glob("workflow/**/*.mo"):
        shutil.copy2(compiled, folder / compiled.relative_to(ROOT))


def found_by(fault: Fault, folder: Path) -> str | None:
    """The tests that found the fault; None where none did."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    for tests in fault.tests:
        words = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "-n0", *shlex.split(tests)]
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, preexec_fn=_bounded)
        if done.returncode == -signal.SIGXCPU:
            return f"{tests} (did not end)"
        if done.returncode == 1:
            return tests
        if done.returncode not in (0, 1):
            said = done.stdout.decode()[-2000:]
            raise RuntimeError(f"{fault.id}: pytest {tests} ended with {done.returncode}\n{said}")
    return None


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 5))


def main(chosen: list[str]) -> int:
    """Plant them all; the number of those that nobody found beyond what is allowed."""
    wanted = [fault for fault in faults() if not chosen or fault.id in chosen]
    survivors = []
    with tempfile.TemporaryDirectory(prefix="disclosure-planted-") as name:
        folder = Path(name)
        copy_of_the_project(folder)
        for fault in wanted:
            place = folder / fault.file
            whole = place.read_text("utf-8")
            place.write_text(fault.planted(whole), "utf-8")
            begun = time.monotonic()
            try:
                by = found_by(fault, folder)
            finally:
                place.write_text(whole, "utf-8")
            survivors += [fault] if by is None else []
            took = time.monotonic() - begun
            print(
                f"{'found' if by else 'SURVIVED':9}{took:6.0f} s  {fault.id}: {by or fault.breaks}",
                flush=True,
            )
    found = len(wanted) - len(survivors)
    print(f"{found} of {len(wanted)} found")
    return 0 if found >= LEAST * len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

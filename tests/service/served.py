"""Commands through a resident service of a test, and without it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests import preloaded

ROOT = Path(__file__).parent.parent.parent
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from workflow.service.client import main; sys.exit(main())"
COMMAND = [sys.executable, "-S", "-c", START]
OFFICE = ROOT / "docs" / "demo" / "jiangnan.toml"


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCLOSURE_")}
    return {**kept, "DISCLOSURE_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


def run(home: Path, *words: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        env=environment(home, **more),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def without(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command by itself, in a process that has imported everything: no command was tried there."""
    return preloaded.run(
        [sys.executable, "-c", START, *words],
        kind=preloaded.Untried,
        env=environment(home, DISCLOSURE_SERVICE="off", **more),
    )


@contextlib.contextmanager
def serving(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A service in the foreground, which serves already."""
    with preloaded.Popen(
        [sys.executable, "-m", "cli", "service", "run"],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert str(home) in process.stdout.readline()
            yield process
        finally:
            process.kill()

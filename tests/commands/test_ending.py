"""How a run of the command ends: all output is written, the exit status is right, and everything is
closed.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import builders

ROOT = Path(__file__).resolve().parent.parent.parent


def typed(*words: str, stdin: str = "", shell: str = "{}") -> subprocess.CompletedProcess[str]:
    command = " ".join([sys.executable, "-m", "cli", *words])
    return subprocess.run(
        ["bash", "-c", shell.format(command)],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_is_out_before_a_short_run_ends(home: Path) -> None:
    days = [str(date(2024, 1, 1) + timedelta(days=n % 700)) for n in range(20_000)]
    said = typed("deadline", "reply", "--from", "-", stdin="\n".join(days))
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert len(lines) == len(days) + 1
    assert lines[-1].startswith(days[-1])


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--version",), 0), (("deadline", "nonsense", "--from", "2026-03-02"), 3), (("--nonsense",), 2)],
)
def test_the_exit_status(home: Path, words: tuple[str, ...], code: int) -> None:
    said = typed(*words)
    assert said.returncode == code
    assert bool(said.stdout) == (code == 0)


def test_nobody_listens(home: Path) -> None:
    for shell in ("{} >&-", "{} | true", "{} >/dev/full"):
        said = typed("deadline", "reply", "--from", "2026-03-02", shell=shell)
        assert "Traceback" not in said.stderr
        assert "Exception ignored" not in said.stderr
    assert said.returncode != 0


def test_a_run_that_opened_the_database_closes_it(sqlite_url: str, home: Path) -> None:
    place = builders.found(sqlite_url)
    place.receive()
    place.store.close()
    said = typed("list", "--as", "registrar", "--db", sqlite_url)
    assert (said.returncode, said.stderr) == (0, "")
    # The last connection tidies up the log.
    assert not Path(sqlite_url.removeprefix("sqlite:///") + "-wal").exists()

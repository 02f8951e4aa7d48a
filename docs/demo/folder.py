"""The folder that a demonstration makes anew at each run, and the commands as it types them."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

MARK = ".made-by-the-demo"


def made_anew(folder: Path) -> None:
    """An empty folder; what was not made by a demonstration is left alone, and the run ends."""
    if folder.exists():
        if not (folder / MARK).exists():
            sys.exit(f"{folder} was not made by the demo; move it away first.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def run(line: str) -> None:
    """Run a command; a refusal stops the demonstration."""
    import cli

    cli.main(args=shlex.split(line), prog_name="disclosure", standalone_mode=False)

"""Commands as they are typed, each in a process of its own that begins as a fork of this one: with all that
acts need loaded before, or without.

    python -m tests.looking with|without

The words of a command stand in each line of standard input, and what it said in one of the output, as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
# What every look loads.
LOOKING = ("workflow.office.seat", "workflow.casework.opened", "sqlalchemy.dialects.sqlite")
# What acts need, and no command that only looks loads for its seat.
ACTING = ("workflow.casework.desk", "workflow.commands.wiring")


class Said(NamedTuple):
    """How a command ended, what it printed, and which of ACTING was loaded at its end."""

    code: int
    out: str
    err: str
    acting: list[str]


class Typist:
    """Somebody who types commands in the present surroundings, until `close`."""

    def __init__(self, *, acting: bool) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.looking", "with" if acting else "without"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )

    def typed(self, line: str) -> Said:
        """What a line says."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line.split()) + "\n")
        self._process.stdin.flush()
        return Said(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """Let him go."""
        self._process.communicate()


def _in_a_fork(words: list[str]) -> Said:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as loaded:
        child = os.fork()
        if not child:
            status = 1
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                status = _run(words)
                loaded.write(json.dumps([name for name in ACTING if name in sys.modules]).encode())
                loaded.flush()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        _, status = os.waitpid(child, 0)
        said = []
        for file in (out, err, loaded):
            file.seek(0)
            said.append(file.read().decode())
    return Said(os.waitstatus_to_exitcode(status), said[0], said[1], json.loads(said[2]))


def _run(words: list[str]) -> int:
    import cli

    try:
        cli.main(words, prog_name="disclosure")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    for name in ("cli", *LOOKING):
        import_module(name)
    if sys.argv[1] == "with":
        # Whatever else there is too: the processes that begin here import nothing.
        import_module("workflow.service.runtime").load_everything()
    for asked in sys.stdin:
        print(json.dumps(_in_a_fork(json.loads(asked))), flush=True)

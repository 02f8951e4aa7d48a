"""Lines typed in another tree than this one: a copy of the program in which something was changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.counter import Said

# Types each line of a list in one process, and says of each how it ended and what it printed.
_TYPIST = """
import gc, json, os, sys, traceback
# It ends soon: nothing is looked for that could be thrown away, nor taken apart at the end.
gc.disable()
from click.testing import CliRunner
import cli
said = []
for words in json.load(sys.stdin):
    done = CliRunner().invoke(cli.main, words, prog_name="disclosure")
    if done.exception and not isinstance(done.exception, SystemExit):
        traceback.print_exception(*done.exc_info)
    said.append([done.exit_code, done.stdout, done.stderr])
from workflow.storage import engines
engines.close()
json.dump(said, sys.stdout)
sys.stdout.flush()
os._exit(0)
"""


def typed(tree: Path, lines: list[list[str]], **settings: str) -> list[Said]:
    """Type these lines in a process of the tree's own; what each said. The settings are variables of its
    environment. Nothing that it may say is a traceback.
    """
    run = subprocess.run(
        [sys.executable, "-c", _TYPIST],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), **settings},
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stderr
    said = [Said(*one) for one in json.loads(run.stdout)]
    assert len(said) == len(lines)
    return said

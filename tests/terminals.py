"""A command at a real terminal, in a process of its own: what it writes is waited for, and answers are typed.

The process is a fork of one that has imported everything (tests/preloaded.py).
"""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from pexpect.fdpexpect import fdspawn

from tests import preloaded

_PATIENCE = 60.0


@contextmanager
def typed(*words: str, rows: int = 40, columns: int = 120, **settings: str) -> Iterator[fdspawn]:
    """What is said at the terminal, for `expect` and `sendline`; whoever leaves ends the command, if it has
    not ended. The settings are variables of its environment.
    """
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (rows, columns))
    process = preloaded.Popen(
        [sys.executable, "-c", "import cli; cli.main(prog_name='disclosure')", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **settings},
        start_new_session=True,
    )
    os.close(theirs)
    said = fdspawn(ours, encoding="utf-8", timeout=_PATIENCE)
    try:
        yield said
        if not said.flag_eof:
            process.kill()
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
        said.close()

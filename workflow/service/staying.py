"""Whether the process of a command may serve the next one too.

A forked process copies each page of memory that it writes; a command that only looks spends more time on that
than on its work. After such a command the process has nothing of it left, and can serve again without that.
It ends, as after any other command, where something is not as it was before.
"""

from __future__ import annotations

import atexit
import os
import resource
import threading
import weakref

from workflow.base import caller
from workflow.storage import case_keys

# After so many commands a process ends whatever it holds.
MOST_COMMANDS = 50
# So much more memory than at first, in KB, a process may have used at most.
_MOST_GROWTH = 32 * 1024


class Ground:
    """What a process has before a command, besides its memory."""

    def __init__(self) -> None:
        self._files = _open_files()
        self._at_end = _at_end()
        self._used = _used()
        self._variables = dict(os.environb)

    def is_as_before(self) -> bool:
        """Whether a command that is over left no open file, no thread, no process, nothing to be done at the
        end, and no more memory than others need.
        """
        return (
            threading.active_count() == 1
            and not _has_children()
            and _at_end() == self._at_end
            and _open_files() == self._files
            and _used() - self._used <= _MOST_GROWTH
        )

    def let_go(self) -> None:
        """Give back what is the caller's: his streams, his folder, his variables; and forget the keys."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)
        os.chdir("/")
        os.environ.clear()
        os.environb.update(self._variables)
        case_keys.forget()


def may_serve_again(status: int) -> bool:
    """Whether the command succeeded, only looked, and was of this process's own user."""
    return status == 0 and caller.only_looked() and not caller.vouched()


def _at_end() -> tuple[int, int]:
    """How much is to be done at the end: functions, and objects that put something away."""
    return atexit._ncallbacks(), len(weakref.finalize._registry)  # type: ignore[attr-defined]  # noqa: SLF001


def _open_files() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _used() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

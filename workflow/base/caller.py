"""Who calls: the user of the machine for whom this process works, as the operating system says it.

Never the environment: LOGNAME and USER are whatever somebody wrote into them.
"""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Hands(Protocol):
        """What the caller does himself where the service has another user: his files, pager and editor."""

        def brings(self, word: str) -> str:
            """Bring over a file or folder that he named; its name for the command."""

        def promises(self, word: str) -> str:
            """Take note that the command writes there; its name for the command."""

        def page(self, lines: Iterable[str]) -> None:
            """Show lines through his pager."""

        def edit(self, text: bytes, suffix: str) -> tuple[bytes, int]:
            """The text as his editor leaves it, and the editor's status."""


# How the program knows who acts.
NONE, SERVICE, DATABASE, SYSTEM = "none", "service", "database", "system"
BINDINGS = (SERVICE, DATABASE)


class Caller:
    """A user of the machine. `bound`: the service learned it from the kernel and has a user of its own, so
    that the caller cannot go round it."""

    __slots__ = ("bound", "login", "uid")

    def __init__(self, uid: int, login: str, bound: bool = False) -> None:
        self.uid, self.login, self.bound = uid, login, bound


_served: Caller | None = None
_hands: Hands | None = None
_looked = _more = False


def hands() -> Hands | None:
    """The caller's own hands; None where this process is the caller's and opens files itself."""
    return _hands


def brought(word: str) -> str:
    """A file that the caller named for reading, as this process can open it."""
    return _hands.brings(word) if _hands is not None else word


def current() -> Caller:
    """The user for whom this process works: whom the service serves, else the process's own."""
    return _served or Caller(os.getuid(), login_of(os.getuid()))


def vouched() -> bool:
    """Whether the service vouches for the caller, and holds what he may not touch himself."""
    return _served is not None and _served.bound


def serve(uid: int, his: Hands | None = None) -> None:
    """From now on this process works for the user at the other end of the service's socket."""
    global _served, _hands, _looked, _more
    _served, _hands = Caller(uid, login_of(uid), bound=uid != os.getuid()), his
    _looked = _more = False


def looks() -> None:
    """The command under way only looks: it changes nothing but what it says."""
    global _looked
    _looked = True


def does_more() -> None:
    """The command under way does more, whatever of it also looks: it acts, asks, or writes a file."""
    global _more
    _more = True


def only_looked() -> bool:
    """Whether the command said that it looks, and did nothing more."""
    return _looked and not _more


def login_of(uid: int) -> str:
    """The login name of a user; empty where the machine knows none of that number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""

"""Who calls: the user of the machine for whom this process works, as the operating system says it.

Never the environment: LOGNAME and USER are whatever somebody wrote into them.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

# How the program knows who acts.
NONE, SERVICE, DATABASE, SYSTEM = "none", "service", "database", "system"
BINDINGS = (SERVICE, DATABASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """A user of the machine. `bound`: the service learned it from the kernel and has a user of its own, so
    that the caller cannot go round it."""

    uid: int
    login: str
    bound: bool = False


_served: Caller | None = None


def current() -> Caller:
    """The user for whom this process works: whom the service serves, else the process's own."""
    return _served or Caller(os.getuid(), login_of(os.getuid()))


def serve(uid: int) -> None:
    """From now on this process works for the user at the other end of the service's socket."""
    global _served
    _served = Caller(uid, login_of(uid), bound=uid != os.getuid())


def login_of(uid: int) -> str:
    """The login name of a user; empty where the machine knows none of that number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""

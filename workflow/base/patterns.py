"""Patterns of text that are compiled when they are first used: a command uses few of those in the modules
that it loads, and compiling all of them is a tenth of its time.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_all: list[_Later] = []


class _Later:
    """Stands for a compiled pattern, and takes over each of its methods as it is asked for."""

    def __init__(self, text: Any, flags: int) -> None:
        self._made_of = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._made_of), name)
        setattr(self, name, found)
        return found


def later(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As re.compile, for what a module keeps; a fault in the text shows at its first use."""
    made = _Later(text, flags)
    _all.append(made)
    return cast("re.Pattern[AnyStr]", made)


def compile_all() -> None:
    """Compile every pattern of the modules that are loaded: for a process that serves many commands."""
    for one in _all:
        for method in ("search", "match", "fullmatch", "sub", "finditer", "split", "pattern"):
            getattr(one, method)

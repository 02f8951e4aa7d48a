"""Folders of the program on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from workflow.base import variables

if TYPE_CHECKING:
    from pathlib import Path


def data() -> str:
    """The data folder: DISCLOSURE_HOME, else the user's data folder."""
    given = variables.given("DISCLOSURE_HOME")
    if given:
        return os.path.abspath(os.path.expanduser(given))
    base = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return os.path.join(base, "disclosure")


def cache(part: str) -> str:
    """A folder for data that can be rebuilt at any time, in the user's cache folder; it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "disclosure", part)


def home() -> Path:
    """The same as a path. (The calculators do without pathlib: it takes longer to load than they run.)"""
    from pathlib import Path

    return Path(data())

"""Where things lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The data folder: DISCLOSURE_HOME, else the user's data folder."""
    given = os.environ.get("DISCLOSURE_HOME")
    if given:
        return Path(given).expanduser().absolute()
    base = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(base) / "disclosure"

"""Answers given so far, kept beside the user's data until the office is founded; only he can read them."""

from __future__ import annotations

import json
import os
from typing import Any

from workflow.base import places, whole_files

NAME = "init-answers.json"


def path() -> str:
    """Where the answers are kept."""
    return os.path.join(places.data(), NAME)


def read() -> dict[str, Any]:
    """The answers of an earlier, unfinished run; none where there was none, or the file is no such thing."""
    try:
        with open(path(), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep(answers: dict[str, Any]) -> None:
    """Keep the answers, whole or as they were before."""
    from pathlib import Path

    os.makedirs(places.data(), mode=0o700, exist_ok=True)
    whole_files.write(Path(path()), json.dumps(answers, ensure_ascii=False, indent=1).encode(), replace=True)
    os.chmod(path(), 0o600)


def forget() -> None:
    """The office is founded: the answers are in the database."""
    try:
        os.unlink(path())
    except FileNotFoundError:
        return

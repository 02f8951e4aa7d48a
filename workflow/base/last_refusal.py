"""The last refusal of a user, kept beside his data so that `disclosure why last` can explain it.

One small file that only he can read, written anew each time. Where there is no data folder nothing is kept:
a command that was refused makes none.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from workflow.base import places
from workflow.base.errors import DisclosureError

NAME = "last-refusal.json"


class Kept(NamedTuple):
    """What was said, the command that was refused, and the rule that said so."""

    command: str
    text: str
    rule: str | None
    field: str | None
    advice: str | None


def keep(fault: DisclosureError, command: str) -> bool:
    """Remember a refusal; whether it was possible."""
    import json

    folder = places.data()
    path = os.path.join(folder, NAME)
    kept = Kept(command, fault.text, fault.rule, fault.field, fault.advice)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept._asdict(), file, ensure_ascii=False)
    except (OSError, ValueError):
        return False
    return True


def read() -> Kept | None:
    """The last refusal; None where none was kept, or it cannot be read."""
    import json

    try:
        with open(os.path.join(places.data(), NAME), encoding="utf-8") as file:
            return Kept(**json.load(file))
    except (OSError, ValueError, TypeError):
        return None

"""What stands in nested data (JSON, TOML), however deep."""

from __future__ import annotations

from typing import Any


def texts(value: Any) -> list[str]:
    """Every text in it, in its order; names of entries are none."""
    found: list[str] = []
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            left.extend(reversed(one.values()))
        elif isinstance(one, list | tuple):
            left.extend(reversed(one))
    return found

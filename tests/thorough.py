"""How many random examples a property is tried on: a quarter in the usual run, all of them with
`make thorough` (TESTS_THOROUGH=1)."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("TESTS_THOROUGH") == "1"


def examples(most: int) -> int:
    """So many of the examples of a thorough run."""
    return most if THOROUGH else max(5, most // 4)

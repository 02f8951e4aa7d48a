"""What the words of lists mean where a value is typed at the command line."""

from __future__ import annotations

import os
from functools import cache

from workflow.base import tables, typed_words

TABLE = os.path.join(os.path.dirname(__file__), "columns.toml")

# Of these kinds a list's word is taken at the command line too.
SPOKEN = ("channel", "kind", "outcome", "served_by", "result")


@cache
def spoken() -> dict[str, frozenset[str]]:
    """By the plain word its codes, of whatever kind they are."""
    table: dict[str, dict[str, list[str]]] = tables.read(TABLE)["value"]
    found: dict[str, frozenset[str]] = {}
    for kind in SPOKEN:
        for code, said in table[kind].items():
            for one in map(typed_words.plain, said):
                found[one] = found.get(one, frozenset()) | {code}
    return found

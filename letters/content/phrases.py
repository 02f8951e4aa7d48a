"""The standing words of the letters (phrases.toml) and how they are filled in.

A phrase is ours or the office's; what is filled in is data and is never read as a phrase itself.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from workflow.base import tables
from workflow.base.errors import Environment, Refused
from workflow.base.messages import N_

TABLE = Path(__file__).with_name("phrases.toml")
_FORMATTER = string.Formatter()


class Phrases:
    """The phrases of one set: the project's own, or with an office's changes laid over it."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table

    def section(self, *path: str) -> Mapping[str, Any]:
        """The table at this path; empty if there is none."""
        place: Any = self._table
        for key in path:
            place = place.get(key, {}) if isinstance(place, Mapping) else {}
        return place if isinstance(place, Mapping) else {}

    def get(self, *path: str) -> str | None:
        """The phrase at this path; None if there is none."""
        found = self.section(*path[:-1]).get(path[-1])
        return found if isinstance(found, str) else None

    def say(self, *path: str, **params: Any) -> str:
        """The phrase at this path, filled in; Environment if the table lacks it."""
        found = self.get(*path)
        if found is None:
            raise Environment(N_("The table of phrases lacks {name}."), name=".".join(path))
        return fill(found, params, where=".".join(path))


@lru_cache(maxsize=4096)
def _parsed(phrase: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, name) for literal, name, _, _ in _FORMATTER.parse(phrase))


def names(phrase: str) -> list[str]:
    """What a phrase is filled in with, by name; ValueError where its braces are not in pairs."""
    return [name for _, name in _parsed(phrase) if name is not None]


def fill(phrase: str, params: Mapping[str, Any], *, where: str = "") -> str:
    """The phrase with its {names} replaced; Refused, naming the field, when one is empty ({name?} may be)."""
    parts: list[str] = []
    for literal, name in _parsed(phrase):
        parts.append(literal)
        if name is None:
            continue
        optional = name.endswith("?")
        value = params.get(name.removesuffix("?"))
        if (value is None or value == "") and not optional:
            raise Refused(
                N_("The letter needs {name}, and it is not given."),
                field=name,
                name=name,
                where=where,
                way_on=N_("Give it, then compose the letter again."),
            )
        parts.append("" if value is None else str(value))
    return "".join(parts)


def holds(row: Mapping[str, Any], params: Mapping[str, Any], regulations: str) -> bool:
    """Whether a paragraph stands: its `if`, `unless` and `under`."""
    if row.get("under", regulations) != regulations:
        return False
    for key, wanted in (("if", True), ("unless", False)):
        if key in row:
            name, _, value = str(row[key]).partition(":")
            given = params.get(name)
            met = given == value if value else bool(given)
            if met is not wanted:
                return False
    return True


@cache
def bundled() -> Phrases:
    """The project's own phrases."""
    return Phrases(tables.read(TABLE))


def with_changes(changes: Mapping[str, Any]) -> Phrases:
    """The project's phrases with an office's changes: a string or a list replaces, a table is gone into."""

    def over(base: Any, change: Any) -> Any:
        if isinstance(base, Mapping) and isinstance(change, Mapping):
            merged = dict(base)
            for key, value in change.items():
                merged[key] = over(base.get(key), value)
            return merged
        return change

    return Phrases(over(tables.read(TABLE), changes))

"""The names that the procedure gives: acts, choices, what can be amended; and the reasons of rules of good order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

from workflow.base import names, tables
from workflow.base.messages import pick

HERE = os.path.dirname(__file__)
Words = dict[str, dict[str, str]]


def all_names() -> dict[str, Words]:
    """All names of the process in both languages, by kind and key; those of acts and choices stand with the acts."""
    acts = tables.read(os.path.join(HERE, "acts.toml"))
    events = {event: row["name"] for event, row in acts.items() if "command" in row}
    return {
        **names.bundled(),
        "event": {**events, **acts["name"]},
        "choice": acts["choice"],
        "amendable": acts["amendable"],
    }


def reasons(table: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The reasons of rules of good order, Chinese and English, from the table [house] of process.toml."""
    parts = {key: text.partition(" | ") for key, text in table.items()}
    return {key: (zh.strip(), en.strip() or zh.strip()) for key, (zh, _, en) in parts.items()}


_names = cache(all_names)


@cache
def _reasons() -> dict[str, tuple[str, str]]:
    return reasons(tables.read(os.path.join(HERE, "process.toml")).get("house", {}))


def _reason(ref: str) -> str | None:
    found = _reasons().get(ref.removeprefix("house:"))
    return pick(*found) if found else ref.removeprefix("house:")


def register() -> None:
    """Let messages name what the procedure names; the tables are read when the first name is asked for."""
    for kind in ("event", "choice", "amendable"):
        names.register(kind, lambda key, kind=kind: _names()[kind].get(key))  # type: ignore[misc]
    names.register_citation("house", _reason)

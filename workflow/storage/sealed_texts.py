"""What the ledger keeps of people: texts of an entry are sealed with the key of their case, the rest stays
open.

The entry keeps its shape: where a text was, a mark stands, and one sealed value holds all texts of the entry
with their places. State, clocks and statistics come from what is open, so a case whose key was destroyed
folds to the same state and the same dates, with marks in place of names and texts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.patterns import later
from workflow.cases.entry import Entry
from workflow.procedure import act_tables
from workflow.storage import encryption
from workflow.storage.entry_hash import canonical, value_of

HERE = os.path.dirname(__file__)
SEALED = "sealed"
# Days, digests, and what was sealed by itself before it came here.
_PLAIN = later(r"\d{4}-\d{2}-\d{2}|[0-9a-f]{64}|s1\.[\w-]{38,}|")
# The part of an item tells it from its neighbours: its marks have to differ.
_DISTINCT = "part"


@cache
def _table() -> tuple[str, frozenset[str]]:
    table = tables.read(os.path.join(HERE, "privacy.toml"))
    return table["mark"], frozenset(table["open"])


def mark() -> str:
    """What stands in place of a text that cannot be read."""
    return _table()[0]


def is_open(name: str) -> bool:
    """Whether a fact of this name is stored open."""
    return name in _table()[1] or act_tables.is_open(name)


def is_sealed(payload: dict[str, Any]) -> bool:
    """Whether texts of this payload are sealed."""
    return isinstance(payload.get(SEALED), str)


def hide(entry: Entry, key: bytes) -> Entry:
    """The entry as the ledger stores it: its texts sealed under the key of the case."""
    found: list[tuple[list[str | int], str]] = []
    shape = _without(entry.payload, "", [], found)
    if not found:
        return entry
    text = canonical(found)
    return _with(entry, {**shape, SEALED: encryption.seal(key, _binding(entry.n, entry.event), text)})


def show(entry: Entry, key: bytes) -> Entry:
    """The entry as it was entered. Damaged if its sealed part is not what was stored for this entry of this
    case.
    """
    if not is_sealed(entry.payload):
        return entry
    payload = {name: _copied(value) for name, value in entry.payload.items()}
    return _with(entry, shown(entry.n, entry.event, payload, key))


def shown(n: int, event: str, payload: dict[str, Any], key: bytes | None) -> dict[str, Any]:
    """What an entry keeps as it was entered, in place: nobody else may hold it. Without the key marks stay
    where the texts were. Damaged as `show`."""
    sealed = payload.get(SEALED)
    if not isinstance(sealed, str):
        return payload
    del payload[SEALED]
    for path, text in texts(n, event, sealed, key) if key is not None else ():
        *parents, last = path
        place: Any = payload
        for step in parents:
            place = place[step]
        place[last] = text
    return payload


def texts(n: int, event: str, sealed: str, key: bytes) -> list[tuple[list[Any], str]]:
    """The texts of an entry, by its number and event, each with its place. Damaged as `show`."""
    found: list[tuple[list[Any], str]] = value_of(encryption.open_(key, _binding(n, event), sealed))
    return found


def _copied(value: Any) -> Any:
    """What JSON has, with lists and objects of its own."""
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list | tuple) else value


def bare(entry: Entry) -> Entry:
    """The entry with marks in place of its texts: all that is left without the key."""
    if not is_sealed(entry.payload):
        return entry
    return _with(entry, {name: value for name, value in entry.payload.items() if name != SEALED})


def _with(entry: Entry, payload: dict[str, Any]) -> Entry:
    # Field by field: dataclasses.replace takes several times as long, and a list opens hundreds of entries.
    return Entry(
        entry.n,
        entry.event,
        entry.track,
        entry.on,
        entry.recorded_at,
        entry.actor,
        entry.source,
        entry.dest,
        entry.article,
        payload,
        entry.known,
    )


def _binding(n: int, event: str) -> str:
    return f"entry.{n}.{event}"


def _without(value: Any, name: str, path: list[str | int], found: list[Any]) -> Any:
    """The value with marks in place of its texts; these go to `found` with their places."""
    if isinstance(value, dict):
        return {key: _without(one, inner, [*path, key], found) for key, one, inner in _named(value)}
    if isinstance(value, list | tuple):
        return [_without(one, name, [*path, i], found) for i, one in enumerate(value)]
    if not isinstance(value, str) or is_open(name) or _PLAIN.fullmatch(value):
        return value
    found.append((path, value))
    return f"{mark()}{len(found)}" if name == _DISTINCT else mark()


def _named(value: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Key, value and the name that decides; of a correction that of what it corrects."""
    corrects = str(value["path"]).rpartition(".")[2] if {"path", "old", "new"} <= value.keys() else None
    for key, one in value.items():
        yield key, one, corrects if corrects is not None and key in ("old", "new") else key

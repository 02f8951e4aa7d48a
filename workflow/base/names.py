"""Names in messages: a table key, translated when the message is displayed.

The engine's own names are in names.toml beside this module. Law and procedure register, when imported, how to
look up their keys and how to cite their provisions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from workflow.base import tables
from workflow.base.messages import language, listed, pick

HERE = os.path.dirname(__file__)

# Kinds of which a Chinese name is taken wherever a key is: a Chinese reader is shown the name alone.
_TAKEN_BY_NAME = ("amendable", "applicant", "channel", "choice", "clock", "outcome", "role")
# Both forms of a name: {"zh": ..., "en": ...}; None for an unknown key.
Lookup = Callable[[str], Mapping[str, str] | None]
# A citation in the language in force; None for a reference of another kind.
Cite = Callable[[str], str | None]
_LOOKUPS: dict[str, Lookup] = {}
_CITATIONS: dict[str, Cite] = {}


def register(kind: str, lookup: Lookup) -> None:
    """Say how the names of a kind ('outcome', 'event' ...) are looked up."""
    _LOOKUPS[kind] = lookup


def register_citation(kind: str, cite: Cite) -> None:
    """Say how references of a kind ('house', 'law') are cited."""
    _CITATIONS[kind] = cite


def kinds() -> set[str]:
    """The kinds of which there are names."""
    return {*_LOOKUPS, *_bundled()}


class Named:
    """One or several keys of one kind (state, role, event, outcome ...) as a parameter of a message.

    A key that the tables do not know is shown as it is: a message must never fail itself.
    """

    def __init__(self, kind: str, *keys: str, typed: bool = False) -> None:
        self.kind, self.keys = kind, keys
        # Where the reader may have to type the key, it is shown beside the name.
        self.typed = typed

    def __format__(self, spec: str) -> str:
        return listed(self._word(key) for key in self.keys)

    def __str__(self) -> str:
        return format(self)

    def _word(self, key: str) -> str:
        name = word(self.kind, key)
        if self.kind in _TAKEN_BY_NAME and language() != "en":
            return name
        return pick(f"{key}（{name}）", f"{key} ({name})") if self.typed and name != key else name


def bundled() -> dict[str, dict[str, dict[str, str]]]:
    """The names of names.toml in both languages, by kind and key."""
    found: dict[str, dict[str, dict[str, str]]] = tables.read(os.path.join(HERE, "names.toml"))
    return found


_bundled = cache(bundled)


def word(kind: str, key: str) -> str:
    """The name of a key in the language in force; the key itself where there is none."""
    found = _LOOKUPS[kind](key) if kind in _LOOKUPS else _bundled().get(kind, {}).get(key)
    return pick(found["zh"], found["en"]) if found else key


def both(kind: str, keys: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Keys with their names in both languages, for typed_words; a key without a name is its own."""
    look_up: Lookup = _LOOKUPS.get(kind) or _bundled().get(kind, {}).get
    found: dict[str, Mapping[str, str]] = {}
    for key in keys:
        names = look_up(key)
        found[key] = {"zh": names["zh"], "en": names["en"]} if names else {"zh": key, "en": key}
    return found


def name(kind: str, key: str | None) -> str:
    """As word; '-' where there is no key."""
    return word(kind, key) if key else "-"


def of_part(rule: str, ref: int) -> str:
    """A clock by its name; of a part of the case (a consultation, a remedy) with the number of the part."""
    said = word("clock", rule)
    return pick(f"{said}（序号{ref}）", f"{said} {ref}") if ref else said


def article(ref: str | None) -> str:
    """A provision as it is cited; the reason, for a rule of good order ('house:NAME'); else the reference
    itself.
    """
    if not ref:
        return "-"
    cite = _CITATIONS.get("house" if ref.startswith("house:") else "law")
    return (cite(ref) if cite else None) or ref

"""The standing words of the letters (phrases.toml) and how they are filled in.

A phrase is ours or the office's; what is filled in is data and is never read as a phrase itself.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from letters.content import kinds
from workflow import law as law_tables
from workflow.base import tables
from workflow.base.completeness import require_known, require_same
from workflow.base.errors import Environment, Refused
from workflow.base.messages import N_, translate
from workflow.law import Law, era_checks
from workflow.law.eras import Era
from workflow.law.row_checks import Checked

TABLE = Path(__file__).with_name("phrases.toml")
# What the phrases say of every ground: why the information is withheld, before the officer's own reasons.
FINDING = "finding"
_FORMATTER = string.Formatter()


class Phrases:
    """The phrases of one set: the project's own, or with an office's changes laid over it."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        # By their paths: the sections that were asked for, which code and tables name, and the phrases found.
        self._sections: dict[tuple[str, ...], Mapping[str, Any]] = {}
        self._found: dict[tuple[str, ...], str] = {}

    def section(self, *path: str) -> Mapping[str, Any]:
        """The table at this path; empty if there is none."""
        found = self._sections.get(path)
        if found is None:
            place: Any = self._table
            for key in path:
                place = place.get(key) if isinstance(place, Mapping) else None
            found = self._sections[path] = place if isinstance(place, Mapping) else {}
        return found

    def get(self, *path: str) -> str | None:
        """The phrase at this path; None if there is none."""
        found = self._found.get(path)
        if found is None:
            there = self.section(*path[:-1]).get(path[-1])
            if not isinstance(there, str):
                return None
            found = self._found[path] = there
        return found

    def say(self, *path: str, **params: Any) -> str:
        """The phrase at this path, filled in; Environment if the table lacks it."""
        found = self.get(*path)
        if found is None:
            raise Environment(N_("The table of phrases lacks {name}."), name=".".join(path))
        return fill(found, params, where=".".join(path))


@lru_cache(maxsize=4096)
def _parsed(phrase: str) -> tuple[tuple[str, str | None, bool], ...]:
    """Its pieces: words as they are, the name of what follows them, and whether that may be empty."""
    pieces = ((literal, name) for literal, name, _, _ in _FORMATTER.parse(phrase))
    return tuple(
        (literal, name and name.removesuffix("?"), bool(name and name.endswith("?")))
        for literal, name in pieces
    )


def names(phrase: str) -> list[str]:
    """What a phrase is filled in with, by name; ValueError where its braces are not in pairs."""
    return [f"{name}?" if optional else name for _, name, optional in _parsed(phrase) if name is not None]


def fill(phrase: str, params: Mapping[str, Any], *, where: str = "") -> str:
    """The phrase with its {names} replaced; Refused, naming the field, when one is empty ({name?} may be)."""
    parts: list[str] = []
    for literal, name, optional in _parsed(phrase):
        parts.append(literal)
        if name is None:
            continue
        value = params.get(name)
        if value is not None and value != "":
            parts.append(str(value))
        elif not optional:
            raise Refused(
                N_("The letter needs {name}, and it is not given."),
                field=name,
                name=name,
                where=where,
                way_on=N_("Give it, then compose the letter again."),
            )
    return "".join(parts)


def holds(row: Mapping[str, Any], params: Mapping[str, Any], era: Era) -> bool:
    """Whether a paragraph applies: its `if`, `unless`, `under` (an era of the Regulations) and
    `not_under`.
    """
    if "under" in row and not era.follows(row["under"]):
        return False
    if "not_under" in row and era.follows(row["not_under"]):
        return False
    for key, wanted in (("if", True), ("unless", False)):
        if key in row:
            name, _, value = str(row[key]).partition(":")
            given = params.get(name)
            met = given == value if value else bool(given)
            if met is not wanted:
                return False
    return True


def era_faults(eras: Iterable[Era]) -> Iterator[Checked]:
    """Where the phrases name no era, or leave out one where they differ by era."""
    known = list(eras)
    named: set[str] = set()
    for place, lists in _unders(tables.read(TABLE), ""):
        keys = [key for listed in lists for key in listed]
        named |= set(keys)
        for key in keys:
            if key not in {era.key for era in known}:
                yield Checked(place, translate(N_("'{key}' is no era of the Regulations."), key=key))
        if len(set(keys)) > 1:
            yield from (era_checks.unknown(place, era) for era in known if not named_by(era, keys))
    yield from (era_checks.unknown("phrases.toml", era) for era in known if not named_by(era, named))


def named_by(era: Era, keys: Iterable[str]) -> bool:
    """Whether one of these eras is this one, or one that it continues."""
    return any(era.follows(key) for key in keys)


def _unders(value: Any, place: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each place of the table in which eras are named, with those of each of its rows."""
    if isinstance(value, Mapping):
        own = [[value["values_under"]]] if "values_under" in value else []
        yield (f"phrases.toml: {place}", own)
        for key, inner in value.items():
            yield from _unders(inner, f"{place}.{key}".strip("."))
    elif isinstance(value, list):
        rows = [row for row in value if isinstance(row, Mapping)]
        yield (
            f"phrases.toml: {place}",
            [[row[key] for key in ("under", "not_under") if key in row] for row in rows],
        )


def check(table: Mapping[str, Any], law: Law) -> None:
    """Refuse phrases that have nothing to say of a ground, an outcome or a letter that there is, or something
    of one that there is not."""
    place = "letters/content/phrases.toml"
    grounds, outcomes = law.tables["grounds"]["ground"], law.tables["outcomes"]["outcome"]
    require_same(f"{place}: ground", table["ground"], "workflow/law/grounds.toml", grounds)
    for key, row in table["ground"].items():
        require_known("phrases.FINDING", [FINDING], f"{place}: ground.{key}", row)
    # A partial disclosure says what is said of its parts.
    told = [key for key in outcomes if key != kinds.PARTIAL]
    require_same(f"{place}: outcome", table["outcome"], "workflow/law/outcomes.toml", told)
    letters = kinds.read().values()
    others = [kind.code for kind in letters if not kind.decides]
    require_known(
        "letters/content/kinds.toml", others, f"{place}: letter, form", {**table["letter"], **table["form"]}
    )
    every = [kind.code for kind in letters]
    require_known(
        f"{place}: letter, form", {**table["letter"], **table["form"]}, "letters/content/kinds.toml", every
    )


@cache
def bundled() -> Phrases:
    """The project's own phrases; Environment where they say nothing of an era of the Regulations, Malformed
    where they have no words for what there is to say."""
    era_checks.refuse("phrases.toml", era_faults(law_tables.bundled().eras()))
    table = tables.read(TABLE)
    check(table, law_tables.bundled())
    return Phrases(table)


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

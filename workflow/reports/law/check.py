"""What is wrong with the tables: those of the law, and whether every other table knows every era of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from letters.check import rules
from letters.content import kinds, phrases, specimens
from workflow import law
from workflow.base import tables
from workflow.base.errors import DisclosureError
from workflow.law import Law, era_checks, eras, quotes
from workflow.law.eras import Era
from workflow.law.keys import Provision
from workflow.law.row_checks import Checked, not_in_force
from workflow.procedure import transition_checks, transitions


def everything(folder: str | os.PathLike[str] = law.FOLDER) -> list[Checked]:
    """Each thing looked at in the tables of a folder, with what is wrong with it: also what stops them being
    loaded.
    """
    found, unread = law.read(folder)
    checked = [*unread, *law.check_tables(found)]
    with suppress(TypeError, AttributeError, KeyError, ValueError):
        # Rows of the wrong type were reported above.
        checked += quotes.everything(found)
    if any(one.where.startswith("eras") and not one.ok for one in checked):
        return checked
    checked += every_era(_eras(found))
    if all(one.ok for one in checked):
        checked += letters(Law(found))
    return checked


def letters(L: Law) -> Iterator[Checked]:
    """Whether every ground and outcome of these tables has its letter, and its words in it; and every letter
    what it is for."""
    looks: dict[str, Callable[[], None]] = {
        "letters/content/kinds.toml": lambda: kinds.check_answers(kinds.read(), L),
        "letters/content/phrases.toml": lambda: phrases.check(tables.read(phrases.TABLE), L),
    }
    for name, look in looks.items():
        try:
            look()
        except DisclosureError as fault:
            yield Checked(name, fault.text)
        else:
            yield Checked(name, "")


def on_their_days(L: Law) -> list[Checked]:
    """Where the procedure or the check of letters cites what is not in force on its day, under these law
    tables; an office's settings, or the program itself, what is not in force any more."""
    latest = L.era("")
    points = [(f"provisions: {id}", L.provision(id, date.max)) for id in Provision]
    ended = [
        Checked(where, not_in_force(ref, last))
        for where, ref in [*((f"settings: {one.id}", one.article) for one in L.settings()), *points]
        if (last := L.ended(ref)) is not None
    ]
    ended += [era_checks.unknown(where, latest) for where, ref in points if not latest.knows([ref])]
    return [*transition_checks.day_faults(transitions.written(), L), *rules.day_faults(L), *ended]


def faults(found: Iterable[Checked]) -> list[str]:
    """What is wrong, one a line."""
    return [f"{one.where}: {one.problem}" for one in found if not one.ok]


def _eras(found: dict[str, dict[str, Any]]) -> list[Era]:
    return list(eras.read(found["eras"], found["instruments"]).values()) if "eras" in found else []


def every_era(known: Iterable[Era]) -> list[Checked]:
    """Whether the procedure, the letters, their phrases and the rules of their check know each era."""
    listed = list(known)
    checked: list[Checked] = []
    for name, look in TABLES.items():
        try:
            checked += list(look(listed)) or [Checked(name, "")]
        except DisclosureError as fault:
            checked.append(Checked(name, fault.text))
    return checked


def _procedure(known: Iterable[Era]) -> Iterator[Checked]:
    """What is wrong with the rows of the acts; then where they leave out an era."""
    for found in transitions.row_faults():
        yield Checked(f"acts: {found.params['row']}", found.params["reason"])
    yield from transition_checks.era_faults(transitions.written(), known)


TABLES: dict[str, Callable[[Iterable[Era]], Iterator[Checked]]] = {
    "acts": _procedure,
    "kinds.toml": kinds.era_faults,
    "phrases.toml": phrases.era_faults,
    "compliance.toml": rules.era_faults,
    "specimens.toml": specimens.era_faults,
}
"""Every table outside the law's own that says something by era, with what looks for an era that it leaves
out.
"""

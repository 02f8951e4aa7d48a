"""The names that the procedure gives: acts, choices, what can be amended; and the reasons of rules of good
order.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from workflow.base import names
from workflow.base.messages import pick
from workflow.procedure import act_tables

Words = dict[str, dict[str, str]]
# The kinds of which the names stand with the acts.
KINDS = ("event", "choice", "amendable")


def all_names() -> dict[str, Words]:
    """All names of the process in both languages, by kind and key; those of acts and choices stand with the
    acts.
    """
    return {**names.bundled(), **{kind: act_tables.names(kind) for kind in KINDS}}


def reasons(table: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """The reasons of rules of good order, Chinese and English, from the tables [house.NAME] of the acts."""
    return {key: (row["zh"], row["en"]) for key, row in table.items()}


@cache
def _reasons() -> dict[str, tuple[str, str]]:
    return reasons(act_tables.bundled()["process"]["house"])


def reason(name: str) -> str | None:
    """The reason of a rule of good order, by its name: as the acts say it, else as the settings that cite it
    do, once the law is loaded; None if there is no such rule.
    """
    if found := _reasons().get(name):
        return pick(*found)
    said = names.word("house", name)
    return said if said != name else None


def _cited(ref: str) -> str:
    name = ref.removeprefix("house:")
    return reason(name) or name


def register() -> None:
    """Register the names of the procedure for messages; the tables are read when the first name is needed."""
    for kind in KINDS:
        names.register(kind, lambda key, kind=kind: act_tables.names(kind).get(key))  # type: ignore[misc]
    names.register_citation("house", _cited)

"""Chinese names of commands: 收件, 登记, 拟稿 … What is typed becomes the command; help shows the first name
of each.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.completeness import require_known, require_same
from workflow.base.errors import Malformed
from workflow.base.messages import N_, pick

TABLE = os.path.join(os.path.dirname(__file__), "chinese_names.toml")


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = tables.read(TABLE)
    return found


def command(typed: str, acts: dict[str, tuple[str, str]]) -> str:
    """The command that a typed word names; the word itself where it names none.

    `acts` gives each event its command and its Chinese name.
    """
    if typed.isascii():
        return typed
    return by_name(acts).get(typed, typed)


def by_name(acts: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Every Chinese name with its command; Malformed where one name stands for two."""
    return _each_once(_pairs(acts))


def _each_once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, said in pairs:
        if found.setdefault(name, said) != said:
            raise Malformed(
                N_("The name '{name}' stands for two commands: {first} and {second}."),
                field="chinese_names.toml",
                name=name,
                first=found[name],
                second=said,
            )
    return found


def check(commands: Iterable[str]) -> None:
    """Refuse a command without a Chinese name, and a name of a command that there is not."""
    require_same("chinese_names.toml: names", _table()["names"], "all_commands.COMMANDS", commands)


def _pairs(acts: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    table = _table()
    require_known("chinese_names.toml: acts", table["acts"], "workflow/procedure/acts", acts)
    pairs = [(name, said) for said, names in table["names"].items() for name in names]
    pairs += [(name, said) for said, name in acts.values()]
    return pairs + [(name, acts[event][0]) for event, names in table["acts"].items() for name in names]


def below(group: str, commands: Iterable[str]) -> dict[str, str]:
    """Every Chinese name of the commands within a group, with its command, the one that help shows first.
    Malformed where a command has none, a name stands for two, or names stand for no command.
    """
    rows = _table()["below"].get(group, {})
    require_same(f"chinese_names.toml [below.{group}]", rows, f"disclosure {group}", commands)
    return named_below(group)


def named_below(group: str) -> dict[str, str]:
    """Every Chinese name within a group with its command; {} where it is none."""
    rows = _table()["below"].get(group, {})
    return _each_once((name, said) for said, names in rows.items() for name in names)


def first(said: str) -> str | None:
    """The Chinese name by which help shows a command that is no act."""
    return firsts().get(said)


def firsts() -> dict[str, str]:
    """Every command that is no act with the Chinese name by which help shows it."""
    return {said: names[0] for said, names in _table()["names"].items()}


def first_below(group: str, said: str) -> str | None:
    """The Chinese name by which help shows a command within a group; None where there is none."""
    names = _table()["below"].get(group, {}).get(said)
    return str(names[0]) if names else None


def groups(commands: Iterable[str], acts: Iterable[str]) -> list[tuple[str, list[str], list[str]]]:
    """The groups of help with their commands and acts, in the order of the table; what stands in none comes
    last. Malformed where one stands in two, or there is no such command.
    """
    table, commands, acts = _table(), list(commands), list(acts)
    found = []
    left: dict[str, list[str]] = {"commands": commands, "acts": acts}
    for row in table["group"]:
        own = {kind: list(row.get(kind, ())) for kind in left}
        for kind, named in own.items():
            for name in named:
                if name not in left[kind]:
                    raise Malformed(
                        N_("'{name}' stands in two groups of commands, or is none."),
                        field="chinese_names.toml",
                        name=name,
                    )
            left[kind] = [name for name in left[kind] if name not in named]
        found.append((pick(row["zh"], row["en"]), own["commands"], own["acts"]))
    if any(left.values()):
        found.append((pick(table["rest"]["zh"], table["rest"]["en"]), left["commands"], left["acts"]))
    return found

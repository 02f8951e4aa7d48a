"""The fields of each act, as its table has them: what an officer gives for it, and what one line may name
beside it. The facts that are given are checked in act_facts.py.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from workflow.base import names
from workflow.base.messages import pick
from workflow.procedure import act_tables


class Field(NamedTuple):
    """One fact that belongs to an act."""

    name: str
    type: str
    zh: str
    en: str
    need: bool = False
    many: bool = False
    ask: bool = False
    open: bool = False
    choice: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What it is called, in the language in force."""
        return pick(self.zh, self.en)

    @property
    def option(self) -> str:
        """How it is written on the command line."""
        return "--" + self.name.replace("_", "-")


class Along(NamedTuple):
    """An act that one line may name beside the one that it is about: an option called as its command."""

    event: str
    command: str
    # The fact that the option takes; None where it is a mere word.
    value: Field | None
    # Further facts of it that the line takes, as options of their own.
    fields: tuple[Field, ...]
    # Whether it comes before the act that the line is about.
    first: bool = False

    @property
    def option(self) -> str:
        """How it is written on the command line."""
        return "--" + self.command

    @property
    def name(self) -> str:
        """The option as the name of a variable; no field is called so."""
        return "along_" + self.event


class Spec(NamedTuple):
    """An act as officers know it."""

    event: str
    command: str
    zh: str
    en: str
    example: str
    fields: tuple[Field, ...]
    # Whether it calls for letters, sends them or makes them void.
    sends: bool = False

    @property
    def help(self) -> str:
        """What the act does, in the language in force."""
        return pick(self.zh, self.en)


@cache
def specs() -> dict[str, Spec]:
    """All acts by event, in the order of the table."""
    return {event: spec(event) for event in act_tables.commands()}


@cache
def spec(event: str) -> Spec:
    """One act; KeyError if there is none that officers do."""
    row = act_tables.act(event)
    sends = any("letter" in one or "letters" in one for one in (row, *row.get("rows", ())))
    return Spec(event, row["command"], row["zh"], row["en"], row["example"], _fields(row), sends)


def _fields(row: dict[str, Any]) -> tuple[Field, ...]:
    return tuple(Field(**{**item, "choice": tuple(item.get("choice", ()))}) for item in row.get("fields", []))


@cache
def along(event: str) -> tuple[Along, ...]:
    """The acts that one line may name beside this one, in their order."""
    made = []
    for row in act_tables.act(event).get("along", ()):
        other = act_tables.act(row["act"])
        known = {field.name: field for field in _fields(other)}
        made.append(
            Along(
                row["act"],
                other["command"],
                known.get(row.get("value", "")),
                tuple(known[name] for name in row.get("fields", ())),
                bool(row.get("first")),
            )
        )
    return tuple(made)


def typed(event: str, number: str, no: int = 0, filled: Mapping[str, str] = MappingProxyType({})) -> str:
    """The command of an act on a case as it would be typed, in the language in force; what is still to be
    said stands in brackets. `filled` are facts that are proposed.
    """
    spec = specs()[event]
    parts = ["disclosure", pick(names.both("event", [event])[event]["zh"], spec.command), number]
    for field in spec.fields:
        if field.name == "no" and no:
            parts += [field.option, str(no)]
        elif field.name in filled:
            parts += [field.option, filled[field.name]]
        elif field.need:
            said = "/".join(map(choice_name, field.choice)) or field.label
            parts += [field.option, pick(f"〈{said}〉", f"[{said}]")]
    return " ".join(parts)


def choice_names(key: str) -> dict[str, str]:
    """The name of a choice in both languages."""
    return act_tables.names("choice")[key]


def choice_name(key: str) -> str:
    """The name of a choice, in the language in force."""
    entry = act_tables.names("choice").get(key)
    return pick(entry["zh"], entry["en"]) if entry else key


def amendable() -> dict[str, dict[str, Any]]:
    """What `amend` may correct, by name."""
    return act_tables.names("amendable")

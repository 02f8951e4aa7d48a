"""The fields of each act, and the facts given for them, checked against its table.

From a command line, a file or a program, facts become the payload of a ledger entry only through `facts`. The
help of every command needs this table: imports that only an act needs are made when an act is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from workflow.base import names, typed_words
from workflow.base.completeness import require_known
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, pick
from workflow.base.names import Named
from workflow.base.typed_text import clean_text
from workflow.procedure import act_table_checks, act_tables, mail_numbers


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


Reader = Callable[[Field, Any], Any]


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


# A case in examples.
_NUMBER = "2026-0001"


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


def facts(event: str, given: dict[str, Any]) -> dict[str, Any]:
    """The given values checked against the act's table: unknown, missing or malformed ones are refused."""
    spec = specs().get(event)
    if spec is None:
        raise NotFound(N_("There is no act '{event}'."), event=event)
    known = {item.name: item for item in spec.fields}
    for name in given:
        if name not in known:
            raise Malformed(
                N_("The act '{event}' has no fact '{name}'."),
                field=name,
                event=Named("event", event),
                name=name,
                way_on=N_("See what it takes with: disclosure {command} --help"),
                command=spec.command,
            )
    payload: dict[str, Any] = {}
    for name, item in known.items():
        value = given.get(name)
        if value is None or value == "" or value == () or value == []:
            if item.need:
                raise Malformed(
                    N_("'{option}' is missing: {label}."),
                    field=name,
                    option=item.option,
                    label=item.label,
                    way_on=N_("For example: {example}"),
                    # The keys of units and officers are each office's own.
                    example=typed(event, _NUMBER) if item.type in ("unit", "officer") else spec.example,
                )
            continue
        payload[name] = _many(item, value) if item.many else one(item, value)
    return payload


def _many(item: Field, value: Any) -> list[Any]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    return [one(item, single) for single in values]


def one(item: Field, value: Any) -> Any:
    """One value in the form that the ledger keeps; Malformed names the field."""
    reader: Reader = _READERS.get(item.type) or _text
    return reader(item, value)


def _text(item: Field, value: Any) -> str:
    text = clean_text(value, item.name)
    if not text and item.need:
        raise Malformed(
            N_("'{option}' is missing: {label}."), field=item.name, option=item.option, label=item.label
        )
    return text


def _date(item: Field, value: Any) -> str:
    return (value if isinstance(value, date) else parse_date(str(value), item.name)).isoformat()


def _int(item: Field, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = -1
    broken = isinstance(value, bool) or (isinstance(value, float) and value != number)
    if broken or not 0 <= number < 10**9:
        raise Malformed(N_("'{value}' is not a whole number."), field=item.name, value=str(value)[:40])
    return number


def _choice(item: Field, value: Any) -> str:
    return typed_words.resolve(str(value), names.both("choice", item.choice), item.name)


def _items(item: Field, value: Any) -> list[int]:
    parts = value if isinstance(value, list | tuple) else str(value).replace("，", ",").split(",")
    return sorted({_int(item, str(part).strip()) for part in parts})


def _pair(item: Field, value: Any) -> list[str]:
    name, sep, text = str(value).partition("=")
    if not sep or not name.strip():
        raise Malformed(
            N_("'{value}' is not of the form NAME=VALUE."), field=item.name, value=str(value)[:40]
        )
    return [_further(name.strip(), item), clean_text(text, item.name)]


def _further(name: str, item: Field) -> str:
    """A further fact by its key; a name that is none is told where it is looked up."""
    words = names.bundled()["need"]
    known = typed_words.matches(name, words)
    return typed_words.resolve(name, words, item.name) if known else name.replace("-", "_")


def _tracking(item: Field, value: Any) -> str:
    """A number of mail as it is kept."""
    return mail_numbers.any_number(clean_text(value, item.name))


def _moment(item: Field, value: Any) -> str:
    """A day with its time, to the minute: 2026-03-27 10:20."""
    text = clean_text(value, item.name)
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        found = None
    if found is None or len(text) < len("2026-03-27 10:20"):
        raise Malformed(
            N_("'{value}' is not a day with its time."),
            field=item.name,
            value=text[:40],
            way_on=N_("Write it as 2026-03-27 10:20."),
        )
    return found.isoformat(" ", "minutes")


# Facts of the other types are read as text.
_READERS: dict[str, Reader] = {
    "date": _date,
    "int": _int,
    "choice": _choice,
    "items": _items,
    "pair": _pair,
    "tracking": _tracking,
    "moment": _moment,
}
require_known("act_forms._READERS", _READERS, "act_tables.TYPES", act_table_checks.TYPES)

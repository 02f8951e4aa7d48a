"""The facts given for an act, checked against its table.

From a command line, a file or a program, facts become the payload of a ledger entry only through `facts`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from workflow.base import names, typed_words
from workflow.base.completeness import require_known
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.typed_text import clean_text
from workflow.procedure import act_forms, act_table_checks, mail_numbers
from workflow.procedure.act_forms import Field

Reader = Callable[[Field, Any], Any]
# A case in examples.
_NUMBER = "2026-0001"


def facts(event: str, given: dict[str, Any]) -> dict[str, Any]:
    """The given values checked against the act's table: unknown, missing or malformed ones are refused."""
    spec = act_forms.specs().get(event)
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
                    example=act_forms.typed(event, _NUMBER)
                    if item.type in ("unit", "officer")
                    else spec.example,
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
require_known("act_facts._READERS", _READERS, "act_tables.TYPES", act_table_checks.TYPES)

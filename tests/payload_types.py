"""Whether a recorded entry is what the type of its act's payload says; asked of every entry that tests record."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from scripts.payloads import class_name
from workflow.cases.case import Entry
from workflow.procedure import payloads


def faults(entry: Entry) -> list[str]:
    """What in the payload of an entry is not as its type says: unknown, missing, or of another type."""
    kind = getattr(payloads, class_name(entry.event))
    hints = get_type_hints(kind)
    found = [f"{entry.event}.{key} is not in its type" for key in entry.payload if key not in hints]
    found += [f"{entry.event}.{key} is missing" for key in kind.__required_keys__ if key not in entry.payload]
    for key, hint in hints.items():
        if key in entry.payload:
            found += [f"{entry.event}.{key}: {said}" for said in _unlike(entry.payload[key], hint)]
    return found


def _unlike(value: Any, hint: Any) -> Iterator[str]:
    if get_origin(hint) is UnionType:
        if value is not None:
            yield from _unlike(value, get_args(hint)[0])
    elif get_origin(hint) is Literal:
        if value not in get_args(hint):
            yield f"{value!r} is none of {get_args(hint)}"
    elif get_origin(hint) is list:
        if not isinstance(value, list):
            yield f"{value!r} is no list"
        else:
            for one in value:
                yield from _unlike(one, get_args(hint)[0])
    elif get_origin(hint) is dict:
        if not isinstance(value, dict):
            yield f"{value!r} is no table"
    elif type(value) is not hint:
        yield f"{value!r} is no {hint.__name__}"

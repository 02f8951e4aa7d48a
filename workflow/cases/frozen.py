"""A folded case as plain JSON and back, so that a long history need not be folded for each act.

What was written by another version of the program is not read: `program()` names the modules and tables that
fold a case, and what was kept under another name is folded anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import workflow
from workflow.cases import case as cases
from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.reply import Passed

# The rooms that decide what a case is after its entries.
_FOLDING = ("law", "cases", "procedure")
# Marks in a list or object that JSON itself does not know; a first cell that no text of a case begins with.
_DATE, _TUPLE, _SET, _FROZEN, _MAP, _PASSED, _OBJECT = (
    f"\0{name}" for name in ("date", "tuple", "set", "frozenset", "map", "passed", "object")
)
_CLASSES = {
    one.__name__: one
    for module in (cases, letter_life)
    for one in vars(module).values()
    if isinstance(one, type) and is_dataclass(one)
}


@cache
def program() -> str:
    """A digest of the modules and tables by which a case is folded."""
    root, made = Path(workflow.__file__).parent, hashlib.sha256()
    for room in _FOLDING:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".toml"):
                made.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


def write(case: CaseFile) -> str:
    """The case as JSON, the same for the same case."""
    return json.dumps(_plain(case), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> CaseFile:
    """The case that `write` made the text of; ValueError for any other text."""
    try:
        found = _made(json.loads(text))
    except (KeyError, TypeError, IndexError) as fault:
        raise ValueError(f"no folded case: {fault}") from None
    if not isinstance(found, CaseFile):
        raise ValueError("no folded case")
    return found


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return [_DATE, value.isoformat()]
    if isinstance(value, Passed):
        return [_PASSED, *map(_plain, (list(value), value.on, value.letter, value.parts, value.persons))]
    if is_dataclass(value):
        told = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return [_OBJECT, type(value).__name__, told]
    if isinstance(value, dict):
        return [_MAP, *([_plain(key), _plain(one)] for key, one in value.items())]
    if isinstance(value, set | frozenset):
        mark = _SET if isinstance(value, set) else _FROZEN
        return [mark, *sorted(map(_plain, value))]
    if isinstance(value, tuple):
        return [_TUPLE, *map(_plain, value)]
    if isinstance(value, list):
        return list(map(_plain, value))
    raise TypeError(f"a case has no {type(value).__name__}")


def _object(cells: list[Any]) -> Any:
    name, told = cells
    made = object.__new__(_CLASSES[name])
    known = {one.name for one in fields(made)}
    if told.keys() != known:
        raise ValueError(f"{name} has other fields")
    for field, value in told.items():
        object.__setattr__(made, field, _made(value))
    return made


def _passed(cells: list[Any]) -> Passed:
    steps, on, letter, parts, persons = map(_made, cells)
    return Passed(steps, on, letter, parts, persons)


def _all(cells: Iterable[Any]) -> Iterable[Any]:
    return map(_made, cells)


_READERS: dict[str, Callable[[list[Any]], Any]] = {
    _DATE: lambda cells: date.fromisoformat(cells[0]),
    _TUPLE: lambda cells: tuple(_all(cells)),
    _SET: lambda cells: set(_all(cells)),
    _FROZEN: lambda cells: frozenset(_all(cells)),
    _MAP: lambda cells: {_made(key): _made(one) for key, one in cells},
    _PASSED: _passed,
    _OBJECT: _object,
}


def _made(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    reader = _READERS.get(value[0]) if value and isinstance(value[0], str) else None
    return reader(value[1:]) if reader else list(_all(value))

"""SQLAlchemy tables without the SQLModel classes.

Building the classes (with validators and mappers) takes longer than everything else in a command that only
reads, and a statement needs only names, types, keys and defaults of columns. These are taken from the models
once and cached until one of the models (or this module) changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table, Text

from workflow.base import tables

HERE = Path(__file__).parent
# Narrowest type first: a Text is a String too.
TYPES = {"text": Text, "string": String, "boolean": Boolean, "integer": Integer, "date": Date}


Described = tuple[str, str, str, Any]


def described() -> dict[str, list[Described]]:
    """Of each table of the models its columns: name, type, part in the primary key, default."""
    from workflow.storage.models import TABLES

    return {name: [_described(table, column) for column in table.columns] for name, table in TABLES.items()}


def _described(table: Table, column: Any) -> Described:
    # SQLModel wraps String in its own type.
    plain = getattr(column.type, "impl_instance", column.type)
    kind = next(name for name, type_ in TYPES.items() if isinstance(plain, type_))
    counted = table.autoincrement_column is column
    default = column.default.arg if column.default is not None else None
    return column.name, kind, "counted" if counted else "key" if column.primary_key else "", default


# Columns share their types: a dialect adapts each only once.
_SHARED = {kind: type_() for kind, type_ in TYPES.items()}


class _Tables(Mapping[str, Table]):
    """The tables by name, each made when it is first asked for: a command asks for some of them."""

    def __init__(self) -> None:
        sources = [*sorted((HERE / "models").glob("*.py")), HERE / "tables.py"]
        self._columns: dict[str, list[Described]] = tables.remembered(sources, lambda _: described())
        self._made: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        found = self._made.get(name)
        if found is None:
            columns = (_column(*one) for one in self._columns[name])
            # Of two threads that make it at once one keeps what both then have.
            found = self._made.setdefault(name, Table(name, MetaData(), *columns))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns


def _column(name: str, kind: str, key: str, default: Any) -> Column[Any]:
    return Column(name, _SHARED[kind], primary_key=bool(key), autoincrement=key == "counted", default=default)


TABLES: Mapping[str, Table] = _Tables()

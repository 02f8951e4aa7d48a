"""The columns of the register: columns.toml, checked when it is read, and which of them a person chose."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from workflow.base import names, tables, typed_words
from workflow.base.completeness import require_known
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed, pick
from workflow.cases import row_register
from workflow.storage.tables import TABLES

TABLE = os.path.join(os.path.dirname(__file__), "columns.toml")
EVERY = "all"
CELLS = ("id", "zh", "en", "width", "source", "needs")
# The kind of name behind a column of the row, where it is called otherwise.
KINDS = {"applicant_kind": "applicant"}
# Sources that a column may need besides the case's row.
PARTS = ("letters", "clocks")


class Column(NamedTuple):
    """A column of the register."""

    id: str
    title: str
    width: float
    source: str
    needs: tuple[str, ...]


def chosen(asked: str | None, usual: str) -> list[Column]:
    """The columns chosen (ids joined by commas, or `all`), else those usual for this form."""
    table = _table()
    known = {row["id"]: row for row in table["column"]}
    if asked is None:
        wanted = table["set"].get(usual) or list(known)
    elif asked.strip() == EVERY:
        wanted = list(known)
    else:
        names = {key: {"zh": row["zh"], "en": row["en"]} for key, row in known.items()}
        parts = [name.strip() for name in re.split("[,，、]", asked) if name.strip()]
        wanted = list(dict.fromkeys(typed_words.meant(name, names, "columns") for name in parts))
    for name in wanted or [""]:
        if name not in known:
            raise Malformed(
                N_("The register has no column '{column}'."),
                field="columns",
                column=name[:40],
                way_on=N_("Columns are: {names}"),
                names=listed(
                    f"{key}（{row['zh']}）" if pick("zh", "en") == "zh" else key for key, row in known.items()
                ),
            )
    return [_column(known[name]) for name in wanted]


def rank(column: Column) -> int:
    """How long a column stays where the screen is narrow: the first of the set `first` always, those that are
    not in it the shortest.
    """
    first: list[str] = _table()["set"]["first"]
    return first.index(column.id) if column.id in first else len(first) + 1


def _column(row: Mapping[str, Any]) -> Column:
    return Column(row["id"], pick(row["zh"], row["en"]), row["width"], row["source"], tuple(row["needs"]))


def most_rows() -> int:
    """How many rows a page of paper is set with at most."""
    return int(_table()["most"]["pdf"])


@cache
def _table() -> tables.Table:
    """The table; Malformed names the column that lacks a cell, or needs what there is not."""
    table = tables.read(TABLE)
    check(table)
    return table


def computed() -> list[str]:
    """The sources that are a function of workflow/reports/register/cells.py."""
    kinds = (column["source"].partition(":")[0] for column in _table()["column"])
    return [kind for kind in dict.fromkeys(kinds) if kind not in ("row", "detail", "name", "officers")]


def check(table: tables.Table) -> None:
    """Refuse a column without one of its cells, with a fact that no case has, or that is needed and never
    read.
    """
    row, place = TABLES["case_file"].c.keys(), "columns.toml"
    for column in table["column"]:
        where = f"{place}: {column.get('id', '?')}"
        require_known(where, (cell for cell in CELLS if column.get(cell) in (None, [])), where, ())
        require_known(where, column["needs"], "case_file", (*row, *PARTS))
        kind, _, name = column["source"].partition(":")
        of_row = name in row
        if kind in ("row", "name") or (kind == "officers" and of_row):
            require_known(where, [name], f"{where}: needs", column["needs"])
        if kind == "detail" or (kind == "officers" and not of_row):
            require_known(where, [name], "row_register.DETAILS", row_register.DETAILS)
            require_known(where, ["details"], f"{where}: needs", column["needs"])
        if kind == "name":
            require_known(
                where, [KINDS.get(name, name)], "names of keys (names.toml and others)", names.kinds()
            )
    for name, ids in table["set"].items():
        require_known(f"{place}: {name}", ids, place, [column["id"] for column in table["column"]])

"""Words of the program's own tables (states, rules, stages), as a statement itself has them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, literal_column

from workflow.base.patterns import later

_WORD = later(r"[a-z0-9_.]+")


def fixed(words: Iterable[str]) -> list[ColumnElement[str]]:
    """The words as the statement itself has them: a list of values would be laid into it anew at each run.
    ValueError for what is no word of a table.
    """
    named = [str(word) for word in words]
    strange = [word for word in named if not _WORD.fullmatch(word)]
    if strange:
        raise ValueError(f"no words of a table: {strange}")
    return [literal_column(f"'{word}'", String) for word in named]


@cache
def within(column: ColumnElement[Any], words: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether a column holds one of these words: made once, for statements that are put again and again."""
    return column.in_(fixed(words))

"""Days of a calendar file as they stand there, and the words by which a file calls its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One day of a file as it stands there."""

    day: str
    kind: str
    festival: str


class Sheet(NamedTuple):
    """A file as it stands: what it says about the notice, and its days."""

    head: dict[str, str]
    entries: list[Entry]
    # Whether the file has a place of its own for the year of the notice.
    structured: bool = False


def column_of(key: Any) -> str:
    """The column that a word of a file means, or the word itself."""
    """The column that a word of a file means, or the word itself."""
    word = str(key or "").strip().lower()
    return _WORDS.get(word, word)


_WORDS = {
    "日期": "date",
    "day": "date",
    "类型": "kind",
    "type": "kind",
    "isoffday": "kind",
    "节日": "festival",
    "名称": "festival",
    "name": "festival",
    "年份": "year",
    "年": "year",
    "文号": "number",
    "notice_no": "number",
    "发布日期": "promulgated",
    "url": "source",
}


def entry_of(row: Mapping[Any, Any]) -> Entry:
    """A day from a row of a file."""
    """A day from a row of a file."""
    fields = {column_of(key): value for key, value in row.items()}
    return Entry(*(str(fields.get(key) if fields.get(key) is not None else "").strip() for key in _FIELDS))


_FIELDS = ("date", "kind", "festival")

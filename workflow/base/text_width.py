"""Text in the columns of a terminal, where a Chinese character takes two: its width, cut to it, wrapped, in
tables.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from workflow.base import line_breaks


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, columns: int) -> str:
    """The text with spaces up to so many columns."""
    return text + " " * (columns - width(text))


def clip(text: str, most: int) -> str:
    """A text on one line, cut to so many columns."""
    text = " ".join(text.split())
    if width(text) <= most:
        return text
    kept, used = "", 0
    for char in text:
        used += width(char)
        if used > most - 1:
            break
        kept += char
    return kept + "…"


def wrap(text: str, most: int) -> list[str]:
    """A text as lines of at most so many columns; between Chinese characters a line may end anywhere but at a
    mark.
    """
    return line_breaks.wrap(" ".join(text.split()), width, most)


def table(header: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Columns lined up, Chinese and Latin alike; lines without trailing spaces. No rows: no lines."""
    listed = list(rows)
    if not listed:
        return []
    widths = [max(width(row[i]) for row in [header, *listed]) for i in range(len(header))]
    return [
        "  ".join(pad(cell, most) for cell, most in zip(row, widths, strict=True)).rstrip()
        for row in [header, *listed]
    ]

"""Text in the cells of a terminal, where a Chinese character takes two: its width, cut to it, wrapped."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate

from workflow.base import line_breaks


def width(text: str) -> int:
    """Cells that a text takes on a terminal: marks that stand above others take none."""
    return len(text) if text.isascii() else _wide(text)


@lru_cache(maxsize=4096)
def _wide(text: str) -> int:
    # A cell of a table is measured several times, and a name stands in many rows.
    return sum(map(_cells, text))


@cache
def _cells(char: str) -> int:
    # A library of its own, which texts of ASCII do without.
    import unicodedata

    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.combining(char) else 1


def pad(text: str, columns: int) -> str:
    """The text with spaces up to so many columns."""
    return text + " " * (columns - width(text))


def clip(text: str, most: int) -> str:
    """A text on one line, cut to so many columns."""
    text = " ".join(text.split())
    if width(text) <= most:
        return text
    fitting = sum(used < most for used in accumulate(map(_cells, text)))
    return text[:fitting] + "…"


def wrap(text: str, most: int) -> list[str]:
    """A text as lines of at most so many columns; between Chinese characters a line may end anywhere but at a
    mark. A word that is wider is broken.
    """
    text = " ".join(text.split())
    if text and width(text) <= most:
        return [text]
    return line_breaks.wrap(text, _cells, most, broken=True)

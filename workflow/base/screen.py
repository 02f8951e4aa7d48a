"""Tables, fields and texts as lines for a screen of a given width.

The output of a command is a list of texts. Most are one paragraph, folded where the screen is narrow. A Block
knows more about its layout: as plain text it has its full width, for files and pipes; `fit` lays it out in so
many cells (a Chinese character takes two); `spoken` gives one field a line, for screen readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from workflow.base import messages
from workflow.base.messages import N_, pick, translate
from workflow.base.text_width import clip, pad, width, wrap

GAP = 2
# The narrowest width to which a wrapped or cut cell is reduced.
LEAST, LEAST_CUT = 10, 12
# Words longer than this may be broken in a narrow column.
WORD = 20
# A label wider than this gets a line of its own.
LABEL = 22
HANGING = 2


class Block(str):
    """A text of several lines that can be laid out more narrowly."""

    __slots__ = ()

    def fit(self, room: int) -> list[str]:
        """Its lines, none of them wider than room."""
        return [line for text in self.split("\n") for line in folded(text, room)]

    def spoken(self) -> list[str]:
        """The lines for a screen reader: one field a line, without symbols that carry meaning."""
        return self.split("\n")


class Verbatim(Block):
    """Content of a file, or input of another program: folded for display only."""

    __slots__ = ()


class Column:
    """A column of a table."""

    __slots__ = ("cut", "least", "mark", "number", "rank", "title")

    def __init__(
        self,
        title: str,
        rank: int = 0,
        least: int = 0,
        cut: bool = False,
        mark: bool = False,
        number: bool = False,
    ) -> None:
        """`rank` 0: always shown; of the others the highest number is dropped first where there is no room.
        `least` is the least width, 0: derived from the content. `cut`: cut to one line with an ellipsis
        instead of wrapped; `mark`: a symbol whose meaning another column gives in words, not read out;
        `number`: aligned right.
        """
        self.title, self.rank, self.least = title, rank, least
        self.cut, self.mark, self.number = cut, mark, number


class Table(Block):
    """Rows in columns; below a row may stand further texts, which are not cells."""

    __slots__ = ("below", "columns", "rows")

    columns: tuple[Column, ...]
    rows: list[list[str]]
    below: Sequence[Sequence[str]]

    def __new__(
        cls,
        columns: Iterable[Column | str],
        rows: Iterable[Sequence[str]],
        below: Sequence[Sequence[str]] = (),
    ) -> Self:
        heads = tuple(one if isinstance(one, Column) else Column(one) for one in columns)
        cells = [[messages.visible(cell) for cell in row] for row in rows]
        made = super().__new__(cls, "\n".join(_aligned(heads, cells, below)))
        made.columns, made.rows, made.below = heads, cells, below
        return made

    def fit(self, room: int) -> list[str]:
        """The columns that fit, and the titles of those that were dropped."""
        shown = list(range(len(self.columns)))
        while not self._fits(shown, room):
            last = max(shown, key=lambda at: (self.columns[at].rank, at))
            if self.columns[last].rank == 0:
                return self._records(room)
            shown.remove(last)
        hidden = [one.title for at, one in enumerate(self.columns) if at not in shown and one.title]
        lines = list(self._lines(shown, self._widths(shown, room), room))
        if hidden:
            lines += folded(left_out(hidden), room)
        return lines

    def spoken(self) -> list[str]:
        """One field a line, an empty line between rows."""
        made: list[str] = []
        for row, texts in zip(self.rows, self._below(), strict=True):
            made += [""] if made else []
            for one, cell in zip(self.columns, row, strict=True):
                if not one.mark and cell.strip():
                    made.append(labelled(one.title, " ".join(cell.split())))
            made += [line for text in texts for line in lines_of(text, None, True)]
        return made

    def _below(self) -> Sequence[Sequence[str]]:
        return self.below or [()] * len(self.rows)

    # --- widths

    def _natural(self, at: int) -> int:
        return max(width(self.columns[at].title), *(_widest(row[at]) for row in self.rows), 0)

    def _least(self, at: int) -> int:
        column, natural = self.columns[at], self._natural(at)
        if column.cut:
            return min(natural, max(column.least or LEAST_CUT, width(column.title)))
        words = max((_longest(row[at]) for row in self.rows), default=0)
        return min(natural, max(column.least or LEAST, min(words, WORD), _longest(column.title)))

    def _fits(self, shown: list[int], room: int) -> bool:
        return sum(map(self._least, shown)) + GAP * (len(shown) - 1) <= room

    def _widths(self, shown: list[int], room: int) -> list[int]:
        """Give each column its least width, and the rest to those that want more, smallest wish first."""
        widths = {at: self._least(at) for at in shown}
        left = room - GAP * (len(shown) - 1) - sum(widths.values())
        wishes = sorted((self._natural(at) - widths[at], at) for at in shown)
        for place, (wish, at) in enumerate(wishes):
            given = min(wish, left // (len(wishes) - place))
            widths[at] += given
            left -= given
        return [widths[at] for at in shown]

    def _lines(self, shown: list[int], widths: list[int], room: int) -> Iterator[str]:
        columns = [self.columns[at] for at in shown]
        heads = [one.title for one in columns]
        listed = [[row[at] for at in shown] for row in self.rows]
        below = [*([()] if any(heads) else []), *self._below()]
        for row, texts in zip([heads, *listed] if any(heads) else listed, below, strict=True):
            cells = [
                [clip(cell, most)] if one.cut and width(cell) > most else _cell(cell, most)
                for one, cell, most in zip(columns, row, widths, strict=True)
            ]
            for line in range(max(map(len, cells))):
                parts = [cell[line] if line < len(cell) else "" for cell in cells]
                yield _joined(columns, parts, widths)
            for text in texts:
                yield from lines_of(text, room, False)

    def _records(self, room: int) -> list[str]:
        """For screens too narrow for a table: each row as fields below each other."""
        made: list[str] = []
        for row, texts in zip(self.rows, self._below(), strict=True):
            made += [""] if made else []
            for one, cell in zip(self.columns, row, strict=True):
                if cell.strip():
                    made += folded(labelled(one.title, " ".join(cell.split())), room)
            made += [line for text in texts for line in lines_of(text, room, False)]
        return made


class Field(Block):
    """A label with its text beside it; further lines of the text are indented."""

    __slots__ = ("beside", "label", "text")

    label: str
    text: str
    beside: int

    def __new__(cls, label: str, text: str, beside: int = 0, indent: int = 0) -> Self:
        label = " " * indent + label
        made = super().__new__(cls, f"{pad(_colon(label), beside)}{text}" if label.strip() else text)
        made.label, made.text, made.beside = label, text, max(beside, width(_colon(label)))
        return made

    def fit(self, room: int) -> list[str]:
        """The text beside its label, or below it where there is no room."""
        if self.beside > min(LABEL + HANGING, room // 2):
            return folded(str(self), room)
        lines = [line for text in self.text.split("\n") for line in wrap(text, room - self.beside)] or [""]
        return [
            (pad(_colon(self.label) if not place else "", self.beside) + line).rstrip()
            for place, line in enumerate(lines)
        ]

    def spoken(self) -> list[str]:
        """On one line."""
        return [labelled(self.label.strip(), " ".join(self.text.split()))]


def table(columns: Iterable[Column | str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table as part of the output of a command; nothing where it has no rows."""
    listed = list(rows)
    return [Table(columns, listed)] if listed else []


def fields(pairs: Iterable[tuple[str, str]], indent: int = 0) -> list[str]:
    """Labels with their texts beside them; a pair without text is left out."""
    listed = [(label, text) for label, text in pairs if text]
    short = [width(_colon(label)) for label, _text in listed if width(label) <= LABEL]
    beside = indent + max(short, default=0)
    return [Field(label, text, beside, indent) for label, text in listed]


def left_out(titles: list[str]) -> str:
    """The note that columns were dropped, and which."""
    return translate(
        N_("{n} more columns are not shown: {names}"), n=len(titles), names=messages.listed(titles)
    )


def labelled(label: str, text: str) -> str:
    """'label: text' in the language in force."""
    return f"{_colon(label)}{text}" if label else text


def folded(text: str, room: int) -> list[str]:
    """A paragraph in lines of at most so many cells; continuation lines are indented."""
    if width(text) <= room:
        return [text]
    body = text.lstrip(" ")
    indent = min(len(text) - len(body), room // 2 - HANGING)
    first, rest = " " * indent, " " * (indent + HANGING)
    lines = wrap(body, room - len(rest))
    return [(first if not place else rest) + line for place, line in enumerate(lines)]


def lines_of(text: str, room: int | None, plain: bool) -> list[str]:
    """One text of a command's output, as lines for a screen of this width (None: unfolded)."""
    if plain:
        return text.spoken() if isinstance(text, Block) else text.split("\n")
    if room is None:
        return text.split("\n")
    if isinstance(text, Block):
        return text.fit(room)
    return [line for part in text.split("\n") for line in folded(part, room)]


def _colon(label: str) -> str:
    return f"{label}{pick('：', ': ')}" if label.strip() else label


def _aligned(
    columns: Sequence[Column], rows: list[list[str]], below: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Columns at their full width; no line of heads where all are empty."""
    heads = [one.title for one in columns]
    listed = [heads, *rows] if any(heads) else rows
    widths = [max(width(row[at]) for row in listed) for at in range(len(heads))] if listed else []
    texts = [*([()] if any(heads) else []), *(below or [()] * len(rows))]
    for row, told in zip(listed, texts, strict=True):
        yield _joined(columns, row, widths)
        yield from told


def _joined(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> str:
    """One line of a table, without trailing spaces."""
    parts = [
        " " * (most - width(cell)) + cell if one.number else pad(cell, most)
        for one, cell, most in zip(columns, cells, widths, strict=True)
    ]
    return (" " * GAP).join(parts).rstrip()


def _cell(text: str, most: int) -> list[str]:
    return [line for part in text.split("\n") for line in (wrap(part, most) or [""])]


def _widest(text: str) -> int:
    return max(map(width, text.split("\n")))


def _longest(text: str) -> int:
    """The widest word of a text."""
    return max((width(word) for word in text.split() if word.isascii()), default=min(2, width(text)))

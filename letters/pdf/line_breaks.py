"""Chinese lines: where a paragraph breaks, and how much each line is drawn apart or together to end flush.

The renderer justifies only at spaces, of which Chinese has none; so lines are broken here, by the rules of Chinese
typesetting (what may not begin or end a line, a stop at the end of a line counts half), and set with a spacing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_NOT_FIRST = frozenset("。．，、；：？！）》〉」』】〕］｝”’…—～·％‰℃％.,;:?!)]}%>°×／/")
_NOT_LAST = frozenset("（《〈「『【〔［｛“‘([{<＄￥$¥№#＃@")
_HALF = frozenset("。．，、；：？！）》〉」』】〕］｝”’")
"""Closing marks whose right half is blank: at the end of a line only their left half counts."""
_WORD = re.compile(r"[!-~\u00c0-\u024f]+|——|……|[^\S\n]+|.", re.DOTALL)
_INSIDE = re.compile(r"(?<=[/.\-_?&=,:;@+#%])")
_LONGEST_WORD = 9.0
"""Width in em above which a run of Latin letters or digits (an address, a number) may be broken inside."""
_SQUEEZE = 0.02
"""How far, in em a character, a line may be drawn together to take in one more mark."""

Width = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line and the space to add after each of its characters, in em (negative: drawn together)."""

    text: str
    spacing: float


def _clusters(text: str, width: Width) -> Iterator[tuple[str, float]]:
    """The pieces that are not broken, each with its width."""
    for found in _WORD.finditer(text):
        piece = found.group()
        size = sum(map(width, piece))
        if size <= _LONGEST_WORD or not piece.isascii():
            yield piece, size
            continue
        for part in _INSIDE.split(piece):
            size = sum(map(width, part))
            if size <= _LONGEST_WORD:
                if part:
                    yield part, size
            else:
                yield from ((char, width(char)) for char in part)


def _overhang(text: str) -> float:
    return 0.5 if text and text[-1] in _HALF else 0.0


def set_lines(text: str, width: Width, *, measure: float, indent: float = 0.0) -> list[Line]:
    """The lines of one paragraph, measure em wide, the first shorter by indent; the last line is not justified."""
    pieces = [piece for piece in _clusters(text, width) if piece[0]]
    lines: list[Line] = []
    start, room = 0, measure - indent
    while start < len(pieces):
        end, used = start, 0.0
        while end < len(pieces) and used + pieces[end][1] <= room + 1e-6:
            used += pieces[end][1]
            end += 1
        if end == len(pieces):
            lines.append(Line("".join(piece for piece, _ in pieces[start:]).strip(" "), 0.0))
            break
        end = _good_end(pieces, start, end, used, room)
        body = "".join(piece for piece, _ in pieces[start:end]).strip(" ")
        lines.append(Line(body, _spacing(body, width, room)))
        start, room = end, measure
        while start < len(pieces) and pieces[start][0].isspace():
            start += 1
    return lines


def _good_end(pieces: list[tuple[str, float]], start: int, end: int, used: float, room: float) -> int:
    """Where the line that holds pieces[start:end] had better end: one mark more, or as many fewer as need be."""
    end = max(end, start + 1)
    count = sum(len(piece) for piece, _ in pieces[start:end])
    piece, size = pieces[end]
    if piece[0] in _HALF and used + size - _overhang(piece) <= room + _SQUEEZE * (count + 1):
        following = pieces[end + 1][0][0] if end + 1 < len(pieces) else ""
        if following not in _NOT_FIRST:
            return end + 1
    best = end
    while best > start + 1 and (pieces[best][0][0] in _NOT_FIRST or pieces[best - 1][0][-1] in _NOT_LAST):
        best -= 1
    # A run of marks longer than any rule foresees is broken where the line is full.
    return best if best > start + 1 or end == start + 1 else end


def _spacing(text: str, width: Width, room: float) -> float:
    natural = sum(map(width, text)) - _overhang(text)
    gaps = max(len(text) - 1, 1)
    return round((room - natural) / gaps, 4)

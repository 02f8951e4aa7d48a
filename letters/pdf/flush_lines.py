"""A paragraph of a letter in lines that are set flush: each with the space that draws it to its measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from workflow.base.line_breaks import Width, narrow, pieces, widths, within

HALF = frozenset("。．，、；：？！）》〉」』】〕］｝”’")
"""Closing marks whose right half is blank: at the end of a line only their left half counts."""
MOST_SPACING = 0.1
"""How far, in em a character, a line may be drawn apart to end flush."""
SQUEEZE = 0.02
"""How far, in em a character, a line may be drawn together to take in one more mark."""
_LONGEST_WORD = 9.0
"""Width in em above which a run of Latin letters or digits (an address, a number) may be broken anywhere."""


class Line(NamedTuple):
    """One line and the space to add after each of its characters, in em (negative: drawn together)."""

    text: str
    spacing: float


def set_lines(
    text: str, width: Width, *, measure: float, indent: float = 0.0, flush: bool = True
) -> list[Line]:
    """The lines of one paragraph, measure em wide, the first shorter by indent.

    The last line is not drawn out, nor any where flush is False, nor one that would have to be drawn apart by
    more than MOST_SPACING: a word of Latin letters is broken first where it may be.
    """
    parts = narrow(pieces(text), width, min(_LONGEST_WORD, measure - indent))
    sizes = widths(parts, width)
    lines: list[Line] = []
    start, room = 0, measure - indent
    while start < len(parts):
        end = _filled(parts, sizes, start, room)
        if end < len(parts) and _spacing("".join(parts[start:end]), width, room) > MOST_SPACING:
            end = _broken(parts, sizes, end, width, room - sum(sizes[start:end]))
        body = "".join(parts[start:end]).strip(" ")
        spacing = _spacing(body, width, room) if flush and end < len(parts) else 0.0
        if end == len(parts) or not flush:
            spacing = min(_spacing(body, width, room), 0.0)
        lines.append(Line(body, spacing if spacing <= MOST_SPACING else 0.0))
        start, room = end, measure
        while start < len(parts) and parts[start].isspace():
            start += 1
    return lines


def _filled(parts: Sequence[str], sizes: Sequence[float], start: int, room: float) -> int:
    """The end of the line that begins at start: as many pieces as fit, a mark at the end hanging half."""
    end, used, count = start, 0.0, 0
    while end < len(parts):
        count += len(parts[end])
        most = room + _overhang(parts[end]) + (SQUEEZE * count if parts[end][-1] in HALF else 1e-6)
        if used + sizes[end] > most:
            break
        used += sizes[end]
        end += 1
    return max(end, start + 1)


def _broken(parts: list[str], sizes: list[float], end: int, width: Width, room: float) -> int:
    """The end of a line after breaking into the Latin word that follows it, where a word may be broken."""
    inner = within(parts[end])
    while len(inner) > 1:
        head = "".join(inner[:-1])
        size = sum(map(width, head))
        if size <= room:
            tail = parts[end][len(head) :]
            parts[end : end + 1] = [head, tail]
            sizes[end : end + 1] = [size, sum(map(width, tail))]
            return end + 1
        inner.pop()
    return end


def _overhang(text: str) -> float:
    return 0.5 if text and text[-1] in HALF else 0.0


def _spacing(text: str, width: Width, room: float) -> float:
    natural = sum(map(width, text)) - _overhang(text)
    return round((room - natural) / max(len(text) - 1, 1), 4)

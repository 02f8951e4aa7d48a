"""Where a Chinese text may break into lines: one list of marks for letters, drawings and the terminal.

A line may end between any two pieces: a Chinese character with the marks that belong to it, a word of Latin
letters, a document number. How wide a character is, the caller says; lines are then filled, or set flush with
a spacing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

NOT_FIRST = frozenset("。．，、；：？！）》〉」』】〕］｝”’…—～·•・‧％‰℃％.,;:?!)]}%>°×／/")
"""Marks that never begin a line."""
NOT_LAST = frozenset("（《〈「『【〔［｛“‘([{<＄￥$¥№#＃@")
"""Marks that never end a line."""
_MARKS = NOT_FIRST | NOT_LAST
HALF = frozenset("。．，、；：？！）》〉」』】〕］｝”’")
"""Closing marks whose right half is blank: at the end of a line only their left half counts."""
GLUE = "\u2060"
"""Word joiner: holds a line together where it stands."""
MOST_SPACING = 0.1
"""How far, in em a character, a line may be drawn apart to end flush."""
SQUEEZE = 0.02
"""How far, in em a character, a line may be drawn together to take in one more mark."""
_LONGEST_WORD = 9.0
"""Width in em above which a run of Latin letters or digits (an address, a number) may be broken anywhere."""
_MOST_MARKS = 8
"""Characters above which a run of marks is broken like any other text."""
_CLUSTER = (
    r"[〔\[［]\d{4}[〕\]］]第?[0-9A-Za-z-]{1,12}号"  # year and serial number of a document
    r"|\d{1,4}[年月日号条款项]"
    r"|[!-~\u00a0\u00c0-\u024f]+|—{2}|…{2}|[^\S\n\u00a0]+|."
)
_INSIDE = r"(?<=[/.\-_?&=,:;@+#%])(?=[^/.\-_?&=,:;@+#%。，；：、）])"

Width = Callable[[str], float]
"""The width of one character."""


class Line(NamedTuple):
    """One line and the space to add after each of its characters, in em (negative: drawn together)."""

    text: str
    spacing: float


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when a text is first broken: most commands break none."""
    return re.compile(source, re.DOTALL)


def pieces(text: str) -> list[str]:
    """The text in pieces between which a line may end; runs of blanks are pieces of their own."""
    return _joined(found.group() for found in _pattern(_CLUSTER).finditer(text))


def _joined(clusters: Iterable[str]) -> list[str]:
    """The clusters, those that may not be parted as one."""
    made: list[str] = []
    for cluster in clusters:
        if len(made) > 1 and made[-1].isspace() and _held(made[-2], cluster) and cluster[0] in NOT_FIRST:
            # A blank before a closing mark is no place to end a line.
            made[-2:] = ["".join((*made[-2:], cluster))]
        elif made and _held(made[-1], cluster):
            made[-1] += cluster
        else:
            made.append(cluster)
    return made


def _held(before: str, after: str) -> bool:
    if before[-1] == GLUE or after[0] == GLUE:
        return True
    if before.isspace() or after.isspace():
        return False
    marks = before[-1] in NOT_LAST or after[0] in NOT_FIRST
    return marks and not (len(before) > _MOST_MARKS and _MARKS.issuperset(before[-_MOST_MARKS:]))


def rows(sizes: Sequence[float], blanks: Sequence[bool], room: float) -> Iterator[tuple[int, int]]:
    """First and last + 1 of the pieces of each line that is no wider than room (but for a single piece that
    is).

    Blanks at the beginning and the end of a line are left out.
    """
    start = end = 0
    used = 0.0
    for place, (size, blank) in enumerate(zip(sizes, blanks, strict=True)):
        if not blank and end > start and used + size > room:
            yield start, end
            start, used = place, 0.0
        if blank and start >= end:
            start = place + 1
            continue
        used += size
        if not blank:
            end = place + 1
    if end > start:
        yield start, end


def wrap(text: str, width: Width, room: float, *, broken: bool = False) -> list[str]:
    """The text in lines no wider than room, not set flush; with `broken`, what is wider is taken apart."""
    parts = _cut(pieces(text), width, room) if broken else pieces(text)
    sizes = [sum(map(width, part)) for part in parts]
    return ["".join(parts[start:end]) for start, end in rows(sizes, [part.isspace() for part in parts], room)]


def set_lines(
    text: str, width: Width, *, measure: float, indent: float = 0.0, flush: bool = True
) -> list[Line]:
    """The lines of one paragraph, measure em wide, the first shorter by indent.

    The last line is not drawn out, nor any where flush is False, nor one that would have to be drawn apart by
    more than MOST_SPACING: a word of Latin letters is broken first where it may be.
    """
    parts = _narrow(pieces(text), width, min(_LONGEST_WORD, measure - indent))
    sizes = [sum(map(width, part)) for part in parts]
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


def _narrow(parts: Sequence[str], width: Width, most: float) -> list[str]:
    """The pieces, those that are wider than most taken apart: where a word may be, else anywhere."""
    made: list[str] = []
    for part in parts:
        if sum(map(width, part)) <= most:
            made.append(part)
            continue
        for inner in _pattern(_INSIDE).split(part):
            made.extend([inner] if sum(map(width, inner)) <= most else _joined(inner))
    return made


def _cut(parts: Sequence[str], width: Width, room: float) -> list[str]:
    """The pieces, those that are wider than room taken apart, in the end between any two characters."""
    made: list[str] = []
    for part in _narrow(parts, width, room):
        if sum(map(width, part)) <= room:
            made.append(part)
            continue
        held, used = "", 0.0
        for char in part:
            taken = width(char)
            if held and used + taken > room:
                made.append(held)
                held, used = "", 0.0
            held += char
            used += taken
        made.append(held)
    return made


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
    inner = _pattern(_INSIDE).split(parts[end])
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

"""Where a Chinese text may break into lines: one list of marks for letters, drawings and the terminal.

A line may end between any two pieces: a Chinese character with the marks that belong to it, a word of Latin
letters, a document number. How wide a character is, the caller says. Lines of a letter that are set flush:
letters/pdf/flush_lines.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

NOT_FIRST = frozenset("。．，、；：？！）》〉」』】〕］｝”’…—～·•・‧％‰℃％.,;:?!)]}%>°×／/")
"""Marks that never begin a line."""
NOT_LAST = frozenset("（《〈「『【〔［｛“‘([{<＄￥$¥№#＃@")
"""Marks that never end a line."""
_MARKS = NOT_FIRST | NOT_LAST
GLUE = "\u2060"
"""Word joiner: holds a line together where it stands."""
_HELD_FIRST, _HELD_LAST = NOT_FIRST | {GLUE}, NOT_LAST | {GLUE}
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


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when a text is first broken: most commands break none."""
    return re.compile(source, re.DOTALL)


def pieces(text: str) -> list[str]:
    """The text in pieces between which a line may end; runs of blanks are pieces of their own."""
    return joined(_pattern(_CLUSTER).findall(text))


def within(word: str) -> list[str]:
    """A word of Latin letters (an address, a number) in the parts between which it may be broken."""
    return _pattern(_INSIDE).split(word)


def joined(clusters: Iterable[str]) -> list[str]:
    """The clusters, those that may not be parted as one."""
    made: list[str] = []
    last = ""
    for cluster in clusters:
        # Most follow one another without a mark between them.
        if not made or (cluster[0] not in _HELD_FIRST and last not in _HELD_LAST):
            made.append(cluster)
        elif len(made) > 1 and made[-1].isspace() and _held(made[-2], cluster) and cluster[0] in NOT_FIRST:
            # A blank before a closing mark is no place to end a line.
            made[-2:] = ["".join((*made[-2:], cluster))]
        elif _held(made[-1], cluster):
            made[-1] += cluster
        else:
            made.append(cluster)
        last = cluster[-1]
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
    parts = pieces(text)
    sizes = widths(parts, width)
    if broken and max(sizes, default=0) > room:
        parts = _cut(parts, width, room)
        sizes = widths(parts, width)
    return ["".join(parts[start:end]) for start, end in rows(sizes, [part.isspace() for part in parts], room)]


def widths(parts: Iterable[str], width: Width) -> list[float]:
    """How wide each piece is."""
    return [width(part) if len(part) == 1 else sum(map(width, part)) for part in parts]


def narrow(parts: Sequence[str], width: Width, most: float) -> list[str]:
    """The pieces, those that are wider than most taken apart: where a word may be, else anywhere."""
    made: list[str] = []
    for part in parts:
        if sum(map(width, part)) <= most:
            made.append(part)
            continue
        for inner in within(part):
            made.extend([inner] if sum(map(width, inner)) <= most else joined(inner))
    return made


def _cut(parts: Sequence[str], width: Width, room: float) -> list[str]:
    """The pieces, those that are wider than room taken apart, in the end between any two characters."""
    made: list[str] = []
    for part in narrow(parts, width, room):
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

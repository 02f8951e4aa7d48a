"""Where pages turn, and how closely lines stand: the page filled by the standard's own means.

GB/T 9704-2012 has 22 lines of 28 characters on a page, and lets line and character spacing be adjusted where
seal and date would not fit below the text (5.2.3, 7.3.5.5). Lines are broken by ourselves, so what fits is
reckoned before anything is set, and the renderer is told where each page ends.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from letters.pdf.geometry import LINES, MEASURE, TYPE_AREA, Room

MOST_LINES = 28
"""Lines on a page to which they may be drawn together: size 3 on 22.8 pt."""
_PITCHES = range(LINES, MOST_LINES + 1)
_FOR_A_PAGE = 24
"""Lines on a page to which a letter of several pages may be drawn together to take one page fewer."""
TIGHT = -1 / (MEASURE + 1)
"""Spacing in em by which a line takes one character more."""
WITH_SEAL = 2
"""Lines of text that stand at least on the page of the seal."""
_EMPTY = 0.25
"""Share of a page that may be left empty before the seal is carried over; more, and lines are drawn
together.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph: its lines, whether it stays with the next one, whether it may not begin a page."""

    lines: int
    leads: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How a letter is set: pitch of lines in mm, spacing in em, and the line of a part with which a page
    begins.
    """

    pitch: float
    spacing: float = 0.0
    turns: dict[int, list[int]] = field(default_factory=dict)


def pitch(lines: int) -> float:
    """The pitch of so many lines on the type area, rounded down: lines a hair too high would be one fewer."""
    return math.floor(TYPE_AREA[1] / lines * 1e4) / 1e4


STANDARD = Plan(pitch(LINES))


def planned(ways: Sequence[tuple[float, Sequence[Part], int]], room: Room) -> Plan:
    """How to set a letter: on one page if lines may be drawn together so far, else with its pages well
    filled.

    ways: spacing, paragraphs with that spacing, and lines that stay together at the end (annexes, seal,
    contact); the first is the standard's.
    """
    for spacing, parts, tail in ways:
        whole = sum(part.lines for part in parts) + tail
        for lines in _PITCHES:
            if whole <= room.holds(pitch(lines)):
                return Plan(pitch(lines), spacing)
    _, parts, tail = ways[0]
    if tail > LINES // 2:
        # A list of annexes of half a page and more goes over pages like text.
        return STANDARD
    tried = [(lines, *_pages(parts, tail, room.holds(pitch(lines)), lines)) for lines in _PITCHES]
    fewest = min(len(places) for lines, places, empty in tried if lines <= _FOR_A_PAGE)
    fitting = [one for one in tried if len(one[1]) <= fewest]
    filled = [one for one in fitting if one[2] <= _EMPTY] or [min(fitting, key=lambda one: one[2])]
    lines, places, _ = filled[0]
    return Plan(pitch(lines), 0.0, _turns(parts, places))


def _breaks(parts: Sequence[Part]) -> Iterator[int]:
    """After how many lines of the whole text a page may end: never one line of a paragraph alone."""
    done = 0
    for place, part in enumerate(parts):
        yield from range(done + 2, done + part.lines - 1)
        done += part.lines
        last = place + 1 == len(parts)
        if not last and not part.leads and not parts[place + 1].follows:
            yield done


def _pages(parts: Sequence[Part], tail: int, first: int, lines: int) -> tuple[list[int], float]:
    """After how many lines each page but the last ends, and the greatest share of a page that is left
    empty.
    """
    whole = sum(part.lines for part in parts)
    allowed = list(_breaks(parts))
    places: list[int] = []
    start, room, empty = 0, first, 0.0
    while whole - start + tail > room:
        most = min(start + room, whole - WITH_SEAL)
        found = bisect_right(allowed, most)
        place = allowed[found - 1] if found else 0
        if place <= start:
            # No break is allowed here: the renderer does what it can.
            return places, 1.0
        empty = max(empty, (room - (place - start)) / lines)
        places.append(place)
        start, room = place, lines
    return places, empty


def _turns(parts: Sequence[Part], places: Sequence[int]) -> dict[int, list[int]]:
    """The places as lines of their parts."""
    turns: dict[int, list[int]] = {}
    done = 0
    waiting = list(places)
    for no, part in enumerate(parts):
        while waiting and waiting[0] < done + part.lines:
            turns.setdefault(no, []).append(waiting.pop(0) - done)
        done += part.lines
    return turns

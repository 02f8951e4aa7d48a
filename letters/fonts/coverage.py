"""Which characters the typefaces of letters have between them, and which none has."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache

from letters.fonts.faces import faces, run

_FORMAT = r"%{index}\t%{charset}\t%{file}\n"


@cache
def _coverage() -> tuple[tuple[int, int], ...]:
    # One command for all faces, which need not be opened for it: fontconfig has read each of them once.
    wanted = {(face.file, face.index) for face in faces()}
    ranges: list[tuple[int, int]] = []
    for line in run("fc-list", "--format", _FORMAT).splitlines():
        index, charset, file = line.split("\t", 2)
        if (os.path.realpath(file), int(index) & 0xFFFF) not in wanted:
            continue
        for part in charset.split():
            first, _, last = part.partition("-")
            ranges.append((int(first, 16), int(last or first, 16)))
    return tuple(ranges)


def uncovered(texts: Iterable[str]) -> list[str]:
    """The characters of these texts that no face of the letters has, each once, in order."""
    there = _there()
    missing = []
    for char in sorted(set().union(*texts) - there):
        if _covered(ord(char)):
            there.add(char)
        else:
            missing.append(char)
    return missing


@cache
def _there() -> set[str]:
    """Characters that need no face, or of which it is known by now that they have one."""
    return set(" \n\t")


@cache
def _merged() -> tuple[list[int], list[int]]:
    """The first and last characters of the runs that the faces have between them, in order and without
    overlap.
    """
    firsts: list[int] = []
    lasts: list[int] = []
    for first, last in sorted(_coverage()):
        if lasts and first <= lasts[-1] + 1:
            lasts[-1] = max(lasts[-1], last)
        else:
            firsts.append(first)
            lasts.append(last)
    return firsts, lasts


def _covered(code: int) -> bool:
    firsts, lasts = _merged()
    place = bisect_right(firsts, code) - 1
    return place >= 0 and code <= lasts[place]

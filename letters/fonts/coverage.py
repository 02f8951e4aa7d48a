"""Which characters the typefaces of letters have between them, and which none has."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import ClassVar

from letters.fonts.faces import faces, run

# After so many texts with characters that were not known yet the pattern of the known ones is made anew.
_MANY = 16
_FORMAT = r"%{index}\t%{charset}\t%{file}\n"


@cache
def _listed() -> tuple[str, ...]:
    """The characters of each face, as fontconfig writes them: "20-7e a0 ..."."""
    # One command for all faces, which need not be opened for it: fontconfig has read each of them once.
    wanted = {(face.file, face.index) for face in faces()}
    found = []
    for line in run("fc-list", "--format", _FORMAT).splitlines():
        index, characters, file = line.split("\t", 2)
        if (os.path.realpath(file), int(index) & 0xFFFF) in wanted:
            found.append(characters)
    # A shorter list is read faster.
    return tuple(sorted(found, key=len))


@cache
def _runs(place: int) -> tuple[list[int], list[int]]:
    """The first and last characters of the runs that one of these faces has, in order."""
    edges = [part.partition("-") for part in _listed()[place].split()]
    return [int(first, 16) for first, _, _ in edges], [int(last or first, 16) for first, _, last in edges]


class _Known:
    """Characters that need no face, or of which it is known by now that they have one; and a pattern that
    finds any other than those that were known when it was made.
    """

    characters: ClassVar[set[str]] = set(" \n\t")
    other: re.Pattern[str] | None = None
    asked = 0


def uncovered(texts: Iterable[str]) -> list[str]:
    """The characters of these texts that no face of the letters has, each once, in order."""
    text = "\n".join(texts)
    if _Known.other is not None and _Known.other.search(text) is None:
        return []
    missing = []
    for char in sorted(set(text) - _Known.characters):
        if _covered(ord(char)):
            _Known.characters.add(char)
        else:
            missing.append(char)
    # Making it takes longer than some texts: who sets one letter does without.
    _Known.asked += 1
    if _Known.asked % _MANY == 0:
        _Known.other = re.compile(f"[^{re.escape(''.join(sorted(_Known.characters)))}]")
    return missing


def _covered(code: int) -> bool:
    # Most characters stand in the first faces: the others are not even read.
    for place in range(len(_listed())):
        firsts, lasts = _runs(place)
        at = bisect_right(firsts, code) - 1
        if at >= 0 and code <= lasts[at]:
            return True
    return False

"""The outlines of faces, kept as they were cut out for earlier pages.

Cutting the glyphs of a page out of a Chinese face takes as long for three of them as for three hundred, and
the letters of an office use mostly the same. Where all that a page needs was cut out before, its faces are
written from what is kept, to the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from letters.fonts import subset
from letters.fonts.subset import Parts, Unreadable


class Face:
    """What is kept of one face; nothing of one whose glyphs are divided among several font dictionaries, or
    whose measures are others for other glyphs.
    """

    def __init__(self) -> None:
        self._parts: Parts | None = None
        self._drawn: dict[int, bytes] = {}
        self._readable: bool | None = None

    def has(self, glyphs: Iterable[int]) -> bool:
        """Whether these can be written from what is kept."""
        return bool(self._drawn) and self._drawn.keys() >= set(glyphs)

    def keep(self, whole: bytes, cut: bytes, glyphs: Iterable[int]) -> None:
        """Keep these glyphs, which were cut out of the file of the whole face."""
        if self._readable is False:
            return
        try:
            self._readable = self._readable or subset.dictionaries(whole) == 1
            if self._readable:
                self._add(subset.read(cut, glyphs))
        except Unreadable:
            self._readable = False
            self._drawn.clear()

    def _add(self, parts: Parts) -> None:
        if self._parts and parts.measures() != self._parts.measures():
            raise Unreadable("measures that depend on the glyphs")
        self._parts = parts
        self._drawn.update(zip(parts.chosen, parts.drawn, strict=True))

    def written(self, glyphs: Iterable[int]) -> bytes:
        """The face with these glyphs, as subset.compact writes it."""
        assert self._parts
        chosen = [0, *sorted(set(glyphs) - {0})]
        drawn = [self._drawn[glyph] for glyph in chosen]
        return subset.write(replace(self._parts, chosen=chosen, belongs=[0] * len(chosen), drawn=drawn))

"""Which glyph of a face stands for a character, and how far it advances: looked up in the tables of the font
file (OpenType, cmap and hmtx).

A letter asks for some dozens of characters that are not ideographs. Reading the tables of a Chinese face
whole, tens of thousands of characters with the names of their glyphs, takes longer than setting the letter.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from typing import Any

# As fontTools prefers them: what goes beyond the first plane before what does not.
_PREFERRED = ((3, 10), (3, 1), (0, 6), (0, 4), (0, 3), (0, 2), (0, 1), (0, 0))


class Glyphs:
    """The glyphs of one opened face."""

    def __init__(self, font: Any) -> None:
        data = font.getTableData("cmap")
        start = _preferred(data)
        form = int.from_bytes(data[start : start + 2], "big") if start else None
        self._map: _Deltas | _Groups | _Read
        if form == 4:
            self._map = _Deltas(data[start:])
        elif form == 12:
            self._map = _Groups(data[start:])
        else:
            self._map = _Read(font)
        self._advances = font.getTableData("hmtx")
        self._measured: int = font["hhea"].numberOfHMetrics

    def of(self, code: int) -> int:
        """The glyph of a character; 0 for none."""
        return self._map.of(code)

    def advance(self, glyph: int) -> int:
        """How far it advances, in the face's own units; glyphs after the last that has its own have that."""
        place = 4 * min(glyph, self._measured - 1)
        return int.from_bytes(self._advances[place : place + 2], "big")


def _preferred(data: bytes) -> int:
    """Where the table begins that is used; 0 for none."""
    listed = struct.iter_unpack(">HHL", data[4 : 4 + 8 * int.from_bytes(data[2:4], "big")])
    there = {(platform, encoding): offset for platform, encoding, offset in reversed(list(listed))}
    return next((there[kind] for kind in _PREFERRED if kind in there), 0)


class _Deltas:
    """Format 4: runs of characters up to U+FFFF, each with a difference or a list of glyphs."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        runs = int.from_bytes(data[6:8], "big") // 2
        numbers = struct.Struct(f">{runs}H")
        self._last = numbers.unpack_from(data, 14)
        self._first = numbers.unpack_from(data, 16 + 2 * runs)
        self._delta = numbers.unpack_from(data, 16 + 4 * runs)
        self._at = 16 + 6 * runs
        self._offset = numbers.unpack_from(data, self._at)

    def of(self, code: int) -> int:
        run = bisect_left(self._last, code)
        if run == len(self._last) or code < self._first[run]:
            return 0
        if not self._offset[run]:
            return int(code + self._delta[run]) & 0xFFFF
        # Counted from where the offset itself stands.
        place = self._at + 2 * run + self._offset[run] + 2 * (code - self._first[run])
        glyph = int.from_bytes(self._data[place : place + 2], "big")
        return int(glyph + self._delta[run]) & 0xFFFF if glyph else 0


class _Groups:
    """Format 12: runs of characters whose glyphs follow one another."""

    def __init__(self, data: bytes) -> None:
        count = int.from_bytes(data[12:16], "big")
        self._groups = list(struct.iter_unpack(">LLL", data[16 : 16 + 12 * count]))
        self._last = [last for _, last, _ in self._groups]

    def of(self, code: int) -> int:
        run = bisect_left(self._last, code)
        if run == len(self._last):
            return 0
        first, _, glyph = self._groups[run]
        return int(glyph) + code - int(first) if code >= first else 0


class _Read:
    """Any other format: read whole by fontTools."""

    def __init__(self, font: Any) -> None:
        self._font, self._names = font, font.getBestCmap() or {}

    def of(self, code: int) -> int:
        name = self._names.get(code)
        return 0 if name is None else int(self._font.getGlyphID(name))

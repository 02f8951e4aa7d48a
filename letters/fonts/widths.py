"""How wide a character is in the faces of a role, and where its ink stands, in em: from the font files
themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

from letters.fonts import faces

# Outlines are decoded lazily in the shared font object: only one thread may draw at a time.
_DRAWING = threading.Lock()
# The lowest and the highest ink of a character; nothing of a blank.
_Ink = tuple[float, float] | tuple[()]


class _Face:
    """Widths of one face, read when first asked for."""

    def __init__(self, face: faces.Face) -> None:
        from fontTools.ttLib import TTFont

        self._font: Any = TTFont(face.file, fontNumber=face.index, lazy=True)
        self._names: dict[int, str] = self._font.getBestCmap()
        self._advances: Any = self._font["hmtx"]
        self._em: int = self._font["head"].unitsPerEm
        self._avoided = faces.avoided(face)
        head = self._font["hhea"]
        # Some faces give their descent without its sign; renderers accept that.
        self.middle = (abs(head.ascent) - abs(head.descent)) / 2 / self._em

    def _name(self, char: str) -> str | None:
        code = ord(char)
        name = self._names.get(code)
        return None if any(first <= code <= last for first, last in self._avoided) else name

    def width(self, char: str) -> float | None:
        """The advance in em; None if the character is not taken from this face."""
        name = self._name(char)
        return None if name is None else float(self._advances[name][0]) / self._em

    def ink(self, char: str) -> _Ink | None:
        """The lowest and highest ink over the baseline in em, nothing for a blank; None as for width."""
        from fontTools.pens.boundsPen import BoundsPen

        name = self._name(char)
        if name is None:
            return None
        with _DRAWING:
            glyphs = self._font.getGlyphSet()
            pen = BoundsPen(glyphs)
            glyphs[name].draw(pen)
        return (pen.bounds[1] / self._em, pen.bounds[3] / self._em) if pen.bounds else ()


@cache
def _face(face: faces.Face) -> _Face:
    return _Face(face)


class Widths:
    """Widths in a role's faces with the faces for rare characters after them."""

    def __init__(self, families: Sequence[str], *, bold: bool) -> None:
        found = (faces.find(family, bold=bold) for family in families)
        self._faces = [face for face in found if face is not None]
        self._known: dict[str, float] = {}
        self._inked: dict[str, _Ink] = {}

    def __call__(self, char: str) -> float:
        """The width of one character in em; ideographs and what no face has count one em."""
        width = self._known.get(char)
        if width is None:
            width = self._known[char] = self._look(char)
        return width

    def ink(self, text: str) -> tuple[float, float]:
        """Where the ink of a line of text begins and ends below the top of a line box of one em, in em.

        The box is as the renderer makes it: ascent and descent of the role's first face stand in its middle.
        """
        for char in set(text) - self._inked.keys():
            # A blank too is in the first face that has it: to look on would open the large ones for nothing.
            found = (_face(face).ink(char) for face in self._faces)
            self._inked[char] = next((bounds for bounds in found if bounds is not None), ())
        bounds = [both for char in text if (both := self._inked[char])]
        base = 0.5 + (_face(self._faces[0]).middle if self._faces else 0.38)
        if not bounds:
            return base, base
        return base - max(high for _, high in bounds), base - min(low for low, _ in bounds)

    def _look(self, char: str) -> float:
        # Ideographs are one em in every face: no font needs to be opened for them.
        if "\u3400" <= char <= "\u9fff" or char >= "\U00020000":
            return 1.0
        for face in self._faces:
            width = _face(face).width(char)
            if width is not None:
                return width
        return 1.0


@cache
def of(role: str) -> Widths:
    """The widths of a role's faces."""
    found = faces.roles()[role]
    return Widths(faces.chain(role), bold=found.bold)

"""How wide a character is in the faces of a role, in em: from the font files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from letters.fonts import faces


class _Face:
    """Widths of one face, read when first asked for."""

    def __init__(self, face: faces.Face) -> None:
        from fontTools.ttLib import TTFont

        self._font: Any = TTFont(face.file, fontNumber=face.index, lazy=True)
        self._names: dict[int, str] = self._font.getBestCmap()
        self._advances: Any = self._font["hmtx"]
        self._em: int = self._font["head"].unitsPerEm
        self._avoided = faces.avoided(face)

    def width(self, char: str) -> float | None:
        """The advance in em; None if the character is not taken from this face."""
        code = ord(char)
        name = self._names.get(code)
        if name is None or any(first <= code <= last for first, last in self._avoided):
            return None
        return float(self._advances[name][0]) / self._em


@cache
def _face(face: faces.Face) -> _Face:
    return _Face(face)


class Widths:
    """Widths in a role's faces with the faces for rare characters after them."""

    def __init__(self, families: Sequence[str], *, bold: bool) -> None:
        found = (faces.find(family, bold=bold) for family in families)
        self._faces = [face for face in found if face is not None]
        self._known: dict[str, float] = {}

    def __call__(self, char: str) -> float:
        """The width of one character in em; ideographs and what no face has count one em."""
        width = self._known.get(char)
        if width is None:
            width = self._known[char] = self._look(char)
        return width

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
    return Widths((*found.families, *faces.rare()), bold=found.bold)

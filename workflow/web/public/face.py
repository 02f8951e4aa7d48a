"""The typeface of the receipt as a PDF: what of an installed Chinese face its few characters need.

What stands on a receipt is known beforehand (words of the pages, the office's card, digits and letters), so
that the face is cut down once in the life of the server, and each receipt is small and soon made.
"""

from __future__ import annotations

import io
import logging
import subprocess
from dataclasses import dataclass
from functools import cache

# Faces with TrueType outlines, which stand in a PDF as they are; the first that has every character is used.
# (The faces of letters are found by letters/fonts, which the outer side does not know.)
_FAMILIES = ("LXGW WenKai", "仿宋", "FangSong", "黑体", "SimHei", "HanaMinA")


@dataclass(frozen=True)
class Face:
    """A face cut down: its file, which glyph a character has, and the widths in thousandths of the size."""

    name: str
    file: bytes
    glyphs: dict[str, int]
    widths: dict[str, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int

    def width(self, text: str, size: float) -> float:
        """The width of a text in points."""
        return sum(self.widths[one] for one in text) * size / 1000


@cache
def _files() -> tuple[tuple[str, int], ...]:
    """The files of the installed faces, with their numbers in them; none where fontconfig is not there."""
    found = []
    for family in _FAMILIES:
        try:
            done = subprocess.run(
                ["fc-match", "--format", "%{file}\t%{index}\t%{family}", family],
                capture_output=True,
                check=True,
                timeout=20,
            )
        except (OSError, subprocess.SubprocessError):
            return ()
        file, index, families = done.stdout.decode("utf-8", "replace").split("\t", 2)
        # fontconfig names another face where this one is not installed.
        if family in families.split(","):
            found.append((file, int(index) & 0xFFFF))
    return tuple(found)


def there() -> bool:
    """Whether a face is installed in which a receipt can be set."""
    return bool(_files())


@cache
def cut(characters: frozenset[str]) -> Face | None:
    """The first installed face that has all these characters, cut down to them; none where no face has."""
    from fontTools import subset
    from fontTools.ttLib import TTFont, TTLibError

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    for file, index in _files():
        try:
            font = TTFont(file, fontNumber=index)
        except (OSError, TTLibError):
            continue
        known = font.getBestCmap()
        if "glyf" not in font or any(ord(one) not in known for one in characters):
            continue
        options = subset.Options(layout_features=[], hinting=False, name_IDs=[6], notdef_outline=True)
        options.drop_tables += ["vmtx", "vhea", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "DSIG", "meta"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(one) for one in characters])
        cutter.subset(font)
        return _face(font, characters)
    return None


def _face(font: object, characters: frozenset[str]) -> Face:
    from fontTools.ttLib import TTFont

    assert isinstance(font, TTFont)
    made, known, metrics = io.BytesIO(), font.getBestCmap(), font["hmtx"]
    head, name = font["head"], str(font["name"].getDebugName(6) or "Receipt")
    each = 1000 / head.unitsPerEm
    font.save(made)
    return Face(
        "AAAAAA+" + "".join(one for one in name if one.isascii() and (one.isalnum() or one == "-")),
        made.getvalue(),
        {one: font.getGlyphID(known[ord(one)]) for one in characters},
        {one: round(metrics[known[ord(one)]][0] * each) for one in characters},
        (round(head.xMin * each), round(head.yMin * each), round(head.xMax * each), round(head.yMax * each)),
        round(font["hhea"].ascent * each),
        round(font["hhea"].descent * each),
    )

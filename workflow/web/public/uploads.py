"""Papers that applicants hand in: pictures and PDF, known by what they hold and not by their name.

Nothing is decompressed here: the size of a picture is read from its head, a PDF only by its first and last
bytes. The same check runs again on the inner side before a paper is kept.
"""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
MOST = 5
MOST_PIXELS = 60_000_000
_SHORTEST_PDF = 64
_NAME = 80
_ENDINGS = {"PDF": ".pdf", "JPEG": ".jpg", "PNG": ".png"}


class Paper(NamedTuple):
    """A paper that was handed in: a name made safe, and its bytes."""

    name: str
    data: bytes


def kind(data: bytes) -> str | None:
    """PDF, JPEG or PNG by what the bytes are; none for anything else, and for a picture that is a bomb."""
    if data[:5] == b"%PDF-":
        return "PDF" if len(data) >= _SHORTEST_PDF and b"%%EOF" in data[-2048:] else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                if not 0 < width * height <= MOST_PIXELS or not _ends(picture.format or "", data):
                    return None
                return picture.format
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return None


def _ends(form: str, data: bytes) -> bool:
    """Whether the picture is whole: its end mark is where the file ends."""
    return (b"IEND" in data[-64:]) if form == "PNG" else (b"\xff\xd9" in data[-4096:])


def fault(data: bytes) -> str | None:
    """Why a paper is not taken: large, empty, kind; none where it is."""
    if not data:
        return "empty"
    if len(data) > LARGEST:
        return "large"
    return None if kind(data) else "kind"


def name(given: str | None, data: bytes, place: int) -> str:
    """A name for a paper: of the given one the visible letters, with the ending of what it is."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    kept = "".join(char for char in stem if char.isprintable() and char not in '<>:"|?*/\\')[:_NAME].strip(
        " ."
    )
    return (kept or str(place)) + _ENDINGS[kind(data) or "PDF"]

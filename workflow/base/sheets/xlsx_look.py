"""What an .xlsx holds beside the values of its cells, read from its parts before the library lays them out:
how far its cells reach, which rows are hidden or struck through, formulas without a value, errors.
"""

from __future__ import annotations

import re
import zipfile
from typing import Any

from workflow.base.patterns import later

MOST_UNPACKED = 700_000_000
MOST_STRINGS = 200_000_000
MOST_PARTS = 2_000
MOST_CELLS = 8_000_000
CHUNK = 1 << 20

_ROW = later(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = later(rb"\br=[\"'](\d{1,9})[\"']")
_HIDDEN = later(rb"\bhidden=[\"'](?:1|true)[\"']")
# Cells beyond column Z that are not empty; an ordinary list has none.
_FAR = later(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{2,9})(\d{1,9})[\"'][^>]*[^>/]>\s*<(?:\w+:)?(?:v|is|f)\b"
    rb"|<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{2,9})(\d{1,9})[\"']>\s*<(?:\w+:)?(?:v|is|f)\b"
)
_TWO_LETTERS = later(rb"r=[\"'][A-Z]{2}")
_FORMULA = later(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = later(rb"<(?:\w+:)?c\b(?=[^>]*?\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_STYLED = later(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"'][A-Z]{1,3}(\d{1,7})[\"'][^>]*?\bs=[\"'](\d{1,6})[\"'][^>]*?[^/]>"
)


class TooLarge(Exception):
    """The file would need more memory or time than any real list; the argument says of what."""


class Seen:
    """What the library does not report of a sheet: hidden and struck-out rows, formulas without a value or
    with an error.
    """

    def __init__(self) -> None:
        self.hidden: set[int] = set()
        self.struck: set[int] = set()
        self.empty: dict[int, list[int]] = {}
        self.columns = 26
        self.rows = 0
        self.place = ""

    def marks(self, number: int) -> list[Any] | None:
        """Of a row: whether it is hidden, whether struck through, its cells that hold a formula without a
        value; None of most rows.
        """
        found = [number in self.hidden, number in self.struck, self.empty.get(number, [])]
        return found if any(found) else None


def column(letters: bytes) -> int:
    """The place of a column from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _part(book: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with book.open(name) as source:
            data = source.read(most + 1)
    except KeyError:
        return b""
    if len(data) > most:
        raise TooLarge("bytes")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("a document type within the workbook")
    return data


def _struck_styles(styles: bytes) -> set[bytes]:
    """The numbers of the cell styles with a struck-out font."""
    fonts = re.search(rb"<(?:\w+:)?fonts\b.*?</(?:\w+:)?fonts>", styles, re.DOTALL)
    formats = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    if fonts is None or formats is None:
        return set()
    struck = {
        str(place).encode()
        for place, font in enumerate(
            re.findall(rb"<(?:\w+:)?font\b(?:[^>]*/>|.*?</(?:\w+:)?font>)", fonts[0], re.DOTALL)
        )
        if re.search(rb"<(?:\w+:)?strike\s*(?:/>|val=[\"'](?:1|true)[\"'])", font)
    }
    found = set()
    for place, one in enumerate(re.findall(rb"<(?:\w+:)?xf\b[^>]*>", formats[0])):
        font = re.search(rb"\bfontId=[\"'](\d+)[\"']", one)
        if font and font[1] in struck:
            found.add(str(place).encode())
    return found


def _sheet_paths(book: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by its name."""
    from html import unescape

    targets = {}
    for one in re.findall(
        rb"<(?:\w+:)?Relationship\b[^>]*>", _part(book, "xl/_rels/workbook.xml.rels", 10_000_000)
    ):
        key, target = (re.search(rb"\b%s=[\"']([^\"']*)[\"']" % name, one) for name in (b"Id", b"Target"))
        if key and target:
            path = target[1].decode()
            targets[key[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    paths = {}
    for one in re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", _part(book, "xl/workbook.xml", 10_000_000)):
        name, key = (re.search(rb"\b%s=[\"']([^\"']*)[\"']" % word, one) for word in (b"name", rb"\w+:id"))
        if name and key and key[1] in targets:
            paths[unescape(name[1].decode())] = targets[key[1]]
    return paths


def look(path: str) -> tuple[dict[str, Seen], bool]:
    """What each sheet of an .xlsx holds beyond its values, and whether its days count from 1904; TooLarge, no
    list.
    """
    found = {}
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
            raise TooLarge("bytes")
        struck = _struck_styles(_part(book, "xl/styles.xml", 50_000_000))
        for name, part in _sheet_paths(book).items():
            found[name] = _look_at(book, part, struck)
        for one in parts:
            if one.filename.lower().endswith("sharedstrings.xml"):
                _measured(book, one.filename)
        from_1904 = re.search(rb"\bdate1904=[\"'](?:1|true)[\"']", _part(book, "xl/workbook.xml", 10_000_000))
    return found, from_1904 is not None


def _measured(book: zipfile.ZipFile, name: str) -> None:
    taken = 0
    with book.open(name) as source:
        while chunk := source.read(CHUNK):
            taken += len(chunk)
            if taken > MOST_STRINGS:
                raise TooLarge("bytes")
            if b"<!ENTITY" in chunk:
                raise ValueError("a document type within the workbook")


def _look_at(book: zipfile.ZipFile, part: str, struck: set[bytes]) -> Seen:
    seen, taken, rest = Seen(), 0, b""
    try:
        source = book.open(part)
    except KeyError:
        return seen
    with source:
        while chunk := source.read(CHUNK):
            taken += len(chunk)
            if taken > MOST_UNPACKED:
                raise TooLarge("bytes")
            text = rest + chunk
            # What follows the last complete row is examined with the next chunk.
            end = max(text.rfind(b"</row>"), text.rfind(b":row>"))
            end = end + 6 if end >= 0 else (0 if len(text) < 4 * CHUNK else len(text) - 4096)
            _rows(text[:end], seen, struck)
            rest = text[end:]
        _rows(rest, seen, struck)
    if seen.columns * max(seen.rows, 1) > MOST_CELLS:
        raise TooLarge(seen.place or "cells")
    return seen


def _rows(text: bytes, seen: Seen, struck: set[bytes]) -> None:
    if b"hidden=" in text:
        for row in _ROW.finditer(text):
            if _HIDDEN.search(row[1]) and (number := _NUMBER.search(row[1])):
                seen.hidden.add(int(number[1]))
    last = text.rfind(b"<row")
    if last >= 0 and (number := _NUMBER.search(text, last, last + 400)):
        seen.rows = max(seen.rows, int(number[1]))
    for cell in _FAR.finditer(text) if _TWO_LETTERS.search(text) else ():
        letters, digits = (one for one in cell.groups() if one)
        seen.rows = max(seen.rows, int(digits))
        if (place := column(letters)) >= seen.columns:
            seen.columns, seen.place = place + 1, (letters + digits).decode()
    _cells_without_value(text, seen)
    if struck:
        seen.struck |= {int(cell[1]) for cell in _STYLED.finditer(text) if cell[2] in struck}


def _cells_without_value(text: bytes, seen: Seen) -> None:
    for pattern, signs in ((_FORMULA, (b"<f", b":f")), (_ERROR, (b't="e"', b"t='e'"))):
        if any(sign in text for sign in signs):
            for cell in pattern.finditer(text):
                seen.empty.setdefault(int(cell[2]), []).append(column(cell[1]))


def is_xlsx(path: str) -> bool:
    """Whether a file is a workbook made of XML parts."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as book:
        return "xl/workbook.xml" in book.namelist()

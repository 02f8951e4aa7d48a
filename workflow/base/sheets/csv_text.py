"""CSV as programs and offices write it: detects encoding and separator, and streams row by row."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_

MOST_BYTES = 200_000_000
SEPARATORS = ",;\t|"
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> str:
    """The encoding of a text: by its byte order mark, else the one that decodes it into common characters."""
    if path.stat().st_size > MOST_BYTES:
        raise Malformed(
            N_("{name} is larger than any list: {size} MB, at most {most}."),
            field="file",
            name=path.name,
            size=path.stat().st_size // 1_000_000,
            most=MOST_BYTES // 1_000_000,
            way_on=N_("Part the list and enter the parts one after the other."),
        )
    with path.open("rb") as source:
        sample = source.read(_SAMPLE)
    marked = next((name for mark, name in _MARKS if sample.startswith(mark)), None) or _without_mark(sample)
    fault = None
    for name in [marked] if marked else ["utf-8", *_likelier(sample)]:
        wrong = _wrong_at(path, name)
        if wrong is None:
            return name
        fault = fault or (name, wrong)
    name, wrong = fault or ("utf-8", 0)
    raise Malformed(
        N_(
            "{name} is neither UTF-8 nor GB 18030 text, or it is cut off: byte {place} of line {line} is no {encoding}."
        ),
        field="file",
        name=path.name,
        encoding=name.upper(),
        **_where(path, wrong),
        way_on=N_("Save the list again as .xlsx or as CSV in UTF-8, and compare its end."),
    )


def _without_mark(sample: bytes) -> str | None:
    """Whether it is UTF-16 without a mark: every second byte of its digits and commas is zero."""
    if len(sample) < 8 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) // 50 or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _likelier(sample: bytes) -> list[str]:
    """GB 18030 and Big5, the likelier first: most characters of a text are among the common ones of its
    encoding.
    """
    common = {}
    for name, leads in (("gb18030", range(0xB0, 0xD8)), ("big5", range(0xA4, 0xC7))):
        place = told = seen = 0
        while place < len(sample) - 1:
            lead, trail = sample[place], sample[place + 1]
            if lead < 0x81:
                place += 1
                continue
            seen += 1
            told += lead in leads and (trail >= 0xA1 or (name == "big5" and 0x40 <= trail < 0x7F))
            place += 4 if name == "gb18030" and 0x30 <= trail <= 0x39 else 2
        common[name] = told / max(seen, 1)
    # Nearly every Big5 text also decodes as GB 18030, but into uncommon characters.
    return ["gb18030", "big5"] if common["gb18030"] >= common["big5"] - 0.05 else ["big5", "gb18030"]


def _wrong_at(path: Path, encoding: str) -> int | None:
    """The position of the first byte that is invalid in this encoding, or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as source:
        while True:
            chunk = source.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeError as fault:
                return done - held + getattr(fault, "start", 0)
            if not chunk:
                return None
            done += len(chunk)


def _where(path: Path, place: int) -> dict[str, Any]:
    with path.open("rb") as source:
        before = source.read(place)
    return {"line": before.count(b"\n") + 1, "place": place - (before.rfind(b"\n") + 1) + 1}


def read(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each row; a row may take several lines, its number is the one that a spreadsheet
    shows.
    """
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as source:
        separator = separator_of(islice(source, 50))
    with path.open(encoding=encoding, newline="") as source:
        lines = csv.reader(source, strict=True, delimiter=separator)
        begun = 1
        try:
            for number, cells in enumerate(lines, 1):
                yield number, [cell.removeprefix("\ufeff") for cell in cells] if number == 1 else cells
                begun = lines.line_num + 1
        except (csv.Error, UnicodeError) as fault:
            raise Malformed(
                N_("{name} is not a proper CSV file: {detail} (line {line})"),
                field="file",
                name=path.name,
                line=begun,
                detail=str(fault),
                way_on=N_("A quotation mark was not closed, or the list is cut off: look at that line."),
            ) from None


def rows_of(text: str) -> list[list[str]]:
    """The rows of a text with commas; Malformed if it is no proper CSV."""
    try:
        return list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as fault:
        raise Malformed(N_("The file is not valid CSV: {detail}"), field="file", detail=str(fault)) from None


def separator_of(lines: Iterator[str]) -> str:
    """The separator that splits most of these lines into the same number of cells; a comma where
    none does.
    """
    sample = list(lines)
    best, most = ",", 0.0
    for sign in SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=sign) if row)
        except csv.Error:
            continue
        width, times = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]), default=(1, 0))
        score = times / max(sum(widths.values()), 1) if width > 1 else 0.0
        if score > most + 0.01:
            best, most = sign, score
    return best

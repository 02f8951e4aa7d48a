"""The process that opens a workbook: what a hostile file makes it take in memory and time ends with it.

It is run by `reader` with the path of the file, imports nothing of the project but `xlsx_look`, and answers
on standard output (marshal, each answer after its length): first the sheets, then for each line "index limit"
on standard input the rows of that sheet.
The library holds a sheet as a full rectangle, so that one cell at XFD1048576 would take hundreds of
gigabytes: what an .xlsx declares and where its cells really lie is looked at before, and a limit on memory
stops the rest.
"""

from __future__ import annotations

import marshal
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from workflow.base.sheets import xlsx_look
from workflow.base.sheets.xlsx_look import Seen, TooLarge

MOST_MEMORY = 1 << 30
MOST_SECONDS = 300
BLOCK = 200
# An answer begins with so many bytes that tell how long it is.
LENGTH = 4

_PLAIN = {str, float, int, bool}


def plain(value: Any) -> Any:
    """A cell as marshal can carry it: a day or moment as a pair."""
    if isinstance(value, datetime):
        return ("t", value.isoformat())
    if isinstance(value, date):
        return ("d", value.isoformat())
    if isinstance(value, time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else value


def blocks(sheet: Any, seen: Seen | None, limit: int) -> Iterator[tuple[list[int], list[Any], Any]]:
    """(numbers, columns, marks) of so many rows at a time that hold something; the library leaves empty
    columns before them out.
    """
    if sheet.start is None:
        return
    left = sheet.start[1]
    marked = seen is not None and bool(seen.hidden or seen.struck or seen.empty)
    lines, first = sheet.iter_rows(), 1
    while found := list(islice(lines, min(BLOCK, limit - first + 1) if limit else BLOCK)):
        numbers: Sequence[int] = range(first, first + len(found))
        first += len(found)
        marks = [seen.marks(number) for number in numbers] if marked and seen is not None else None
        columns: Any = list(zip(*found, strict=True))
        if not any("" not in one for one in columns[:4]):
            # Rows that hold nothing are left out.
            kept = _kept(found, marks)
            numbers = [numbers[place] for place in kept]
            columns = list(zip(*(found[place] for place in kept), strict=True))
            marks = marks and [marks[place] for place in kept]
        if numbers:
            empty = [[""] * len(numbers)] * left
            yield list(numbers), [_column(cells) for cells in (*empty, *columns)], marks


def _kept(found: list[Any], marks: list[Any] | None) -> list[int]:
    """The places of the rows that hold something, be it only an empty cell that is marked."""
    return [
        place
        for place, cells in enumerate(found)
        if cells.count("") < len(cells) or (marks and (marks[place] or [[]])[-1])
    ]


def _column(cells: Sequence[Any]) -> Any:
    """The cells of a column as marshal can carry them: texts without blanks as one text, as that is quickly
    handed over and looked at.
    """
    try:
        joined = " ".join(cells)
    except TypeError:
        pass
    else:
        return joined if joined.count(" ") == len(cells) - 1 else list(cells)
    return (
        list(cells)
        if set(map(type, cells)) <= _PLAIN
        else [one if type(one) in _PLAIN else plain(one) for one in cells]
    )


def main(path: str) -> None:
    """Answer requests until standard input ends. An unforeseen error ends the process."""
    _limit(resource.RLIMIT_AS, MOST_MEMORY)
    _limit(resource.RLIMIT_CPU, MOST_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    from python_calamine import CalamineError, PasswordError

    try:
        _answer(path)
    except (TooLarge, MemoryError) as fault:
        _say(("large", str(fault)))
    except PasswordError:
        _say(("password", ""))
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        LookupError,
        OSError,
        RuntimeError,
    ) as fault:
        _say(("broken", str(fault) or type(fault).__name__))


def _limit(what: int, most: int) -> None:
    soft, hard = resource.getrlimit(what)
    lower = [one for one in (most, soft, hard) if one != resource.RLIM_INFINITY]
    resource.setrlimit(what, (min(lower), hard))


def _say(value: Any) -> None:
    _write(value)
    sys.stdout.buffer.flush()


def _write(value: Any) -> None:
    # With its length, as reading it piece by piece takes longer than reading the file.
    data = marshal.dumps(value)
    sys.stdout.buffer.write(len(data).to_bytes(LENGTH, "big") + data)


def _answer(path: str) -> None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    seen, from_1904 = xlsx_look.look(path) if xlsx_look.is_xlsx(path) else ({}, False)
    book = CalamineWorkbook.from_path(path)
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    _say(("sheets", [(one.name, one.visible == SheetVisibleEnum.Visible) for one in sheets], from_1904))
    kept: tuple[str, Any] = ("", None)
    for line in sys.stdin:
        place, limit = (int(word) for word in line.split())
        name = sheets[place].name
        if kept[1] is None or kept[0] != name:
            # A list is looked at, then read: its sheet is unpacked once.
            kept = ("", None)
            kept = (name, book.get_sheet_by_name(name))
        for block in blocks(kept[1], seen.get(name), limit):
            _write(block)
        _say(None)

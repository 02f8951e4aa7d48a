"""A list that a person hands in (CSV or Excel), line by line as cells."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_

# What a workbook with damage in it makes the readers of zip, XML and Excel raise.
BROKEN = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    OSError,
    EOFError,
    SyntaxError,
    zlib.error,
    struct.error,
)


def cells_of(path: Path) -> Iterator[list[Any]]:
    """The lines of a list (CSV in UTF-8 or GB 18030, or Excel) as cells, the first naming the columns."""
    if not path.is_file():
        raise NotFound(N_("There is no file '{name}'."), field="file", name=str(path))
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        return _excel(path)
    if suffix == ".csv":
        return _csv(path)
    raise Malformed(
        N_("'{name}' is neither a CSV nor an Excel (.xlsx) file."),
        field="file",
        name=path.name,
        way_on=N_("Save the list as .csv or .xlsx and try again."),
    )


def plain(cell: Any) -> str:
    """A cell as text; empty for none."""
    return "" if cell is None else _plain(cell)


def _plain(cell: Any) -> str:
    """A cell as text: Excel gives dates as moments and whole numbers as fractions."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _csv(path: Path) -> Iterator[list[Any]]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Malformed(N_("{name} is neither UTF-8 nor GB 18030 text."), field="file", name=path.name)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as fault:
        raise Malformed(
            N_("{name} is not a proper CSV file: {detail}"), field="file", name=path.name, detail=str(fault)
        ) from None


def _excel(path: Path) -> Iterator[list[Any]]:
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = [list(line) for line in book.worksheets[0].iter_rows(values_only=True)]
    except (BadZipFile, InvalidFileException, *BROKEN) as fault:
        raise Malformed(
            N_("{name} cannot be read as an Excel file: {detail}"),
            field="file",
            name=path.name,
            detail=str(fault) or type(fault).__name__,
        ) from None
    yield from rows

"""Tables as files: CSV and Excel, row by row, so that memory does not grow with them.

No cell is computed: in CSV a text that a spreadsheet would take for a formula gets an apostrophe before it;
in Excel it is written as text and stays as it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple

from workflow.base import whole_files, workbooks
from workflow.base.errors import Malformed
from workflow.base.formulas import harmless
from workflow.base.messages import N_
from workflow.base.workbooks import Sheet, Style

BOM = "\ufeff"
MOST_ROWS = 1_048_575


class Column(NamedTuple):
    """A column as it is written: its key, its head, its width in characters."""

    id: str
    title: str
    width: float = 14.0
    share: bool = False


def form_of(out: Path, forms: Collection[str]) -> str:
    """The form, among these, that the ending of a file name asks for; Malformed if it is none of them."""
    form = out.suffix.lower()
    if form not in forms:
        raise Malformed(
            N_("'{name}' does not say which form is wanted."),
            field="out",
            name=out.name[:60],
            way_on=N_("End the name with one of: {endings}"),
            endings=", ".join(forms),
        )
    return form


def csv_text(rows: Iterable[Sequence[Any]], *, bom: bool = True) -> str:
    """Rows as CSV (RFC 4180, lines ended by CR LF), nothing in it a formula; `bom` lets Excel see UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_plain(value) for value in row] for row in rows)
    return (BOM if bom else "") + text.getvalue()


def write_csv(
    path: Path, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, replace: bool = True
) -> int:
    """A CSV file (UTF-8 with a mark for Excel), whole or not at all; how many rows."""
    count = 0
    with whole_files.draft(path.parent) as new:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([harmless(column.title) for column in columns])
        new.write(BOM.encode())
        for row in rows:
            writer.writerow([_plain(value) for value in row])
            count += 1
            if count % 200 == 0:
                _flush(text, new)
        _flush(text, new)
        new.keep(path, replace=replace)
    return count


def _flush(text: io.StringIO, new: whole_files.Draft) -> None:
    new.write(text.getvalue().encode())
    text.seek(0)
    text.truncate()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else str(value)


class Part(NamedTuple):
    """One sheet of a workbook."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def write_xlsx(path: Path, parts: Sequence[Part], *, title: str = "", replace: bool = True) -> int:
    """An Excel file, whole or not at all: frozen heads, filters, real dates, no formulas; how many rows in
    all.
    """
    with whole_files.draft(path.parent) as new:
        count = _workbook(new.out, parts, title)
        new.keep(path, replace=replace)
    return count


def _workbook(out: IO[bytes], parts: Sequence[Part], title: str) -> int:
    with workbooks.writing(out, title=title, by_rows=True) as book:
        base = {"valign": "top", "text_wrap": True, "font_name": "宋体", "font_size": 10}
        head = book.style(**{**base, "bold": True, "bg_color": "#E7EDF3", "bottom": 1, "valign": "vcenter"})
        styles = {
            "day": book.style(**base, num_format="yyyy-mm-dd", align="left"),
            "text": book.style(**base),
            "share": book.style(**base, num_format="0.0%"),
        }
        return sum(_sheet(book.sheet(part.name), part, head, styles) for part in parts)


def _sheet(sheet: Sheet, part: Part, head: Style, styles: dict[str, Style]) -> int:
    for place, column in enumerate(part.columns):
        sheet.width(place, place, column.width)
        # A book written by rows cannot be gone back in: the head comes first.
        sheet.text(0, place, column.title, head)
    sheet.freeze(1, 1)
    sheet.printed(high=0, repeat=0)
    count = 0
    for count, row in enumerate(part.rows, 1):
        if count > MOST_ROWS:
            raise Malformed(
                N_("An Excel sheet has room for {most} rows, and there are more."),
                field="out",
                most=MOST_ROWS,
                way_on=N_("Write a CSV file, or narrow the choice."),
            )
        for place, value in enumerate(row):
            _cell(sheet, count, place, value, part.columns[place], styles)
    sheet.filters(count, len(part.columns))
    return count


def _cell(sheet: Sheet, row: int, place: int, value: Any, column: Column, styles: dict[str, Style]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.day(row, place, value, styles["day"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.number(row, place, value, styles["share" if column.share else "text"])
    else:
        sheet.text(row, place, str(value), styles["text"])

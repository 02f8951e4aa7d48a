"""Tables as files: CSV and Excel, row by row, so that memory does not grow with them; nothing in a cell is
computed.

What an applicant wrote may begin with a sign that a spreadsheet takes for a formula. In CSV such a text gets
an apostrophe before it; in Excel it is written as text and marked as such, and stays as it was.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple

from workflow.base import whole_files
from workflow.base.errors import Malformed
from workflow.base.messages import N_

# The same signs in full and in small width are taken for their plain forms by some programs, and blanks of
# any kind before them are passed over by others.
_FORMULA = re.compile(
    r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]"
)
BOM = "\ufeff"
MOST_ROWS = 1_048_575
MOST_TEXT = 32_767


class Column(NamedTuple):
    """A column as it is written: its key, its head, its width in characters."""

    id: str
    title: str
    width: float = 14.0
    share: bool = False


def form_of(out: Path, forms: Sequence[str]) -> str:
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


def harmless(value: str) -> str:
    """The text with an apostrophe before it, where a spreadsheet would compute it."""
    return f"'{value}" if not value[:1].isalnum() and _FORMULA.match(value) else value


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
    import xlsxwriter

    count = 0
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    try:
        if title:
            book.set_properties({"title": title})
        base = {"valign": "top", "text_wrap": True, "font_name": "宋体", "font_size": 10}
        head = book.add_format(
            {**base, "bold": True, "bg_color": "#E7EDF3", "bottom": 1, "valign": "vcenter"}
        )
        styles = {
            "day": book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"}),
            "text": book.add_format(base),
            "quoted": book.add_format({**base, "num_format": "@", "quote_prefix": True}),
            "number": book.add_format(base),
            "share": book.add_format({**base, "num_format": "0.0%"}),
        }
        for part in parts:
            count += _sheet(book.add_worksheet(_sheet_name(part.name)), part, head, styles)
    finally:
        book.close()
    return count


def _sheet_name(name: str) -> str:
    return "".join("_" if char in "[]:*?/\\'" else char for char in name)[:31]


def _sheet(sheet: Any, part: Part, head: Any, styles: dict[str, Any]) -> int:
    for place, column in enumerate(part.columns):
        sheet.set_column(place, place, column.width)
        # What comes row by row cannot be gone back to: the head is written first, and stays in sight.
        sheet.write_string(0, place, column.title, head)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
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
    sheet.autofilter(0, 0, count, len(part.columns) - 1)
    return count


def _cell(sheet: Any, row: int, place: int, value: Any, column: Column, styles: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(row, place, value, styles["day"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, place, value, styles["share" if column.share else "number"])
    else:
        text = str(value)[:MOST_TEXT]
        sheet.write_string(row, place, text, styles["text" if harmless(text) == text else "quoted"])

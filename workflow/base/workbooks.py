"""The one writer of Excel workbooks: everything that makes an .xlsx goes through it.

A text is written as text, never as a formula, a link or a number. One that a spreadsheet would compute when
somebody edits the cell also bears the mark that it is text (`quote_prefix`), and reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO, Any

from workflow.base.formulas import harmless

# The most that an Excel cell holds.
MOST_TEXT = 32_767
_A4 = 9


class Style:
    """How cells look; the same look with the mark of a text is made when a text first needs it."""

    def __init__(self, book: Any, look: dict[str, Any]) -> None:
        self._book, self._look = book, look
        self.plain = book.add_format(look)
        self._quoted: Any = None

    @property
    def quoted(self) -> Any:
        """For a text that would otherwise be taken for a formula."""
        if self._quoted is None:
            self._quoted = self._book.add_format({**self._look, "num_format": "@", "quote_prefix": True})
        return self._quoted

    def of(self, text: str) -> Any:
        """The format for this text."""
        return self.plain if harmless(text) == text else self.quoted


class Sheet:
    """One sheet. Rows and columns are counted from 0; where the book is written by rows, downwards only."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    def text(self, row: int, column: int, value: str, style: Style) -> None:
        """A text, cut to what a cell holds."""
        value = value[:MOST_TEXT]
        self._sheet.write_string(row, column, value, style.of(value))

    def number(self, row: int, column: int, value: float | None, style: Style) -> None:
        """A number; None leaves an empty cell of this look."""
        if value is None:
            self._sheet.write_blank(row, column, None, style.plain)
        else:
            self._sheet.write_number(row, column, value, style.plain)

    def day(self, row: int, column: int, value: date, style: Style) -> None:
        """A day, as a day of the spreadsheet."""
        self._sheet.write_datetime(row, column, value, style.plain)

    def span(self, row: int, column: int, rows: int, columns: int, value: str, style: Style) -> None:
        """A text over several cells, merged into one."""
        if rows == columns == 1:
            self.text(row, column, value, style)
        else:
            last = (row + rows - 1, column + columns - 1)
            self._sheet.merge_range(row, column, *last, value[:MOST_TEXT], style.of(value))

    def width(self, first: int, last: int, width: float, style: Style | None = None) -> None:
        """The width in characters of the columns from first to last, and the look of their empty cells."""
        self._sheet.set_column(first, last, width, style and style.plain)

    def freeze(self, rows: int, columns: int) -> None:
        """Keep so many rows and columns in sight."""
        self._sheet.freeze_panes(rows, columns)

    def printed(self, *, high: int = 1, repeat: int | None = None) -> None:
        """Print on A4, landscape, one page wide and so many high (0: as many as it takes)."""
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        if repeat is not None:
            self._sheet.repeat_rows(repeat)
        self._sheet.fit_to_pages(1, high)

    def filters(self, rows: int, columns: int) -> None:
        """Let the rows below the head be filtered."""
        self._sheet.autofilter(0, 0, rows, columns - 1)

    def validate(self, first: int, last: int, column: int, rule: dict[str, Any]) -> None:
        """A rule (XlsxWriter's data_validation) on the cells of a column from row first to last."""
        self._sheet.data_validation(first, column, last, column, rule)

    def hide(self) -> None:
        """Keep the sheet out of sight."""
        self._sheet.hide()

    def column_source(self, column: int, rows: int) -> str:
        """The first rows of a column (one of the first 26) as the source of a drop-down list."""
        letter = chr(ord("A") + column)
        return f"='{self._sheet.get_name()}'!${letter}$1:${letter}${rows}"


class Book:
    """A workbook that is being written."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def style(self, **look: Any) -> Style:
        """A look of cells, in XlsxWriter's names."""
        return Style(self._book, look)

    def sheet(self, name: str) -> Sheet:
        """A new sheet; signs that Excel does not allow in its name are replaced."""
        allowed = "".join("_" if char in "[]:*?/\\'" else char for char in name)[:31]
        return Sheet(self._book.add_worksheet(allowed))


@contextmanager
def writing(out: IO[bytes], *, title: str = "", by_rows: bool = False) -> Iterator[Book]:
    """A new workbook, written to `out` at the end; `by_rows` keeps only the present row in memory."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": by_rows,
            "in_memory": not by_rows,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    try:
        if title:
            book.set_properties({"title": title})
        yield Book(book)
    finally:
        book.close()

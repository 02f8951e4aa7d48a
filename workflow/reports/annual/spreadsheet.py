"""The report as CSV and as an Excel sheet; and the rows of such a CSV read back."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import spreadsheets, workbooks
from workflow.base.errors import Malformed
from workflow.base.messages import N_, pick
from workflow.base.sheets import reader
from workflow.base.workbooks import Sheet, Style
from workflow.reports.annual import layout, read_sheets
from workflow.reports.annual.form import ALL, Report, form_name

_ROW = ("统计指标", "row")
_PART = ("行政复议、行政诉讼", "remedies")


def csv_text(report: Report, *, bom: bool = False) -> str:
    """Tables 3 and 4 as CSV (lines ended by CR LF), keys beside labels; `bom` for programs that ask for
    it.
    """
    lines: list[list[Any]] = []
    for name, value in (("unit", report.unit), ("year", report.year), ("format", form_name(report.form))):
        lines.append([pick(*layout.HEAD_LINES[name]), str(value)])
    columns = law.bundled().tables["report"]["column"]
    lines.append([])
    lines.append(
        ["key", pick(*_ROW), *(pick(columns[key]["zh"], columns[key]["en"]) for key in report.form.columns)]
    )
    for row in report.form.rows:
        cells = report.table3[row.key]
        lines.append([row.key, pick(row.zh, row.en), *(cells[key] for key in report.form.columns)])
    results = law.bundled().report_results()
    lines.append([])
    lines.append(["key", pick(*_PART), *(pick(one.zh, one.en) for one in results)])
    for part in law.bundled().report_remedies():
        cells = report.table4[part.id]
        lines.append([part.key, pick(part.zh, part.en), *(cells[one.id] for one in results)])
    return spreadsheets.csv_text(lines, bom=bom)


def is_lined(path: str | os.PathLike[str], name: str) -> bool:
    """Whether a CSV has the heads of table 3 in one line, as `csv_text` writes them."""
    return any(_is_head(cells, "column") for cells in _lines(path, name))


def read_csv(path: str | os.PathLike[str], name: str) -> dict[str, Any]:
    """The plain values of a report in a CSV: as written above, or a sheet saved from the published table."""
    made: dict[str, Any] = {"table3": {}, "table4": {}}
    table: dict[str, Any] | None = None
    heads: list[str] = []
    names = _names()
    for number, cells in enumerate(_lines(path, name), 1):
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        found = _meta(filled)
        if found and len(filled) <= 2:
            made[found[0]] = found[1]
        elif _is_head(cells, "column"):
            table, heads = made["table3"], cells
        elif _is_head(cells, "result"):
            table, heads = made["table4"], cells
        elif table is not None:
            _take(table, names, heads, cells, f"{name}:{number}")
    read_sheets.require_table3(made["table3"], name)
    if not made["table4"]:
        del made["table4"]
    return {**made, "year": made.get("year") or None}


def _lines(path: str | os.PathLike[str], name: str) -> list[list[str]]:
    with reader.opened(Path(path)) as sheets:
        return [[reader.plain(cell) for cell in row.cells] for row in sheets[0].rows()]


def _meta(filled: list[str]) -> tuple[str, str] | None:
    found = next((key for key, words in layout.HEAD_LINES.items() if filled[0] in words), None)
    return (found, filled[1] if len(filled) > 1 else "") if found else None


@dataclass(frozen=True)
class Names:
    """Every way to name a column and a row of the tables, as the law's table of the report has them."""

    heads: dict[str, str]
    rows: dict[str, str]

    def row(self, labels: list[str]) -> str:
        """The key of the row that these label cells name, else the first of them; '' for none."""
        # A sheet made from the published table has its label in several cells: the one that names a row
        # counts.
        return next((self.rows[cell] for cell in labels if cell in self.rows), labels[0] if labels else "")

    def first_column(self, heads: list[str]) -> int:
        """How many columns the labels take."""
        return next(n for n, head in enumerate(heads) if head in self.heads)


def _names() -> Names:
    told = law.bundled().tables["report"]
    heads = {word: key for name in ("column", "result") for word, key in _words(told[name]).items()}
    rows = {entry["zh"].split(" ")[-1]: key for key, entry in told["row"].items()}
    return Names(heads, {**rows, **_words(told["row"])})


def _words(entries: Mapping[str, Any]) -> dict[str, str]:
    return {word: key for key, entry in entries.items() for word in (key, entry["zh"], entry["en"])}


def _is_head(cells: list[str], table: str) -> bool:
    """Whether a line bears the heads of the table whose columns stand under this name in the law table."""
    entries = law.bundled().tables["report"][table]
    known = _words(entries)
    return sum(1 for cell in cells if cell in known) >= len(entries)


def _take(table: dict[str, Any], names: Names, heads: list[str], cells: list[str], place: str) -> None:
    """Take one line of a table over; a note under the table is passed over."""
    first = names.first_column(heads)
    label = names.row([cell for cell in cells[:first] if cell])
    if not any(cells[first:]) and label not in names.rows.values():
        return
    row = _row(names, heads, cells, place)
    if not label:
        raise Malformed(N_("{place}: the line does not say which row it is."), field="file", place=place)
    if label in table:
        raise Malformed(N_("{name}: '{key}' is given twice."), field="file", name=place, key=label)
    table[label] = row


def _row(names: Names, heads: list[str], cells: list[str], place: str) -> dict[str, str]:
    """The cells by the keys of their columns; the second column of one key keeps its head."""
    row: dict[str, str] = {}
    for n, head in enumerate(heads):
        if head not in names.heads:
            continue
        key = names.heads[head]
        if n >= len(cells) and key != ALL:
            raise Malformed(N_("{place}: the line has fewer cells than its head."), field="file", place=place)
        # Of a line that ends in an empty cell nothing is left of that: a total that is not stated.
        row[head if key in row else key] = cells[n] if n < len(cells) else ""
    return row


def xlsx(report: Report) -> bytes:
    """The tables as sheets of Excel, laid out as in the form: merged labels, frozen heads, numbers as
    numbers.
    """
    out = io.BytesIO()
    with workbooks.writing(out) as book:
        head = book.style(bold=True, border=1, align="center", valign="vcenter", text_wrap=True)
        text = book.style(border=1, valign="vcenter", text_wrap=True)
        cell = book.style(border=1, align="center", valign="vcenter")
        _sheet3(book.sheet("表三"), report, head, text, cell)
        _sheet4(book.sheet("表四"), report, head, cell)
        _sheet2(book.sheet("表二"), report, head, text, cell)
        about = book.sheet("本表")
        about.width(0, 1, 28)
        for n, (name, value) in enumerate(
            (("unit", report.unit), ("year", report.year), ("format", form_name(report.form)))
        ):
            about.text(n, 0, pick(*layout.HEAD_LINES[name]), text)
            about.text(n, 1, str(value), text)
        if report.parts:
            sheet = book.sheet("文字部分")
            sheet.width(0, 0, 28)
            sheet.width(1, 1, 100)
            for n, (key, part) in enumerate(law.bundled().tables["report"]["part"].items()):
                sheet.text(n, 0, part["zh"], text)
                sheet.text(n, 1, report.parts.get(key, ""), text)
    return out.getvalue()


def _sheet3(sheet: Sheet, report: Report, head: Style, text: Style, cell: Style) -> None:
    start, first = 3, layout.LABEL_COLUMNS
    persons, bodies, total = layout.kinds(report.form)
    sheet.span(0, 0, start, first, report.form.corner, head)
    sheet.span(0, first, 1, len(report.form.columns), "申请人情况", head)
    sheet.span(1, first, 2, 1, persons[0], head)
    sheet.span(1, first + 1, 1, len(bodies), "法人或其他组织", head)
    for n, name in enumerate(bodies):
        sheet.text(2, first + 1 + n, name, head)
    sheet.span(1, first + 1 + len(bodies), 2, 1, total, head)
    for n, (row, labels) in enumerate(zip(report.form.rows, layout.labels(report.form), strict=True)):
        for label in labels:
            sheet.span(start + n, label.column, label.rows, label.columns, label.text, text)
        for m, key in enumerate(report.form.columns):
            sheet.number(start + n, first + m, report.table3[row.key][key], cell)
    sheet.width(0, 0, 12)
    sheet.width(1, 1, 14)
    sheet.width(2, 2, 38)
    sheet.width(first, first + len(report.form.columns) - 1, 10)
    sheet.freeze(start, first)
    sheet.printed()


def _sheet4(sheet: Sheet, report: Report, head: Style, cell: Style) -> None:
    parts, results = law.bundled().report_remedies(), law.bundled().report_results()
    width = len(results)
    sheet.span(0, 0, 2, width, parts[0].zh, head)
    sheet.span(0, width, 1, 2 * width, "行政诉讼", head)
    for n, part in enumerate(parts):
        if n:
            sheet.span(1, n * width, 1, width, part.zh.split(" ")[-1], head)
        for m, one in enumerate(results):
            sheet.text(2, n * width + m, one.zh, head)
            sheet.number(3, n * width + m, report.table4[part.id][one.id], cell)
    sheet.freeze(3, 0)
    sheet.printed()


def _sheet2(sheet: Sheet, report: Report, head: Style, text: Style, cell: Style) -> None:
    at = 0
    widest = max(len(block.heads) for block in report.form.table2)
    for block in report.form.table2:
        sheet.span(at, 0, 1, widest, block.zh, head)
        for n, name in enumerate(block.heads):
            sheet.text(at + 1, n, name, head)
        at += 2
        for key, label in block.rows:
            sheet.text(at, 0, label, text)
            for n, number in enumerate(report.table2[key], 1):
                sheet.number(at, n, number, cell)
            at += 1
    sheet.width(0, widest - 1, 22)

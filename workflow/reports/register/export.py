"""The register as a file: CSV and Excel row by row, JSON line by line, PDF page by page; whole or not
there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from letters.pdf import lists
from workflow.base import spreadsheets, whole_files
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, language, translate
from workflow.base.text_width import clip
from workflow.evidence import printed
from workflow.office.seat import Seat
from workflow.reports.register import rows as register_rows
from workflow.reports.register.cells import Cells
from workflow.reports.register.columns import EVERY, Column, chosen, most_rows
from workflow.reports.register.selection import Choice

TITLE = N_("Register of applications for government information")
NOTHING = N_("No application is as you asked.")
CLIPPED = 120
Seen = Callable[[int], None]


@dataclass(frozen=True)
class Asked:
    """Which applications, which columns, and how."""

    choice: Choice
    columns: str | None = None
    names: bool = False
    after: str | None = None
    limit: int | None = None
    paper: str = "A4"


def write(seat: Seat, asked: Asked, out: Path, seen: Seen | None = None) -> int:
    """Write the register to a file by its ending; how many applications.

    NotFound if there is none: no file is then written, and one that is there stays as it was.
    """
    form = spreadsheets.form_of(out, WRITERS)
    usual = {".pdf": "pdf" if asked.paper == "A4" else "pdf_a3"}.get(form, EVERY)
    columns = chosen(asked.columns, usual)
    with seat.store.reading() as connection:
        cells = Cells(connection, seat, columns, names=asked.names)
        found = register_rows.lines(
            connection, seat, asked.choice, columns, after=asked.after, limit=asked.limit
        )
        first = next(found, None)
        if first is None:
            raise NotFound(
                NOTHING, field="out", way_on=N_("Nothing was written. Ask for less: leave a filter out.")
            )
        export = _Export(seat, connection, asked, columns, cells, _counted(_chained(first, found), seen))
        return WRITERS[form](export, out)


@dataclass(frozen=True)
class _Export:
    """The applications that are written, in order, and what shows them."""

    seat: Seat
    connection: Connection
    asked: Asked
    columns: Sequence[Column]
    cells: Cells
    lines: Iterator[Any]

    def heads(self) -> list[spreadsheets.Column]:
        """The heads of the columns."""
        return [spreadsheets.Column(column.id, column.title, column.width) for column in self.columns]

    def rows(self) -> Iterator[list[Any]]:
        """The cells of each application."""
        return (self.cells.of(line) for line in self.lines)


def _chained(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _counted(found: Iterator[Any], seen: Seen | None) -> Iterator[Any]:
    for number, line in enumerate(found, 1):
        if seen is not None:
            seen(number)
        yield line


def plain_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A JSON list, a row on each line, so that it can be written and read as it comes."""
    before = "["
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"


def _csv(export: _Export, out: Path) -> int:
    return spreadsheets.write_csv(out, export.heads(), export.rows())


def _xlsx(export: _Export, out: Path) -> int:
    part = spreadsheets.Part(translate(N_("Register")), export.heads(), export.rows())
    return spreadsheets.write_xlsx(out, [part], title=translate(TITLE))


def _json(export: _Export, out: Path) -> int:
    count = -1
    with whole_files.draft(out.parent) as new:
        for count, line in enumerate(plain_lines(map(export.cells.plain, export.lines))):  # noqa: B007
            new.write(line.encode() + b"\n")
        new.keep(out, replace=True)
    return count


def _require_few(export: _Export) -> None:
    most, total = most_rows(), register_rows.count(export.connection, export.seat, export.asked.choice)
    if min(total, export.asked.limit or total) > most:
        raise Malformed(
            N_("A PDF is set of at most {most} applications, and there are {total}."),
            field="out",
            most=most,
            total=total,
            way_on=N_("Narrow the choice (--year, --received), give --limit, or write .xlsx or .csv."),
        )


def _kind(column: Column) -> str:
    """Days and numbers of cases are not broken over lines."""
    kind, _, name = column.source.partition(":")
    dated = name.endswith("_on") or name in ("number", "reply_due")
    return "day" if dated or (kind == "detail" and name != "extension_days") else "text"


def _stamp(export: _Export) -> Iterator[dict[str, Any]]:
    """The newest checkpoint of the record, where one was given out."""
    found = printed.newest(export.connection, export.seat.office)
    if found is not None:
        yield {"kind": "stamp", **found.block()}


def _pdf(export: _Export, out: Path) -> int:
    _require_few(export)
    rows = list(export.rows())
    today = export.seat.today().isoformat()
    about = translate(N_("{n} applications"), n=len(rows))
    page = {
        "title": translate(TITLE),
        "subtitle": f"{export.seat.office.name}　{today}　{about}",
        "created": today,
        "lang": "zh-CN" if language() == "zh_CN" else "en",
        "paper": export.asked.paper,
        "blocks": [
            {
                "kind": "table",
                "title": "",
                "columns": [
                    {"title": column.title, "width": column.width, "kind": _kind(column)}
                    for column in export.columns
                ],
                "rows": [["" if cell is None else clip(str(cell), CLIPPED) for cell in row] for row in rows],
            },
            *_stamp(export),
        ],
    }
    whole_files.write(out, lists.pdf(page), replace=True)
    return len(rows)


# Each form of the register with what writes it, by the ending of the file's name.
WRITERS: dict[str, Callable[[_Export, Path], int]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".pdf": _pdf,
    ".json": _json,
}

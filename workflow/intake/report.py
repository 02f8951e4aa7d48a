"""What is given back of a list: the result of each row, and the rows that were not entered, to be mended and
handed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workflow.base import spreadsheets
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, translate
from workflow.base.sheets import reader
from workflow.base.spreadsheets import Column
from workflow.intake.results import Outcome, RowResult
from workflow.intake.row_read import Fault

_HEADS = {
    "row": (N_("Row"), 6.0),
    "status": (N_("Result"), 10.0),
    "name": (N_("Applicant"), 16.0),
    "case": (N_("Case"), 12.0),
    "cell": (N_("Cell"), 8.0),
    "message": (N_("Reason or remark"), 70.0),
}
_STATUS = {
    "entered": N_("entered"),
    "in order": N_("in order"),
    "known": N_("entered before"),
    "refused": N_("not entered"),
}
WHY = N_("Why not entered")


def said(fault: Fault) -> str:
    """A fault in words: the column, what is wrong, what to do."""
    error: DisclosureError = fault.error
    text = f"{' '.join(fault.title.split())}: {error.text}" if fault.title else error.text
    return f"{text} {error.advice}" if error.advice else text


def _rows(outcome: Outcome) -> Iterator[list[Any]]:
    for one in outcome.results:
        told = [said(fault) for fault in one.faults] or one.remarks
        yield [
            one.row,
            translate(_STATUS[one.status]),
            one.name,
            one.case or one.known or "",
            " ".join(fault.cell for fault in one.faults if fault.cell),
            " ".join(told),
        ]


def write(outcome: Outcome, out: Path) -> None:
    """The result of every row as .csv or .xlsx."""
    columns = [Column(key, translate(head), width) for key, (head, width) in _HEADS.items()]
    WRITERS[spreadsheets.form_of(out, WRITERS)](outcome, columns, out)


def _csv(outcome: Outcome, columns: list[Column], out: Path) -> None:
    spreadsheets.write_csv(out, columns, _rows(outcome))


def _xlsx(outcome: Outcome, columns: list[Column], out: Path) -> None:
    part = spreadsheets.Part(outcome.sheet or "1", columns, _rows(outcome))
    spreadsheets.write_xlsx(out, [part], title=translate(N_("Result of the list")))


# Each form of the result with what writes it, by the ending of the file's name.
WRITERS = {".csv": _csv, ".xlsx": _xlsx}


def give_back(outcome: Outcome, out: Path) -> int:
    """The rows that were not entered, as they stood, under the same heading, with a column that says why; how
    many.
    """
    spreadsheets.form_of(out, (".xlsx",))
    width = max([len(outcome.titles), *(len(one.cells or []) for one in outcome.refused)], default=0)
    titles = [*outcome.titles, *[""] * (width - len(outcome.titles))]
    columns = [
        *(Column(str(place), " ".join(title.split()), 18.0) for place, title in enumerate(titles)),
        Column("why", translate(WHY), 60.0),
    ]
    rows = ([*_cells(one, width), _why(one)] for one in outcome.refused)
    return spreadsheets.write_xlsx(out, [spreadsheets.Part(outcome.sheet or "1", columns, rows)])


def _cells(one: RowResult, width: int) -> list[Any]:
    cells = [_back(cell) for cell in one.cells or []]
    return [*cells, *[None] * (width - len(cells))]


def _back(cell: Any) -> Any:
    # A document number that the spreadsheet has truncated stays as it is; a time of day loses nothing as
    # text.
    return reader.plain(cell) if hasattr(cell, "hour") else cell


def _why(one: RowResult) -> str:
    return "\n".join(f"{fault.cell} {said(fault)}".strip() for fault in one.faults)

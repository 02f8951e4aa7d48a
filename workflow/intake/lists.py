"""Intake in bulk: a CSV or Excel list, each row an application, with a report of what was refused and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import dates, sheet_reader, whole_files
from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_, listed, translate
from workflow.cases.case import CaseFile
from workflow.cases.context import Act
from workflow.casework import application as applications
from workflow.casework.desk import Desk
from workflow.procedure import days, machine, transitions

MOST_ROWS = 100_000
EXACT = 10**15
_REPORT = ("row", "status", "case", "field", "message")


@dataclass
class RowResult:
    """What became of one row: its number in the file, the case, or the fault."""

    row: int
    name: str
    case: str | None = None
    fault: DisclosureError | None = None
    notes: list[tuple[str, dict[str, Any]]] | None = None

    @property
    def remarks(self) -> list[str]:
        """The notes in words, in the language in force."""
        return [translate(text, **params) for text, params in self.notes or ()]


def read(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of a list with the names of an application's entries; the number is that of the line in the file."""
    lines = sheet_reader.cells_of(path)
    header = next(lines, None)
    if header is None:
        raise Malformed(N_("The list '{name}' is empty."), field="file", name=path.name)
    names = [_entry(cell) for cell in header]
    if "name" not in names or not {"request", "items"} & set(names):
        raise Malformed(
            N_(
                "The first line of the list has to name its columns, with the applicant and the request among them."
            ),
            field="file",
            way_on=N_("Columns are: {names}"),
            names=listed(f"{label['zh']} ({label['en']})" for label in _columns().values()),
        )
    for number, cells in enumerate(lines, 2):
        if number > MOST_ROWS + 1:
            raise Malformed(N_("A list has at most {most} rows."), field="file", most=MOST_ROWS)
        if any(str(cell).strip() for cell in cells if cell is not None):
            yield number, _row(names, cells)


def _columns() -> dict[str, dict[str, str]]:
    return transitions.bundled().names["column"]


def _entry(cell: Any) -> str:
    text = str(cell or "").strip()
    for name, label in _columns().items():
        if text in (name, label["zh"]) or text.lower() == label["en"].lower():
            return name
    raise Malformed(
        N_("The list has an unknown column '{name}'."),
        field="file",
        name=text[:40],
        way_on=N_("Columns are: {names}"),
        names=listed(f"{label['zh']} ({label['en']})" for label in _columns().values()),
    )


def _row(names: list[str], cells: list[Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        if cell is None or str(cell).strip() == "":
            continue
        if isinstance(cell, int | float) and abs(cell) >= EXACT:
            # Excel keeps 15 digits of a number: an identity number typed as one has lost its last. See intake.
            given[name] = float(cell)
            continue
        text = sheet_reader.plain(cell)
        given[name] = [part.strip() for part in text.split("\n") if part.strip()] if name == "items" else text
    if "channel" in given:
        given["channel"] = _channel(given["channel"])
    return given


def _channel(text: str) -> str:
    for key in law.bundled().channels():
        channel = law.bundled().channel(key, dates.today())
        if text in (key, channel.zh, channel.en):
            return key
    return text


def enter(
    desk: Desk, path: Path, *, dry_run: bool = False, seen: Callable[[RowResult], None] | None = None
) -> list[RowResult]:
    """Enter every row that is in order, each in its own unit of work; the others are reported with their fault."""
    results = []
    # The whole list is read first: one that turns out to be no list is refused before anything of it is entered.
    for number, given in list(read(path)):
        result = RowResult(number, str(given.get("name", "")))
        try:
            application = applications.checked(given)
            application.attach = [applications.beside(path, one) for one in application.attach]
            if dry_run:
                result.notes = _rehearsed(desk, application)
            else:
                done = desk.receive(application)
                result.case, result.notes = done.case.number, done.notes
        except DisclosureError as fault:
            result.fault = fault
        results.append(result)
        if seen is not None:
            seen(result)
    return results


def _rehearsed(desk: Desk, application: applications.Application) -> list[tuple[str, dict[str, Any]]]:
    """The remarks that Desk.receive would make, after asking all that it asks; nothing is written."""
    on, rule, notes = applications.receipt_day(application, desk.office, desk.context, desk.today())
    days.check(CaseFile(), on, desk.today(), "receive", True)
    for path in application.attach:
        applications.require_file(path)
    payload = applications.payload(application, applications.regulations(on, desk.context), [], rule)
    machine.take(CaseFile(), Act("receive", on, payload, desk.officer.actor), desk.context)
    mark = applications.mark(application.personal.get("id_number"), application.name, desk.ring)
    with desk.store.reading() as connection:
        return notes + applications.likely_duplicates(connection, desk.office.id, application, mark)


def write_report(results: list[RowResult], out: Path) -> None:
    """The report as CSV, for a spreadsheet (with the mark by which Excel knows UTF-8)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_REPORT)
    for one in results:
        fault = one.fault
        status = "refused" if fault else "entered" if one.case else "in order"
        said = fault.text if fault else " ".join(one.remarks)
        writer.writerow(
            [one.row, status, one.case or "", (fault.field or "") if fault else "", _neutral(said)]
        )
    whole_files.write(out, text.getvalue().encode("utf-8-sig"), replace=True)


def _neutral(text: str) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    return "'" + text if text[:1] in "=+-@\t\r" else text

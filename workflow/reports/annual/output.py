"""A report, a check or the cases behind a figure, as lines and JSON; files whole or not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import click

from workflow.base import names, spreadsheets, whole_files
from workflow.base.completeness import require_known
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed, translate
from workflow.base.screen import Column, labelled, table
from workflow.base.sheets import reader
from workflow.base.terminal import show
from workflow.office.seat import Seat
from workflow.reports.annual import build, counts, figure_names, form, read_file, read_sheets, text_figures
from workflow.reports.annual.build import Made
from workflow.reports.annual.form import Report

# Exit status where an identity fails, as for stored data that is not what was recorded.
UNEQUAL = 5


def report(made: Made, kind: str | None, out: Path | None, created: date, as_json: bool = False) -> None:
    """Write the report to its destination; failed identities and missing parts go to standard error."""
    if kind is None:
        show(lines(made.report))
    elif out is not None:
        whole_files.write(out, build.written(made.report, kind, created, made.stamp), replace=True)
        _written(out, as_json)
    elif build.FORMS[kind].text:
        click.echo(
            build.written(made.report, kind, created, made.stamp).decode().lstrip("\ufeff").rstrip("\n")
        )
    else:
        raise Malformed(
            N_("A file of this form is not printed: name one."), field="out", way_on=N_("Give --out FILE.")
        )
    show(remarks(made, whole=kind is None or build.FORMS[kind].whole), err=True)


def _written(out: Path, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"path": str(out)}, ensure_ascii=False))
    else:
        show([translate(N_("Written: {path}"), path=out)])


def lines(told: Report) -> list[str]:
    """Tables 3 and 4 as lines of a screen."""
    heads = [
        Column("", least=24),
        *(Column(form.column_label(key), least=4, number=True) for key in told.form.columns),
    ]
    rows = [
        [form.row_label(row.key), *(str(told.table3[row.key][key]) for key in told.form.columns)]
        for row in told.form.rows
    ]
    made = [
        translate(
            N_("{unit}, {year}, format {format}"),
            unit=told.unit,
            year=told.year,
            format=form.form_name(told.form),
        ),
        *table(heads, rows),
        "",
    ]
    for kind, results in told.table4.items():
        each = listed(f"{form.result_label(name)} {number}" for name, number in results.items())
        made.append(labelled(form.remedy_label(kind), each))
    return made


def remarks(made: Made, *, whole: bool = False) -> Iterator[str]:
    """Remarks beside the figures; `whole`: also on what the office still has to supply."""
    for fault in made.faults:
        yield fault.text
    for number, row, column, now, then in made.moved:
        yield translate(
            N_("Closed as {then}, now {now}: {row}, {column}. See the cases with --cell {key}."),
            then=then,
            now=now,
            row=form.row_label(row) if number == 3 else form.remedy_label(row),
            column=form.column_label(column) if number == 3 else form.result_label(column),
            key=f"{row},{column}",
        )
    for message, params in made.remarks:
        yield translate(message, **params)
    if made.unfinished:
        yield translate(
            N_("The year {year} is not over: these figures are as of today."), year=made.report.year
        )
    if whole and made.missing:
        yield translate(N_("Still to be told in the data file: {names}"), names="、".join(made.missing))


def closed_lines(told: Report) -> list[str]:
    """What is said of a year that was closed."""
    return [
        *lines(told),
        translate(
            N_("Closed: {year}. {n} carried forward to {next}."),
            year=told.year,
            n=told.table3[form.FORWARD][form.ALL],
            next=told.year + 1,
        ),
    ]


def check(
    path: Path, previous: Path | None, year: int | None, as_json: bool, sheet: str | None = None
) -> bool:
    """Read a report and say which identities fail; whether none does. Of a workbook with a report on each of
    several sheets every one is read, unless one is named.
    """
    names: list[str] = []
    if sheet is None and path.is_file() and path.suffix.lower() in reader.BOOKS:
        names = read_sheets.sheets_with_reports(path)
    if len(names) < 2:
        value = _checked(path, previous, year, sheet, as_json)
        if as_json:
            click.echo(json.dumps(value, ensure_ascii=False))
        return bool(value["ok"])
    values = []
    for name in names:
        if not as_json:
            show([translate(N_("Sheet {name}:"), name=name)])
        values.append({"sheet": name, **_checked(path, previous, year, name, as_json)})
    ok = all(value["ok"] for value in values)
    if as_json:
        click.echo(json.dumps({"ok": ok, "reports": values}, ensure_ascii=False))
    return ok


def _checked(
    path: Path, previous: Path | None, year: int | None, sheet: str | None, as_json: bool
) -> dict[str, Any]:
    """What a report comes to, as plain values; shown unless these are what is wanted."""
    told = read_file.read(path, year, sheet)
    before = read_file.read(previous) if previous is not None else None
    if before is not None:
        read_file.require_previous(told, before)
    faults = list(form.identities(told, before))
    remarks = [
        translate(message, **params)
        for message, params in (
            *told.remarks,
            *text_figures.remarks(told),
            *(read_file.chain_remarks(told, before) if before else ()),
        )
    ]
    if not as_json:
        show(fault.text for fault in faults)
        show(remarks, err=True)
        if faults:
            show([translate(N_("{n} sums fail."), n=len(faults))])
        else:
            told_of = told.unit or path.name
            show([translate(N_("All sums hold: {unit}, {year}."), unit=told_of, year=told.year)])
    return {
        "unit": told.unit,
        "year": told.year,
        "format": form.form_name(told.form),
        "ok": not faults,
        "faults": [fault.plain() for fault in faults],
        "remarks": remarks,
    }


def cell(seat: Seat, year: int, wanted: str, as_json: bool, out: Path | None) -> None:
    """The cases behind a figure, one a line, streamed; with `out` as CSV."""
    row, column = figure_names.named(wanted, "--cell r1_granted,total")
    with seat.store.reading() as connection:
        found = counts.cell(connection, seat.office.id, year, row, column)
        if out is not None:
            _cell_file(counts.heads(row), list(found), out)
            _written(out, as_json)
            return
        if as_json:
            click.echo(json.dumps(list(found), ensure_ascii=False))
            return
        number = 0
        while lot := list(islice(found, LOT)):
            number += len(lot)
            columns = [Column(_head(name, lot[0]), place) for place, name in enumerate(lot[0])]
            show(table(columns, [[_told(seat, name, one) for name in one] for one in lot]))
        show([translate(N_("{n} in all."), n=number)], err=True)


# Cases are shown as they are read, so many at a time.
LOT = 500
HEADS = {
    "number": N_("number"),
    "received_on": N_("received"),
    "counted_on": N_("finished"),
    "state": N_("state"),
    "outcome": N_("outcome of it"),
    "applicant_kind": N_("kind of applicant"),
    "unit": N_("unit"),
    "report_row": N_("row of the report"),
    "no": N_("no."),
    "kind": N_("kind of remedy"),
    "opened_on": N_("brought"),
    "decided_on": N_("decided"),
}
require_known("annual/counts.COLUMNS", counts.COLUMNS, "annual/output.HEADS", HEADS)


def _head(name: str, one: dict[str, Any]) -> str:
    """The head of a column. A case counts by the reply of its time, in the row that is named beside: after a
    new one its outcome is another.
    """
    latest = name == "outcome" and "report_row" in one
    return translate(N_("latest outcome") if latest else HEADS[name])


def _told(seat: Seat, name: str, one: dict[str, Any]) -> str:
    """A value of a line, by name where it has one."""

    value = one[name]
    if value is None:
        return "-"
    match name:
        case "state":
            return names.name("state", value)
        case "outcome":
            return form.result_label(value) if "no" in one else names.name("outcome", value)
        case "applicant_kind":
            return form.column_label(value)
        case "unit":
            return str(seat.office.units.get(value, value))
        case "report_row":
            return form.row_label(value)
        case "kind":
            return form.remedy_label(value)
    return str(value)


def _cell_file(heads: tuple[str, ...], found: list[dict[str, Any]], out: Path) -> None:
    text = spreadsheets.csv_text([heads, *(list(one.values()) for one in found)])
    whole_files.write(out, text.encode(), replace=True)

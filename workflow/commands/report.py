"""What the office reports: the annual report, and how well it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, JSON, LANG, argument, desk_of, group, option, options, seat_of
from workflow.commands.parameter_types import File
from workflow.commands.printing import output, progress, written
from workflow.commands.typed_days import said_day

if TYPE_CHECKING:
    from pathlib import Path


@group("report")
def report() -> None:
    """Commands on what the office reports."""


@report.command(
    "annual",
    help=N_(
        "The annual report of a year, counted from the cases: tables 3 and 4, and with --data the office's own parts."
    ),
    example="disclosure report annual 2025 --data 年度.toml --pdf --out 年度报告.pdf",
)
@argument("year", type=int)
@option(
    "--data",
    type=File(),
    metavar="FILE",
    help=N_("The office's data file (table 2, prose; see: report data)."),
)
@option(
    "--previous",
    type=File(),
    metavar="FILE",
    help=N_("Last year's report, to compare what was carried over (default: as closed here)."),
)
@option(
    "--out",
    type=File(),
    metavar="FILE",
    help=N_("The file; its ending says the form (.json .csv .xlsx .html .pdf)."),
)
@option("--csv", "forms", flag_value="csv", multiple=True, help=N_("As CSV."))
@option("--xlsx", "forms", flag_value="xlsx", multiple=True, help=N_("As an Excel sheet."))
@option("--html", "forms", flag_value="html", multiple=True, help=N_("As a page to publish."))
@option("--pdf", "forms", flag_value="pdf", multiple=True, help=N_("As a PDF to publish."))
@option(
    "--cell",
    metavar="ROW,COLUMN",
    help=N_("List the cases behind a figure, e.g. r3_4_third_party,natural_person or review,upheld."),
)
@COMMON
def report_annual(
    year: int,
    data: Path | None,
    previous: Path | None,
    out: Path | None,
    forms: tuple[str, ...],
    cell: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.reports.annual import build
    from workflow.reports.annual import output as annual_output

    desk = seat_of(officer, office, db)
    if cell is not None:
        annual_output.cell(desk, year, cell, as_json, out)
        return
    kind = build.kind_of(out, [*forms, *(["json"] if as_json and out is None else [])])
    made = build.make(desk, year, data=data, previous=previous)
    annual_output.report(made, kind, out, desk.today(), as_json)
    if not made.sound:
        click.get_current_context().exit(annual_output.UNEQUAL)


@report.command(
    "close",
    help=N_("Record the figures of a year as they are published: later corrections show beside them."),
    example="disclosure report close 2025",
)
@argument("year", type=int)
@option(
    "--reasons", metavar="TEXT", help=N_("Why a closed year is closed anew, or closed with sums that fail.")
)
@COMMON
def report_close(
    year: int, reasons: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.annual import closing, form
    from workflow.reports.annual import output as annual_output

    closed = closing.close(desk_of(officer, office, db), year, again=reasons)
    output(form.plain(closed), lambda: annual_output.closed_lines(closed), as_json)


@report.command(
    "data",
    help=N_(
        "Write a data file for the office's own parts of the report, with what the figures say filled in."
    ),
    example="disclosure report data 2025 --out 年度.toml",
)
@argument("year", type=int)
@option("--out", type=File(writes=True), metavar="FILE", help=N_("The file (default: standard output)."))
@COMMON
def report_data(
    year: int, out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.annual import build

    # Do not overwrite a form that somebody filled in.
    written(build.template(desk_of(officer, office, db), year), out, as_json, replace=False)


@report.command(
    "check",
    help=N_(
        "Check the sums of a report in a file (JSON or CSV), and what it carried over against last year's."
    ),
    example="disclosure report check 年度报告.json --previous 上年.json",
)
@argument("file", type=File())
@option("--previous", type=File(), metavar="FILE", help=N_("The report of the year before."))
@option("--year", type=int, help=N_("The year, where the file does not name it."))
@option(
    "--sheet", metavar="NAME", help=N_("Of a workbook with several reports the sheet of one (default: all).")
)
@options(JSON, LANG)
def report_check(
    file: Path, previous: Path | None, year: int | None, sheet: str | None, as_json: bool
) -> None:
    from workflow.reports.annual import output as annual_output

    if not annual_output.check(file, previous, year, as_json, sheet):
        click.get_current_context().exit(annual_output.UNEQUAL)


PERIOD = options(
    option(
        "--from",
        "first",
        metavar="DATE",
        help=N_("First day of the period (default: the first of the year)."),
    ),
    option("--to", "last", metavar="DATE", help=N_("Last day of the period (default: today).")),
    option("--year", type=int, help=N_("A whole year in place of two days.")),
    option(
        "--out",
        type=File(writes=True),
        metavar="FILE",
        help=N_("Write a file: .csv, .xlsx, .html, .pdf or .json."),
    ),
)


@report.command(
    "performance",
    help=N_(
        "How well the office does: time to reply, share in time, extensions, corrections, remedies, with the trend."
    ),
    example="disclosure report performance --year 2026 --out 办理情况.pdf",
)
@option("--unit", metavar="KEY", help=N_("Only of this unit."))
@PERIOD
@COMMON
def report_performance(
    unit: str | None,
    first: str | None,
    last: str | None,
    year: int | None,
    out: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import spreadsheets
    from workflow.reports.performance import measure
    from workflow.reports.performance import output as performance_output

    desk = seat_of(officer, office, db)
    if out is not None:
        spreadsheets.form_of(out, performance_output.WRITERS)
    with progress() as seen:
        found = measure.measure(
            desk,
            measure.period(year, said_day(first, desk, "from"), said_day(last, desk, "to"), desk.today()),
            unit,
            seen,
        )
    if out is None:
        output(found.plain, lambda: performance_output.lines(found, desk), as_json)
        return
    performance_output.write(found, desk, out)
    output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)


@report.command(
    "frequent",
    help=N_("Information asked for by several applicants: candidates for disclosure to all, with the cases."),
    example="disclosure report frequent --from 2026-01-01 --out 高频申请.xlsx",
)
@option(
    "--at-least", type=click.IntRange(2), metavar="N", help=N_("By at least so many applicants (default: 2).")
)
@option(
    "--likeness",
    type=click.FloatRange(0.2, 1.0),
    metavar="SHARE",
    help=N_("Share of neighbouring characters in common, from 0.2 to 1 (default: 0.8)."),
)
@PERIOD
@COMMON
def report_frequent(
    at_least: int | None,
    likeness: float | None,
    first: str | None,
    last: str | None,
    year: int | None,
    out: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import spreadsheets
    from workflow.reports.performance import measure, repeated_requests, repeated_requests_files

    desk = seat_of(officer, office, db)
    if out is not None:
        spreadsheets.form_of(out, repeated_requests_files.WRITERS)
    with progress() as seen:
        found = repeated_requests.find(
            desk,
            measure.period(year, said_day(first, desk, "from"), said_day(last, desk, "to"), desk.today()),
            at_least,
            likeness,
            seen,
        )
    if out is None:
        output(found.plain, lambda: repeated_requests.lines(found), as_json)
        return
    repeated_requests_files.write(found, out, desk.today())
    output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)

"""The calendar of working days: shown, checked, and the notice for a year taken in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, JSON, LANG, argument, desk_of, group, option, options
from workflow.commands.parameter_types import File
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day, said_day

if TYPE_CHECKING:
    from pathlib import Path


@group("calendar")
def calendar() -> None:
    """Commands on the calendar."""


@calendar.command(
    "show",
    help=N_("The days off and make-up working days of a year, with their notices."),
    example="disclosure calendar show 2026",
)
@argument("year", type=click.IntRange(1, 9999))
@option("--as-known-on", metavar="DATE", help=N_("As it was known on that day."))
@options(JSON, LANG)
def calendar_show(year: int, as_known_on: str | None, as_json: bool) -> None:
    from workflow.reports.views import calculators

    found = calculators.year(year, said_day(as_known_on, field="as-known-on"))
    output(lambda: calculators.year_json(found), lambda: calculators.year_lines(found), as_json)


@calendar.command(
    "check",
    help=N_("Whether the calendar reaches far enough: warns from 1 November, fails from 1 December."),
    example="disclosure calendar check",
)
@options(JSON, LANG)
def calendar_check(as_json: bool) -> None:
    from workflow.reports.views import calculators

    found = calculators.coverage()
    output(found, lambda: [found["text"]], as_json)
    if found["severity"] == "fail":
        sys.exit(6)


@calendar.command(
    "import",
    help=N_("Import the State Council's notice for a year (CSV, JSON or TOML)."),
    example="disclosure calendar import 2027.csv --number 国办发明电〔2026〕9号 --promulgated 2026-11-20",
)
@argument("file", type=File())
@option("--year", type=int, help=N_("The year, if the file does not say it."))
@option("--number", help=N_("The number of the notice."))
@option("--promulgated", metavar="DATE", help=N_("The day of the notice."))
@option("--source", help=N_("Where it was published."))
@COMMON
def calendar_import(
    file: Path,
    year: int | None,
    number: str | None,
    promulgated: str | None,
    source: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.calendar import notice_folder
    from workflow.office import notice_import

    desk = desk_of(officer, office, db)
    notice = notice_folder.read(
        file,
        desk.context.calendar,
        year=year,
        number=number,
        promulgated=legal_day(promulgated),
        source=source,
    )
    new = notice_import.take_in(desk, notice)
    said = (
        N_("{name} is imported: {off} days off, {work} make-up working days.")
        if new
        else N_("{name} was known already.")
    )
    output(
        {
            "year": notice.year,
            "number": notice.number,
            "off": [day.isoformat() for day in notice.off],
            "work": [day.isoformat() for day in notice.work],
            "new": new,
        },
        lambda: [
            _(said, name=notice.name, off=len(notice.off), work=len(notice.work)),
            *(
                [
                    _(
                        N_("{day} is a holiday by law that the file does not list; it stays a day off."),
                        day=day,
                    )
                    for day in notice_folder.left_open(notice)
                ]
                if new
                else []
            ),
            _(N_("See which deadlines move with: disclosure recompute")),
        ],
        as_json,
    )

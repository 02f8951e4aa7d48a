"""The law, the calendar, and calculators that need no case."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import (
    CASE,
    COMMON,
    DB,
    JSON,
    LANG,
    ON,
    argument,
    command,
    desk_of,
    group,
    option,
    options,
)
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day, said_day, said_span

if TYPE_CHECKING:
    from pathlib import Path


@command("deadline", example="disclosure deadline reply --from 2026-03-02 --extended")
@argument("rule")
@option(
    "--from",
    "start",
    required=True,
    metavar="DATE",
    help=N_("The day of receipt, service or notice itself; '-' reads days from standard input."),
)
@option("--extended", is_flag=True, help=N_("With the longest extension (reply)."))
@option(
    "--excluded",
    multiple=True,
    metavar="START..END",
    help=N_(
        "Days to leave out: of consultation (reply), or on which the person was kept from it (remedies); repeatable."
    ),
)
@option("--as-known-on", metavar="DATE", help=N_("With the calendar as it was known on that day."))
@option(
    "--told",
    metavar="LENGTH",
    help=N_(
        "What the notice said of a remedy: no (not told), organ (another organ named), or a length (60d, 3m, 1y)."
    ),
)
@options(JSON, LANG)
def deadline(
    rule: str,
    start: str,
    extended: bool,
    excluded: tuple[str, ...],
    as_known_on: str | None,
    told: str | None,
    as_json: bool,
) -> None:
    from workflow.clocks import derivation
    from workflow.reports.views import calculators

    spans = [str(said_span(span, field="excluded")) for span in excluded]
    ask = calculators.Deadlines(rule, extended, spans, said_day(as_known_on, field="as-known-on"), told)
    if start == "-":
        calculators.stream(ask, sys.stdin, click.echo)
    else:
        found = ask.one(str(said_day(start, field="from")))
        output(
            lambda: derivation.as_json(found, ask.calendar),
            lambda: calculators.deadline_lines(found, ask.calendar),
            as_json,
        )


@group("fee")
def fee() -> None:
    """Commands on fees."""


@fee.command(
    "by-page", help=N_("The fee for so many pages of one application."), example="disclosure fee by-page 57"
)
@argument("pages", type=click.IntRange(0, 10**9))
@ON
@options(JSON, LANG)
def fee_by_page(pages: int, on: str | None, as_json: bool) -> None:
    from workflow.reports.views import calculators

    found = calculators.fee("by_page", pages, 0, legal_day(on))
    output(lambda: calculators.fee_json(found), lambda: calculators.fee_lines(found), as_json)


@fee.command(
    "by-item",
    help=N_("The fee for so many items, after those already asked for in the same month."),
    example="disclosure fee by-item 12 --already 5",
)
@argument("items", metavar="COUNT", type=click.IntRange(0, 10**9))
@option(
    "--already",
    type=click.IntRange(0, 10**9),
    default=0,
    help=N_("Items asked for earlier this calendar month."),
)
@ON
@options(JSON, LANG)
def fee_by_item(items: int, already: int, on: str | None, as_json: bool) -> None:
    from workflow.reports.views import calculators

    found = calculators.fee("by_item", items, already, legal_day(on))
    output(lambda: calculators.fee_json(found), lambda: calculators.fee_lines(found), as_json)


@fee.command(
    "case",
    help=N_("The fee of a case both ways, by the item as the program counts the month, and by the page."),
    example="disclosure fee case 2026-0001 --pages 57",
)
@CASE
@option("--pages", type=click.IntRange(0, 10**9), help=N_("Pages of the copies asked for."))
@ON
@COMMON
def fee_case(
    case: str,
    pages: int | None,
    on: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.casework import fee_ways
    from workflow.reports.views import fee_views

    desk = desk_of(officer, office, db)
    found = fee_ways.proposal(desk, case, pages, legal_day(on, desk) or desk.today())
    output(lambda: fee_views.proposal_json(found), lambda: fee_views.proposal_lines(found), as_json)


@group("law")
def law() -> None:
    """Commands on the law tables."""


@law.command("at", help=N_("Every legal value in force on a day."), example="disclosure law at 2018-06-01")
@argument("day", metavar="DATE")
@options(JSON, LANG)
def law_at(day: str, as_json: bool) -> None:
    from workflow.reports.views import law_values

    found = law_values.law_at(legal_day(day))
    output(lambda: law_values.values_json(found), lambda: law_values.values_lines(found), as_json)


@law.command(
    "show",
    help=N_(
        "The history of one value, of the way against one kind of decision, or (faulty-notices) of what follows from a missing or wrong notice, with its sources."
    ),
    example="disclosure law show repeat --on 2025-06-01",
)
@argument("name", metavar="ID")
@ON
@options(JSON, LANG)
def law_show(name: str, on: str | None, as_json: bool) -> None:
    from workflow.reports.law import show
    from workflow.reports.views import faulty_notices, law_values, routes

    day = legal_day(on) if on else None
    key = show.key_of(name)
    if routes.known(key):
        ways = routes.history(key, day)
        output(lambda: routes.as_json(ways), lambda: routes.lines(ways), as_json)
        return
    if key == faulty_notices.ID:
        notices = faulty_notices.history(day)
        output(lambda: faulty_notices.as_json(notices), lambda: faulty_notices.lines(notices), as_json)
        return
    found = law_values.law_show(key, day)
    output(lambda: law_values.values_json(found), lambda: law_values.history_lines(found), as_json)


@law.command(
    "check",
    help=N_("Check the tables: gaps, overlaps, articles, units, sources."),
    example="disclosure law check",
)
@options(JSON, LANG)
def law_check(as_json: bool) -> None:
    from workflow.reports.law import check

    found = check.everything()
    faults = check.faults(found)
    output(
        {"checked": len(found), "faults": faults},
        lambda: [*faults, _(N_("{n} things checked, {m} at fault."), n=len(found), m=len(faults))],
        as_json,
    )
    if faults:
        sys.exit(5)


@law.command(
    "status",
    help=N_("What of the law is not certain and what hangs on it; which texts are due to be read again."),
    example="disclosure law status --on 2027-06-01",
)
@ON
@options(JSON, LANG)
def law_status(on: str | None, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.reports.law import status

    found = status.status(legal_day(on) or dates.today())
    output(found.as_json, found.lines, as_json)


@law.command(
    "book",
    help=N_(
        "The law as the program applies it, as pages and PDF to read and sign; or the change between two days."
    ),
    example="disclosure law book --out 法律汇编 --from 2026-06-30 --to 2026-07-01",
)
@option("--out", required=True, type=Folder(), help=N_("The folder to write to."))
@option(
    "--from", "first", metavar="DATE", help=N_("The earlier day, to set side by side with the later one.")
)
@option("--to", "last", metavar="DATE", help=N_("The later day (default: today)."))
@ON
@options(JSON, LANG)
def law_book(out: Path, first: str | None, last: str | None, on: str | None, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.reports.law import book

    day = legal_day(last) or legal_day(on) or dates.today()
    written = book.write(out, day, legal_day(first))
    output(
        {"on": day.isoformat(), "files": [path.name for path in written]},
        lambda: [_(N_("Written: {path}"), path=path) for path in written],
        as_json,
    )


@law.command(
    "try",
    help=N_("Rehearse a change of the law from a file: gaps, examples, letters, open cases. Writes nothing."),
    example="disclosure law try change.toml --json",
)
@argument("file", metavar="CHANGE.toml", type=File())
@options(DB, JSON, LANG)
def law_try(file: Path, db: str | None, as_json: bool) -> None:
    from workflow.storage.database import Store
    from workflow.upkeep import law_change

    store = Store(db)
    if db is not None:
        store.check()
    found = law_change.rehearse(file, None if store.schema() is None else store)
    output(found.as_json, lambda: law_change.lines(found), as_json)
    if not found.sound:
        sys.exit(1)


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
    from workflow.office import notice_folder, notice_import

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

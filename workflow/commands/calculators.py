"""Calculators of deadlines and fees: of a case, or without one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from workflow.base.messages import N_
from workflow.commands.options import (
    CASE,
    COMMON,
    JSON,
    LANG,
    ON,
    argument,
    command,
    group,
    option,
    options,
    seat_of,
)
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day, said_day, said_span

if TYPE_CHECKING:
    pass


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
    from workflow.clocks import asked, derivation

    spans = [str(said_span(span, field="excluded")) for span in excluded]
    ask = asked.Deadlines(rule, extended, spans, said_day(as_known_on, field="as-known-on"), told)
    if start == "-":
        asked.stream(ask, sys.stdin, click.echo)
    else:
        found = ask.one(str(said_day(start, field="from")))
        output(
            lambda: derivation.as_json(found, ask.calendar),
            lambda: asked.deadline_lines(found, ask.calendar),
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

    desk = seat_of(officer, office, db)
    found = fee_ways.proposal(desk, case, pages, legal_day(on, desk) or desk.today())
    output(lambda: fee_views.proposal_json(found), lambda: fee_views.proposal_lines(found), as_json)

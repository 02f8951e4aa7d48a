"""The calculator of fees: of a case, or without one."""

from __future__ import annotations

import click

from workflow.base.messages import N_
from workflow.commands.options import CASE, COMMON, JSON, LANG, ON, argument, group, option, options, seat_of
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day


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

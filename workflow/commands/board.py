"""The board: the figures of all organs on one page, and the cases behind each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, File, argument, desk_of, group, option, options, output

PERIOD = options(
    option("--month", metavar="MONTH", help=N_("A month: 2026-10 (default: this month).")),
    option("--year", type=int, help=N_("A whole year in place of two days.")),
    option(
        "--from",
        "first",
        metavar="DATE",
        help=N_("First day of the period (default: the first of the year)."),
    ),
    option("--to", "last", metavar="DATE", help=N_("Last day of the period (default: today).")),
    option("--days", type=click.IntRange(1, 60), help=N_("Due: within so many working days (default: 5).")),
)


@group("board", itself=True)
@PERIOD
@option(
    "--out",
    type=File(writes=True),
    metavar="FILE",
    help=N_("Write a file: .csv, .xlsx, .html, .pdf or .json."),
)
@COMMON
@click.pass_context
def board(
    ctx: click.Context,
    /,
    out: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
    lang: str | None,
    plain: bool,
    **asked: Any,
) -> None:
    if ctx.invoked_subcommand is not None:
        return
    from workflow.base import messages, spreadsheets, terminal
    from workflow.reports.board import output as shown

    root = ctx.find_root().params
    messages.use(lang or root.get("lang"))
    terminal.use(plain or bool(root.get("plain")))
    if out is not None:
        spreadsheets.form_of(out, shown.WRITERS)
    desk = desk_of(officer, office, db)
    made = _made(desk, asked)
    if out is None:
        output(made.plain, lambda: shown.lines(made), as_json)
        return
    shown.write(made, desk, out)
    output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)


def _made(desk: Any, asked: dict[str, Any]) -> Any:
    from workflow.reports.board import board as boards

    return boards.make(desk, boards.span(desk, **asked))


@board.command(
    "show",
    help=N_("Every figure of one organ, with when it holds and the name by which its cases are listed."),
    example="disclosure board show jzmz --month 2026-10",
)
@argument("organ")
@PERIOD
@COMMON
def board_show(
    organ: str, officer: str | None, office: str | None, db: str | None, as_json: bool, **asked: Any
) -> None:
    from workflow.reports.board import board as boards
    from workflow.reports.board import output as shown

    made = _made(desk_of(officer, office, db), asked)
    row = boards.find(made, organ)
    output(row.plain, lambda: shown.sheet(made, row), as_json)


@board.command(
    "list",
    help=N_("The cases that a figure counts, as many as it says; names are shown of one's own organ only."),
    example="disclosure board list jzmz overdue",
)
@argument("organ")
@argument("figure")
@PERIOD
@option("--out", type=File(writes=True), metavar="FILE", help=N_("Write a file: .csv or .xlsx."))
@COMMON
def board_list(
    organ: str,
    figure: str,
    out: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
    **asked: Any,
) -> None:
    from workflow.base import spreadsheets
    from workflow.reports.board import board as boards
    from workflow.reports.board import output as shown

    if out is not None:
        spreadsheets.form_of(out, shown.LISTS)
    desk = desk_of(officer, office, db)
    found = boards.listed(desk, boards.span(desk, **asked), organ, figure)
    if out is not None:
        shown.list_file(found, desk, out)
        output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)
        return
    output(found.plain, lambda: shown.list_lines(found, desk), as_json)

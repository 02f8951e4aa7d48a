"""The board: the figures of all organs on one page, and the cases behind each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import board_assessment
from workflow.commands.options import COMMON, argument, desk_of, group, option, options, seat_of
from workflow.commands.parameter_types import File
from workflow.commands.printing import output

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
    desk = seat_of(officer, office, db)
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
    from workflow.reports.board import output as shown
    from workflow.reports.board import row as rows

    made = _made(seat_of(officer, office, db), asked)
    row = rows.find(made, organ)
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
    from workflow.reports.board import list_output as shown

    if out is not None:
        spreadsheets.form_of(out, shown.LISTS)
    desk = seat_of(officer, office, db)
    found = boards.listed(desk, boards.span(desk, **asked), organ, figure)
    if out is not None:
        shown.list_file(found, desk, out)
        output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)
        return
    output(found.plain, lambda: shown.list_lines(found, desk), as_json)


@board.command(
    "send",
    help=N_(
        "Sign the figures of a month that is over, for the superior's office: tables 3 and 4 of the month and the board's row, numbers only."
    ),
    example="disclosure board send --month 2026-10 --out 2026-10.figures",
)
@option("--month", metavar="MONTH", required=True, help=N_("The month: 2026-10."))
@option("--out", type=File(writes=True), metavar="FILE", required=True, help=N_("The file."))
@COMMON
def board_send(
    month: str, out: Path, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.base import whole_files
    from workflow.reports.board import monthly

    sent = monthly.send(desk_of(officer, office, db), month)
    whole_files.write(out, sent.note.encode(), replace=True)
    said = {"path": str(out), "month": sent.month, "version": sent.version, "again": sent.again}
    output(
        said,
        lambda: [
            _(N_("Written: {path} ({month}, version {version})"), **said),
            *([_(N_("Nothing has changed since it was sent: it is the same file."))] if sent.again else []),
        ],
        as_json,
    )


@board.command(
    "trust",
    help=N_(
        "The organs whose signed figures are taken in; with KEY, trust the public key of one, as it printed it (evidence key)."
    ),
    example="disclosure board trust 'disclosure/wj/…+…+…' --name 江州市卫生局",
)
@argument("key", required=False)
@option("--name", metavar="TEXT", default="", help=N_("How the organ is called here."))
@option("--withdraw", metavar="ORGAN", help=N_("Trust the key of this organ no more."))
@COMMON
def board_trust(
    key: str | None,
    name: str,
    withdraw: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from dataclasses import asdict

    from workflow.reports.board import trusted_keys

    desk = desk_of(officer, office, db)
    if withdraw is not None:
        gone = trusted_keys.withdraw(desk, withdraw)
        output(asdict(gone), lambda: [_(N_("No longer trusted: {name}"), name=gone.name)], as_json)
        return
    if key is not None:
        made = trusted_keys.trust(desk, key, name)
        output(asdict(made), lambda: [_(N_("Trusted: {name} ({origin})"), **asdict(made))], as_json)
        return
    with desk.store.reading() as connection:
        known = list(trusted_keys.trusted(connection, desk.office.id).values())
    output(
        [asdict(one) for one in known],
        lambda: [f"{one.name}  {one.public}" for one in known] or [_(N_("No organ's key is trusted."))],
        as_json,
    )


@board.command(
    "import",
    help=N_(
        "Take in the signed figures of an organ: checked against its trusted key; a newer version of a month takes the place of the older."
    ),
    example="disclosure board import 2026-10.figures",
)
@argument("file", type=File())
@COMMON
def board_import(file: Path, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base import tables
    from workflow.reports.board import reported

    made = reported.take(desk_of(officer, office, db), tables.text_of(file))
    said = {
        "organ": made.organ.name,
        "month": made.monthly.month,
        "version": made.monthly.version,
        "supersedes": made.supersedes,
    }
    output(
        said,
        lambda: [
            _(N_("Taken in: {organ}, {month}, version {version}."), **said),
            *([_(N_("It takes the place of version {supersedes}."), **said)] if made.supersedes else []),
        ],
        as_json,
    )


@board.command(
    "reported",
    help=N_("The signed figures that were taken in, the newest first."),
    example="disclosure board reported",
)
@COMMON
def board_reported(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base.screen import table
    from workflow.reports.board import reported

    found = list(reported.listed(seat_of(officer, office, db)))
    heads = [_(N_("organ")), _(N_("month")), _(N_("version")), _(N_("taken in")), ""]
    output(
        found,
        lambda: (
            table(
                heads,
                [
                    [
                        one["name"],
                        one["month"],
                        str(one["version"]),
                        one["recorded_at"][:10],
                        _(N_("superseded")) if one["superseded"] else "",
                    ]
                    for one in found
                ],
            )
            or [_(N_("Nothing was taken in."))]
        ),
        as_json,
    )


@board.command(
    "compare",
    help=N_(
        "At the organ: what each figure of a file that it sent was then and is now, and how its cases are listed."
    ),
    example="disclosure board compare 2026-10.figures",
)
@argument("file", type=File())
@COMMON
def board_compare(file: Path, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base import tables
    from workflow.base.screen import Column, table
    from workflow.reports.board import figures, monthly

    desk = seat_of(officer, office, db)
    sent, found = monthly.compare(desk, tables.text_of(file))
    known = figures.all_figures()
    listing = f"disclosure board list {desk.office.key} {{}} --month {sent.month}"
    heads = [
        Column(_(N_("figure"))),
        Column(_(N_("sent")), number=True),
        Column(_(N_("now")), number=True),
        Column(_(N_("its cases"))),
    ]
    output(
        [
            {"figure": id, "sent": was, "now": now, "moved": was != now, "list": listing.format(id)}
            for id, was, now in found
        ],
        lambda: table(
            heads, [[known[id].name, str(was), str(now), listing.format(id)] for id, was, now in found]
        ),
        as_json,
    )


board_assessment.add_to(board)

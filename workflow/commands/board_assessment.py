"""The assessment of organs on the board, and the criteria by which it is made."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.base.screen import Verbatim
from workflow.commands.options import COMMON, command, desk_of, option, seat_of
from workflow.commands.parameter_types import File
from workflow.commands.printing import output, written


@command("assess", example="disclosure board assess --month 2026-10 --back 5")
@option("--month", metavar="MONTH", help=N_("The month (default: the last that is over)."))
@option("--back", type=click.IntRange(0, 23), default=0, help=N_("Compare with so many months before it."))
@option("--out", type=File(writes=True), metavar="FILE", help=N_("Write a file: .csv or .xlsx."))
@COMMON
def assess_command(
    month: str | None,
    back: int,
    out: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import spreadsheets
    from workflow.reports.board import assess

    if out is not None:
        spreadsheets.form_of(out, assess.FORMS)
    desk = seat_of(officer, office, db)
    meant = month if month is not None else assess.last_month(desk.today())
    if out is not None:
        assess.write(desk, meant, back, out)
        output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)
        return
    criteria, found = assess.assess(desk, meant)
    months = assess.months_back(meant, back)
    totals = assess.compared(desk, meant, back) if back else {}
    output(
        lambda: {
            "month": meant,
            "own": criteria.own,
            "organs": [one.plain() for one in found],
            "months": {organ: of for organ, (_name, of) in totals.items()},
        },
        lambda: [
            *assess.lines(criteria, found, meant),
            *(["", *assess.compared_lines(totals, months)] if back else []),
        ],
        as_json,
    )


@command("criteria", example="disclosure board criteria --out criteria.toml")
@option("--month", metavar="MONTH", help=N_("Those of this month (default: of today)."))
@option(
    "--out", type=File(writes=True), metavar="FILE", help=N_("Write them to a file, to change and to set.")
)
@option(
    "--set", "file", type=File(), metavar="FILE", help=N_("Set the office's own criteria from this file.")
)
@COMMON
def criteria_command(
    month: str | None,
    out: Path | None,
    file: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import tables
    from workflow.reports.board import criteria, row

    desk = desk_of(officer, office, db)
    if file is not None:
        found = criteria.set_own(desk, tables.text_of(file))
    else:
        day = row.month_of(month).last if month is not None else desk.today()
        with desk.store.reading() as connection:
            found = criteria.in_force(connection, desk.office.id, day)
    if out is not None:
        written(criteria.toml(found), out, as_json)
        return
    output(
        {
            "effective_from": found.effective_from.isoformat(),
            "article": found.article,
            "own": found.own,
            "criteria": [one._asdict() for one in found.criteria],
        },
        lambda: [Verbatim(criteria.toml(found).rstrip())],
        as_json,
    )


HELP = {
    assess_command: N_(
        "Assess the organs by a table of criteria with weights: points for a month, each traceable to cases, and the months before."
    ),
    criteria_command: N_(
        "The criteria by which organs are assessed; with --set, the office's own from a day on."
    ),
}


def add_to(board: click.Group) -> None:
    """Make these commands of the group."""
    for one, text in HELP.items():
        one.help = text
        board.add_command(one)

"""Lists of applications: entered, tried, given back with what is wrong; and the form for them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, argument, command, desk_of, option
from workflow.commands.parameter_types import File, OneOf
from workflow.commands.printing import output, progress

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.intake.results import Outcome

# A list that is entered has many rows; on the screen the first faults are enough, the report has all.
ON_SCREEN = 40
STOPPED = 130
TEMPLATE = ("template", "模板")


@command("intake", example="disclosure intake 三月申请.xlsx --dry-run")
@argument("file", type=File())
@option("--dry-run", is_flag=True, help=N_("Only check; enter nothing."))
@option(
    "--report", type=File(writes=True), help=N_("Write the result of each row to this file (.csv or .xlsx).")
)
@option(
    "--faults",
    type=File(writes=True),
    help=N_("Write the rows that were not entered, with the reason, to this .xlsx."),
)
@option(
    "--history",
    is_flag=True,
    help=N_("An old register: take over what became of the applications too, on its days."),
)
@option("--again", is_flag=True, help=N_("Enter also what was entered before, as new applications."))
@option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=KEY",
    help=N_("What a column means ('-': not used); remembered."),
)
@option(
    "--value",
    "values",
    multiple=True,
    metavar="KIND:NAME=KEY",
    help=N_("What a channel or kind means; remembered."),
)
@option("--day-order", type=OneOf("day_order"), help=N_("How 3/2/2026 is meant."))
@option("--out", type=File(writes=True), help=N_("With 'template': where the form is written."))
@COMMON
def intake(
    file: Path,
    report: Path | None,
    faults: Path | None,
    out: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
    **said: Any,
) -> None:
    if str(file) in TEMPLATE and not file.exists():
        _template(out, as_json)
        return
    from workflow.intake import lists
    from workflow.intake import report as reports

    desk = desk_of(officer, office, db)
    ask = _asked if sys.stdin.isatty() and sys.stderr.isatty() and not as_json else None
    with progress() as seen:
        outcome = lists.enter(desk, file, lists.Way(**said, ask=ask), seen)
    if report:
        reports.write(outcome, report)
    if faults and outcome.refused:
        reports.give_back(outcome, faults)
    output(lambda: _plain(outcome), lambda: _lines(outcome, file, faults), as_json)
    if outcome.broken is not None:
        raise outcome.broken
    if outcome.stopped:
        sys.exit(STOPPED)
    if outcome.refused:
        sys.exit(1)


def _template(out: Path | None, as_json: bool) -> None:

    from workflow.intake import template

    path = out or File(writes=True).convert("申请登记表.xlsx", None, None)
    try:
        template.write(path)
    except FileExistsError:
        raise Refused(
            N_("{path} is there already."),
            field="out",
            rule="house:intake",
            path=str(path),
            way_on=N_("Name another file: --out"),
        ) from None
    output({"path": str(path)}, lambda: [_(N_("Written: {path}"), path=path)], as_json)


def _asked(kind: str, name: str, samples: list[str]) -> str | None:
    """What an unknown column or value means, as the officer says, by its key or any of its names; none for a
    value that he leaves open."""
    from workflow.base import tables
    from workflow.base.messages import listed
    from workflow.base.sheets import headings
    from workflow.intake.spoken_words import TABLE
    from workflow.intake.word_names import COLUMN, NOT_USED, label

    table = tables.read(TABLE)
    choices = table[COLUMN] if kind == COLUMN else table["value"][kind]
    known = headings.Words({key: [key, label(kind, key), *names] for key, names in choices.items()})
    if kind == COLUMN:
        question = _(
            N_("The column '{name}' ({samples}): which entry is it? '-' for none"),
            name=name,
            samples="、".join(samples),
        )
    else:
        question = _(N_("What does '{name}' mean? '-' leaves it open"), name=name)
    shown = listed(label(kind, key) for key in choices)
    click.echo(shown, err=True)
    while True:
        given = str(click.prompt(question, default=NOT_USED, err=True)).strip()
        if given == NOT_USED:
            return NOT_USED if kind == COLUMN else None
        found = given if given in choices else known.key(given)
        if found is not None:
            return found
        click.echo(_(N_("'{value}' is not one of: {choices}"), value=given, choices=shown), err=True)


def _plain(outcome: Outcome) -> dict[str, Any]:
    from workflow.intake.report import said
    from workflow.reports.views import case_text

    return {
        "entered": [{"row": one.row, "case": one.case} for one in outcome.results if one.case],
        "refused": [
            {
                "row": one.row,
                **case_text.fault_json(one.faults[0].error)["error"],
                "faults": [
                    {"cell": fault.cell, "field": fault.error.field, "message": said(fault)}
                    for fault in one.faults
                ],
            }
            for one in outcome.refused
        ],
        "missing": [
            {"row": one.row, "case": one.case, **lack.as_json()}
            for one in outcome.results
            for lack in one.missing
        ],
        "known": [{"row": one.row, "case": one.known} for one in outcome.results if one.known],
        "notes": [{"row": one.row, "text": text} for one in outcome.results for text in one.remarks],
        "checked": len(outcome.results),
        "in_order": outcome.count("in order") + outcome.count("entered"),
        "sheet": outcome.sheet,
        "heading": outcome.heading,
        "unused": outcome.unused,
        "passed_over": [{"row": row, "text": text} for row, text in outcome.passed_over],
        "remarks": [_(text, **params) for text, params in outcome.remarks],
        "stopped": outcome.stopped,
    }


def _lacking(outcome: Outcome) -> list[str]:
    """How many of the applications that were entered lack what, on one line."""
    from workflow.base.messages import listed

    counts: dict[str, int] = {}
    for one in outcome.results:
        for label in dict.fromkeys(lack.label for lack in one.missing):
            counts[label] = counts.get(label, 0) + 1
    if not counts:
        return []
    told = listed(f"{label} {n}" for label, n in counts.items())
    return [
        _(
            N_("Missing in applications entered ({counts}); each is named by: disclosure next CASE"),
            counts=told,
        )
    ]


def _lines(outcome: Outcome, file: Path, faults: Path | None) -> list[str]:
    from workflow.intake.report import said
    from workflow.intake.results import counted

    lines = [
        *(_(text, **params) for text, params in outcome.remarks),
        *(
            [
                _(
                    N_("Columns that are not used: {names}"),
                    names="、".join(" ".join(one.split()) for one in outcome.unused),
                )
            ]
            if outcome.unused
            else []
        ),
        *(
            _(N_("Row {row} is no application: {text}"), row=row, text=text)
            for row, text in outcome.passed_over
            if text
        ),
    ]
    told = [
        _(N_("Row {row} ({name}): {text}"), row=one.row, name=one.name, text=text)
        for one in outcome.results
        for text in [
            *(f"{fault.cell} {said(fault)}".strip() for fault in one.faults),
            *one.remarks,
            *([_(N_("entered before as {case}"), case=one.known)] if one.known else []),
        ]
    ]
    lines += told[:ON_SCREEN]
    if len(told) > ON_SCREEN:
        lines.append(_(N_("… and {n} more: --report FILE.xlsx has all."), n=len(told) - ON_SCREEN))
    lines.append(_(N_("{n} rows: {counted}."), n=len(outcome.results), counted=counted(outcome)))
    lines += _lacking(outcome)
    if outcome.refused and not faults:
        lines.append(_(N_("To mend the others: --faults FILE.xlsx gives them back with the reasons.")))
    if outcome.stopped or outcome.broken:
        lines.append(
            _(
                N_("Stopped after row {row}. To go on: disclosure intake {file}"),
                row=outcome.results[-1].row if outcome.results else outcome.heading,
                file=file,
            )
        )
    return lines

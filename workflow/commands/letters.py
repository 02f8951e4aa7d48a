"""Letters without a case and with one: the catalogue, specimens, the check before issue, verification."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import drafts, numbers, usage_faults
from workflow.commands.options import CASE, COMMON, JSON, LANG, ON, argument, desk_of, group, option, options
from workflow.commands.parameter_types import OUT, File, Folder, OneOf, Out, placed
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

PAGE = option(
    "--format",
    "page",
    type=OneOf("page_format"),
    default="letter",
    show_default=True,
    help=N_("The page of GB/T 9704-2012: letter format or ordinary format."),
)


@group("letter")
def letter() -> None:
    """Commands on letters."""


# --- the catalogue and its specimens


def _day(text: str | None) -> date:
    """The day as typed, else today."""
    from workflow.base import dates

    found: date = legal_day(text) or dates.today()
    return found


@letter.command(
    "list",
    help=N_("Every letter of the procedure: code, name, basis, remedy, row of the annual report."),
    example="disclosure letter list --on 2013-05-01",
)
@ON
@options(JSON, LANG)
def letter_list(on: str | None, as_json: bool) -> None:
    from workflow.drafting import catalogue, catalogue_text

    found = catalogue.rows(_day(on))
    output(found, lambda: catalogue_text.list_lines(found), as_json)


@letter.command(
    "show",
    help=N_("One letter: basis, when it may be issued, what it needs, parts, remedy, report row."),
    example="disclosure letter show D4d",
)
@argument("code")
@ON
@options(JSON, LANG)
def letter_show(code: str, on: str | None, as_json: bool) -> None:
    from workflow.drafting import catalogue, catalogue_text

    found = catalogue.one(code, _day(on))
    output(found, lambda: catalogue_text.show_lines(found), as_json)


@letter.command(
    "specimen",
    help=N_("Set one letter with specimen data, so that its wording can be read without a case."),
    example="disclosure letter specimen D4 --ground trade-secret --on 2026-05-20 -o D4d.pdf",
)
@argument("code")
@option("--ground", help=N_("The ground of the refusal (D3, D4)."))
@option("--outcome", help=N_("The outcome, where the letter has several."))
@ON
@option(
    "--served-by",
    type=OneOf("served_by"),
    help=N_("How the letter is served (default: by post; the proof of service by hand)."),
)
@PAGE
@option("-o", "--out", type=File(writes=True), required=True, help=N_("The PDF to write."))
@options(JSON, LANG)
def letter_specimen(
    code: str,
    ground: str | None,
    outcome: str | None,
    on: str | None,
    served_by: str | None,
    page: str,
    out: Path,
    as_json: bool,
) -> None:
    from workflow.drafting import specimen_files

    made = specimen_files.write(
        out, code, ground, outcome=outcome, on=_day(on), served_by=served_by, page=page
    )
    output(made, lambda: [_(N_("Written: {path}"), path=made["path"])], as_json)


@letter.command(
    "specimens",
    help=N_("Set every letter that the law of a day knows with specimen data, one PDF each."),
    example="disclosure letter specimens --out 样张",
)
@option("--out", type=Folder(), required=True, metavar="FOLDER", help=N_("The folder to write into."))
@ON
@PAGE
@options(JSON, LANG)
def letter_specimens(out: Path, on: str | None, page: str, as_json: bool) -> None:
    from workflow.commands.printing import counted
    from workflow.drafting import specimen_files

    day = _day(on)
    wanted = specimen_files.wanted(day)
    with counted(len(wanted)) as step:
        made = [specimen_files.into(out, *one, on=day, page=page, seen=step) for one in wanted]
    output(
        made, lambda: [_(N_("{count} specimens written to {folder}."), count=len(made), folder=out)], as_json
    )


@letter.command(
    "sheet",
    help=N_("The register sheet of a case for the file; contact data only for a reason, which is recorded."),
    example="disclosure letter sheet 2026-0001 -o 登记表.pdf",
)
@CASE
@option("--reason", help=N_("Why the applicant's contact data has to stand on it."))
@OUT
@COMMON
def letter_sheet(
    case: str,
    reason: str | None,
    out: Out | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from letters.pdf import render
    from workflow.base import whole_files
    from workflow.drafting import register_sheet

    made, name = register_sheet.content(desk_of(officer, office, db), case, reason)
    path = placed(out)(name)
    whole_files.write(path, render.pdf(made), replace=True)
    output({"path": str(path), "code": made["code"]}, lambda: [_(N_("Written: {path}"), path=path)], as_json)


# --- many at once


@letter.command(
    "render",
    help=N_("Make the PDFs of all letters that wait, on every core; interrupted, it goes on where it was."),
    example="disclosure letter render --all-due --jobs 4",
)
@option("--all-due", is_flag=True, help=N_("Every letter of the office that is not made yet."))
@option("--jobs", type=click.IntRange(1, 256), help=N_("So many processes (default: one a core)."))
@COMMON
def letter_render(
    all_due: bool, jobs: int | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.commands.printing import counted
    from workflow.jobs import bulk_letters
    from workflow.reports.views import case_text

    if not all_due:
        raise usage_faults.Misused(
            N_("'{name}' is missing."),
            field="all_due",
            name="--all-due",
            way_on=usage_faults.SEE_HELP,
            command="disclosure letter render",
        )
    desk = desk_of(officer, office, db)
    with counted(bulk_letters.due(desk)) as step:
        found = bulk_letters.press(desk, jobs, step)
    output(
        lambda: {
            "made": found.made,
            "made_before": found.before,
            "faults": [
                {"letter": letter, **case_text.fault_json(fault)["error"]} for letter, fault in found.faults
            ],
        },
        lambda: [
            *(
                _(N_("Letter {letter}: {text}"), letter=letter, text=fault.text)
                for letter, fault in found.faults
            ),
            _(N_("{n} letters made, {faults} at fault."), n=found.made, faults=len(found.faults)),
        ],
        as_json,
    )
    if found.faults:
        sys.exit(found.faults[0][1].exit_code)


# --- a letter that is being written, and one that was made

drafts.add_to(letter)
numbers.add_to(letter)

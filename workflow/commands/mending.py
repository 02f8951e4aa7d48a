"""What was recorded wrongly: a fact corrected, the last act taken back."""

from __future__ import annotations

import sys

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import prompting
from workflow.commands.finishing import finish
from workflow.commands.options import CASE, COMMON, YES, command, desk_of, option
from workflow.commands.printing import output


@command(
    "amend",
    example="disclosure amend 2026-0001 --field received-on --to 2026-03-03 --reason '收件章日期为3日'",
)
@CASE
@option("--field", help=N_("What was wrong, for example received-on, applicant-name or ask-correction.on."))
@option("--to", "new", multiple=True, help=N_("The right value (repeatable for what has several)."))
@option("--reason", help=N_("Why it is corrected."))
@option("--no", type=int, help=N_("Which one, where there are several (consultations)."))
@option("--entry", type=int, help=N_("Which one, by its number in the history, where an act was done twice."))
@option(
    "--list", "listing", is_flag=True, help=N_("List what is recorded of this case and can be corrected.")
)
@COMMON
def amend(
    case: str,
    field: str | None,
    new: tuple[str, ...],
    reason: str | None,
    no: int | None,
    entry: int | None,
    listing: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import screen
    from workflow.casework import amendable
    from workflow.casework.opened import open_case
    from workflow.reports.views import facts

    desk = desk_of(officer, office, db)
    if listing:
        with desk.store.reading() as connection:
            found = amendable.recorded(open_case(desk, connection, case))
        output(
            found,
            lambda: screen.table(
                [
                    screen.Column("--field"),
                    _(N_("What it is")),
                    screen.Column("--entry", number=True),
                    _(N_("What is recorded")),
                ],
                [
                    [
                        one["field"],
                        one["name"],
                        str(one["entry"]),
                        facts.correctable(one["field"], one["value"]),
                    ]
                    for one in found
                ],
            ),
            as_json,
        )
        return
    for name, given in (("field", field), ("to", new), ("reason", reason)):
        if not given:
            raise Malformed(
                N_("'{option}' is missing."),
                field=name,
                option=f"--{name}",
                way_on=N_("See what can be corrected of this case: disclosure amend CASE --list"),
            )
    assert field is not None
    assert reason is not None
    done = desk.amend(case, field, new[0] if len(new) == 1 else list(new), reason, no=no, entry=entry)
    finish(desk, done, as_json)


@command("undo", example="disclosure undo 2026-0001 --reason '登记到了另一件上'")
@CASE
@option("--reason", default="", help=N_("Why it is taken back."))
@option("--dry-run", is_flag=True, help=N_("Only say what would change."))
@YES
@COMMON
def undo(
    case: str,
    reason: str,
    dry_run: bool,
    yes: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.casework import undoing
    from workflow.reports.views import preview_text

    desk = desk_of(officer, office, db)
    found = undoing.preview(desk, case)
    if dry_run:
        called = desk.context.officer_called
        output(preview_text.preview_json(found), lambda: preview_text.preview_lines(found, called), as_json)
        return
    if not yes and sys.stdin.isatty():
        prompting.require_yes(preview_text.preview_lines(found, desk.context.officer_called))
    finish(desk, desk.undo(found.number, reason, expect=found.version), as_json)

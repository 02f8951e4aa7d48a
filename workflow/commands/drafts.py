"""Commands on a letter that is being written: check, preview, edit, mask, versions, wording."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from workflow.base import dates, screen
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.confirming import asked, confirm
from workflow.commands.finished_letters import docx, sign, verify
from workflow.commands.finishing import finish
from workflow.commands.options import CASE, COMMON, ON, command, desk_of, option, seat_of
from workflow.commands.own_wording import overrides
from workflow.commands.parameter_types import OUT, File, OneOf, Out, placed
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from pathlib import Path

SERVED_BY = option(
    "--served-by",
    type=OneOf("served_by"),
    help=N_("How it is to be served (left out: by the channel of the application)."),
)


@command("check", example="disclosure letter check 2026-0001")
@CASE
@ON
@SERVED_BY
@option("--all", "everything", is_flag=True, help=N_("Also the rules that are met, or do not apply."))
@COMMON
def check(
    case: str,
    on: str | None,
    served_by: str | None,
    everything: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.casework import check_lines, issue_check

    desk = seat_of(officer, office, db)
    found = issue_check.of_case(desk, case, on=legal_day(on), served_by=served_by)
    blocking = [one.rule.id for one in found if one.blocks]
    output(
        lambda: {"issuable": not blocking, "blocking": blocking, "rules": [one.as_json() for one in found]},
        lambda: check_lines.lines(found, desk.context, everything=everything),
        as_json,
    )
    if blocking:
        sys.exit(1)


@command(
    "override", example="disclosure letter override 2026-0001 --rule instruments-known --reason '原文已核对'"
)
@CASE
@option("--rule", required=True, help=N_("The rule (see letter check)."))
@option("--reason", required=True, help=N_("Why the letter may go out all the same."))
@ON
@COMMON
def override(
    case: str,
    rule: str,
    reason: str,
    on: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    desk = desk_of(officer, office, db)
    finish(
        desk, desk.act(case, "override_rule", {"rule": rule, "reasons": reason}, on=legal_day(on)), as_json
    )


@command("preview", example="disclosure letter preview 2026-0001 -o 草稿.pdf")
@CASE
@OUT
@ON
@SERVED_BY
@COMMON
def preview(
    case: str,
    out: Out | None,
    on: str | None,
    served_by: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import preview as previewing

    made = previewing.preview(
        desk_of(officer, office, db), case, placed(out), on=legal_day(on), served_by=served_by
    )
    output(
        made,
        lambda: [
            _(N_("Written: {path}"), path=made["path"]),
            *(
                [
                    _(
                        N_("It could not be issued as it is: disclosure letter check {number}"),
                        number=made["case"],
                    )
                ]
                if made["failing"]
                else []
            ),
        ],
        as_json,
    )


@command("edit", example="disclosure letter edit 2026-0001 --item 2")
@CASE
@option("--item", type=int, help=N_("Number of the item (may be left out if one is drafted)."))
@option("--part", help=N_("Which part of the item, where it was severed."))
@option("--from", "source", type=File(), help=N_("Take the text from this file instead of an editor."))
@ON
@COMMON
def edit(
    case: str,
    item: int | None,
    part: str | None,
    source: Path | None,
    on: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import draft_text as wording

    desk = desk_of(officer, office, db)
    edited = wording.edit(desk, case, item, part, source, legal_day(on))
    if edited.done is None:
        output({"changed": []}, lambda: [_(N_("Nothing was changed."))], as_json)
    else:
        finish(desk, edited.done, as_json)


@command("mask", example="disclosure letter mask 2026-0001 --reason '与公开无关'")
@CASE
@option("--reason", default="", help=N_("The officer's word on it, for the record."))
@ON
@option("--yes", is_flag=True, help=N_("Do not ask."))
@COMMON
def mask(
    case: str,
    reason: str,
    on: str | None,
    yes: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import masking

    desk = desk_of(officer, office, db)
    looked = masking.look(desk, case)
    if not looked.finds:
        output({"found": []}, lambda: [_(N_("Nothing personal was found in the draft."))], as_json)
        return
    if asked(yes, as_json):
        confirm([one.line() for one in looked.finds], _(N_("Mask them?")))
    done = masking.mask(desk, looked, reason, legal_day(on))
    if not as_json:
        output(None, lambda: [one.line() for one in looked.finds], as_json)
    finish(desk, done, as_json)


@command("versions", example="disclosure letter versions 2026-0001 --diff 1 3")
@CASE
@option("--diff", nargs=2, type=int, metavar="A B", help=N_("Show what changed from version A to version B."))
@COMMON
def versions(
    case: str,
    diff: tuple[int, int] | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import draft_versions
    from workflow.office import who

    desk = seat_of(officer, office, db)
    found = draft_versions.versions(desk, case)
    if diff:
        lines = draft_versions.diff(found, *diff)
        output({"diff": lines}, lambda: lines, as_json)
        return

    def table() -> list[str]:
        people = who.of_office(desk)
        return screen.table(
            [_(N_("version")), _(N_("day")), _(N_("recorded")), _(N_("officer")), _(N_("items"))],
            [
                [
                    str(one.no),
                    one.entry.on.isoformat(),
                    dates.china_time(one.entry.recorded_at),
                    people.person(one.entry.actor),
                    "、".join(map(str, one.items)),
                ]
                for one in found
            ],
        )

    output(lambda: [one.as_json() for one in found], table, as_json)


# --- the office's own wording


HELP = {
    check: N_(
        "Every rule of the check before issue: passed, failed, overridden, with its article and what to do."
    ),
    override: N_(
        "Let a letter go out against a rule that may be overridden; the reason goes into the ledger."
    ),
    preview: N_("The letter as it would be issued now, marked as a draft on every page, without a number."),
    docx: N_(
        "A letter or the draft as a Word document for reading or for the OA, marked as a copy; the PDF stays the letter."
    ),
    edit: N_("Edit the officer's own words of an item in an editor; each version is kept."),
    mask: N_(
        "Identity numbers, telephones, accounts and home addresses in the draft: shown one by one, masked on your word, and recorded."
    ),
    versions: N_("The versions of the draft: who, when, and what changed."),
    verify: N_("Whether a PDF is a letter of this database, unchanged."),
    sign: N_(
        "Sign a letter that was made with a PKCS#12 key; the passphrase comes from the prompt or the environment."
    ),
    overrides: N_(
        "The office's own templates and phrases: checked against every specimen before they are used."
    ),
}


def add_to(letter: click.Group) -> None:
    """Make these the commands of the group."""
    for one, text in HELP.items():
        one.help = text
        letter.add_command(one)

"""The archive: the folder of a filed case, its check, and the review when its time is over."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.finishing import finish
from workflow.commands.options import CASE, COMMON, ON, Group, argument, desk_of, group, option, seat_of
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from pathlib import Path


class Archive(Group):
    """`disclosure archive CASE` means `disclosure archive make CASE`."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None:
            args = ["make", *args]
        return super().resolve_command(ctx, args)


@click.group("archive", cls=Archive)
def archive() -> None:
    """Commands on archive folders."""


@archive.command(
    "make",
    help=N_("Make the archive folder of a filed case again, at its place or anywhere."),
    example="disclosure archive make 2026-0001 --out 案卷/2026-0001",
)
@CASE
@option("--out", type=Folder(), help=N_("The folder (default: where the filing put it)."))
@COMMON
def make(
    case: str, out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.archive import folder
    from workflow.casework import lookup
    from workflow.office import personal_data

    desk = desk_of(officer, office, db)
    with desk.store.reading() as connection:
        number = lookup.one(connection, desk, case).number
    personal_data.record(desk, "archive make", case=number)
    out = out or folder.place(desk, number)
    made = folder.make(desk, case, out)
    output(
        made,
        lambda: [
            _(N_("{path}: {pieces} pieces, {pages} pages."), **made),
            *(_(N_("MISSING: {what}"), what=one) for one in made["missing"]),
            *(_(N_("LOST: {what}"), what=one) for one in made["lost"]),
        ],
        as_json,
    )
    if made["lost"]:
        sys.exit(5)


@archive.command(
    "verify",
    help=N_("Check an archive folder: its checksums, and that its extract is of this office's record."),
    example="disclosure archive verify 案卷/2026-0001",
)
@argument("folder", type=File())
@option("--alone", is_flag=True, help=N_("Without a database: the folder in itself."))
@COMMON
def verify(
    folder: Path, alone: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.archive import verification

    found = verification.verify(folder, None if alone else seat_of(officer, office, db))
    output(found, lambda: [_(N_("{case}: {files} files and {entries} entries hold."), **found)], as_json)


@group("retention")
def retention() -> None:
    """Commands on how long filed cases are kept."""


@retention.command(
    "review",
    help=N_("Filed cases whose time of keeping is over."),
    example="disclosure retention review --on 2037-01-04",
)
@ON
@COMMON
def review(on: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.archive import retention_review

    desk = seat_of(officer, office, db)
    found = list(retention_review.due(desk, legal_day(on) or desk.today()))
    output(found, lambda: retention_review.lines(found, desk.context.officer_called), as_json)


@retention.command(
    "decide",
    help=N_("Keep a case longer, or propose that its personal data be destroyed."),
    example="disclosure retention decide 2026-0001 --destroy --reason '期满，无继续保存价值'",
)
@CASE
@option("--keep-until", metavar="DATE", help=N_("Keep it until this day."))
@option("--destroy", is_flag=True, help=N_("Propose the destruction; an approver decides."))
@option("--reason", required=True, help=N_("Why. It stays for good: name no person."))
@COMMON
def decide(
    case: str,
    keep_until: str | None,
    destroy: bool,
    reason: str,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.archive import retention_review

    desk = desk_of(officer, office, db)
    finish(
        desk, retention_review.decide(desk, case, until=keep_until, destroy=destroy, reason=reason), as_json
    )


@retention.command(
    "approve",
    help=N_("Approve the destruction: personal data and texts are gone for good."),
    example="disclosure retention approve 2026-0001 --reason '鉴定小组同意'",
)
@CASE
@option("--reason", required=True, help=N_("Why. It stays for good: name no person."))
@COMMON
def approve(
    case: str, reason: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.archive import retention_review

    desk = desk_of(officer, office, db)
    finish(desk, retention_review.approve(desk, case, reason), as_json)

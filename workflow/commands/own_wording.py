"""Commands on the office's own templates and phrases."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from workflow.base import dates, screen
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, JSON, LANG, argument, desk_of, group, option, options, seat_of
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import counted, output

if TYPE_CHECKING:
    from pathlib import Path


# So much of a version's SHA-256 is shown; --digest takes the beginning of one.
DIGEST = 12


@group("overrides")
def overrides() -> None:
    """The office's own templates and phrases."""


@overrides.command(
    "check",
    help=N_("Set every specimen with the wording of a folder and say what is wrong; nothing is kept."),
    example="disclosure letter overrides check 范本/",
)
@argument("folder", type=File())
@options(JSON, LANG)
def overrides_check(folder: Path, as_json: bool) -> None:
    from letters.check import rules
    from letters.own_wording import wording
    from workflow.drafting import own_wording

    override = wording.read(folder)
    with counted(own_wording.total()) as step:
        count, faults = own_wording.check(override, step)
    output(
        lambda: {
            "specimens": count,
            "digest": override.digest,
            "accepted": not faults,
            "faults": [{"letter": one.letter, "part": one.part, "detail": one.detail} for one in faults],
        },
        lambda: (
            screen.table(
                [_(N_("letter")), _(N_("part")), ""],
                [[one.letter, rules.part(one.part), one.detail] for one in faults],
            )
            if faults
            else [_(N_("{n} specimens are sound; it may be accepted."), n=count)]
        ),
        as_json,
    )
    if faults:
        sys.exit(1)


@overrides.command(
    "accept",
    help=N_("Check the wording of a folder and take it into force; letters name the version."),
    example="disclosure letter overrides accept 范本/",
)
@argument("folder", type=File())
@COMMON
def overrides_accept(
    folder: Path, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.drafting import own_wording

    desk = desk_of(officer, office, db)
    with counted(own_wording.total()) as step:
        made = own_wording.accept(desk, folder, step)
    output(
        made,
        lambda: [
            _(N_("In force: {digest} ({n} specimens checked)."), digest=made["digest"], n=made["specimens"])
        ],
        as_json,
    )


@overrides.command(
    "drop", help=N_("Go back to the project's own wording."), example="disclosure letter overrides drop"
)
@COMMON
def overrides_drop(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import own_wording

    made = own_wording.drop(desk_of(officer, office, db))
    output(made, lambda: [_(N_("The project's own wording is in force."))], as_json)


@overrides.command(
    "list",
    help=N_("What was accepted, by whom and when; the last is in force."),
    example="disclosure letter overrides list",
)
@COMMON
def overrides_list(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import own_wording
    from workflow.office import who

    desk = seat_of(officer, office, db)
    found = own_wording.listed(desk)

    def table() -> list[str]:
        people = who.of_office(desk)
        return screen.table(
            [
                _(N_("recorded")),
                _(N_("officer")),
                _(N_("files")),
                _(N_("version (beginning of its SHA-256)")),
            ],
            [
                [
                    dates.china_time(one["accepted_at"]),
                    people.person(one["by"]),
                    "、".join(one["files"]) or _(N_("the project's own wording")),
                    (one["digest"] or "-")[:DIGEST],
                ]
                for one in found
            ],
        )

    output(found, table, as_json)


@overrides.command(
    "export",
    help=N_("Write the wording in force (or the project's own) into a folder, to be changed there."),
    example="disclosure letter overrides export --out 范本/",
)
@option("--out", type=Folder(), required=True, metavar="FOLDER", help=N_("The folder to write into."))
@option("--digest", help=N_("An earlier version, by its SHA-256 or the beginning of it."))
@COMMON
def overrides_export(
    out: Path, digest: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.drafting import own_wording

    made = own_wording.export(desk_of(officer, office, db), out, digest)
    output({"folder": str(out), "files": made}, lambda: [_(N_("Written: {path}"), path=out)], as_json)

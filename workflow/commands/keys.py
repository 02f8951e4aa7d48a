"""Keys: the master key and the persons who hold it, and keys that open backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, PLAIN, argument, desk_of, group, option
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import output, progress

if TYPE_CHECKING:
    from pathlib import Path

SHARES = argument("shares", nargs=-1, required=True, type=File())


@group("key")
def key() -> None:
    """Commands on the key file."""


@key.command(
    "rotate",
    help=N_("Add a new master key and wrap all case keys under it; recorded."),
    example="disclosure key rotate",
)
@option("--resume", is_flag=True, help=N_("Add no key; go on with what is still under an older one."))
@COMMON
def key_rotate(resume: bool, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.upkeep import key_rotation

    desk = desk_of(officer, office, db)
    with progress() as seen:
        made = key_rotation.rotate(desk, resume=resume, seen=seen)
    output(
        made,
        lambda: [
            _(N_("{cases} case keys are now under the master key {key}."), **made),
            _(N_("Keep a copy of the key file elsewhere: without it no personal data can be read.")),
        ],
        as_json,
    )


@key.command(
    "pair",
    help=N_("Make a pair of keys for a person who shall be able to open backups; prints the public one."),
    example="disclosure key pair --out zhao.txt",
)
@option("--out", type=File(writes=True), required=True, help=N_("The file for the private key."))
@PLAIN
def key_pair(out: Path, db: str | None, as_json: bool) -> None:
    from workflow.upkeep.parts import age_files

    public = age_files.new_key(out)
    output(
        {"public": public, "path": str(out)}, lambda: [public, _(N_("Written: {path}"), path=out)], as_json
    )


@key.command(
    "split",
    help=N_("Share the key file among persons: so many of them open it, fewer learn nothing; recorded."),
    example="disclosure key split --needed 2 --person 赵一 --person 钱二 --person 孙三 --out shares",
)
@option("--needed", type=int, required=True, help=N_("How many of the persons are needed to open it."))
@option("--person", "persons", multiple=True, required=True, help=N_("Who gets a share; once for each."))
@option("--out", type=Folder(), required=True, help=N_("The folder for the shares, one file each."))
@COMMON
def key_split(
    needed: int,
    persons: tuple[str, ...],
    out: Path,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.upkeep import key_custody

    made = key_custody.split(desk_of(officer, office, db), out, needed=needed, persons=list(persons))
    output(
        made,
        lambda: [
            *(f"{person}: {file}" for person, file in zip(made["persons"], made["shares"], strict=True)),
            _(N_("Hand each to its person and delete it here. Any {needed} of them open the key."), **made),
            _(N_("Try them: disclosure key drill SHARE…")),
        ],
        as_json,
    )


@key.command(
    "join",
    help=N_("Write the key file out of the shares of enough persons; never over one that is there."),
    example="disclosure key join zhao.txt sun.txt",
)
@SHARES
@option("--out", type=File(writes=True), help=N_("The file (left out: the place of the key file)."))
@PLAIN
def key_join(shares: tuple[Path, ...], out: Path | None, db: str | None, as_json: bool) -> None:
    from workflow.storage import encryption
    from workflow.storage.database import Store
    from workflow.upkeep import key_custody

    made = key_custody.join(list(shares), out or encryption.key_file(Store(db).folder))
    output(made, lambda: [_(N_("Written: {path}"), path=made["path"])], as_json)


@key.command(
    "drill",
    help=N_("Try shares: that they open every case, without writing or showing the key; recorded."),
    example="disclosure key drill zhao.txt sun.txt",
)
@SHARES
@COMMON
def key_drill(
    shares: tuple[Path, ...], officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.upkeep import key_custody

    desk = desk_of(officer, office, db)
    with progress() as seen:
        made = key_custody.drill(desk, list(shares), seen=seen)
    output(
        made,
        lambda: [
            _(
                N_("The shares of {names} open the key {key}: {cases} cases."),
                names="、".join(made["persons"]),
                key=made["key"],
                cases=made["cases"],
            )
        ],
        as_json,
    )

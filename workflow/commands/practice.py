"""A throw-away office to practise on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base.messages import N_, listed
from workflow.base.messages import translate as _
from workflow.commands.options import JSON, LANG, argument, command, options
from workflow.commands.parameter_types import Folder
from workflow.commands.printing import output, progress

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "disclosure-practice"


@command("practice", example="disclosure practice")
@argument("folder", required=False, default=FOLDER, type=Folder())
@options(JSON, LANG)
def practice(folder: Path, as_json: bool) -> None:
    from workflow.commands import wiring  # noqa: F401  (fills what the rooms below leave open)
    from workflow.commands.asking.command_line import written
    from workflow.upkeep import practice as practising

    with progress(_(N_("The practice office is made, about half a minute; steps:"))) as seen:
        made = practising.make(folder, seen)
    home = written([f"DISCLOSURE_HOME={made.folder}"])
    unset = [f"  unset {' '.join(made.elsewhere)}"] if made.elsewhere else []
    output(
        lambda: {
            "folder": str(made.folder),
            "cases": made.cases,
            "letters": made.letters,
            "waiting": made.waiting,
            "officers": {one["key"]: one["name"] for one in practising.table()["office"]["officer"]},
            "unset": list(made.elsewhere),
        },
        lambda: [
            _(
                N_("A practice office with {cases} cases and {letters} letters lies in {path}."),
                cases=made.cases,
                letters=made.letters,
                path=made.folder,
            ),
            _(
                N_("Its officers: {names}"),
                names=listed(
                    f"{one['key']} {one['name']}" for one in practising.table()["office"]["officer"]
                ),
            ),
            _(N_("To work in it, type in this terminal:")),
            *unset,
            f"  export {home}",
            "  disclosure today --as chen",
            _(N_("{n} archive folders wait to be made with: disclosure work"), n=made.waiting),
            _(N_("To leave it: unset DISCLOSURE_HOME. Delete the folder when you need it no more.")),
        ],
        as_json,
    )

"""What `disclosure web site` does with its folder: write the organ's public pages, or say which are old."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.printing import output
from workflow.office.seat import Seat
from workflow.web.site import build


def run(desk: Seat, out: Path | None, check: Path | None, as_json: bool) -> None:
    """Write the pages into `out`, or compare the folder `check`: exit status 1 where a page is not as it
    should be. Malformed unless one of them is given.
    """
    if check is not None and out is None:
        _compare(desk, check, as_json)
    elif out is not None and check is None:
        made = build.write(desk, out)
        output(
            {"path": str(out), "files": made.names, "left_out": made.gaps},
            lambda: [*made.gaps, _(N_("Written: {path}"), path=out)],
            as_json,
        )
    else:
        raise Malformed(N_("Give one folder: --out to write, --check to compare."), field="out")


def _compare(desk: Seat, folder: Path, as_json: bool) -> None:
    found = build.check(desk, folder)
    output(
        {"path": str(folder), "faults": [one._asdict() for one in found]},
        lambda: (
            [_(build.FAULTS[one.what], name=one.name) for one in found]
            or [_(N_("Every page is up to date."))]
        ),
        as_json,
    )
    if found:
        raise click.exceptions.Exit(1)

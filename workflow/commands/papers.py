"""Papers of the house: sheets to print and sign, drafts for a reconsideration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import CASE, COMMON, OUT, desk_of, group, output, placed

if TYPE_CHECKING:
    from pathlib import Path


@group("paper")
def paper() -> None:
    """Papers of the house."""


def told(made: dict[str, Any], as_json: bool) -> None:
    """Say where a paper was written."""
    output(made, lambda: [_(N_("Written: {path}"), path=made["path"])], as_json)


@paper.command(
    "approval",
    help=N_("The approval sheet (呈批单): proposal, what the check says, opinions, decision, room to sign."),
    example="disclosure paper approval 2026-0001 -o 呈批单.pdf",
)
@CASE
@OUT
@COMMON
def approval(
    case: str, out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.papers import approval as sheet

    told(sheet.write(desk_of(officer, office, db), case, placed(out)), as_json)


@paper.command(
    "handling",
    help=N_("The handling sheet (办理单): the case, its times, its course, and room to write."),
    example="disclosure paper handling 2026-0001 -o 办理单.pdf",
)
@CASE
@OUT
@COMMON
def handling(
    case: str, out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.papers import handling as sheet

    told(sheet.write(desk_of(officer, office, db), case, placed(out)), as_json)

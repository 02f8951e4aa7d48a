"""Papers of the house: sheets to print and sign, drafts for a reconsideration."""

from __future__ import annotations

from typing import Any

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import CASE, COMMON, desk_of, group, option
from workflow.commands.parameter_types import OUT, Out, placed
from workflow.commands.printing import output

NO = option("--no", type=int, help=N_("Number of the reconsideration or suit (left out: the newest)."))


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
    case: str, out: Out | None, officer: str | None, office: str | None, db: str | None, as_json: bool
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
    case: str, out: Out | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.papers import handling as sheet

    told(sheet.write(desk_of(officer, office, db), case, placed(out)), as_json)


@paper.command(
    "answer",
    help=N_(
        "The draft of the answer to a reconsideration (行政复议答复书) from the record, with its last day; what the officer has to write is left as a gap."
    ),
    example="disclosure paper answer 2026-0001 --no 1 -o 答复书草稿.pdf",
)
@CASE
@NO
@OUT
@COMMON
def answer(
    case: str,
    no: int | None,
    out: Out | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.reports.papers import answer as draft

    told(draft.write(desk_of(officer, office, db), case, no, placed(out)), as_json)


@paper.command(
    "change",
    help=N_(
        "The letter that tells the court or the reconsideration organ of a reply that was supplemented or made anew meanwhile (改变行政行为告知函)."
    ),
    example="disclosure paper change 2026-0001 --no 1 -o 告知函.pdf",
)
@CASE
@NO
@OUT
@COMMON
def change(
    case: str,
    no: int | None,
    out: Out | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.reports.papers import change as letter

    told(letter.write(desk_of(officer, office, db), case, no, placed(out)), as_json)


@paper.command(
    "evidence",
    help=N_("The list of evidence (证据目录) of a case: name, source, what it shows, pages, day."),
    example="disclosure paper evidence 2026-0001 --no 1 -o 证据目录.pdf",
)
@CASE
@NO
@OUT
@COMMON
def evidence(
    case: str,
    no: int | None,
    out: Out | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.reports.papers import evidence as listing

    told(listing.write(desk_of(officer, office, db), case, no, placed(out)), as_json)

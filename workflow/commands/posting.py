"""The post: batches made, printed and posted; numbers, delivery and return read back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base import terminal
from workflow.base.completeness import require_same
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import confirming
from workflow.commands.options import COMMON, ON, YES, argument, desk_of, group, option, options, seat_of
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import counted, output
from workflow.commands.typed_days import legal_day
from workflow.storage.row_states import BatchState

if TYPE_CHECKING:
    from pathlib import Path

PAPERS = options(
    option("--out", required=True, type=Folder(), metavar="FOLDER", help=N_("The folder to write into.")),
    option(
        "--envelope",
        default="dl",
        show_default=True,
        metavar="NAME",
        help=N_("Envelope: dl, c5, or dl-window and c5-window (cover sheets)."),
    ),
    option(
        "--label",
        default="a4-3x8",
        show_default=True,
        metavar="NAME",
        help=N_("Sheet of labels: a4-3x8, a4-3x7, a4-2x8, a4-2x7 or a4-2x5."),
    ),
    option(
        "--skip",
        type=click.IntRange(0, 63),
        default=0,
        help=N_("So many labels of the first sheet are used already."),
    ),
    option("--duplex", is_flag=True, help=N_("Printed on both sides: each letter begins on a new sheet.")),
)


@group("posting")
def posting() -> None:
    """Commands on the post."""


VOID = N_("void")
_OUTCOMES = {"delivered": N_("delivered"), "returned": N_("returned")}


def _shown(batch: Any, paths: list[str]) -> tuple[dict[str, Any], list[str]]:
    from workflow.base import screen
    from workflow.base.messages import pick

    rows = [
        [
            str(one.place),
            one.case,
            "、".join(one.names),
            one.to.name,
            one.tracking or "-",
            one.posted_on.isoformat() if one.posted_on else _(VOID) if one.void else "-",
            _(_OUTCOMES[one.outcome]) if one.outcome in _OUTCOMES else one.outcome or "-",
        ]
        for one in batch.pieces
    ]
    header = [
        _(text)
        for text in (
            N_("no."),
            N_("case"),
            N_("letter"),
            N_("addressee"),
            N_("tracking number"),
            N_("posted"),
            N_("outcome"),
        )
    ]
    # Where the screen is narrow: whose letter it is stays, the rest as far as there is room.
    ranks = (0, 0, 0, 0, 1, 2, 3)
    columns = [screen.Column(head, rank) for head, rank in zip(header, ranks, strict=True)]
    lines = [
        _(N_("Batch {number} of {on}: {n} pieces."), number=batch.number, on=batch.on, n=len(batch.pieces)),
        *screen.table(columns, rows),
    ]
    lines += [
        _(
            N_("Left out: {case} {letter}{colon}{reason}"),
            case=one["case"],
            letter=one["letter"],
            colon=pick("：", ": "),
            reason=_(one["reason"]),
        )
        for one in batch.left_out
    ]
    lines += [_(N_("Written: {path}"), path=path) for path in paths]
    return {**batch.as_json(), "files": paths}, lines


def _written(desk: Any, batch: Any, out: Path, more: dict[str, Any]) -> list[str]:
    from workflow.delivery import batch_print

    with counted(sum(len(piece.letters) for piece in batch.pieces)) as step:
        return batch_print.write(desk, batch, out, seen=step, **more)


@posting.command(
    "make",
    help=N_("Put the day's letters together for the post office: letters, envelopes, labels, posting list."),
    example="disclosure posting make --out 交寄/ --envelope c5",
)
@ON
@option(
    "--case",
    "cases",
    multiple=True,
    metavar="CASE",
    help=N_("Only of this case (repeatable); letters that came back too."),
)
@option("--without", multiple=True, type=int, metavar="ID", help=N_("Leave this letter out (repeatable)."))
@option("--service", default="registered", show_default=True, help=N_("registered or ems."))
@PAPERS
@COMMON
def posting_make(
    on: str | None,
    cases: tuple[str, ...],
    without: tuple[int, ...],
    service: str,
    out: Path,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
    **more: Any,
) -> None:
    from workflow.delivery import batches
    from workflow.office import personal_data

    desk = desk_of(officer, office, db)
    personal_data.require(desk, "posting")
    batch = batches.make(desk, legal_day(on), cases=cases, without=without, service=service)
    plain, lines = _shown(batch, _written(desk, batch, out, more))
    output(plain, lambda: lines, as_json)


@posting.command(
    "print",
    help=N_("Write the papers of a batch again."),
    example="disclosure posting print 2026-001 --out 交寄/",
)
@argument("batch")
@PAPERS
@COMMON
def posting_print(
    batch: str, out: Path, officer: str | None, office: str | None, db: str | None, as_json: bool, **more: Any
) -> None:
    from workflow.delivery import batches
    from workflow.office import personal_data

    desk = desk_of(officer, office, db)
    personal_data.require(desk, "posting")
    found = batches.open_(desk, batch)
    personal_data.record(desk, "posting print", batch=batch)
    plain, lines = _shown(found, _written(desk, found, out, more))
    output(plain, lambda: lines, as_json)


@posting.command(
    "list",
    help=N_("The batches: day, pieces, how many were posted, delivered, returned."),
    example="disclosure posting list",
)
@COMMON
def posting_list(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base import screen
    from workflow.delivery import batches

    found = batches.listing(seat_of(officer, office, db))
    header = [
        _(text)
        for text in (
            N_("batch"),
            N_("date"),
            N_("state"),
            N_("pieces"),
            N_("posted"),
            N_("delivered"),
            N_("returned"),
        )
    ]
    output(
        found,
        lambda: screen.table(
            header,
            [
                [
                    one["batch"],
                    one["on"],
                    _(STATES[one["state"]]),
                    *(str(one[name]) for name in ("pieces", "posted", "delivered", "returned")),
                ]
                for one in found
            ],
        ),
        as_json,
    )


STATES: dict[str, str] = {
    BatchState.MADE: N_("to be posted"),
    BatchState.POSTED: N_("posted"),
    BatchState.DROPPED: N_("dropped"),
}
require_same("commands/posting.STATES", STATES, "row_states.BatchState", BatchState)


@posting.command("show", help=N_("One batch, piece by piece."), example="disclosure posting show 2026-001")
@argument("batch")
@COMMON
def posting_show(batch: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.delivery import batches

    plain, lines = _shown(batches.open_(seat_of(officer, office, db), batch), [])
    output(plain, lambda: lines, as_json)


@posting.command(
    "drop", help=N_("Let go of what was not posted of a batch."), example="disclosure posting drop 2026-001"
)
@argument("batch")
@COMMON
def posting_drop(batch: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.delivery import batches
    from workflow.office import personal_data

    desk = desk_of(officer, office, db)
    personal_data.require(desk, "posting")
    made = batches.drop(desk, batch)
    output(made, lambda: [_(N_("Batch {batch}: {let_go} pieces were let go."), **made)], as_json)


@posting.command(
    "post",
    help=N_("Record that a batch was posted: the day of posting is the day of the reply."),
    example="disclosure posting post 2026-001 --on 2026-03-27 --tracking 邮件号.csv",
)
@argument("batch")
@ON
@option(
    "--tracking",
    type=File(),
    metavar="FILE",
    help=N_("Numbers of the pieces (CSV or Excel): by place, letter or case."),
)
@YES
@COMMON
def posting_post(
    batch: str,
    on: str | None,
    tracking: Path | None,
    yes: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.delivery import batches, post_office

    desk = desk_of(officer, office, db)
    found_batch = batches.open_(desk, batch)
    if confirming.asked(yes, as_json):
        confirming.confirm(_shown(found_batch, [])[1], _(N_("Record all of it as posted?")))
    with counted(len(found_batch.pieces)) as step:
        found = post_office.post(desk, batch, legal_day(on), tracking, step)
    _report(
        found,
        lambda one: (
            _(N_("LATE: the last day for the reply was {due}."), due=one["late"])
            if one["late"]
            else _(STATUS[one["status"]])
        ),
        as_json,
        len(found_batch.pieces),
    )


@posting.command(
    "track",
    help=N_("Read back delivery and return: number, status, date, who signed or why it came back."),
    example="disclosure posting track 投递结果.csv",
)
@argument("file", type=File())
@COMMON
def posting_track(file: Path, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.delivery import post_tracking

    desk = desk_of(officer, office, db)
    found = post_tracking.track(desk, file)
    _report(found, lambda one: _(STATUS[one["status"]]), as_json)
    for one in found:
        if one.get("event") in ("come_back", "letter_returned") and not as_json:
            terminal.show(
                [_(N_("{case} came back. What may be done now: disclosure next {case}"), case=one["case"])]
            )


STATUS = {
    "posted": N_("posted"),
    "known": N_("was recorded before"),
    "numbered": N_("number entered"),
    "refused": N_("refused"),
    "held": N_("not posted"),
    "entered": N_("entered"),
    "underway": N_("on its way: nothing entered"),
    "waiting": N_("at a collection point, fetched by nobody: nothing entered"),
}


def _report(found: list[dict[str, Any]], said: Any, as_json: bool, pieces: int | None = None) -> None:
    """What became of each row; the exit status is that of the first fault. `pieces`: how many there are where
    a piece may stand in two rows, as what it is and as the line that is at fault.
    """
    faults = [one.pop("fault") for one in found if "fault" in one]
    output(
        found,
        lambda: [
            *(
                "  ".join(
                    str(part)
                    for part in (
                        _(N_("line {n}"), n=one["line"]) if one.get("line") else one["place"],
                        one["case"] or "-",
                        one["tracking"] or "-",
                        one["message"] or said(one),
                    )
                )
                for one in found
            ),
            _(
                N_("{n} pieces, {faults} at fault."),
                n=len(found) if pieces is None else pieces,
                faults=len(faults),
            ),
        ],
        as_json,
    )
    if faults:
        sys.exit(faults[0].exit_code)

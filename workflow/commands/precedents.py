"""Decided cases by ground and fault: one's own, and published ones from files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base import screen
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.commands.options import CASE, COMMON, argument, desk_of, group, option, options, seat_of
from workflow.commands.parameter_types import File
from workflow.commands.printing import output

if TYPE_CHECKING:
    from workflow.drafting.precedent_book import Precedent

KIND = options(
    option("--outcome", metavar="OUTCOME", help=N_("Of this outcome.")),
    option("--ground", metavar="GROUND", help=N_("Of this ground of refusal.")),
    option("--fault", metavar="FAULT", help=N_("In which this was found wrong.")),
)


@group("precedent")
def precedent() -> None:
    """Decided cases."""


@precedent.command(
    "list",
    help=N_("The cases of the library, of all grounds and faults or one."),
    example="disclosure precedent list --ground internal_affairs",
)
@KIND
@COMMON
def listing(
    outcome: str | None,
    ground: str | None,
    fault: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    found = _found(seat_of(officer, office, db), outcome, ground, fault)
    output([one.as_json() for one in found], lambda: _table(found), as_json)


@precedent.command(
    "find",
    help=N_("The cases in which all these words stand."),
    example="disclosure precedent find 工作秩序 --fault wrong_ground",
)
@argument("words")
@KIND
@COMMON
def find(
    words: str,
    outcome: str | None,
    ground: str | None,
    fault: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    found = _found(seat_of(officer, office, db), outcome, ground, fault, words)
    output([one.as_json() for one in found], lambda: _table(found), as_json)


@precedent.command("show", help=N_("A case in full."), example="disclosure precedent show 1")
@argument("precedent", metavar="PRECEDENT")
@COMMON
def show(precedent: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import precedent_book

    desk = seat_of(officer, office, db)
    with desk.store.reading() as connection:
        found = precedent_book.one(precedent_book.precedents(connection, desk.office.id), precedent)
    output(found.as_json(), lambda: _full(found), as_json)


@precedent.command(
    "import",
    help=N_("Take published cases into the library, from a file or a folder of files (TOML)."),
    example="disclosure precedent import 案例/",
)
@argument("place", type=File())
@COMMON
def bring(place: Path, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import precedent_files

    taken, wrong, there = precedent_files.bring(desk_of(officer, office, db), place)
    output(
        {
            "taken": [one.no for one in taken],
            "there": there,
            "faults": [{"file": one.file, "fault": one.fault.text} for one in wrong if one.fault],
        },
        lambda: [
            _(N_("{n} cases taken into the library; {there} were there already."), n=len(taken), there=there),
            *(f"{one.file}: {one.fault.text}" for one in wrong if one.fault),
        ],
        as_json,
    )
    if wrong:
        sys.exit(1)


@precedent.command(
    "propose",
    help=N_("Put a case of your own forward, told without its people; a second person takes it."),
    example="disclosure precedent propose 2026-0001 --title '甲申请公开车辆调度记录' --request '某年车辆调度记录' --holding '调度记录属于内部事务信息' --result organ_won",
)
@CASE
@option("--title", required=True, help=N_("What the case is called, without a name."))
@option("--request", required=True, help=N_("What was asked for, without a name."))
@option("--holding", required=True, help=N_("What was decided, and why."))
@option("--fault", "found", multiple=True, metavar="FAULT", help=N_("What was found wrong (repeatable)."))
@option("--result", required=True, metavar="RESULT", help=N_("organ_won, organ_lost or mixed."))
@option("--lesson", default="", help=N_("What is to be learned from it."))
@COMMON
def propose(
    case: str,
    title: str,
    request: str,
    holding: str,
    found: tuple[str, ...],
    result: str,
    lesson: str,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import precedent_book

    made = precedent_book.propose(
        desk_of(officer, office, db),
        case,
        title=title,
        holding=holding,
        request=request,
        found=found,
        result=result,
        lesson=lesson,
    )
    output(made.as_json(), lambda: _full(made), as_json)


@precedent.command(
    "take",
    help=N_("Take a proposed case into the library, as a second person who has read it."),
    example="disclosure precedent take 1",
)
@argument("precedent", metavar="PRECEDENT")
@COMMON
def take(precedent: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import precedent_book

    made = precedent_book.take(desk_of(officer, office, db), precedent)
    output(made.as_json(), lambda: _full(made), as_json)


@precedent.command(
    "release",
    help=N_("Let a case be read by the public; an approver who did not bring it in."),
    example="disclosure precedent release 1",
)
@argument("precedent", metavar="PRECEDENT")
@COMMON
def release(precedent: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import precedent_book

    made = precedent_book.release(desk_of(officer, office, db), precedent)
    output(made.as_json(), lambda: _full(made), as_json)


@precedent.command(
    "remove",
    help=N_("Take a case out of the library; it stays in the record."),
    example="disclosure precedent remove 1 --reason '已被改判'",
)
@argument("precedent", metavar="PRECEDENT")
@option("--reason", required=True, help=N_("Why it is no longer used."))
@COMMON
def remove(
    precedent: str, reason: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.drafting import precedent_book

    made = precedent_book.remove(desk_of(officer, office, db), precedent, reason)
    output(made.as_json(), lambda: [_(N_("Removed: {no} {name}"), no=made.no, name=made.title)], as_json)


@precedent.command(
    "export",
    help=N_("Write the released cases for the public pages, as JSON."),
    example="disclosure precedent export --out 案例.json",
)
@option("--out", type=File(writes=True), required=True, help=N_("The file to write."))
@COMMON
def export(out: Path, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import precedent_files

    count = precedent_files.write_public(desk_of(officer, office, db), out)
    output({"path": str(out), "precedents": count}, lambda: [_(N_("Written: {path}"), path=out)], as_json)


def _found(
    desk: Any, outcome: str | None, ground: str | None, fault: str | None, words: str = ""
) -> list[Precedent]:
    from workflow.drafting import phrase_book, precedent_book

    wanted = phrase_book.kinds(desk, outcome, ground)
    with desk.store.reading() as connection:
        return precedent_book.fitting(
            precedent_book.precedents(connection, desk.office.id),
            outcome=wanted[0] if outcome else None,
            ground=wanted[1],
            fault=precedent_book.fault_meant(fault),
            words=words,
        )


def _table(found: list[Precedent]) -> list[str]:
    from workflow.base.names import word
    from workflow.drafting import precedent_book

    if not found:
        return [_(N_("The library has no such case."))]
    heads = [_(N_("no.")), _(N_("case")), _(N_("ground")), _(N_("result")), _(N_("state"))]
    rows = [
        [
            str(one.no),
            one.title,
            pick("、", ", ").join(word("outcome", key) for key in one.grounds or one.outcomes) or "-",
            precedent_book.name("result", one.result),
            word("precedent", one.state),
        ]
        for one in found
    ]
    return screen.table(heads, rows)


def _full(found: Precedent) -> list[str]:
    from workflow.base.names import word
    from workflow.drafting import precedent_book

    join = pick("、", ", ").join
    return screen.fields(
        [
            (_(N_("case")), f"{found.no} {found.title}"),
            (_(N_("state")), word("precedent", found.state)),
            (_(N_("source")), found.source or found.case or ""),
            (_(N_("decided")), found.decided_on),
            (_(N_("request")), pick("；", "; ").join(found.request)),
            (_(N_("outcome of the reply")), join(word("outcome", key) for key in found.outcomes)),
            (_(N_("ground")), join(word("outcome", key) for key in found.grounds)),
            (_(N_("found wrong")), join(precedent_book.name("fault", key) for key in found.faults)),
            (_(N_("result")), precedent_book.name("result", found.result)),
            (_(N_("holding")), found.holding),
            (_(N_("lesson")), found.lesson),
        ]
    )

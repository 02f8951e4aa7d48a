"""Looking at cases: lists, one case, its clocks, its history, what may be done next, how a deadline was
reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.casework.opened import open_case
from workflow.commands.options import CASE, COMMON, argument, command, desk_of, option, seat_of
from workflow.commands.parameter_types import File
from workflow.commands.printing import output, progress
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from pathlib import Path


@command("list", example="disclosure list --open --overdue", looks=True)
@option("--state", help=N_("Only in this state."))
@option("--handler", metavar="KEY", help=N_("Only of this handler."))
@option("--unit", metavar="KEY", help=N_("Only of this unit."))
@option("--text", help=N_("Only with this text in number or request, or in the name of anybody in the case."))
@option("--open", "only_open", is_flag=True, help=N_("Only open cases."))
@option("--overdue", is_flag=True, help=N_("Only cases whose time for reply is over."))
@option("--limit", type=click.IntRange(1), default=200, show_default=True, help=N_("At most so many."))
@option("--after", type=int, default=0, help=N_("Go on after this id (from --json)."))
@COMMON
def list_(
    overdue: bool, officer: str | None, office: str | None, db: str | None, as_json: bool, **filters: Any
) -> None:
    from workflow.base import dates
    from workflow.reports.views import case_list, case_text

    desk = seat_of(officer, office, db)
    with desk.store.reading() as connection:
        rows = list(case_list.found(connection, desk, dates.today(), overdue=overdue, **filters))
    output(rows, lambda: case_text.list_lines(rows, dates.today()), as_json)


@command("show", example="disclosure show 2026-0001", looks=True)
@CASE
@option("--as-of", metavar="DATE", help=N_("As it was known at the end of that day."))
@COMMON
def show(
    case: str, as_of: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.views import case_screen, case_seen, case_text

    desk = seat_of(officer, office, db)
    if as_of:
        opened = case_seen.as_of(desk, case, legal_day(as_of))
    else:
        with desk.store.reading() as connection:
            opened = open_case(desk, connection, case)
    clocks = opened.clocks if as_of else case_seen.with_contest(desk, opened)
    output(
        lambda: case_text.case_json(opened.case, clocks, opened.version),
        lambda: case_screen.lines(case_screen.gather(desk, opened, clocks, now=not as_of)),
        as_json,
    )


@command("clocks", example="disclosure clocks 2026-0001", looks=True)
@CASE
@COMMON
def clocks(case: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.reports.views import case_seen, clock_text

    desk = seat_of(officer, office, db)
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, case)
    output(
        lambda: [clock_text.clock_json(clock) for clock in case_seen.with_contest(desk, opened)],
        lambda: clock_text.clock_lines(case_seen.with_contest(desk, opened), dates.today()),
        as_json,
    )


@command("history", example="disclosure history 2026-0001", looks=True)
@CASE
@option("--full", is_flag=True, help=N_("Whole texts, with the moment of recording and the provision."))
@COMMON
def history(
    case: str, full: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.office import who
    from workflow.reports.views import history_text

    desk = seat_of(officer, office, db)
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, case)
        people = who.people(connection, desk.office)
    entries = opened.entries
    output(
        lambda: [
            {
                **{
                    name: getattr(entry, name)
                    for name in (
                        "n",
                        "event",
                        "track",
                        "recorded_at",
                        "actor",
                        "source",
                        "dest",
                        "article",
                        "payload",
                    )
                },
                "on": entry.on.isoformat(),
                "known": {name: getattr(entry.known, name, None) for name in ("via", "login", "acting_for")},
            }
            for entry in entries
        ],
        lambda: history_text.lines(entries, opened.case, people, full),
        as_json,
    )


@command("next", example="disclosure next 2026-0001", looks=True)
@argument("case", required=False)
@option(
    "--all", "--everything", "everything", is_flag=True, help=N_("All of it, with provision and obstacle.")
)
@COMMON
def next_(
    case: str | None, everything: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.commands import draft_offers
    from workflow.reports.views import possible_steps, preview_text, steps, steps_text

    desk = seat_of(officer, office, db)

    def lines() -> list[str]:
        if case is None:
            found = list(steps.mine(desk)) if everything else steps.nearest(desk)
            return steps_text.list_lines(found, desk.today(), everything=everything)
        one, people = steps.of_case(desk, case, everything=everything)
        shown = steps_text.case_lines(one, people, desk.today(), everything=everything)
        return [*shown, *draft_offers.near(desk, case)]

    output(
        lambda: [
            preview_text.option_json(number, option)
            for number, _state, options in possible_steps.next_steps(desk, case, everything=everything)
            for option in options
        ],
        lines,
        as_json,
    )


@command("explain", example="disclosure explain 2026-0001 --pdf 期限计算说明.pdf")
@CASE
@option("--rule", help=N_("Only this clock, for example reply.limit."))
@option("--pdf", type=File(writes=True), help=N_("Write it as a page that can be laid before a court."))
@COMMON
def explain(
    case: str,
    rule: str | None,
    pdf: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.reports.views import deadline_explanation

    found = deadline_explanation.explanation(seat_of(officer, office, db), case, rule)
    if pdf:
        found.write_pdf(pdf)
    output(found.as_json, found.lines if not pdf else lambda: [_(N_("Written: {path}"), path=pdf)], as_json)


@command("recompute", example="disclosure recompute --apply")
@option("--apply", "write", is_flag=True, help=N_("Write the changes, one ledger entry a case."))
@COMMON
def recompute(write: bool, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.reports.views import case_text
    from workflow.upkeep import recompute as recomputing
    from workflow.upkeep import recompute_write

    desk = desk_of(officer, office, db)
    still: list[recomputing.Still] = []
    changes = list(recomputing.plan(desk, still))
    if write:
        with progress() as seen:
            recompute_write.apply(desk, changes, seen, still)
    output(
        lambda: {
            "applied": write,
            "changes": [{"case": change.number, **change.payload} for change in changes],
        },
        lambda: case_text.change_lines(changes, write),
        as_json,
    )

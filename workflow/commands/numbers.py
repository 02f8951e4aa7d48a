"""Numbers of letters: the register of them, and a letter that is made void."""

from __future__ import annotations

import sys

import click

from workflow.base.messages import N_
from workflow.commands import confirming
from workflow.commands.finishing import finish
from workflow.commands.options import CASE, COMMON, ON, YES, desk_of, option, seat_of
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day


def add_to(letter: click.Group) -> None:
    """Add the commands of this module to the group `letter`."""

    @letter.command(
        "numbers",
        help=N_("Every document number given, with its letter and state; exit status 5 if one is missing."),
        example="disclosure letter numbers --year 2026 --series reply",
    )
    @option("--year", type=click.IntRange(1900, 2999), metavar="YEAR", help=N_("Only of this year."))
    @option("--series", metavar="NAME", help=N_("Only this series: reply or notice."))
    @COMMON
    def letter_numbers(
        year: int | None,
        series: str | None,
        officer: str | None,
        office: str | None,
        db: str | None,
        as_json: bool,
    ) -> None:
        from workflow.delivery import numbers

        found = numbers.register(seat_of(officer, office, db), year, series)
        output(found.as_json, found.lines, as_json)
        if not found.whole:
            sys.exit(5)

    @letter.command(
        "void",
        help=N_("Make a letter void that has its number and has not gone out; the number stays taken."),
        example="disclosure letter void 2026-0001 --letter 12 --reason '附件名称有误'",
    )
    @CASE
    @option(
        "--letter",
        "which",
        required=True,
        metavar="ID",
        help=N_("The letter: its number in the register, document number or code."),
    )
    @option("--reason", required=True, help=N_("Why it is made void."))
    @option("--no-new", is_flag=True, help=N_("A notice: do not make it anew."))
    @ON
    @YES
    @COMMON
    def letter_void(
        case: str,
        which: str,
        reason: str,
        no_new: bool,
        on: str | None,
        yes: bool,
        officer: str | None,
        office: str | None,
        db: str | None,
        as_json: bool,
    ) -> None:
        from workflow.delivery import void_letters

        desk = desk_of(officer, office, db)
        event, facts = void_letters.meant(desk, case, which, reason, anew=not no_new)
        ask = confirming.asked(yes, as_json)
        finish(desk, confirming.act(desk, case, event, facts, on=legal_day(on), ask=ask), as_json)

"""Reconsiderations and suits: what goes on, until when what is due."""

from __future__ import annotations

from workflow.base.messages import N_
from workflow.commands.options import COMMON, argument, command, option, seat_of
from workflow.commands.printing import output


@command("remedies", example="disclosure remedies --open")
@argument("case", required=False)
@option("--open", "only_open", is_flag=True, help=N_("Only what is not over, or orders what was not begun."))
@option("--year", type=int, help=N_("Only what was brought or decided in this year."))
@option("--ways", is_flag=True, help=N_("How the reply of the case, or its silence, may be contested."))
@COMMON
def remedies(
    case: str | None,
    only_open: bool,
    year: int | None,
    ways: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.reports.views import remedies as remedy_views

    desk = seat_of(officer, office, db)
    if ways:
        from workflow.reports.views import open_ways

        told = open_ways.of_case(desk, case)
        output(lambda: open_ways.as_json(told), lambda: open_ways.lines(told), as_json)
        return
    found = list(remedy_views.listed(desk, case, only_open=only_open, year=year))

    def lines() -> list[str]:
        from workflow.reports.views import open_ways

        told = open_ways.letter_lines(desk, open_ways.of_letters(desk, case)) if case else []
        return [*remedy_views.lines(found, desk.today()), *([""] if told else []), *told]

    output(lambda: [remedy_views.as_json(one) for one in found], lines, as_json)

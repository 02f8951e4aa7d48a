"""The guided way: what waits today, the case, its usual step, each fact, what will happen, and the act."""

from __future__ import annotations

from typing import Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.commands.options import COMMON, argument, command, desk_of
from workflow.commands.printing import output


@command("do", example="disclosure do 2026-0001")
@argument("case", required=False)
@COMMON
def do(case: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.commands.asking import lines, walk

    if as_json:
        # Nothing is asked then: what would be offered.
        desk = desk_of(officer, office, db)
        output(lambda: _offered(desk, case), list, True)
        return

    if not lines.at_terminal():
        raise Malformed(
            N_("The guided way asks at a terminal; input or output is none here."),
            field="case",
            way_on=N_("In a script: disclosure next CASE says which command comes next."),
        )
    walk.through(lines.reader(), desk_of(officer, office, db), case, _named(officer, office, db))


def _offered(desk: Any, case: str | None) -> list[dict[str, Any]]:
    from workflow.reports.views import possible_steps, preview_text

    return [
        preview_text.option_json(number, option)
        for number, _state, options in possible_steps.next_steps(desk, case)
        for option in options
    ]


def _named(officer: str | None, office: str | None, db: str | None) -> list[str]:
    """The options that say who acts and where, as they were given."""
    from workflow.base.shown_url import shown

    named = (("--as", officer), ("--office", office), ("--db", shown(db) if db else None))
    return [word for option, value in named if value for word in (option, value)]

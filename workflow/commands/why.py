"""A rule, a provision or the last refusal explained."""

from __future__ import annotations

from workflow.commands.options import JSON, LANG, ON, argument, command, options
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day


@command("why", example="disclosure why 第三十三条第二款")
@argument("name", metavar="NAME")
@ON
@options(JSON, LANG)
def why(name: str, on: str | None, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.commands import wiring  # noqa: F401  (names of the procedure)
    from workflow.reports.law import why as explained

    told = explained.of(name, legal_day(on) or dates.today())
    output(told.as_json, told.lines, as_json)

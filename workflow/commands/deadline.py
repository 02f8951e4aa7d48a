"""The calculator of deadlines, without a case."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base.messages import N_
from workflow.commands.options import JSON, LANG, argument, command, option, options
from workflow.commands.printing import output
from workflow.commands.typed_days import said_day, said_span

if TYPE_CHECKING:
    from workflow.clocks import Deadline
    from workflow.clocks.asked import Deadlines


@command("deadline", example="disclosure deadline reply --from 2026-03-02 --extended")
@argument("rule")
@option(
    "--from",
    "start",
    required=True,
    metavar="DATE",
    help=N_("The day of receipt, service or notice itself; '-' reads days from standard input."),
)
@option("--extended", is_flag=True, help=N_("With the longest extension (reply)."))
@option(
    "--excluded",
    multiple=True,
    metavar="START..END",
    help=N_(
        "Days to leave out: of consultation (reply), or on which the person was kept from it (remedies); repeatable."
    ),
)
@option("--as-known-on", metavar="DATE", help=N_("With the calendar as it was known on that day."))
@option(
    "--told",
    metavar="LENGTH",
    help=N_(
        "What the notice said of a remedy: no (not told), organ (another organ named), or a length (60d, 3m, 1y)."
    ),
)
@options(JSON, LANG)
def deadline(
    rule: str,
    start: str,
    extended: bool,
    excluded: tuple[str, ...],
    as_known_on: str | None,
    told: str | None,
    as_json: bool,
) -> None:
    from workflow.clocks import asked

    spans = [str(said_span(span, field="excluded")) for span in excluded]
    ask = asked.Deadlines(rule, extended, spans, said_day(as_known_on, field="as-known-on"), told)
    if start == "-":
        asked.stream(ask, sys.stdin, click.echo)
    else:
        found = ask.one(str(said_day(start, field="from")))
        output(lambda: _json(found, ask), lambda: _lines(found, ask), as_json)


def _json(found: Deadline, ask: Deadlines) -> dict[str, Any]:
    from workflow.clocks import derivation

    return derivation.as_json(found, ask.calendar)


def _lines(found: Deadline, ask: Deadlines) -> list[str]:
    """The deadline with its derivation, for a person."""
    from workflow.clocks import asked, explanation

    return [str(found.due), "", *explanation.lines_of(asked.name(found.rule), found, ask.calendar)]

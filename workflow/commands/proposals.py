"""What the office's rules propose, asked about at a terminal: Enter takes it, or another answer is given."""

from __future__ import annotations

from typing import Any

import click

from workflow.base import typed_words
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.commands import prompting

ASSIGN = "assign"
# What is typed to leave a proposed handler out.
NOBODY = "-"


def of_case(desk: Any, case: str) -> Any:
    """Who is proposed for a case; None where the office's rules propose nobody."""
    from workflow.casework import assignment
    from workflow.casework.opened import open_case

    with desk.store.reading() as connection:
        opened = open_case(desk, connection, case)
        return assignment.propose(
            desk, connection, opened.case, lambda: opened.key or desk.case_key(connection, opened.id)
        )


def defaults(desk: Any, case: str, event: str, given: dict[str, Any]) -> dict[str, Any]:
    """The facts of an assignment as they were said or answered; of other acts as they were said. `case` is
    empty where the line is on several."""
    if event != ASSIGN or "unit" in given or not desk.office.entry("assignment"):
        return given
    from workflow.casework import assignment

    if not case:
        question = _(N_("the unit, or for each case the one that is proposed"))
        own = pick(assignment.PROPOSED[1], assignment.PROPOSED[0])
        return {**given, "unit": prompting.ask(question, (), "unit", own)}
    found = of_case(desk, case)
    if found is None:
        return given
    said = dict(given)
    click.echo(assignment.why(found.because, found.words, bool(found.handler)), err=True)
    units = desk.office.units
    said["unit"] = prompting.ask(_(N_("the unit that is proposed")), (), "unit", units[found.unit])
    taken = typed_words.meant(said["unit"], units, "unit")
    if found.handler and "handler" not in said and taken == found.unit:
        name = desk.context.officer_called(found.handler)
        handler = prompting.ask(_(N_("the handler whose turn it is ('-': nobody)")), (), "officer", name)
        said |= {"handler": handler} if handler != NOBODY else {}
    return said

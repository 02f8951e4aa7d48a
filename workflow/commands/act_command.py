"""The command of each act, made from the act's table (workflow/procedure/acts)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from workflow.base.messages import N_
from workflow.base.names import name
from workflow.commands import act_options, prompting
from workflow.commands.options import COMMON, ON, YES, Command, desk_of, option, options
from workflow.procedure import act_forms

# The act at which texts of the office's library are offered.
DRAFT = "draft"


def act_command(event: str) -> click.Command:
    """The command of an act: its facts are the fields of its table; the same line may name further acts."""
    spec = act_forms.spec(event)
    params: list[Any] = [partial(click.Argument, ["case"], nargs=-1, required=False)]
    params += [partial(act_options.fact, field) for field in spec.fields]
    params += act_options.beside(event)
    sends = spec.sends or any(act_forms.spec(one.event).sends for one in act_forms.along(event))
    more: list[Any] = [act_options.PHRASE] if event == DRAFT else []

    def run(
        case: tuple[str, ...],
        from_list: Any,
        where: tuple[str, ...],
        on: str | None,
        expect: int | None,
        later: bool,
        as_json: bool,
        officer: str | None,
        office: str | None,
        db: str | None,
        yes: bool,
        **facts: Any,
    ) -> None:
        # What an act needs, the library of the database first, is loaded where it is taken, not for its help.
        from workflow.casework.line import Step
        from workflow.commands import confirming, proposals, several
        from workflow.commands.finishing import finish
        from workflow.commands.typed_days import legal_day

        many = several.several(case, from_list, where)
        only = "" if many else several.require_one(click.get_current_context(), case)
        desk = desk_of(officer, office, db)
        found = several.picked(desk, case, from_list, where) if many else []
        phrase = facts.pop("phrase", None)
        given = {fact: value for fact, value in facts.items() if value not in (None, ())}
        given = _asked(spec, given, partial(proposals.defaults, desk, only, event))
        if more and not many:
            from workflow.commands import draft_offers

            given = draft_offers.offered(
                desk, only, given, phrase, ask=confirming.asked(yes, as_json), yes=yes
            )
        for field in spec.fields:
            if field.type == "date" and isinstance(given.get(field.name), str):
                given[field.name] = legal_day(given[field.name], desk, field.name)
        first, own, then = act_options.steps(event, given)
        line = [*first, Step(event, own), *then]
        day = legal_day(on, desk)
        if many:
            several.require_no_version(expect)
            would = partial(confirming.papers, desk, steps=line, on=day) if sends else None
            how = several.How(name("event", event), would, yes, as_json, later)
            several.run(
                desk, found, lambda number: confirming.acts(desk, number, line, on=day, ask=False), how
            )
            return
        ask = sends and confirming.asked(yes, as_json)
        finish(desk, confirming.acts(desk, only, line, on=day, expect=expect, ask=ask), as_json, later)

    run = options(
        ON,
        option(
            "--expect",
            type=int,
            metavar="VERSION",
            help=N_("Refuse if the case is no longer at this version."),
        ),
        option("--later", is_flag=True, help=N_("Leave letters to be made by 'disclosure work'.")),
        act_options.FROM,
        *more,
        YES,
        COMMON,
    )(run)
    return click.command(spec.command, cls=Command, help=spec.help, example=spec.example, params=params)(run)


def _asked(
    spec: Any, given: dict[str, Any], proposed: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Missing facts are asked for at a terminal, what is proposed as their answer; in a script their absence
    is an error of the act."""
    if not sys.stdin.isatty():
        return given
    given = proposed(given)
    for field in spec.fields:
        if (field.need or (field.ask and "file" not in given)) and field.name not in given:
            given[field.name] = prompting.ask(field.label, field.choice, "choice")
    return given

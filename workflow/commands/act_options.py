"""The options of an act: one for each fact of its table, and one for each act that the same line may name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import click

from workflow.base.errors import Malformed
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.base.text_width import width
from workflow.commands import click_texts
from workflow.commands.options import option, options
from workflow.commands.parameter_types import File, FileName

FROM = options(
    option(
        "--from-list",
        type=File(),
        metavar="FILE",
        help=N_("On the cases of this list (.csv, .xlsx, .txt): its column of numbers."),
    ),
    option(
        "--where",
        multiple=True,
        metavar="NAME=VALUE",
        help=N_(
            "On the cases that a list finds: state=…, unit=…, handler=…, text=…, open, overdue (repeatable)."
        ),
    ),
)
# At the draft.
PHRASE = option(
    "--phrase",
    metavar="PHRASE",
    help=N_("Take this text of the library (number or name); it is shown first."),
)
# A longer list of choices would not fit into the help; the text of the option names each of them.
_LONGEST = 60


def fact(field: Any) -> click.Parameter:
    """The option of a fact; what may be chosen is said with its names."""
    kind = FileName() if field.type == "file" else None
    return _Fact(
        [field.option, field.name], fact=field, multiple=field.many, say=partial(_fact_said, field), type=kind
    )


def _fact_said(field: Any) -> str:
    from workflow.base.names import Named

    if not field.choice:
        return str(field.label)
    return f"{field.label}{pick('：', ': ')}{Named('choice', *field.choice, typed=True)}"


class _Fact(click_texts.Option):
    """The option of a fact. What stands for its value is in the language in force, too."""

    def __init__(self, *names: Any, fact: Any, **more: Any) -> None:
        super().__init__(*names, metavar=_metavar(fact), **more)
        self._fact = fact

    def make_metavar(self, ctx: click.Context) -> str:
        self.metavar = _metavar(self._fact)
        return super().make_metavar(ctx)


def _metavar(field: Any) -> str:
    metavar = "|".join(_choices(field.choice)) if field.choice else str(field.type).upper()
    return "KEY" if width(metavar) > _LONGEST else metavar


def _choices(codes: list[str]) -> list[str]:
    from workflow.base import names

    return [pick(one["zh"], code) for code, one in names.both("choice", codes).items()]


def beside(event: str) -> Iterator[partial[click.Parameter]]:
    """The options by which the line of this act names other acts, and their facts."""
    from workflow.procedure import act_forms, act_tables

    act = act_tables.act(event)
    own = {field["name"] for field in act.get("fields", ())} if "command" in act else set()
    for one in act_forms.along(event):
        yield partial(_act, one)
        yield from (partial(fact, field) for field in one.fields if field.name not in own)


def _act(one: Any) -> click.Parameter:
    say = partial(_act_said, one)
    if one.value is None:
        return click_texts.Option([one.option, one.name], is_flag=True, say=say)
    return _Fact([one.option, one.name], fact=one.value, say=say)


def _act_said(one: Any) -> str:
    from workflow.base.names import name

    said = N_("First, on the same line: {act}") if one.first else N_("Then, on the same line: {act}")
    text = _(said, act=name("event", one.event))
    return text if one.value is None else f"{text}{pick('：', ': ')}{one.value.label}"


def steps(event: str, given: dict[str, Any]) -> tuple[list[Any], dict[str, Any], list[Any]]:
    """What was typed on one line: the acts that come first, the facts of the act itself, what follows.

    A fact that an earlier act of the line knows too (the way of service) is said once.
    """
    from workflow.casework.line import Step
    from workflow.procedure import act_forms

    facts = dict(given)
    first: list[Any] = []
    then: list[Any] = []
    for one in act_forms.along(event):
        said = facts.pop(one.name, None)
        own = {field.name: facts.pop(field.name) for field in one.fields if field.name in facts}
        if said in (None, False, ""):
            for field in one.fields:
                if field.name in own:
                    raise Malformed(
                        N_("'{option}' belongs to an act that this line does not name."),
                        field=field.name,
                        option=field.option,
                        way_on=N_("Name it as well: {act}"),
                        act=one.option,
                    )
            continue
        if one.value is not None:
            own[one.value.name] = said
        (first if one.first else then).append(Step(one.event, own))
    line = [*first, Step(event, facts), *then]
    for place, step in enumerate(line):
        spec = act_forms.specs().get(step.event)
        for field in spec.fields if spec else ():
            later = next(
                (more.facts[field.name] for more in line[place + 1 :] if field.name in more.facts), None
            )
            if later is not None:
                step.facts.setdefault(field.name, later)
    return first, facts, then

"""What is wrong with a command line, as an error of ours, with what may have been meant instead.

click has these errors in English only, and does not say what to do next.
"""

from __future__ import annotations

from typing import Any

import click

from workflow.base.errors import Ambiguous, DisclosureError
from workflow.base.messages import N_, listed, pick, translate
from workflow.commands.metavars import worded


class Misused(DisclosureError):
    """A command line that cannot be understood. Exit status 2."""

    exit_code = 2
    kind = "usage"


MOST_NEAR = 5


SEE_HELP = N_("See how it is used with: {command} --help")


def fault(raised: click.ClickException) -> DisclosureError:
    """What click found wrong with a command line, as an error of ours."""
    ctx = getattr(raised, "ctx", None)
    where: dict[str, Any] = {"way_on": SEE_HELP, "command": ctx.command_path if ctx else "disclosure"}
    if isinstance(raised, click.NoSuchOption):
        near = _instead(raised.option_name, ctx) or raised.possibilities
        return _unknown(N_("There is no option '{name}'."), raised.option_name, near, where)
    if isinstance(raised, click.MissingParameter) and raised.param is not None:
        return Misused(
            N_("'{name}' is missing."), field=raised.param.name, name=as_typed(raised.param, ctx), **where
        )
    if isinstance(raised, click.BadOptionUsage):
        option = _option(ctx, raised.option_name)
        bare = option is not None and option.is_flag
        message = (
            N_("The option '{name}' takes no value.") if bare else N_("The option '{name}' needs a value.")
        )
        return Misused(message, name=raised.option_name, **where)
    if isinstance(raised, click.BadParameter) and raised.param is not None:
        return Misused(
            N_("The value of '{name}' cannot be used; it has to be {what}."),
            field=raised.param.name,
            name=as_typed(raised.param, ctx),
            what=_wanted(raised.param.type, raised.message),
            **where,
        )
    if isinstance(ctx.command if ctx else None, click.Group):
        return Misused(N_("A command is missing."), **where)
    return Misused(
        N_("The command line cannot be understood: {detail}"), detail=raised.format_message(), **where
    )


# Options that people type for another one, whose letters are not the nearest.
_FOR_ANOTHER = {"--officer": ("--mine", "--handler", "--as"), "--user": ("--as",)}


def _instead(typed: str, ctx: click.Context | None) -> list[str]:
    """The options of the command that are meant by a word that is none."""
    known = {said for param in ctx.command.params for said in param.opts} if ctx else set()
    return [one for one in _FOR_ANOTHER.get(typed, ()) if one in known]


def _unknown(message: str, name: str, near: list[str] | None, where: dict[str, Any]) -> Misused:
    if near:
        return Misused(message, name=name, way_on=N_("Perhaps you mean: {names}"), names=listed(near))
    return Misused(message, name=name, **where)


class UnknownCommand(Ambiguous):
    """A word that is no command, with those that may be meant. A part of a name is never taken unasked as it
    is for a value, since commands act."""

    kind = "usage"
    question = N_("There is no command '{typed}'. Which one is meant? (Enter: none of them)")


def meant(typed: str, called: dict[str, str], ctx: click.Context) -> str:
    """The command that a word means which is no name of one: by the initials or the pinyin of a whole name,
    where no other command has the same; else what was said to be meant."""
    from workflow.base import typed_words, word_answers

    sounded = {called[name] for name in typed_words.sounded(typed, called)}
    if len(sounded) == 1:
        return sounded.pop()
    near = _near(typed, called)
    if not near:
        raise Misused(
            N_("There is no command '{name}'."), name=typed, way_on=SEE_HELP, command=ctx.command_path
        )
    choices = {
        said: name if name == said else pick(f"{name}（{said}）", f"{name} ({said})")
        for said, name in near.items()
    }
    return word_answers.clear(
        UnknownCommand(
            N_("There is no command '{name}'."),
            typed=typed,
            choices=choices,
            field="command",
            name=typed,
            way_on=N_("Perhaps you mean: {names}"),
            names=listed(choices.values()),
        )
    )


def _near(typed: str, called: dict[str, str]) -> dict[str, str]:
    """The commands that may be meant, each with the name that is like what was typed: by a part of a name,
    initials or pinyin, as values are found; then by what is written alike.
    """
    from difflib import get_close_matches

    from workflow.base import typed_words

    if (same := called.get(typed.replace("_", "-"))) is not None:
        return {same: same}
    # Of two Chinese characters, one in common is similar enough.
    alike = get_close_matches(typed, called, cutoff=0.6 if typed.isascii() else 0.5)
    near: dict[str, str] = {}
    for name in (*typed_words.matches(typed, {one: one for one in called}), *alike):
        near.setdefault(called[name], name)
    return dict(list(near.items())[:MOST_NEAR])


def as_typed(param: click.Parameter, ctx: click.Context | None) -> str:
    """An option as it is typed, an argument as the usage has it."""
    return (
        max(param.opts, key=len)
        if isinstance(param, click.Option)
        else worded(param.human_readable_name.upper())
    )


def _option(ctx: click.Context | None, name: str) -> click.Option | None:
    params = ctx.command.get_params(ctx) if ctx else []
    return next((param for param in params if isinstance(param, click.Option) and name in param.opts), None)


def _wanted(kind: click.ParamType[Any, Any], otherwise: str) -> str:
    """What a value has to be, by the type of its parameter."""
    if isinstance(kind, click.Choice):
        return translate(N_("one of: {choices}"), choices=listed(kind.choices))
    if isinstance(kind, click.IntRange) and kind.max is not None:
        return translate(N_("a whole number from {least} to {most}"), least=kind.min or 0, most=kind.max)
    if isinstance(kind, click.IntRange):
        return translate(N_("a whole number of at least {least}"), least=kind.min)
    if isinstance(kind, click.FloatRange):
        return translate(N_("a number from {least} to {most}"), least=kind.min, most=kind.max)
    if kind is click.INT:
        return translate(N_("a whole number"))
    return otherwise

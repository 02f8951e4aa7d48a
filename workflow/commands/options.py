"""What all commands are made with: commands, options and arguments with translated help; the desk at which a
command acts.

Options and arguments are made when they are first asked for, and heavy libraries are imported by the command
that needs them: `disclosure --help` loads none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from workflow.base import caller, chinese_names, messages, terminal
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import click_texts, prompting, spoken_words  # noqa: F401  (registers)

if TYPE_CHECKING:
    from workflow.casework.desk import Desk
    from workflow.office.seat import Seat

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


if TYPE_CHECKING:

    class Decorator(Protocol):
        """A decorator that adds options to the function of a command."""

        def __call__(self, function: AnyFunction, /) -> AnyFunction: ...


class Sparing(click.Command):
    """A command whose options and arguments are made when they are first asked for: a run looks at one
    command.
    """

    @property
    def params(self) -> list[Any]:
        self._params[:] = [one() if isinstance(one, partial) else one for one in self._params]
        return self._params

    @params.setter
    def params(self, given: list[Any]) -> None:
        self._params = given


class Command(Sparing, click_texts.Command):
    """A command with a translated help text and an example. One that `looks` changes nothing but what it
    says.
    """

    def __init__(self, *args: Any, looks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = looks

    def invoke(self, ctx: click.Context) -> Any:
        if self.looks:
            caller.looks()
        else:
            caller.does_more()
        root = ctx.find_root().params
        messages.use(ctx.params.pop("lang", None) or root.get("lang"))
        terminal.use(bool(ctx.params.pop("plain", False) or root.get("plain")))
        return super().invoke(ctx)


class Group(Sparing, click_texts.Group):
    """A group of commands within the counter; each has Chinese names too."""

    command_class = Command

    def called(self, ctx: click.Context) -> dict[str, str]:
        return {**super().called(ctx), **chinese_names.below(str(self.name), self.commands)}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(
            ctx, cmd_name if cmd_name.isascii() else self.called(ctx).get(cmd_name, "")
        )


def command(name: str, *, example: str, looks: bool = False) -> Callable[[Callable[..., Any]], Command]:
    """A command of the counter; its help stands in the table of all_commands.py."""
    return click.command(name, cls=Command, example=example, looks=looks)


def group(name: str, *, itself: bool = False) -> Callable[[Callable[..., Any]], Group]:
    """A group of commands of the counter; its help stands in the table of all_commands.py. `itself`: it does
    something without a further word too.
    """
    return click.group(name, cls=Group, invoke_without_command=itself)


def option(*names: str, **kwargs: Any) -> Decorator:
    """An option with translated help."""
    return declared(partial(click_texts.Option, names, **kwargs))


class CaseArgument(click.Argument):
    """The case, which is asked for at a terminal where it was left out."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        if self.value_is_missing(value) and not ctx.resilient_parsing and sys.stdin.isatty():
            value = prompting.ask(_(N_("Number of the case")), (), "case")
        return super().process_value(ctx, value)


def argument(name: str, **kwargs: Any) -> Decorator:
    """An argument."""
    return declared(partial(click.Argument, [name], **kwargs))


def declared(made: Callable[[], click.Parameter]) -> Decorator:
    """A decorator as click's own, with a parameter that is still to be made."""

    def add(function: AnyFunction) -> AnyFunction:
        function.__dict__.setdefault("__click_params__", []).append(made)
        return function

    return add


def options(*made: Decorator) -> Decorator:
    """Several options as one decorator."""

    def add(function: AnyFunction) -> AnyFunction:
        for option in reversed(made):
            function = option(function)
        return function

    return add


# Options of every command: the language, and plain output for screen readers.
LANG = options(
    option("--lang", type=click.Choice(messages.LANGUAGES), help=N_("Language of messages.")),
    option("--plain", is_flag=True, help=N_("One field a line, no marks, nothing that moves.")),
)


JSON = option("--json", "as_json", is_flag=True, help=N_("Print JSON."))


DB = option("--db", metavar="URL", help=N_("Database (default: DISCLOSURE_DATABASE_URL, else SQLite)."))


WHO = options(
    option("--as", "officer", metavar="KEY", help=N_("The officer who acts (default: DISCLOSURE_OFFICER).")),
    option("--office", metavar="KEY", help=N_("The office, where an officer's key is in several.")),
    DB,
)


COMMON = options(WHO, JSON, LANG)


PLAIN = options(DB, JSON, LANG)


ON = option("--on", metavar="DATE", help=N_("The legal day (default: today)."))


YES = option("--yes", is_flag=True, help=N_("Do not ask."))


CASE = declared(partial(CaseArgument, ["case"]))


def desk_of(officer: str | None, office: str | None, db: str | None) -> Desk:
    """The desk of the officer who acts, on the database that is meant."""
    from workflow.casework.desk import Desk
    from workflow.commands import wiring  # noqa: F401  (fills what the rooms below leave open)
    from workflow.storage.database import Store

    desk = Desk(Store(db), officer, office)
    _tell_of_practice(desk)
    return desk


def seat_of(officer: str | None, office: str | None, db: str | None) -> Seat:
    """The seat of an officer who only looks, on the database that is meant: what acts need is not loaded."""
    from workflow.office.seat import Seat
    from workflow.storage.database import Store

    seat = Seat(Store(db), officer, office)
    _tell_of_practice(seat)
    return seat


def _tell_of_practice(seat: Seat) -> None:
    if seat.office.entry("practice"):
        click.echo(_(N_("PRACTICE: nothing in this office is real.")), err=True)

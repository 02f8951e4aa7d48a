"""The command line: each command becomes one call of the desk or of a view. No rule is implemented here.

Commands for acts are made from their tables (workflow/procedure/acts), so that the facts of an act are named
in one place. The other commands are in workflow/commands, by topic; a run loads only the module of its
command.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Any

import click

from workflow.base import caller, chinese_names, messages
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import all_commands, click_texts, showing_faults
from workflow.commands.options import LANG, Command, Sparing, option

VERSION = "0.1.0"
# What people type for --help.
HELP = ("help", "帮助")
# What may be said with no command: how it is spoken, who acts, and where.
BESIDE = ("--lang", "--as", "--office", "--db")


class Counter(Sparing, click_texts.Group):
    """The group of all commands; the acts of the process table are commands like the others."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*sorted(all_commands.COMMANDS), *(act["command"] for act in all_commands.acts().values())]

    def called(self, ctx: click.Context) -> dict[str, str]:
        chinese_names.check(all_commands.COMMANDS)
        return {**super().called(ctx), **chinese_names.by_name(all_commands.chinese_acts())}

    def recorded(self) -> dict[str, str]:
        return {event.replace("_", "-"): act["command"] for event, act in all_commands.acts().items()}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if not cmd_name.isascii():
            cmd_name = chinese_names.command(cmd_name, all_commands.chinese_acts())
        if cmd_name in all_commands.COMMANDS:
            return all_commands.command(cmd_name)
        acts = all_commands.acts().items()
        event = next((event for event, act in acts if act["command"] == cmd_name), None)
        if event is None:
            return None
        # What only acts need: other commands start without it.
        from workflow.commands import act_command

        return act_command.act_command(event)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in groups by the officer's day, each with its Chinese name."""
        chinese_names.check(all_commands.COMMANDS)
        chinese, known = chinese_names.firsts(), all_commands.acts()
        for title, commands, acts in chinese_names.groups(all_commands.COMMANDS, known):
            rows = [
                (click_texts.with_name(name, chinese.get(name)), _(all_commands.COMMANDS[name][1]))
                for name in commands
            ]
            for act in (known[event] for event in acts):
                said = click_texts.with_name(act["command"], act["called"])
                rows.append((said, messages.pick(act["zh"], act["en"])))
            with formatter.section(title):
                formatter.write_dl(rows)

    def main(
        self,
        args: Any = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        if os.environ.get("_DISCLOSURE_COMPLETE"):
            sys.exit(_complete())
        given = list(sys.argv[1:] if args is None else args)
        if _guided(given):
            given.insert(0, "do")
        if given[:1] and given[0] in HELP:
            given = [*given[1:], "--help"]
        run = partial(super().main, given, prog_name, complete_var, standalone_mode=False, **extra)
        result = showing_faults.guarded(run, given)
        # Without click's own errors, the result is an exit status, or what a command returned: nothing.
        if standalone_mode:
            sys.exit(result if isinstance(result, int) else 0)
        return result


def _complete() -> int:
    """Answer a shell that asks what may be typed; who asks is known to the service, where that answers."""
    from workflow.commands.completing import answer

    who = caller.current()
    caller.looks()
    return answer.main(who.login, bound=who.bound)


def _guided(args: list[str]) -> bool:
    """Whether nothing but the manner of speaking, who acts and where was typed, at a terminal, and a database
    is there: then the guided way begins.
    """
    words = [word for word in args if word != "--plain"]
    while words and words[0].partition("=")[0] in BESIDE:
        words = words[1:] if "=" in words[0] else words[2:]
    if words or not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return False
    from workflow.storage.database import Store

    try:
        return Store(None).schema() is not None
    except DisclosureError:
        # What is wrong with it is said by the command.
        return True


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        caller.looks()
        click.echo(f"disclosure {VERSION}")
        ctx.exit()


@click.group(
    cls=Counter,
    help=N_("Government information disclosure upon application: from receipt to filing."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help=N_("Show the version and exit."),
)
@LANG
def main(lang: str | None, plain: bool) -> None:
    # If it is not given, the language found before the line was parsed stays: the option may follow the
    # command.
    if lang:
        messages.use(lang)


if __name__ == "__main__":
    main()

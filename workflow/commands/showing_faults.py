"""A run of the program: its faults are shown in a usable form, with their exit status; never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from workflow.base import chinese_names, messages, terminal, variables
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import all_commands, choosing, usage_faults


def guarded(run: Callable[[], Any], given: list[str]) -> Any:
    """Show errors in a usable form, with their exit status; never a traceback."""
    messages.use(_sniffed(given))
    terminal.use("--plain" in given)
    terminal.say_commands(_said)
    try:
        return choosing.until_clear(run, "--json" in given)
    except DisclosureError as fault:
        asked = _command(given)
        _show_fault(fault, "--json" in given, _told_why(fault, asked), asked)
        sys.exit(fault.exit_code)
    except click.exceptions.NoArgsIsHelpError as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except click.ClickException as raised:
        misused = usage_faults.fault(raised)
        _show_fault(misused, "--json" in given)
        sys.exit(misused.exit_code)
    except click.Abort:
        click.echo(_(N_("Stopped.")), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader closed the pipe (`| head`): no error, and nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as fault:
        from workflow.base.errors import Environment

        wrapped = Environment(
            N_("The machine refused: {detail}"),
            detail=str(fault),
            way_on=N_("See what is wrong with: disclosure doctor"),
        )
        _show_fault(wrapped, "--json" in given)
        sys.exit(wrapped.exit_code)
    except Exception as fault:
        if variables.given("DISCLOSURE_DEBUG"):
            raise
        detail = f"{type(fault).__name__}: {fault}"
        _show_fault(
            _Unexpected(
                N_("Unexpected fault: {detail}"),
                detail=detail[:500],
                way_on=N_("Report it with the output of the same command under DISCLOSURE_DEBUG=1."),
            ),
            "--json" in given,
        )
        sys.exit(_Unexpected.exit_code)


def _said(text: str) -> str:
    """A line with its commands as the reader types them."""
    if "disclosure " not in text:
        return text
    from workflow.reports.views import command_names

    return command_names.as_typed(text)


class _Unexpected(DisclosureError):
    """A fault of the program itself. Exit status 70."""

    exit_code = 70
    kind = "unexpected"


def _sniffed(args: list[str]) -> str | None:
    """The language named on the command line, needed before the line is parsed: help is translated too."""
    for i, word in enumerate(args):
        if word == "--lang" and i + 1 < len(args):
            return args[i + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _told_why(fault: DisclosureError, asked: str) -> str | None:
    """The command that explains a refusal, which is kept for it; none for what no rule says."""
    if fault.exit_code != 1 and not fault.rule:
        return None
    from workflow.base import last_refusal

    if last_refusal.keep(fault, asked):
        return "disclosure why last"
    return f"disclosure why {fault.rule}" if fault.rule else None


def _command(given: list[str]) -> str:
    """The command of a line; "" where it has none."""
    known = [
        chinese_names.command(word, all_commands.chinese_acts()) for word in given if not word.startswith("-")
    ]
    acts = {act["command"] for act in all_commands.acts().values()}
    return next((word for word in known if word in all_commands.COMMANDS or word in acts), "")


def _show_fault(fault: DisclosureError, as_json: bool, why: str | None = None, command: str = "") -> None:
    from workflow.commands.printing import as_text
    from workflow.reports.views import fault_text

    if as_json:
        click.echo(as_text(fault_text.fault_json(fault)), err=True)
    else:
        more = ["  " + _(N_("Why: {command}"), command=why)] if why else []
        terminal.show([*fault_text.fault_lines(fault, command), *more], err=True)

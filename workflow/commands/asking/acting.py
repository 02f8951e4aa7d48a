"""One act by question and answer: its facts, what would happen, the officer's word, and then the act itself.

The act is written by the same call as by its command. Until the officer says yes nothing is written.
"""

from __future__ import annotations

from typing import Any

from workflow.base import last_refusal, terminal
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.base.names import article, name
from workflow.cases.case import CaseFile
from workflow.casework import outgoing
from workflow.commands import confirming
from workflow.commands.asking import command_line, fields, filling
from workflow.commands.asking.fields import Asking
from workflow.commands.asking.lines import Reader, Stopped
from workflow.commands.asking.questions import Back, say, yes
from workflow.commands.options import finish
from workflow.procedure import act_forms
from workflow.procedure.next_steps import Option
from workflow.reports.views import case_text

UNCHANGED = N_("Nothing was written; the case is as it was.")


def act(reader: Reader, desk: Any, case: CaseFile, option: Option, said_as: list[str]) -> bool:
    """Take one act on a case; whether it was written. `said_as` names who acts and where, as options."""
    spec = act_forms.specs()[option.event]
    asking = Asking(reader, desk, case, option, spec)
    say(["", *_head(asking)])
    try:
        filling.fill(asking)
        would = _tried(asking)
        if not yes(reader, _(N_("Write it?"))):
            raise Back
    except Back:
        say([_(UNCHANGED)])
        return False
    except (Stopped, KeyboardInterrupt):
        say(["", _(UNCHANGED)])
        raise Stopped from None
    try:
        done = confirming.act(
            desk, case.number, option.event, asking.given, on=asking.on, expect=would, ask=False
        )
    except KeyboardInterrupt:
        number = case.number
        say(
            [
                "",
                _(
                    N_(
                        "Stopped while it was being written: it is written whole or not at all. See: disclosure history {number}"
                    ),
                    number=number,
                ),
            ]
        )
        raise Stopped from None
    except DisclosureError as fault:
        refused(fault, spec.command)
        say([_(UNCHANGED)])
        return False
    finished(desk, done)
    on = asking.on if asking.on != desk.today() else None
    say(
        [
            _(N_("The same as a command:")),
            "  " + command_line.of_act(spec, case.number, asking.given, on, said_as),
        ]
    )
    return True


def _head(asking: Asking) -> list[str]:
    option, spec = asking.option, asking.spec
    lines = [f"{asking.case.number}  {name('event', option.event)}", "  " + spec.help]
    return [*lines, "  " + _(N_("By: {article}"), article=article(option.article))]


def _tried(asking: Asking) -> int | None:
    """Try the act and show what it would do; a fact that is refused is asked for again. The version of the
    case that was looked at."""
    while True:
        if any(one.type == "file" and one.name in asking.given for one in asking.spec.fields):
            # To try it would keep the file already.
            say([_(N_("The file would be kept with the case: {files}"), files=str(asking.given["file"]))])
            return None
        try:
            would = outgoing.tried(
                asking.desk, asking.case.number, asking.spec.event, asking.given, on=asking.on
            )
        except DisclosureError as fault:
            refused(fault, asking.spec.command)
            _again(asking, fault)
            continue
        say(["", *confirming.foreseen(would)])
        return would.version


def _again(asking: Asking, fault: DisclosureError) -> None:
    """Ask again for the fact that was refused; where it is none of the act's, nothing more can be asked."""
    wrong = next((one for one in asking.spec.fields if one.name == fault.field), None)
    if fault.field == "on":
        asking.on = None
        fields.ask_day(asking)
    elif wrong is not None and wrong.name != "no":
        asking.given.pop(wrong.name, None)
        fields.ask(asking, wrong, optional=not (wrong.need or wrong.ask))
    else:
        raise Back


def finished(desk: Any, done: Any) -> None:
    """Make the letters and say what was done; a letter that cannot be made does not undo the act."""
    try:
        finish(desk, done, False)
    except DisclosureError as fault:
        refused(fault, "work")


def refused(fault: DisclosureError, command: str) -> None:
    """Say a refusal as every command does, and keep it so that it can be explained."""
    more = (
        ["  " + _(N_("Why: {command}"), command="disclosure why last")]
        if last_refusal.keep(fault, command)
        else []
    )
    terminal.show([*case_text.fault_lines(fault), *more], err=True)

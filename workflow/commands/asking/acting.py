"""One act by question and answer, or several of one line: their facts, what would happen, the officer's word,
and then the acts themselves.

They are written by the same call as by their command. Until the officer says yes nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workflow.base import last_refusal, terminal
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.base.names import article, name
from workflow.base.screen import labelled
from workflow.cases.case import CaseFile
from workflow.casework import outgoing
from workflow.commands import confirming
from workflow.commands.asking import command_line, fields, filling
from workflow.commands.asking.fields import Asking
from workflow.commands.asking.lines import Reader, Stopped
from workflow.commands.asking.questions import Back, say, yes
from workflow.commands.finishing import finish
from workflow.jobs.press_ahead import PressAhead
from workflow.procedure import act_forms
from workflow.procedure.act_forms import Spec
from workflow.procedure.next_steps import Option
from workflow.reports.views import case_text

# A reason for going on although something is missing: asked for where the act stands alone.
DESPITE = "despite"
UNCHANGED = N_("Nothing was written; the case is as it was.")


def act(
    reader: Reader, desk: Any, case: CaseFile, option: Option, then: Sequence[Spec], said_as: list[str]
) -> bool:
    """Take one act on a case, with those that follow it on its line; whether they were written. `said_as`
    names who acts and where, as options.
    """
    spec = act_forms.specs()[option.event]
    line = [Asking(reader, desk, case, option, spec)]
    later = replace(option, no=0, about=0, letters=())
    line += [Asking(reader, desk, case, replace(later, event=one.event), one) for one in then]
    say(["", *_head(line)])
    try:
        filling.fill(line)
        would = _tried(line)
        if not yes(reader, _(N_("Write it?"))):
            raise Back
    except Back:
        say([_(UNCHANGED)])
        return False
    except (Stopped, KeyboardInterrupt):
        say(["", _(UNCHANGED)])
        raise Stopped from None
    on = line[0].on
    try:
        done = confirming.acts(desk, case.number, filling.steps(line), on=on, expect=would, ask=False)
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
    said = command_line.of_line(
        desk,
        case.number,
        [(one.spec, one.given) for one in line],
        on if on != desk.today() else None,
        said_as,
    )
    say(command_line.shown(said))
    return True


def _head(line: list[Asking]) -> list[str]:
    head = f"{line[0].case.number}  {filling.named(line)}"
    option = line[0].option
    if len(line) > 1:
        return [head, *("  " + labelled(name("event", one.spec.event), one.spec.help) for one in line)]
    return [head, "  " + line[0].spec.help, "  " + _(N_("By: {article}"), article=article(option.article))]


def _tried(line: list[Asking]) -> int | None:
    """Try the line and show what it would do; a fact that is refused is asked for again, and an act that
    cannot follow yet is left off. The version of the case that was looked at.
    """
    first = line[0]
    while True:
        files = [one for one in line if "file" in one.given]
        if files:
            # To try it would keep the file already.
            said = N_("The file would be kept with the case: {files}")
            say([_(said, files=str(files[0].given["file"]))])
            return None
        try:
            would = outgoing.all_tried(
                first.desk,
                first.case.number,
                filling.steps(line),
                on=first.on,
                press=PressAhead(first.desk).note,
            )
        except DisclosureError as fault:
            refused(fault, first.spec.command)
            _again(line, fault)
            continue
        say(["", *confirming.foreseen(would)])
        return would.version


def _again(line: list[Asking], fault: DisclosureError) -> None:
    """Ask again for the fact that was refused; where it is none of its act's, that act is left off the line,
    and of the first nothing more can be asked."""
    asking = next((one for one in line if one.spec.event == fault.of_line), line[0])
    wrong = next((one for one in asking.spec.fields if one.name == fault.field), None)
    if fault.field == "on":
        line[0].on = None
        fields.ask_day(line[0])
    elif wrong is not None and wrong.name not in ("no", *([DESPITE] if asking is not line[0] else [])):
        asking.given.pop(wrong.name, None)
        fields.ask(asking, wrong, optional=not (wrong.need or wrong.ask))
    elif asking is not line[0]:
        at = line.index(asking)
        said = N_("Left off, for it cannot follow yet: {acts}")
        say(["", _(said, acts=filling.named(line[at:]))])
        del line[at:]
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

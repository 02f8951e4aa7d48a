"""Completion in the shell: its script, and putting it in its place."""

from __future__ import annotations

import click

from workflow.base import screen
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.completing.shells import SHELLS
from workflow.commands.options import JSON, LANG, argument, command, option, options
from workflow.commands.printing import output


@command("completion", example="disclosure completion bash --install")
@argument("shell", type=click.Choice(SHELLS))
@option(
    "--install",
    is_flag=True,
    help=N_("Put the script in its place, and have the shell read it; repeated it changes nothing."),
)
@options(JSON, LANG)
def completion(shell: str, install: bool, as_json: bool) -> None:
    from workflow.commands.completing import install as installing
    from workflow.commands.completing import shells

    if not install:
        text = shells.script(shell)
        output({"shell": shell, "script": text}, lambda: [screen.Verbatim(text.rstrip("\n"))], as_json)
        return
    made = installing.install(shell)
    output(
        {"shell": shell, "script": made.script, "read_by": made.read_by, "changed": made.changed},
        lambda: [
            _(N_("Written: {path}"), path=made.script),
            *([_(N_("{path} reads it."), path=made.read_by)] if made.read_by else []),
            _(N_("It works in every shell that is opened from now on.")),
        ],
        as_json,
    )

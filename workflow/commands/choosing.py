"""What an ambiguous word means: asked at a terminal, whichever command and value it is for; an error in a
script.

Nothing of a command is written before its words are understood, so that the command is begun anew with the
answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from workflow.base import word_answers
from workflow.base.errors import Ambiguous
from workflow.base.messages import translate as _
from workflow.commands import prompting


def until_clear(run: Callable[[], Any], as_json: bool) -> Any:
    """Run a command; where a word of it means several things, ask which, and run it again.

    Ambiguous where nobody sits there or the officer chooses none; click.Abort where the input ends.
    """
    word_answers.forget()
    prompting.forget()
    while True:
        try:
            return run()
        except Ambiguous as fault:
            if as_json or not can_ask():
                raise
            key = _chosen(fault)
            if key is None:
                raise
            word_answers.remember(fault, key)
            prompting.repeat()


def can_ask() -> bool:
    """Whether somebody sits there who can be asked."""
    from workflow.commands.asking import lines

    return lines.at_terminal()


def _chosen(fault: Ambiguous) -> str | None:
    from workflow.commands.asking import lines, questions

    questions.say([_(fault.question, typed=fault.typed)])
    choices = questions.named(dict(fault.choices))
    try:
        return questions.choose(lines.reader(), choices, optional=True)
    except questions.Back:
        return None
    except lines.Stopped:
        raise click.Abort from None

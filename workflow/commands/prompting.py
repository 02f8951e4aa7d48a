"""Questions at the terminal: for a value, for yes or no; what was answered in this run is not asked again."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from workflow.base import caller, terminal
from workflow.base.messages import N_, pick, translate

# What was answered in this run, in order, and how much of it is answered again without a question: a command
# that is begun anew (choosing) asks nothing twice.
_answers: list[str] = []


_again: list[str] = []


def forget() -> None:
    """A new run begins."""
    _answers.clear()
    _again.clear()


def repeat() -> None:
    """The same run begins anew."""
    _again[:] = _answers
    _answers.clear()


def ask(label: str, choices: Iterable[str] = (), kind: str = "", default: str | None = None) -> str:
    """Ask at the terminal until there is an answer, one of the choices where there are any (named by their
    kind); an answer that a run before gave is taken again.
    """
    answer = _again.pop(0) if _again else _asked(label, choices, kind, default)
    _answers.append(answer)
    return answer


def _asked(label: str, choices: Iterable[str], kind: str, default: str | None) -> str:
    from workflow.base import names, typed_words

    known = names.both(kind, choices)
    shown = names.Named(kind, *known, typed=True)
    question = f"{label} [{shown}]" if known else label
    while True:
        given = str(click.prompt(question, default=default, err=True)).strip()
        # One that means several is asked about where it is read.
        if not known or typed_words.matches(given, known):
            return given
        click.echo(translate(N_("'{value}' is not one of: {choices}"), value=given, choices=shown), err=True)


# What is taken for yes and for no, in every question of the program.
IS_YES, IS_NO = ("y", "yes", "是", "好", "shi"), ("n", "no", "否", "不", "fou")


def agreed(question: str) -> bool:
    """Whether the answer to a question is yes; Enter is no, and anything else is asked again."""
    while True:
        said = click.prompt(f"{question} [{pick('是/否', 'yes/no')}]", default=translate(N_("no")), err=True)
        word = str(said).strip().lower()
        if word in (*IS_YES, *IS_NO):
            return word in IS_YES
        click.echo(translate(N_("Type yes or no.")), err=True)


def require_yes(shown: Iterable[str]) -> None:
    """Show what will happen and ask; click.Abort where the answer is not yes."""
    for line in shown:
        click.echo(line, err=True)
    if not agreed(translate(N_("Go on?"))):
        raise click.Abort


def _line(prompt: str) -> str:
    """As `input`, at a terminal no interrupt is lost before it."""
    caller.does_more()
    if "readline" in sys.modules or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return input(prompt)
    # Where `input` itself would write it.
    sys.stderr.write(prompt)
    sys.stderr.flush()
    terminal.wait_for_line()
    return input()


click.termui.visible_prompt_func = _line

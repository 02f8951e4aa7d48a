"""Questions of one line: a text, a yes or no, a choice by its number, its name or its initials."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import click

from workflow.base import terminal, typed_words
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.commands.asking.lines import Reader, SeveralLines, Unreadable
from workflow.commands.prompting import IS_NO, IS_YES

BACK = "<"
ALL = "?"
# Leaves out what has a default and need not be given.
NOTHING = "-"
# So many choices are listed; the others are found by typing, or listed on demand.
MOST = 9
PROPOSED = 12


class Back(Exception):
    """The officer wants to go one step back."""


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen: its key, its names, and what is said beside it."""

    key: str
    names: Mapping[str, str]
    note: str = ""
    # Meant only by its whole name or its number: a part of its name may be another choice.
    whole: bool = False

    @property
    def name(self) -> str:
        """Its name in the language in force."""
        return pick(self.names["zh"], self.names["en"])


def named(words: Mapping[str, Mapping[str, str] | str]) -> list[Choice]:
    """Choices of keys with their names in both languages, or with one name."""
    return [
        Choice(key, {"zh": said, "en": said} if isinstance(said, str) else said)
        for key, said in words.items()
    ]


def say(lines: Iterable[str]) -> None:
    """Lines for the present screen, without a pager: the question that follows belongs to them."""
    for line in terminal.set_lines(lines):
        click.echo(line)


def line(reader: Reader, prompt: str = "> ", choices: Iterable[Choice] = ()) -> str:
    """One line; asked again where several came at once. Back where the officer goes back."""
    listed = list(choices)

    def proposals(typed: str) -> list[tuple[str, str]]:
        found = [] if typed.isdigit() else meant(typed, listed)
        return [(one.name, one.note) for one in listed if one.key in found][:PROPOSED]

    while True:
        try:
            typed = reader.line(prompt, proposals if listed else None)
        except SeveralLines:
            say([_(N_("Several lines came at once; none of them was taken. One line, please."))])
            continue
        except Unreadable:
            say([_(N_("That is no text in the encoding of this terminal. Type it again."))])
            continue
        if typed in (BACK, "＜"):
            raise Back
        return typed


def choose(
    reader: Reader,
    choices: list[Choice],
    *,
    default: str | None = None,
    optional: bool = False,
    behind: Callable[[], list[Choice]] | None = None,
) -> str | None:
    """The key of one of the choices; None where none is wanted (`optional`). Those `behind` are not
    listed, and are looked at where what is typed names none that is.
    """
    shown: list[Choice] = choices if len(choices) <= MOST + 1 else choices[:MOST]
    while True:
        say(_listing(choices, shown, default, optional))
        typed = line(reader, choices=choices)
        if not typed and (default is not None or optional):
            return default
        if optional and typed == NOTHING:
            return None
        if not typed:
            say([_(N_("An answer is needed here; {back} goes back."), back=BACK)])
            shown = []
            continue
        if typed in (ALL, "？"):
            shown = choices
            continue
        if typed.isdecimal() and 1 <= int(typed) <= len(choices):
            return choices[int(typed) - 1].key
        found = meant(typed, choices)
        if not found and behind is not None:
            choices, behind = [*choices, *behind()], None
            found = meant(typed, choices)
        if len(found) == 1:
            return found[0]
        shown = [one for one in choices if one.key in found]
        said = (
            N_("'{typed}' can mean several:")
            if found
            else N_("Nothing here is called '{typed}'; {all} lists all.")
        )
        say([_(said, typed=typed, all=ALL)])


def meant(typed: str, choices: list[Choice]) -> list[str]:
    """The keys of the choices that may be meant."""
    single = {one.key: one.names for one in choices if not one.whole}
    return typed_words.matches(typed, single) or typed_words.matches(
        typed, {one.key: one.names for one in choices}
    )


def _listing(
    choices: list[Choice], shown: list[Choice], default: str | None, optional: bool = False
) -> list[str]:
    lines = []
    for one in shown:
        notes = [one.note] if one.note else []
        if one.key == default:
            notes.append(_(N_("Enter takes it, - leaves it out") if optional else N_("Enter takes it")))
        said = pick("；", "; ").join(notes)
        lines.append(
            f"  {choices.index(one) + 1}  {one.name}" + (pick(f"（{said}）", f" ({said})") if said else "")
        )
    if shown and len(shown) < len(choices) and shown == choices[: len(shown)]:
        lines.append(
            "  " + _(N_("{n} more: type part of a name, or {all}"), n=len(choices) - len(shown), all=ALL)
        )
    return lines


def yes(reader: Reader, question: str) -> bool:
    """Whether the answer is yes; nothing else is taken for it, and nothing is no default."""
    while True:
        typed = line(reader, f"{question} [{pick('是/否', 'yes/no')}] ").lower()
        if typed in (*IS_YES, *IS_NO):
            return typed in IS_YES
        say([_(N_("Type yes or no."))])


def several(reader: Reader, choices: list[Choice], default: list[str]) -> list[str]:
    """The keys of some of the choices, on one line with commas; Enter takes the default."""
    words = {one.key: one.names for one in choices}
    while True:
        say(_listing(choices, choices, None))
        taken = [one.name for one in choices if one.key in default]
        say([_(N_("Several with commas (Enter: {default})"), default=listed(taken))])
        parts = [part for part in re.split(r"[,，、;；\s]+", line(reader, choices=choices)) if part]
        if not parts:
            return default
        found = [_one(part, choices, words) for part in parts]
        wrong = [part for part, one in zip(parts, found, strict=True) if one is None]
        if not wrong:
            return list(dict.fromkeys(one for one in found if one is not None))
        say([_(N_("Nothing here is called '{typed}'; {all} lists all."), typed=listed(wrong), all=ALL)])


def _one(typed: str, choices: list[Choice], words: Mapping[str, Mapping[str, str]]) -> str | None:
    if typed.isdecimal() and 1 <= int(typed) <= len(choices):
        return choices[int(typed) - 1].key
    found = typed_words.matches(typed, words)
    return found[0] if len(found) == 1 else None

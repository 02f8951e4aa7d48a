"""The facts of an act, or of the acts of one line, in the order in which they are asked: what is needed, what
may be added, and the day."""

from __future__ import annotations

from workflow.base.messages import N_, listed
from workflow.base.messages import translate as _
from workflow.base.names import name
from workflow.casework.line import Step
from workflow.commands.asking import drafting, fields
from workflow.commands.asking.fields import Asking
from workflow.commands.asking.questions import Choice, choose, say
from workflow.reports.views import facts_beside

DRAFT = "draft"


def fill(line: list[Asking]) -> None:
    """Ask for every fact of the acts of a line, and for their day."""
    facts(line)
    fields.ask_day(line[0])


def facts(line: list[Asking]) -> None:
    """Ask for every fact of the acts of a line; what a later act needs too is asked there, once."""
    for at, asking in enumerate(line):
        if len(line) > 1 and asking.spec.fields:
            say(["", f"── {name('event', asking.spec.event)} ──"])
        later = {one.name for more in line[at + 1 :] for one in more.spec.fields if one.need}
        _facts(asking, later)
    for at, asking in enumerate(line):
        for one in asking.spec.fields:
            said = next((more.given[one.name] for more in line[at + 1 :] if one.name in more.given), None)
            if said is not None:
                asking.given.setdefault(one.name, said)


def steps(line: list[Asking]) -> list[Step]:
    """The acts of a line with their facts, as the desk takes them."""
    return [Step(one.spec.event, one.given) for one in line]


def named(line: list[Asking]) -> str:
    """The acts of a line by name."""
    return listed(name("event", one.spec.event) for one in line)


def _facts(asking: Asking, later: set[str]) -> None:
    if asking.option.part:
        asking.given["no"] = asking.option.part
    if asking.option.letters:
        asking.given["letter"] = _letters(asking)
    asked = [one for one in asking.spec.fields if one.name not in asking.given and one.name not in later]
    drafts = asking.spec.event == DRAFT
    if drafts and len(asking.case.items) > 1:
        fields.ask(asking, next(one for one in asked if one.name == "item"))
    for one in asked:
        if one.need or one.ask:
            fields.ask(asking, one)
    if drafts:
        drafting.fill(asking)
        asked = [one for one in asked if one.name not in drafting.ASKED] + drafting.further_facts(asking)
    fields.those_left_out(asking, [one for one in asked if one.name not in asking.given])


def _letters(asking: Asking) -> list[str]:
    """The letters that wait for the act: all of them, or one."""
    waiting = list(asking.option.letters)
    if len(waiting) == 1:
        return waiting
    say(["", _(N_("Which letter (Enter: all of them)"))])
    one = choose(asking.reader, [_letter(asking, name) for name in waiting], optional=True)
    return waiting if one is None else [one]


def _letter(asking: Asking, said: str) -> Choice:
    called = facts_beside.letter_to(asking.case, said)
    # The code that a script types means it too.
    return Choice(said, {"zh": called, "en": called, "code": said})

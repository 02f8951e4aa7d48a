"""An act's facts in the order in which they are asked: what is needed, what may be added, and the day."""

from __future__ import annotations

from letters.content import kinds
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.asking import drafting, fields
from workflow.commands.asking.fields import Asking
from workflow.commands.asking.questions import Choice, choose, say

DRAFT = "draft"


def fill(asking: Asking) -> None:
    """Ask for every fact of the act, and for its day."""
    if asking.option.no:
        asking.given["no"] = asking.option.no
    if asking.option.letters:
        asking.given["letter"] = _letters(asking)
    asked = [one for one in asking.spec.fields if one.name not in asking.given]
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
    fields.ask_day(asking)


def _letters(asking: Asking) -> list[str]:
    """The letters that wait for the act: all of them, or one."""
    waiting = list(asking.option.letters)
    if len(waiting) == 1:
        return waiting
    say(["", _(N_("Which letter (Enter: all of them)"))])
    one = choose(asking.reader, [_letter(name) for name in waiting], optional=True)
    return waiting if one is None else [one]


def _letter(name: str) -> Choice:
    called = kinds.name_of(name) if name in {one.code for one in kinds.all()} else name
    return Choice(name, {"zh": called, "en": called}, name)

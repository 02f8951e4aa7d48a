"""Texts of the office's library, offered where a draft is written by question and answer."""

from __future__ import annotations

from typing import Any

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import draft_offers, phrases
from workflow.commands.asking.lines import Reader
from workflow.commands.asking.questions import Choice, choose, say, yes


def offer(reader: Reader, desk: Any, number: str, given: dict[str, Any]) -> None:
    """What earlier requests and decided cases teach, and the texts for this outcome: one that is chosen is
    shown in full, and taken where the officer says so.
    """
    told, known = draft_offers.for_draft(desk, number, given)
    if told:
        say(["", *told])
    if not known:
        return
    say(["", _(N_("Reasons from the library (Enter: none)"))])
    choices = [Choice(str(one.no), {"zh": one.name, "en": one.name}, one.case or "") for one in known]
    key = choose(reader, choices, optional=True)
    if key is None:
        return
    found, came_of = phrases.looked_up(desk, key)
    say(["", *phrases.full(found, came_of)])
    if yes(reader, _(N_("Take this text?"))):
        given[found.field] = found.text

"""Clocks: deadlines computed from events, each with its rule, article and the days counted.

Pure: the same facts, law and calendar give the same deadline. All functions take the law `L` (workflow.law)
and the calendar `cal` (workflow.calendar); the day of the event itself is never counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.clocks.calculator import RULES, calculate, check
from workflow.clocks.deadline import NOTES, Deadline
from workflow.clocks.facts import ReplyFacts
from workflow.clocks.periods import (
    absolute,
    appeal,
    consultation,
    correction_notice,
    defence,
    due_again,
    fee_payment,
    internal,
    left_out,
    litigation,
    litigation_after_reconsideration,
    litigation_inaction,
    office_set,
    period,
    reconsideration,
    reconsideration_decision,
    reconsideration_inaction,
)
from workflow.clocks.reply import governing, leaves_out, reply

if TYPE_CHECKING:
    from workflow.clocks.events import Extension, Restart, Window
    from workflow.clocks.receipt import Receipt, awaits_confirmation, receipt_day

__all__ = [
    "NOTES",
    "RULES",
    "Deadline",
    "Extension",
    "Receipt",
    "ReplyFacts",
    "Restart",
    "Window",
    "absolute",
    "appeal",
    "awaits_confirmation",
    "calculate",
    "check",
    "consultation",
    "correction_notice",
    "defence",
    "due_again",
    "fee_payment",
    "governing",
    "internal",
    "leaves_out",
    "left_out",
    "litigation",
    "litigation_after_reconsideration",
    "litigation_inaction",
    "office_set",
    "period",
    "receipt_day",
    "reconsideration",
    "reconsideration_decision",
    "reconsideration_inaction",
    "reply",
]


def __getattr__(name: str) -> Any:
    """What a reply limit needs to which nothing happened is imported above; the rest on first use."""
    if name not in __all__:
        raise AttributeError(name)
    from workflow.clocks import events, receipt

    globals()[name] = found = getattr(events if hasattr(events, name) else receipt, name)
    return found

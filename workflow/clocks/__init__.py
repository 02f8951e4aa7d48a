"""Clocks: deadlines computed from events, each with its rule, article and the days counted.

Pure: the same facts, law and calendar give the same deadline. All functions take the law `L` (workflow.law)
and the calendar `cal` (workflow.calendar); the day of the event itself is never counted.
"""

from __future__ import annotations

from workflow.clocks.calculator import RULES, calculate, check
from workflow.clocks.deadline import NOTES, Deadline
from workflow.clocks.facts import Extension, ReplyFacts, Restart, Window
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
from workflow.clocks.receipt import Receipt, awaits_confirmation, receipt_day
from workflow.clocks.reply import governing, leaves_out, reply

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

"""Periods under the law, the calendar and the settings of one office, for its cases.

An act asks for the same ones again and again: before it and after it, for its letter, for what is told. Those
asked for last are remembered, each by the days that it follows from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any

from workflow import clocks
from workflow.calendar import Calendar
from workflow.clocks import Deadline, ReplyFacts
from workflow.law import Law

# More than the acts of an officer on one case ask for; each is some hundred bytes.
_MOST = 64


class Periods:
    """As the functions of workflow.clocks of these names, without the law and the calendar."""

    def __init__(self, law: Law, calendar: Calendar, settings: Mapping[str, Any]) -> None:
        under = {"L": law, "cal": calendar}
        self.reply: Callable[[ReplyFacts], Deadline] = _remembered(clocks.reply, **under, settings=settings)
        self.correction_notice: Callable[[date], Deadline] = _remembered(clocks.correction_notice, **under)
        # Its days of delivery and answer are named.
        self.consultation: Callable[..., Deadline] = _remembered(clocks.consultation, **under)
        self.internal: Callable[[str, date, int], Deadline] = _remembered(clocks.internal, **under)


def _remembered(made: Callable[..., Deadline], **under: Any) -> Callable[..., Deadline]:
    return lru_cache(maxsize=_MOST)(partial(made, **under))

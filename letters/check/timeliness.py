"""The test of time: a letter that comes after the last day for the reply says so wherever it is looked at."""

from __future__ import annotations

from collections.abc import Iterable

from letters.check.subject import Subject, day, test
from letters.content.facts import at
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_


@test
def _in_time(subject: Subject) -> Iterable[DisclosureError] | None:
    due = at(subject.data, "case.reply_due")
    if not due:
        return None
    last = day(due)
    if subject.on <= last:
        return []
    return [
        Refused(
            N_(
                "The time for reply ended on {due}; the letter of {on} is {n} days late. A court or reconsideration organ declares that unlawful even where the reply itself is right."
            ),
            field="on",
            due=last,
            on=subject.on,
            n=(subject.on - last).days,
            way_on=N_("Reply without delay, and tell the head of the office and whoever defends the office."),
        )
    ]

"""A deadline: by which rule, from when, until when, and with what reservations."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from workflow.base.completeness import require_known
from workflow.base.messages import N_, translate
from workflow.calendar import Calendar
from workflow.law.rows import STATUSES, Value

WORKING_DAY = "working_day"
# The rule of the reply's own time.
REPLY = "reply"
# What an office has settled, by the keys of the law's settings.
Settings = Mapping[str, str | int | bool]

NOTES = {
    "restarted_correction": N_("The limit runs anew from receipt of the corrected application."),
    "restarted_payment": N_("The limit runs anew from the day after payment of the fee."),
    "extended": N_("Extended by notice inside the first period."),
    "extension_late": N_("The notice of extension came after the first period had ended: it has no effect."),
    "extension_capped": N_("The extension is cut to the longest that the law allows."),
    "extension_dropped": N_("The extension was for an earlier run of the limit and fell with the restart."),
    "window": N_("Time of consultation is left out; from and to which day is not settled by the law."),
    "window_open": N_(
        "A consultation without an answer and without a last day: nothing is left out for it yet."
    ),
    "window_idle": N_("A consultation lies outside the running limit, or its time is not left out."),
    "delayed": N_("The office has told the applicant a later day (reasonable delay)."),
    "delay_idle": N_("The day of the reasonable delay is not later than the limit: it has no effect."),
    "ordered": N_("The day was set by a court or by the reconsideration organ."),
    "rolled": N_("The last day was a day off: the period ends on the next working day."),
    "delivery_unknown": N_("Counted from sending, because the day of delivery is not known."),
    "left_out": N_("Days on which the person was kept from it without his own fault are not counted."),
    "untold": N_("Remedies were not told: the longest time that the law allows."),
    "told_long": N_("The notice named a longer period: the time lost by it is not counted."),
    "told_short": N_("The notice named a shorter period: the lawful one stands."),
    "told_wrong": N_(
        "The notice named another period for reconsideration: no text says what follows; the lawful one is taken."
    ),
    "told_organ": N_(
        "The notice named another organ: no text says what follows; the lawful period is taken."
    ),
    "office_set": N_("The law sets no period here; the office has set this day."),
    "december_open": N_("The days at the end of this December may still be changed by next year's notice."),
    "litigation_transition": N_(
        "The period had not ended when the longer one of the new law began: the longer one applies "
        "(法释〔2015〕9号 Art. 26(1))."
    ),
}


class Deadline(NamedTuple):
    """The last day of a period, and how it came about.

    `start` is the day of the event (not counted), `length` the number of units counted, the extension
    included; `first_due` the last day of the period without extension or delay; `excluded` the days left out
    for consultation, as (first, last); `notes` are keys of NOTES; `provisional`: the day lies in a year that
    the State Council has not announced.
    """

    rule: str
    start: date
    due: date
    unit: str
    length: int
    instrument: str
    article: str
    status: str
    provisional: bool
    extended_by: int
    first_due: date
    excluded: tuple[tuple[date, date], ...]
    calendar_version: str
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For machines: days as ISO strings; `derivation` is filled by derivation.as_json."""
        return {
            "rule": self.rule,
            "from": self.start.isoformat(),
            "due": self.due.isoformat(),
            "unit": self.unit,
            "length": self.length,
            "instrument": self.instrument,
            "article": self.article,
            "status": self.status,
            "provisional": self.provisional,
            "derivation": None,
        }

    def note_texts(self) -> list[str]:
        """The notes in the language in force."""
        return [translate(NOTES[note]) for note in self.notes]


def worse(*statuses: str) -> str:
    """The least certain of several statuses: V, V*, M, C, U in this order."""
    return max(statuses, key=STATUSES.index)


def in_order(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Each note once, in the order of NOTES, so that the order of events does not show."""
    if not notes:
        return ()
    require_known("clocks", notes, "deadline.NOTES", NOTES)
    return notes if len(notes) == 1 else tuple(note for note in NOTES if note in notes)


def fixed_notes(due: date, calendar: Calendar) -> tuple[str, ...]:
    """The note that applies to a day under any rule: the open end of the last announced December."""
    return ("december_open",) if calendar.december_open(due) else ()


def of_reply(
    start: date,
    due: date,
    limit: Value,
    length: int,
    added: int,
    first_due: date,
    excluded: tuple[tuple[date, date], ...],
    status: str,
    notes: tuple[str, ...],
    calendar: Calendar,
) -> Deadline:
    """The deadline of a reply with its derivation, from what was computed."""
    return Deadline(
        REPLY,
        start,
        due,
        limit.unit,
        length,
        limit.instrument,
        limit.article,
        status,
        calendar.provisional(due),
        added,
        first_due,
        excluded,
        calendar.version,
        in_order((*notes, *fixed_notes(due, calendar))) if notes else fixed_notes(due, calendar),
    )

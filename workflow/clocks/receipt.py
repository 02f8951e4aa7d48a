"""On which day an application counts as received, by the channel that it came through (2019: Art. 31)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_, translate
from workflow.calendar import Calendar
from workflow.clocks.deadline import Settings
from workflow.law.setting_keys import SettingKey

if TYPE_CHECKING:
    from workflow.law import Channel, Law

_NO_SETTINGS: Settings = {}

NOTES = {
    "confirmed_late": N_(
        "Confirmed with the applicant after the day of arrival; the law asks for the same day."
    ),
    "rest_day": N_("It arrived on a day off and counts from the next working day."),
    "rest_day_counts": N_("It arrived on a day off, which counts as the day of receipt."),
    "earlier": N_("The earlier of the system's message and the confirmation."),
    "other_office": N_(
        "Sent to somebody other than the open government office: the day of confirmation counts."
    ),
}


class Receipt(NamedTuple):
    """The day of receipt with the article, its certainty and keys of NOTES."""

    day: date
    article: str
    status: str
    notes: tuple[str, ...]

    @property
    def note(self) -> str:
        """The notes in words, in the language in force."""
        return " ".join(translate(NOTES[key]) for key in self.notes)


def receipt_day(
    channel: str,
    arrived: date,
    L: Law,
    cal: Calendar,
    *,
    confirmed: date | None = None,
    to_office: bool = True,
    settings: Settings = _NO_SETTINGS,
) -> Receipt:
    """The day of receipt of an application that arrived on a day.

    `arrived` is the day on which it was handed in, signed for, delivered to the letter box, or taken by the
    system; `confirmed` that of the confirmation with the applicant. `to_office` False: it was sent to another
    part of the organ (it matters under the explanation of 2015 only). Refused where the law waits for a
    confirmation that has not been made, Malformed for a confirmation before arrival.
    """
    row = L.channel(channel, arrived)
    if confirmed is not None and confirmed < arrived:
        raise Malformed(
            N_("Confirmed on {confirmed}, before it arrived on {arrived}."),
            field="confirmed",
            rule=row.article,
            confirmed=confirmed.isoformat(),
            arrived=arrived.isoformat(),
        )
    kind = row.day if to_office else row.elsewhere
    notes: tuple[str, ...] = ("other_office",) if kind != row.day else ()
    kind = _kind(kind, L, settings)
    day, more = _day(kind, row, arrived, confirmed)
    if row.rest_day and not cal.is_working(day):
        moves = L.chosen(settings, SettingKey.EMAIL_REST_DAY) == "next_working"
        day, more = (cal.roll(day), (*more, "rest_day")) if moves else (day, (*more, "rest_day_counts"))
    return Receipt(day, row.article, row.status, notes + more)


def awaits_confirmation(channel: str, arrived: date, L: Law, *, settings: Settings = _NO_SETTINGS) -> bool:
    """Whether what came by this channel counts as received only when that is confirmed with the applicant."""
    return _kind(L.channel(channel, arrived).day, L, settings) == "confirmed"


def _kind(kind: str, L: Law, settings: Settings) -> str:
    """The rule of a channel, with the office's choice where the law leaves it open."""
    if kind != "open":
        return kind
    return str(L.chosen(settings, SettingKey.ONLINE_RECEIPT))


def _day(kind: str, row: Channel, arrived: date, confirmed: date | None) -> tuple[date, tuple[str, ...]]:
    if kind == "earlier":
        return arrived, ("earlier",) if confirmed is not None and confirmed > arrived else ()
    if kind != "confirmed":
        return arrived, ()
    if confirmed is None:
        raise Refused(
            N_(
                "The day of receipt is that of the confirmation with the applicant, which has not been recorded."
            ),
            field="confirmed",
            rule=row.article,
            way_on=N_("Confirm with the applicant and record the day."),
        )
    return confirmed, ("confirmed_late",) if confirmed > arrived else ()

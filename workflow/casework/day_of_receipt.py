"""The day on which an application counts as received, by the channel by which it came."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from workflow import clocks
from workflow.base import names
from workflow.base.messages import N_, Remark
from workflow.base.names import Named
from workflow.cases.context import Context
from workflow.casework.application import ALWAYS_OPEN, ARRIVED, Application
from workflow.office.profile import Office


class Arrival(NamedTuple):
    """The day that counts as receipt by the rule of the channel, or that of arrival where receipt has still
    to be confirmed with the applicant; the rule (article and status); remarks for the officer.
    """

    day: date
    rule: dict[str, Any]
    notes: list[Remark]
    unconfirmed: bool = False


def receipt_day(application: Application, office: Office, context: Context, today: date) -> Arrival:
    """On which day an application counts as received, by its channel and the days that are known of it."""
    days = application.days
    arrived = next((days[name] for name in ARRIVED if name in days), today)
    confirmed = days.get("confirmed_on")
    if confirmed is None and clocks.awaits_confirmation(
        application.channel, arrived, context.law, settings=context.settings
    ):
        row = context.law.channel(application.channel, arrived)
        receipt = clocks.Receipt(arrived, row.article, row.status, ())
    else:
        receipt = clocks.receipt_day(
            application.channel,
            arrived,
            context.law,
            context.calendar,
            confirmed=confirmed,
            settings=context.settings,
        )
        row = None
    notes: list[Remark] = [(clocks.receipt.NOTES[key], {}) for key in receipt.notes]
    if row is not None:
        notes.append((_UNCONFIRMED, {"article": names.article(row.article), "rule": row.article}))
    notes += application.remarks
    published = office.entry("channels")
    if application.channel not in published and application.channel not in ALWAYS_OPEN:
        notes.append(
            (
                N_("The office has not published the channel '{channel}'."),
                {"channel": Named("channel", application.channel)},
            )
        )
    return Arrival(
        receipt.day, {"article": receipt.article, "status": receipt.status}, notes, row is not None
    )


_UNCONFIRMED = N_(
    "Registered, and no time runs: the day of receipt is that on which it is confirmed with the applicant [{article}]. "
    "When he is reached: disclosure confirm-receipt"
)

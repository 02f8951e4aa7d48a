"""The row of a case in the database, from its fold and its clocks."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow.cases import persons, row_register, row_report
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.states import UNCOUNTED


def _finish(case: CaseFile) -> tuple[date | None, str | None]:
    """When the present round was finished, and with which outcome; one that is void or
    with another organ never was.
    """
    if case.state in UNCOUNTED:
        return None, None
    latest = case.replies[-1] if case.replies else None
    outcome = None
    if latest and latest.round == case.round:
        outcome = latest.outcome
        # A reply that could not be served and was filed without service ends with the filing.
        finished = latest.replied_on or case.filed
        if finished is not None:
            return finished, outcome
    for day, ending in (
        (case.withdrawn, "withdrawn"),
        (case.correction_lapsed, "lapsed_correction"),
        (case.fee_lapsed, "lapsed_fee"),
    ):
        if day:
            return day, ending
    return None, outcome


def project(case: CaseFile, made: list[CaseClock]) -> dict[str, Any]:
    """The columns of the case's row, from the fold and its clocks."""
    # None while receipt still has to be confirmed: no time runs.
    reply_clock = next((clock for clock in made if clock.rule == "reply.limit"), None)
    latest = case.replies[-1] if case.replies else None
    finished, outcome = _finish(case)
    return {
        "state": case.state,
        "open": case.open,
        "round": case.round,
        "regulations": case.regulations,
        "received_on": case.received_on,
        "channel": case.channel,
        "applicant_name": persons.name_of(case),
        "applicant_kind": case.applicant["kind"],
        "request": case.request,
        "unit": case.unit,
        "handler": case.handler,
        "reply_due": reply_clock.deadline.due if reply_clock else None,
        "reply_provisional": bool(reply_clock and reply_clock.deadline.provisional),
        "reply_clock": reply_clock.state if reply_clock else None,
        "replied_on": latest.replied_on if latest else None,
        "served_on": latest.served if latest else None,
        "finished_on": finished,
        "filed_on": case.filed,
        "outcome": outcome,
        "decision_code": latest.code if latest else None,
        "decision_number": latest.number if latest else None,
        "last_on": case.last_on,
        "entries": case.entries,
        "retention": case.retention,
        "keep_until": case.keep_until,
        "destroyed_on": case.destroyed,
        **row_report.columns(case),
        **row_register.columns(case, reply_clock.deadline if reply_clock else None),
    }

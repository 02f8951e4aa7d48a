"""The register's details of a case: dates, officers, days left out, remedies.

Only dates, keys and numbers are kept here, never a text or a name: what was destroyed with the key of a case
must not survive in its row, and a case without its key gives the same row as before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from workflow.cases.case import CaseFile
from workflow.cases.reply import Reply
from workflow.cases.states import State
from workflow.cases.tracks import Consultation, Remedy
from workflow.clocks import Deadline

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode
# The step of review at which the head decides.
HEAD = State.HEAD_REVIEW


def columns(case: CaseFile, deadline: Deadline | None) -> dict[str, Any]:
    """The columns of the case's row that the register shows; `deadline` is that of the reply, where one
    runs.
    """
    latest = case.replies[-1] if case.replies else None
    now = latest if latest is not None and latest.round == case.round else None
    replied = now.replied_on if now else None
    return {
        "registered_on": case.registered,
        "corrected_on": case.corrected[-1] if case.corrected else None,
        "extended_on": case.extension[0] if case.extension else None,
        "issued_on": latest.issued if latest else None,
        "dispatched_on": latest.dispatched if latest else None,
        "reply_start": deadline.start if deadline else None,
        "left_out": left_out(deadline, replied) if replied and deadline else None,
        "grounds": _grounds(latest) if latest else None,
        "details": details(case),
    }


def _grounds(reply: Reply) -> str | None:
    named = dict.fromkeys(str(item["ground"]) for item in reply.items if item.get("ground"))
    return "|".join(named) or None


def left_out(deadline: Deadline, replied: date) -> str | None:
    """The days (first/last, joined by commas) taken out of the time that ran until the reply."""
    used = [(first, min(last, replied)) for first, last in deadline.excluded if first <= replied]
    return ",".join(f"{first}/{last}" for first, last in used) or None


def _consultation(part: Consultation) -> dict[str, Any]:
    return _given(
        kind=part.kind, sent=part.sent, answered=part.answered, answer=part.answer, state=part.state
    )


def _remedy(part: Remedy) -> dict[str, Any]:
    return _given(
        no=part.no,
        kind=part.kind,
        received=part.received,
        state=part.state,
        defended=part.defended,
        hearing=part.hearing,
        decided=part.decided,
        outcome=part.outcome,
        result=part.result,
        effect=part.effect,
        redecide=part.orders_redecision or None,
        by=part.by,
    )


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


# Columns that are not filtered by, by their name in the details.
DETAILS: dict[str, Callable[[CaseFile], Any]] = {
    "registrar": lambda case: case.registrar,
    "accepted": lambda case: case.accepted,
    "submitted": lambda case: case.submitted,
    "approved": lambda case: case.approved,
    "reviewers": lambda case: [actor for step, actor in case.passed if step != HEAD],
    "approver": lambda case: next((actor for step, actor in case.passed if step == HEAD), None),
    "correction_asked": lambda case: case.correction_asked,
    "correction_by": lambda case: case.correction_by,
    "reasons_asked": lambda case: case.reasons_asked,
    "reasons_given": lambda case: case.reasons_given,
    "extension_days": lambda case: case.extension[1] if case.extension else None,
    "delay_until": lambda case: case.delay_until,
    "served_by": lambda case: case.replies[-1].served_by if case.replies else None,
    "lapsed": lambda case: case.correction_lapsed or case.fee_lapsed,
    "withdrawn": lambda case: case.withdrawn,
    "consultations": lambda case: [_consultation(part) for part in case.consultations],
    "remedies": lambda case: [_remedy(part) for part in case.remedies],
    # The row of the list from which the case was taken over.
    "taken_over": lambda case: case.taken_over.row if case.taken_over else None,
}


def details(case: CaseFile) -> str | None:
    """The details as canonical JSON; None where there are none."""
    found = ((name, read(case)) for name, read in DETAILS.items())
    kept = {name: value for name, value in found if value is not None and value != []}
    return _CANONICAL(kept) if kept else None

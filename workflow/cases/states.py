"""States of cases, consultations, remedies and clocks that code compares.

Their names are in workflow/base/names.toml; the transitions are in the tables of the acts.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an application, a consultation or a remedy stands."""

    NEW = "new"
    UNCONFIRMED = "unconfirmed"
    RECEIVED = "received"
    REGISTERED = "registered"
    CORRECTION_ASKED = "correction_asked"
    REASONS_ASKED = "reasons_asked"
    ASSIGNED = "assigned"
    JOINED = "joined"
    IN_HAND = "in_hand"
    FEE_NOTIFIED = "fee_notified"
    DRAFTING = "drafting"
    SECTION_REVIEW = "section_review"
    LEGAL_REVIEW = "legal_review"
    HEAD_REVIEW = "head_review"
    APPROVED = "approved"
    ISSUED = "issued"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    SERVED = "served"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    FILED = "filed"
    # Entered twice or by mistake: it keeps its number, and is counted nowhere.
    VOID = "void"
    # With another organ, which has its own entry of it: the one is counted, this one is not.
    PASSED_ON = "passed_on"
    # Of a consultation.
    SENT = "sent"
    ANSWERED = "answered"
    SILENT = "silent"
    RECALLED = "recalled"
    # Of a remedy.
    ACCEPTED = "accepted"
    DEFENDED = "defended"
    DECIDED = "decided"
    APPEALED = "appealed"


# Of these entries nothing is counted.
UNCOUNTED = (State.VOID, State.PASSED_ON)


class ClockState(StrEnum):
    """The state of a clock. `missed` and `expired` depend on today: they are displayed, never stored."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    MET = "met"
    LATE = "late"
    MISSED = "missed"
    EXPIRED = "expired"
    ENDED = "ended"


# Clocks whose days are counted (paused: except the days of an open consultation).
GOING = (ClockState.RUNNING, ClockState.PAUSED)
# Clocks that have not ended.
OPEN = (*GOING, ClockState.STOPPED)


class Party(StrEnum):
    """For whom a clock runs."""

    ORGAN = "organ"
    APPLICANT = "applicant"
    CONSULTED = "consulted"

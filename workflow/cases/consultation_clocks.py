"""The time of those consulted: third parties, organs that made the information too, other organs."""

from __future__ import annotations

from workflow.base.errors import OutOfLaw
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CLOSED, CaseClock
from workflow.cases.context import Context
from workflow.cases.states import ClockState, Party, State
from workflow.cases.tracks import Consultation
from workflow.clocks import Deadline


def consultation_deadline(case: CaseFile, part: Consultation, context: Context) -> Deadline | None:
    """The last day for the answer; None where neither the law nor the organ's letter sets one."""
    try:
        return context.periods.consultation(
            part.kind, part.sent, delivered=part.delivered, answer_by=part.answer_by
        )
    except OutOfLaw:
        return None


def consultation_clocks(case: CaseFile, context: Context) -> list[CaseClock]:
    """The time for the answer of each who was consulted, where there is one."""
    made = []
    for part in case.consultations:
        deadline = consultation_deadline(case, part, context)
        if deadline is None:
            continue
        if part.state == State.ANSWERED and part.answered is not None:
            state = ClockState.MET if part.answered <= deadline.due else ClockState.LATE
        else:
            state = (
                ClockState.RUNNING
                if part.state == State.SENT and case.state not in CLOSED
                else ClockState.ENDED
            )
        made.append(
            CaseClock(f"{part.kind}.opinion", Party.CONSULTED, deadline, state, part.answered, part.no)
        )
    return made

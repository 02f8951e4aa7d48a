"""Until when the organ answers what the office above asked: a day of that office's, no rule of law."""

from __future__ import annotations

from workflow import clocks
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Context
from workflow.cases.states import ClockState, Party


def urging_clocks(case: CaseFile, context: Context) -> list[CaseClock]:
    """One clock for each time that it was asked."""
    made = []
    for one in case.urgings:
        deadline = clocks.office_set(
            "urging.answer", one.on, one.answer_by, "house:urging", context.law, context.calendar
        )
        state = ClockState.RUNNING
        if one.answered is not None:
            state = ClockState.MET if one.answered <= one.answer_by else ClockState.LATE
        made.append(CaseClock("urging.answer", Party.ORGAN, deadline, state, one.answered, one.no))
    return made

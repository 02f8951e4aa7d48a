"""The clocks of a case: which run, for whom, until when, and their state.

Pure: the same facts of a case always give the same clocks. Nothing depends on today; whether a running clock
is overdue is computed where it is displayed.
"""

from __future__ import annotations

from datetime import date

from workflow.cases.applicant_clocks import applicant_clocks
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.consultation_clocks import consultation_clocks
from workflow.cases.context import Context
from workflow.cases.organ_clocks import organ_clocks
from workflow.cases.remedy_clocks import remedy_clocks
from workflow.cases.urging_clocks import urging_clocks


def all_clocks(case: CaseFile, context: Context) -> list[CaseClock]:
    """Every clock of the case in a fixed order; none while receipt still has to be confirmed by the
    applicant.
    """
    if case.unconfirmed:
        return [*remedy_clocks(case, context), *urging_clocks(case, context)]
    return [
        *organ_clocks(case, context),
        *applicant_clocks(case, context),
        *consultation_clocks(case, context),
        *remedy_clocks(case, context),
        *urging_clocks(case, context),
    ]


def last_day(case: CaseFile, context: Context, rule: str) -> date | None:
    """The last day of a clock of the case by its rule; None if there is no such clock."""
    return next((clock.deadline.due for clock in applicant_clocks(case, context) if clock.rule == rule), None)

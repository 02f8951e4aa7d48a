"""Selectors choose between rows of one event; conditions say whether a step of review is taken."""

from __future__ import annotations

from workflow.cases.case import CaseFile
from workflow.cases.context import CONDITIONS, Context, condition, selector


def _left_waiting(case: CaseFile) -> bool:
    """Withdrawn while the organ waited for the applicant: taken up again, it waits for him again."""
    return case.state == "withdrawn" and case.withdrawn_from in (
        "correction_asked",
        "reasons_asked",
        "fee_notified",
    )


@selector
def _withdrawn_from(case: CaseFile, state: str, _: Context) -> bool:
    return case.withdrawn_from == state


@selector
def _unregistered(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is None


@selector
def _no_unit(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is not None and case.unit is None


@selector
def _unit_waits(case: CaseFile, _: str, __: Context) -> bool:
    """Assigned to a unit that has not taken it in hand."""
    return (
        not _left_waiting(case)
        and case.registered is not None
        and case.unit is not None
        and case.accepted is None
    )


@selector
def _in_work(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is not None and case.accepted is not None


@selector
def _not_in_work(case: CaseFile, _: str, __: Context) -> bool:
    return case.accepted is None


@selector
def _correction_lapsed(case: CaseFile, _: str, __: Context) -> bool:
    return case.correction_lapsed is not None


@selector
def _fee_lapsed(case: CaseFile, _: str, __: Context) -> bool:
    return case.fee_lapsed is not None


@selector
def _next_step(case: CaseFile, place: str, context: Context) -> bool:
    """Whether `place` is where the draft goes next: the first step whose condition holds, else the approval."""
    steps = context.process.steps
    here = [step.state for step in steps].index(case.state) + 1 if case.state != "drafting" else 0
    ahead = [step.state for step in steps[here:] if CONDITIONS[step.condition](case, context)]
    return place == (ahead[0] if ahead else "approved")


@condition
def _always(_: CaseFile, __: Context) -> bool:
    return True


@condition
def _refuses(case: CaseFile, context: Context) -> bool:
    """A draft that does not give everything that was asked for."""
    return any(item.outcome not in ("granted", "already_public") for item in case.draft.values())

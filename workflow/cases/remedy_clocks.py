"""The organ's time in what is brought against it: to answer, to be heard, to appeal, to decide anew."""

from __future__ import annotations

from datetime import date

from workflow import clocks
from workflow.cases import rulings
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Context
from workflow.cases.states import ClockState, Party, State
from workflow.cases.tracks import Remedy
from workflow.clocks import Deadline


def remedy_clocks(case: CaseFile, context: Context) -> list[CaseClock]:
    """The organ's time in each reconsideration and suit, and after it."""
    made = []
    for part in case.remedies:
        deadline = defence_deadline(case, part, context)
        done = part.defended
        state = (
            ClockState.RUNNING
            if done is None
            else ClockState.MET
            if done <= deadline.due
            else ClockState.LATE
        )
        if done is None and part.state in (State.DECIDED, State.APPEALED):
            state = ClockState.ENDED
        made.append(CaseClock("remedy.defence", Party.ORGAN, deadline, state, done, part.no))
        if part.hearing is not None:
            start = part.appealed or part.received
            deadline = _set(case, "remedy.hearing", start, part.hearing, context)
            state = ClockState.RUNNING if part.decided is None else ClockState.ENDED
            made.append(CaseClock("remedy.hearing", Party.ORGAN, deadline, state, None, part.no))
        made += _after_judgment(case, part, context)
    return made


def _set(case: CaseFile, rule: str, start: date, due: date, context: Context) -> Deadline:
    """A day set by the authority or court that decides the remedy."""
    basis = context.process.guard_rule("no_open_remedy", case.regulations, start)
    return clocks.office_set(rule, min(start, due), due, basis, context.law, context.calendar, note="ordered")


def defence_deadline(case: CaseFile, part: Remedy, context: Context) -> Deadline:
    """Until when the organ answers: as the notice says, else the statutory time from the day of receipt."""
    if part.defence_due is not None:
        return _set(case, "remedy.defence", part.received, part.defence_due, context)
    return clocks.defence(part.kind, part.received, context.law, context.calendar, simple=part.simple)


def appeal_deadline(part: Remedy, context: Context) -> Deadline | None:
    """Until when the first court's decision can be appealed; None in reconsideration, and before there is
    one.
    """
    if part.kind == "reconsideration" or part.served is None or (part.first and part.appealed is None):
        return None
    received, _, result = part.first or (part.served, "", part.result)
    ruling = result is not None and rulings.one(result).ruling
    return clocks.appeal(received, context.law, context.calendar, ruling=ruling)


def _after_judgment(case: CaseFile, part: Remedy, context: Context) -> list[CaseClock]:
    """The organ's own time to appeal, and the time in which it has to begin what was ordered."""
    made = []
    deadline = appeal_deadline(part, context)
    if deadline is not None:
        state, on = ClockState.RUNNING, None
        if part.appealed is not None:
            on = part.appealed if part.appealed_by == "organ" else None
            state = ClockState.MET if on is not None else ClockState.ENDED
        elif case.round > part.against_round:
            state = ClockState.ENDED
        made.append(CaseClock("remedy.appeal", Party.ORGAN, deadline, state, on, part.no))
    if part.orders_redecision and part.decided is not None:
        binds = part.runs_from or part.decided
        if part.ordered_due is not None:
            deadline = clocks.office_set(
                "remedy.redecision",
                min(binds, part.ordered_due),
                part.ordered_due,
                part.limit or "house:order",
                context.law,
                context.calendar,
                note="ordered",
            )
        else:
            facts = clocks.ReplyFacts(binds, regulations=case.regulations)
            deadline = clocks.reply(facts, context.law, context.calendar, context.settings)
        # Once it is begun, the reply limit takes over.
        state = ClockState.ENDED if case.round > part.against_round else ClockState.RUNNING
        made.append(CaseClock("remedy.redecision", Party.ORGAN, deadline, state, None, part.no))
    return made

"""Helpers shared by several acts: days of answers, periods that are over, retention of a filed case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.states import State
from workflow.law.keys import Outcome
from workflow.law.setting_keys import SettingKey


def with_last_day(payload: dict[str, Any], on: date, context: Context, setting: str) -> dict[str, Any]:
    """With the last day for an answer: as given, else as the office has set, in working days."""
    if payload.get("answer_by"):
        return payload
    return {**payload, "answer_by": context.calendar.add(on, int(context.setting(setting))).isoformat()}


def not_before(day: str, on: date, name: str) -> None:
    """Malformed where a day that was given (ISO) lies before the act itself."""
    if day < on.isoformat():
        raise Malformed(
            N_("'{field}' ({day}) lies before the day of the act itself ({on})."), field=name, day=day, on=on
        )


def must_be_over(act: Act, last: date | None, way_on: str) -> None:
    """Refused while the last day has not passed, or none is known."""
    if last is None or act.on <= last:
        raise Refused(
            N_("The period runs until {last}; {on} is not after it."),
            field="on",
            last=last or "?",
            on=act.on,
            way_on=way_on,
        )


def at(case: CaseFile) -> str:
    """The state of the case; of one that was withdrawn or lapsed, the state from which it ended, where it
    resumes.
    """
    if case.state == State.WITHDRAWN:
        return case.withdrawn_from or case.state
    if case.state == State.LAPSED:
        return State.FEE_NOTIFIED if case.fee_lapsed is not None else State.CORRECTION_ASKED
    return case.state


def from_sending(context: Context) -> dict[str, bool]:
    """For an entry whose letter has its effect once it is sent; an office may settle that otherwise."""
    return {"from_sending": True} if context.setting(SettingKey.NOTICE_COUNTS) == "sent" else {}


def not_replied(case: CaseFile) -> bool:
    """Whether the reply of the present round has not gone out."""
    return case.reply is None or case.reply.dispatched is None


def day_of(value: str | None) -> date | None:
    """A day as an entry has it; none where it has none."""
    return date.fromisoformat(value) if value else None


def kept(case: CaseFile, payload: Mapping[str, Any]) -> None:
    """Entries that change a filed case carry its new retention class."""
    if "retention" in payload:
        case.retention, case.keep_until = payload["retention"], day_of(payload.get("keep_until"))


def last_day(made: list[CaseClock], rule: str) -> date | None:
    """The last day of the first of these clocks that follows a rule."""
    return next((clock.deadline.due for clock in made if clock.rule == rule), None)


def require_not_before(act: Act, day: date, event: str) -> None:
    """Refused for an act that lies before the one that it follows (`event`, of this day)."""
    if act.on < day:
        raise Refused(
            N_("{on} lies before {follows}, the day of the act that it follows ({event})."),
            field="on",
            on=act.on,
            follows=day,
            event=Named("event", event),
            way_on=N_("Give the right day with --on."),
        )


def begin_round(case: CaseFile, entry: Entry[Any], start: date, due: date | None) -> None:
    """A new round begins: its time runs from `start`, or ends on `due`; what belongs to one round alone
    begins anew.
    """
    for day, outcome in (
        (case.correction_lapsed, Outcome.LAPSED_CORRECTION),
        (case.fee_lapsed, Outcome.LAPSED_FEE),
    ):
        if day is not None:
            case.ended_before.append((case.round, day, outcome))
    case.round += 1
    case.round_start, case.ordered_due = start, due
    case.draft, case.passed, case.drafter, case.overridden = {}, [], None, []
    case.former_authors |= case.authors
    case.authors = set()
    case.filed = case.extension = case.delay_until = None
    case.retention = case.keep_until = case.destruction = case.filed_despite = None
    case.missing = []
    case.approved = case.submitted = None
    case.correction_lapsed = case.fee_lapsed = case.withdrawn = None
    # The unit starts again, and its own target with it.
    case.accepted = entry.on if entry.dest == State.IN_HAND else None

"""The clocks of a case, and how an act moved them, as lines and as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.base.names import article, name, of_part
from workflow.base.screen import Column, table
from workflow.cases.case_clock import CaseClock
from workflow.cases.states import ClockState
from workflow.casework.opened import Done, Moved

MARKS: dict[str, str] = {
    ClockState.RUNNING: "▶",
    ClockState.PAUSED: "◐",
    ClockState.STOPPED: "⏸",
    ClockState.MET: "✓",
    ClockState.LATE: "!",
    ClockState.ENDED: "■",
}


def moved_json(moved: Moved) -> dict[str, Any]:
    """A clock that moved, before and after, as plain data."""
    return {
        "rule": (moved.after or moved.before).rule,  # type: ignore[union-attr]
        "before": moved.before.deadline.due.isoformat() if moved.before else None,
        "after": moved.after.deadline.due.isoformat() if moved.after else None,
        "state": moved.after.state if moved.after else None,
    }


def moved_lines(done: Done) -> list[str]:
    """The clocks that an act moved, one a line."""
    lines = []
    for moved in done.moved:
        after, before = moved.after, moved.before
        if after is None:
            continue
        text = f"{MARKS[after.state]} {of_part(after.rule, after.ref)}{pick('：', ': ')}"
        due = due_text(after)
        if before is not None and before.deadline.due != after.deadline.due:
            text += f"{before.deadline.due} → {due}"
        else:
            text += due
        state = name("clock_state", after.state)
        lines.append(pick(f"{text}（{state}）", f"{text} ({state})"))
    return lines


def due_text(clock: CaseClock) -> str:
    """The last day of a clock, as it is shown."""
    due = clock.deadline.due.isoformat()
    return due + provisionally() if clock.deadline.provisional else due


def clock_json(clock: CaseClock) -> dict[str, Any]:
    """A clock as plain data."""
    deadline = clock.deadline
    return {
        "rule": clock.rule,
        "ref": clock.ref,
        "party": clock.party,
        "start": deadline.start.isoformat(),
        "due": deadline.due.isoformat(),
        "state": clock.state,
        "met_on": clock.met_on.isoformat() if clock.met_on else None,
        "provisional": deadline.provisional,
        "article": deadline.article,
        "length": deadline.length,
        "unit": deadline.unit,
    }


def clock_lines(clocks: list[CaseClock], today: date) -> list[str]:
    """All clocks of a case as a table."""
    header = [
        Column("", mark=True),
        Column(_(N_("clock")), least=14),
        Column(_(N_("from")), rank=1),
        Column(_(N_("last day"))),
        Column(_(N_("state"))),
        Column(_(N_("provision")), rank=2, least=36),
    ]
    rows = []
    for clock in clocks:
        state = clock.seen_on(today)
        rows.append(
            [
                MARKS[clock.state],
                of_part(clock.rule, clock.ref),
                clock.deadline.start.isoformat(),
                due_text(clock),
                name("clock_state", state),
                article(clock.deadline.article),
            ]
        )
    return table(header, rows)


WHY = {
    "working": N_("{day} is now a working day ({notice})"),
    "off": N_("{day} is now off ({notice})"),
    "law": N_("The law tables or the office's settings have changed."),
}


def day_text(day: date | None, provisional: bool) -> str:
    """A last day, with a mark where the next notice on days off may move it."""
    if day is None:
        return "-"
    return f"{day}{provisionally()}" if provisional else str(day)


def provisionally() -> str:
    """The word beside a day that the next notice may move."""
    return pick("", " ") + _(N_("(provisional)"))

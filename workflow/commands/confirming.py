"""Nothing with a number leaves by itself: at a terminal it is shown what would go out, to whom and by which
way, and which deadlines it sets; then it is asked. So it is where a draft would be passed of which the check
suspects something. Scripts (a pipe, --json, --yes) are not asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from workflow.base import terminal
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import prompting

if TYPE_CHECKING:
    from datetime import date

PASSING = "pass_review"


def asked(yes: bool, as_json: bool) -> bool:
    """Whether somebody sits there who can be asked."""
    return not (yes or as_json) and sys.stdin.isatty()


def confirm(lines: Iterable[str], question: str) -> None:
    """Show what would be done and ask; what is not wanted ends the command, and nothing is written."""
    terminal.show(lines, err=True)
    if not prompting.agreed(question):
        raise click.Abort


def act(
    desk: Any,
    case: str,
    event: str,
    facts: dict[str, Any],
    *,
    on: date | None,
    expect: int | None = None,
    ask: bool,
) -> Any:
    """One act on a case; asked about first where a letter gets its number, goes out or becomes void by it."""
    from workflow.casework.line import Step

    return acts(desk, case, [Step(event, facts)], on=on, expect=expect, ask=ask)[-1]


def acts(
    desk: Any, case: str, steps: list[Any], *, on: date | None, expect: int | None = None, ask: bool
) -> list[Any]:
    """The acts of one line on a case, asked about in the same way; a letter that one of them calls for and a
    later one sends is made in between."""
    sends = len(steps) > 1 and any(_letter_first(desk, step.event) for step in steps[1:])
    if not ask and not sends:
        made: list[Any] = desk.acts(case, steps, on=on, expect=expect)
        return made
    from workflow.casework import outgoing
    from workflow.jobs.press_ahead import PressAhead

    ahead = PressAhead(desk)
    would = outgoing.all_tried(desk, case, steps, on=on, expect=expect, press=ahead.note)
    if ask and (would.papers or _doubted(would)):
        confirm(foreseen(would), _(N_("Do it?")))
    ahead.set()
    # What was looked at is what is done: if the case has changed meanwhile, it is not.
    made = desk.acts(case, steps, on=on, expect=would.version, press=ahead.record)
    ahead.put_copies()
    return made


def _doubted(would: Any) -> bool:
    """Whether a draft would be passed of which the check suspects something: whoever passes it sees that
    before."""
    return any(one.entry.event == PASSING and one.notes for one in would.acts)


def papers(desk: Any, case: str, steps: list[Any], *, on: date | None) -> list[str]:
    """The letters that would get their number, go out or become void by a line on a case, each with its
    addressee; nothing where it would be refused: that is told where it is done."""
    from letters.content import kinds
    from workflow.base.errors import DisclosureError
    from workflow.casework import outgoing
    from workflow.jobs.press_ahead import PressAhead

    try:
        would = outgoing.all_tried(desk, case, steps, on=on, press=PressAhead(desk).note)
    except DisclosureError:
        return []
    return [f"{kinds.name_of(one.code)} → {one.to}" for one in would.papers]


def _letter_first(desk: Any, event: str) -> bool:
    from workflow.casework.line import needs_letter

    return needs_letter(desk, event)


def foreseen(would: Any) -> list[str]:
    """What an act would do: its letters and to whom they go, the clocks that move, what is to be noted."""
    from letters.content import kinds
    from workflow.base.messages import listed, pick
    from workflow.base.names import name
    from workflow.procedure import act_forms
    from workflow.reports.views import clock_text
    from workflow.reports.views.command_names import as_typed

    done = would.done
    said = {
        "numbered": N_("{name} gets its number: {number}"),
        "sent": N_("{name} goes out: {number}"),
        "void": N_("{name} becomes void: {number}"),
        "made": N_("{name} is made"),
    }
    lines = [
        _(
            N_("{number} would be entered as done on {on}: {event}"),
            number=done.case.number,
            on=done.entry.on,
            event=listed(name("event", one.entry.event) for one in would.acts),
        )
    ]
    for paper in (*would.papers, *would.made):
        lines.append(
            "  "
            + _(said[paper.what], name=kinds.name_of(paper.code), code=paper.code, number=paper.number or "-")
        )
        # A form or a slip without an addressee of its own goes with another letter.
        if paper.what != "void" and (paper.to or paper.what != "made"):
            to = [paper.to] if paper.to else []
            to += [act_forms.choice_name(paper.by)] if paper.by else []
            lines.append("    " + _(N_("to: {to}"), to=pick("，", ", ").join(to)))
        lines += [
            "    " + _(N_("item {no}: {outcome}"), no=no, outcome=name("outcome", outcome))
            for no, outcome in paper.items
        ]
    lines += ["  " + line for line in clock_text.moved_lines(done)]
    lines += ["  " + _(N_("Note: {text}"), text=as_typed(_(text, **params))) for text, params in done.notes]
    return lines

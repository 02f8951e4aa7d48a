"""Nothing with a number leaves by itself: at a terminal it is shown what would go out, to whom and by which
way, and which deadlines it sets; then it is asked. Scripts (a pipe, --json, --yes) are not asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from workflow.base import terminal
from workflow.base.messages import N_
from workflow.base.messages import translate as _

if TYPE_CHECKING:
    from datetime import date


def asked(yes: bool, as_json: bool) -> bool:
    """Whether somebody sits there who can be asked."""
    return not (yes or as_json) and sys.stdin.isatty()


def confirm(lines: Iterable[str], question: str) -> None:
    """Show what would be done and ask; what is not wanted ends the command, and nothing is written."""
    terminal.show(lines, err=True)
    if not click.confirm(question, default=False, err=True):
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
    if ask:
        from workflow.casework import outgoing

        would = outgoing.tried(desk, case, event, facts, on=on, expect=expect)
        if would.papers:
            confirm(_lines(would), _(N_("Do it?")))
        # What was looked at is what is done: if the case has changed meanwhile, it is not.
        expect = would.version
    return desk.act(case, event, facts, on=on, expect=expect)


def _lines(would: Any) -> list[str]:
    from letters.content import kinds
    from workflow.base.messages import pick
    from workflow.base.names import name
    from workflow.procedure import act_forms
    from workflow.reports.views import case_text

    done = would.done
    said = {
        "numbered": N_("{name} ({code}) gets its number: {number}"),
        "sent": N_("{name} ({code}) goes out: {number}"),
        "void": N_("{name} ({code}) becomes void: {number}"),
    }
    lines = [
        _(
            N_("{number} would be entered as done on {on}: {event}"),
            number=done.case.number,
            on=done.entry.on,
            event=name("event", done.entry.event),
        )
    ]
    for paper in would.papers:
        lines.append(
            "  "
            + _(said[paper.what], name=kinds.name_of(paper.code), code=paper.code, number=paper.number or "-")
        )
        if paper.what != "void":
            to = [paper.to] if paper.to else []
            to += [act_forms.choice_name(paper.by)] if paper.by else []
            lines.append("    " + _(N_("to: {to}"), to=pick("，", ", ").join(to)))
        lines += [
            "    " + _(N_("item {no}: {outcome}"), no=no, outcome=name("outcome", outcome))
            for no, outcome in paper.items
        ]
    lines += ["  " + line for line in case_text.moved_lines(done)]
    lines += ["  " + _(N_("Note: {text}"), text=_(text, **params)) for text, params in done.notes]
    return lines

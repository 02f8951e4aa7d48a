"""What an act would do, and what may be done next, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from letters.content import kinds
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.base.names import name, of_part
from workflow.cases.case_clock import CaseClock
from workflow.procedure.next_steps import Option
from workflow.reports.views.clock_text import due_text, moved_json

if TYPE_CHECKING:
    from workflow.casework.undoing import Preview


def preview_json(found: Preview) -> dict[str, Any]:
    """What taking back the last act would change, as plain data."""
    return {
        "case": found.number,
        "version": found.version,
        "entry": found.entry.n,
        "event": found.entry.event,
        "on": found.entry.on.isoformat(),
        "officer": found.entry.actor,
        "state": {"before": found.before, "after": found.after},
        "moved": [moved_json(moved) for moved in found.moved],
        "letters": found.letters,
    }


def preview_lines(found: Preview, called: Callable[[str], str] = str) -> list[str]:
    """What taking back the last act would change: state, clocks, letters. `called` names its officer."""
    lines = [
        _(
            N_("{number}: {event} of {on} ({officer}) would be taken back."),
            number=found.number,
            event=name("event", found.entry.event),
            on=found.entry.on,
            officer=called(found.entry.actor),
        )
    ]
    if found.before != found.after:
        lines.append(f"  {name('state', found.before)} → {name('state', found.after)}")
    for moved in found.moved:
        clock = moved.after or moved.before
        assert clock is not None
        lines.append(
            f"  {of_part(clock.rule, clock.ref)}{pick('：', ': ')}{_one(moved.before)} → {_one(moved.after)}"
        )
    lines += [
        "  "
        + _(
            N_("{name} would be void; a number that was taken stays taken."),
            name=kinds.name_of(letter["code"]),
            code=" ".join(filter(None, (letter["code"], letter.get("number")))),
        )
        for letter in found.letters
    ]
    return lines


def _one(clock: CaseClock | None) -> str:
    return "-" if clock is None else f"{due_text(clock)} {name('clock_state', clock.state)}"


def option_json(number: str, option: Option) -> dict[str, Any]:
    """An option as plain data."""
    return {
        "case": number,
        "event": option.event,
        "command": option.command,
        "no": option.part or None,
        "leads_to": option.dest,
        "roles": list(option.roles),
        "mine": option.mine,
        "article": option.article,
        "until": option.until.isoformat() if option.until else None,
        "clock": option.clock,
        "provisional": option.provisional,
        "ready": option.ready,
        "obstacle": option.obstacle.text if option.obstacle else None,
        **({"missing": [one.as_json() for one in option.missing]} if option.missing else {}),
        **({"letters": list(option.letters)} if option.letters else {}),
    }

"""The handling sheet (办理单): the case for the unit that has it in hand, its times, its course, and room for
what is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base import messages
from workflow.base.names import name
from workflow.office.seat import Seat
from workflow.procedure import next_steps, step_order
from workflow.procedure.fold import UNDONE
from workflow.reports.papers import sheet
from workflow.reports.papers.sheet import Subject, word
from workflow.reports.views import case_screen, case_text, case_views, facts, facts_beside

KEY = "handling"
# Entries that concern the paper and not the case.
# Also what was taken back: the entry that did it says so.
_NOT_STEPS = frozenset({"letter_made", "attach", "reveal", "recompute", UNDONE})
MOST = 60
"""Acts that the sheet lists; of a longer case the last ones."""


def write(seat: Seat, ref: str, place: sheet.Place) -> dict[str, Any]:
    """Write the sheet of a case."""
    with messages.speaking("zh_CN"):
        about = sheet.subject(seat, ref)
        return sheet.write(about, KEY, page(about), place)


def page(about: Subject) -> dict[str, Any]:
    """The sheet as plain data."""
    by_hand = ("proposed_by_hand", "instruction", "result_by_hand")
    return sheet.page(
        about,
        KEY,
        [
            sheet.about_case(about),
            sheet.rows((word("next"), _next(about))),
            *sheet.listing("clocks", list(_clocks(about))),
            *sheet.listing("course", list(_course(about))),
            *sheet.listing("letters", list(_letters(about))),
            {"kind": "hand", "rows": [[word(key), word("opinion"), word("hand")] for key in by_hand]},
        ],
    )


def _next(about: Subject) -> str:
    """The usual step, and whose it is."""
    seat = about.seat
    found = next_steps.options(about.case, seat.officer.actor, seat.context, about.today)
    steps, _rest = step_order.sorted_out(found)
    if not steps:
        return word("none")
    whose = case_screen.whose(steps[0], about.case, about.people)
    return word("turn", step=name("event", steps[0].event), who=whose)


def _clocks(about: Subject) -> Iterator[list[str]]:
    for clock in about.opened.clocks:
        ref = f"（{clock.ref}）" if clock.ref else ""
        yield [
            name("clock", clock.rule) + ref,
            clock.deadline.start.isoformat(),
            clock.deadline.due.isoformat(),
            name("clock_state", clock.seen_on(about.today)),
        ]


def _course(about: Subject) -> Iterator[list[str]]:
    listed = [entry for entry in about.entries if entry.event not in _NOT_STEPS]
    for entry in listed[-MOST:]:
        # The request stands above.
        told = facts.told(entry, about.people, about.case) if entry.event != "receive" else []
        yield [
            entry.on.isoformat(),
            name("event", entry.event),
            about.people.person(entry.actor),
            "；".join(f"{label}：{text}" for label, text in told),
        ]


def _letters(about: Subject) -> Iterator[list[str]]:
    for one in case_views.letters(about.seat, about.case.number, None):
        yield [
            facts_beside.letter_name(one["code"]),
            one["number"] or "-",
            str(one["dated"]),
            case_text.letter_state(one),
        ]

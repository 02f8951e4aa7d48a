"""What follows the commit of an act: its letters are made, and what was done is said."""

from __future__ import annotations

from typing import Any

from workflow.base.errors import DisclosureError
from workflow.commands.printing import output


def settle(desk: Any, made: list[Any], later: bool = False) -> DisclosureError | None:
    """After the commit: make the letters that the acts called for, and what else follows; the first fault."""
    from workflow.jobs import queue

    fault = None
    # A letter with characters that no typeface has waits for one: this is reported, and is no failure of the
    # act. One that was sent by the same line is made already.
    ready = [
        letter["id"]
        for one in made
        for letter in one.letters
        if not letter.get("waits_for_face") and "sha256" not in letter
    ]
    if ready and not later:
        try:
            settled = {letter["id"]: letter for letter in queue.settle(desk, ready)}
            for one in made:
                one.letters = [settled.get(letter["id"], letter) for letter in one.letters]
        except DisclosureError as caught:
            fault = caught
    errands = [work for one in made for work in one.errands]
    if errands and not later:
        try:
            queue.settle(desk, works=errands)
        except DisclosureError as caught:
            fault = fault or caught
    return fault


def finish(desk: Any, done: Any, as_json: bool, later: bool = False) -> None:
    """After the commit: make the letters that the act (or each act of a line) called for, then say what was
    done."""
    from workflow.office import who
    from workflow.reports.views import case_text

    made = done if isinstance(done, list) else [done]
    fault = settle(desk, made, later)
    output(
        lambda: case_text.line_json(made),
        lambda: case_text.line_lines(
            made, who.of_office(desk) if any(map(case_text.names_people, made)) else None
        ),
        as_json,
    )
    if fault is not None:
        raise fault

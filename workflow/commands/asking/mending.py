"""A correction, or the last act taken back, by question and answer."""

from __future__ import annotations

from typing import Any

from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.casework import amendable, undoing
from workflow.casework.opened import open_case
from workflow.commands.asking import acting, command_line
from workflow.commands.asking.lines import Reader
from workflow.commands.asking.questions import BACK, Back, Choice, choose, line, say, yes
from workflow.reports.views import facts, preview_text

AMEND, UNDO = "amend", "undo"


def choices() -> list[Choice]:
    """The two ways, as they stand behind the rare acts."""
    return [
        Choice(AMEND, {"zh": "更正", "en": "correct what was recorded"}, _(N_("both values are kept"))),
        Choice(
            UNDO, {"zh": "撤回上一步", "en": "take back the last act"}, _(N_("while nothing of it has left"))
        ),
    ]


def mend(reader: Reader, desk: Any, number: str, how: str, said_as: list[str]) -> None:
    """Correct or take back; a refusal is said, and nothing is written without a yes."""
    try:
        words = (_amend if how == AMEND else _undo)(reader, desk, number)
    except Back:
        say([_(acting.UNCHANGED)])
        return
    except DisclosureError as fault:
        acting.refused(fault, how)
        say([_(acting.UNCHANGED)])
        return
    say(command_line.shown(command_line.written(["disclosure", *words, *said_as])))


def _amend(reader: Reader, desk: Any, number: str) -> list[str]:
    with desk.store.reading() as connection:
        recorded = amendable.recorded(open_case(desk, connection, number))
    say(["", _(N_("What was recorded wrongly? (Enter: go back)"))])
    shown = [facts.correctable(one["field"], one["value"]) for one in recorded]
    key = choose(
        reader,
        [
            Choice(str(at), {"zh": one["name"], "en": one["name"]}, said)
            for at, (one, said) in enumerate(zip(recorded, shown, strict=True))
        ],
        optional=True,
    )
    if key is None:
        raise Back
    one, before = recorded[int(key)], shown[int(key)]
    new = _needed(reader, _(N_("The right value of '{name}'"), name=one["name"]))
    reason = _needed(reader, _(N_("Why it is corrected.")))
    say(["", f"  {one['name']}{pick('：', ': ')}{before} → {new}"])
    if not yes(reader, _(N_("Write it?"))):
        raise Back
    acting.finished(desk, desk.amend(number, one["field"], new, reason, entry=one["entry"]))
    return [
        *(pick("更正", AMEND), number, "--field", one["field"], "--entry", str(one["entry"])),
        *("--to", new, "--reason", reason),
    ]


def _undo(reader: Reader, desk: Any, number: str) -> list[str]:
    found = undoing.preview(desk, number)
    say(["", *preview_text.preview_lines(found, desk.context.officer_called)])
    say(["", _(N_("Why it is taken back. (Enter: leave it out)"))])
    reason = line(reader)
    if not yes(reader, _(N_("Write it?"))):
        raise Back
    acting.finished(desk, desk.undo(number, reason, expect=found.version))
    return [pick("撤回上一步", UNDO), number, *(["--reason", reason] if reason else [])]


def _needed(reader: Reader, question: str) -> str:
    while True:
        say(["", question])
        if typed := line(reader):
            return typed
        say([_(N_("An answer is needed here; {back} goes back."), back=BACK)])

"""What an act does to letters that were made before it: those that have not gone out and say what is no
longer so become void, on record; of others it is said.
"""

from __future__ import annotations

from typing import Any

from letters.content import kinds
from workflow.base.messages import N_, listed
from workflow.cases.case import CaseFile
from workflow.cases.context import Act
from workflow.cases.letter_life import Life
from workflow.cases.states import State
from workflow.casework import letter_rows
from workflow.casework.opened import Done
from workflow.casework.unit import Unit
from workflow.office.seat import SYSTEM
from workflow.procedure import act_tables, letter_truth

LAPSED = "letter_lapsed"
# Of the last kind, with the reason why each letter lapses as an officer reads it in the record.
REASONS = "内容不再属实：{event}"


def settle(unit: Unit, done: Done) -> None:
    """Make void what the act made untrue, in the same commit, and say what became of the letters."""
    event = done.entry.event
    _tell(done)
    gone = letter_truth.untrue(done.case)
    if not gone:
        return
    letters = _named(unit, done, gone)
    if not letters:
        return
    unit.opened = unit.opened.after(done)
    payload = {
        "letters": letters,
        "reasons": REASONS.format(event=act_tables.acts()[event]["name"]["zh"]),
        "because": done.entry.n,
    }
    act = Act(LAPSED, done.entry.on, payload, SYSTEM)
    after = unit.record(act, unit.step(act), payload)
    unit.opened = unit.opened.after(after)
    done.version, done.case, done.clocks = after.version, after.case, after.clocks
    done.notes.append(
        (
            N_("Not sent, and void now, for what they say is no longer so: {letters}."),
            {"letters": listed(_called(one["code"], one["number"]) for one in letters)},
        )
    )


def _named(unit: Unit, done: Done, gone: list[Life]) -> list[dict[str, Any]]:
    """The rows of these letters; an act may have called for one that was never put down."""
    meant = {id(life) for life in gone}
    return [
        {"letter": row.id, "code": row.code, "number": row.number, "entry": row.entry_n}
        for row in letter_rows.rows_of(unit.connection, done.case_id)
        if row.voided_on is None
        and (life := letter_rows.of_row(done.case, row)) is not None
        and id(life) in meant
    ]


def _called(code: str, number: str | None) -> str:
    return f"{kinds.name_of(code)} {number}" if number else kinds.name_of(code)


def _tell(done: Done) -> None:
    """What is held while the case is ended, and what has gone out and is taken back now."""
    case, event = done.case, done.entry.event
    if case.state in (State.WITHDRAWN, State.LAPSED) and done.entry.source != case.state:
        waiting = [life for life in letter_truth.held(case) if life.letter is not None]
        if waiting:
            done.notes.append(
                (
                    N_("Not sent any more while the case is ended: {letters}."),
                    {"letters": listed(_called(life.code, life.number) for life in waiting)},
                )
            )
    if act_tables.acts().get(event, {}).get("takes_back"):
        done.notes += [
            (
                N_(
                    "{letter} has gone out ({on}), and what it says is no longer so. No letter takes it back by itself: tell {to}, and make a remark in the file."
                ),
                {"letter": _called(life.code, life.number), "on": life.left_on, "to": _whom(case, life)},
            )
            for life in taken_back(case)
        ]


def taken_back(case: CaseFile) -> list[Life]:
    """Letters of this round that went out and announce what was taken back."""
    return [
        life
        for life in case.lives
        if not life.in_hand
        and life.void is None
        and life.answered is None
        and life.round == case.round
        and letter_truth.outside(life)
        and letter_truth.standing(case, life) == letter_truth.Standing.UNTRUE
    ]


def _whom(case: CaseFile, life: Life) -> str:
    part = case.part("consultation", life.no) if life.no else None
    return getattr(part, "name", "") or str(case.applicant.get("name", ""))

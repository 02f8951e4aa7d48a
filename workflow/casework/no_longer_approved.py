"""A case whose letter is no longer the one that was passed goes back to the draft.

Where an act on the case changed the letter that is recorded with it, as an entry of its own. What changes
every letter at once (the office's profile and wording, the law of the day) writes nothing into the cases: the
next pass and the issue are stopped, and whoever has the case hands it in as it is now, which records that the
passes lapsed and goes on from the draft. Until then what was changed may be put back.
"""

from __future__ import annotations

from datetime import date

from letters.content import parts
from workflow.base.messages import N_, Remark
from workflow.cases.context import Act
from workflow.cases.states import State
from workflow.casework import step_check
from workflow.casework.handing_in_anew import BESIDE, LAPSED, PASS, SUBMIT
from workflow.casework.opened import Done
from workflow.casework.unit import Unit
from workflow.office.seat import SYSTEM
from workflow.procedure import act_tables
from workflow.procedure.fold import UNDO, corrects

_UNDER_REVIEW = (State.SECTION_REVIEW, State.LEGAL_REVIEW, State.HEAD_REVIEW, State.APPROVED)
# As an officer reads it in the record.
REASONS = "{event}后，文书与审核通过的不一致"
OF_OFFICE = "机关设置、用语或者当日适用的法律变动后，文书与审核通过的不一致"


def settle(unit: Unit, done: Done) -> None:
    """Take a case whose letter an act made another one back to the draft, in the same commit."""
    case, event = done.case, done.entry.event
    if event == UNDO and done.entry.payload["event"] in (SUBMIT, PASS):
        return  # The letter says what it said before: the passes stand as they did.
    # Under review with no draft any more: its items were taken out.
    emptied = not case.draft and case.state in _UNDER_REVIEW
    if event in BESIDE or not (case.passed or emptied):
        return
    opened = unit.opened if unit.opened.version == done.version else unit.opened.after(done)
    changed = () if emptied else step_check.changed(unit.seat, unit.connection, opened)
    if changed is None:
        return
    unit.opened = opened
    payload = {
        "reasons": REASONS.format(event=act_tables.acts()[event]["name"]["zh"]),
        "parts": list(changed),
        "because": done.entry.n,
    }
    # A correction counts from the beginning, whatever the day on which it is entered.
    day = case.last_on if corrects(done.entry) else None
    act = Act(LAPSED, day or done.entry.on, payload, SYSTEM)
    after = unit.record(act, unit.step(act), payload)
    done.version, done.case, done.clocks = after.version, after.case, after.clocks
    done.notes.append(_told(case.number, changed))


def _told(number: str, changed: tuple[str, ...]) -> Remark:
    if not changed:
        return (
            N_(
                "The letter that was passed cannot be made any more: {number} is back with the draft. See what it lacks: disclosure letter check {number}"
            ),
            {"number": number},
        )
    return (
        N_(
            "The letter is no longer the one that was passed ({parts}): {number} is back with the draft, and is passed anew as it is now. Hand it in: disclosure submit {number}"
        ),
        {"number": number, "parts": parts.Named(changed)},
    )


def before_handed_in(work: Unit, event: str, day: date) -> Unit:
    """Where a draft under review is handed in anew because the office or the law made its letter another one:
    the passes lapse first, by an entry that goes with the hand-in if that is taken back.
    """
    case = work.opened.case
    if event != SUBMIT or case.state not in _UNDER_REVIEW:
        return work
    parts_changed = step_check.changed(work.seat, work.connection, work.opened, day)
    if parts_changed is None:
        return work
    payload = {"reasons": OF_OFFICE, "parts": list(parts_changed), "because": case.entries + 2}
    act = Act(LAPSED, day, payload, SYSTEM)
    lapsed = work.record(act, work.step(act), payload)
    return Unit.of_case(work.seat, work.connection, lapsed.case_id)

"""The lives of a case's letters, as its entries go by: called for by an act, answered, corrected.

What an entry on a letter itself means (made, posted, arrived, void) stands with those acts.
"""

from __future__ import annotations

from datetime import date

from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.law.keys import Letter
from workflow.procedure import act_tables
from workflow.procedure.act_tables import DECISION

# Letters of a consultation that ask nobody for anything.
_NOT_ASKING = (Letter.TIME_LEFT_OUT, Letter.OVERRULED)
# Facts of the application that its letters repeat: after a correction, unsent letters are out of date.
_IN_LETTERS = ("on", "applicant.name", "applicant.kind", "request", "items")


def take(case: CaseFile, entry: Entry) -> None:
    """Bring the lives up to an entry whose meaning the case already has."""
    if entry.event == "amend":
        _corrected(case, entry)
    asked = act_tables.question_of(entry.event)
    if asked is not None:
        answered(case, entry.on, event=asked)
    for code in act_tables.letters_of(entry.event):
        life = Life(code, entry.n, entry.event, entry.on, case.round, int(entry.payload.get("no", 0)))
        life.by = entry.actor
        life.from_sending = bool(entry.payload.get("from_sending"))
        if code == DECISION:
            life.code, life.number = entry.payload["code"], entry.payload["number"]
        case.lives.append(life)


def answered(case: CaseFile, on: date, *, event: str | None = None, no: int = 0) -> None:
    """What a letter asks was answered on a day: so it was with its addressee, whatever was recorded of its
    way. Named by the act that called for it, or by the consultation."""
    for life in case.lives:
        named = life.no == no and life.code not in _NOT_ASKING if event is None else life.event == event
        if named and life.void is None and life.answered is None:
            life.answered = on


def _corrected(case: CaseFile, entry: Entry) -> None:
    """Letters that are still here and say what a correction shows to be wrong; those that it names are void
    with it, and made anew."""
    for change in entry.payload.get("changes", ()):
        everywhere = change.get("event") == "receive" and change["path"] in _IN_LETTERS
        for life in case.lives:
            if life.in_hand and (everywhere or change["entry"] == life.n):
                life.outdated, life.outdated_on = entry.n, entry.on
    for told in entry.payload.get("letters", ()):
        letter_life.lapse(case.lives, told, entry.on, entry.n)
        void = letter_life.of_letter(case.lives, told["letter"])
        if void is not None:
            again = Life(void.code, void.n, void.event, void.on, void.round, void.no)
            again.from_sending = void.from_sending
            case.lives.append(again)

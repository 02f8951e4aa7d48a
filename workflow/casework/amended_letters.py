"""Letters that say what a correction shows to be wrong: those still here are void and made anew with it, of
those that have left it is said.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from letters.content import compose, kinds
from letters.content.phrases import Phrases
from letters.own_wording.wording import Override
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, Remark
from workflow.cases import clocks
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.casework import letter_data, letter_rows, letters_of_act, wording_in_force
from workflow.casework.opened import Done
from workflow.casework.unit import Unit
from workflow.office.seat import Seat
from workflow.procedure import letter_truth
from workflow.procedure.fold import apply, effective, fold


@dataclass
class Affected:
    """A letter that bears what was wrong: its row, its life, and the entry that called for it, corrected."""

    row: Any
    life: Life
    called: Entry

    @property
    def here(self) -> bool:
        """Whether it can be made void and anew: it has not left, and is no reply."""
        return self.life.in_hand and self.life.sending is None and self.called.event != "issue"


def affected(unit: Unit, proposed: list[Entry]) -> list[Affected]:
    """The letters of the case that would say something else if the last of these entries, a correction, had
    been known. Those that are void, and what is only kept in the file, are left out."""
    opened, seat = unit.opened, unit.seat
    before, after = effective(proposed[:-1]), effective(proposed)
    by_n = {entry.n: entry for entry in after}
    case = fold(proposed, number=opened.case.number)
    marked = {id(life) for life in case.lives if life.outdated == proposed[-1].n}
    in_force = cache(partial(wording_in_force.words, unit.connection, seat.office.id))
    found = []
    for row in letter_rows.rows_of(unit.connection, opened.id):
        life = letter_rows.of_row(case, row)
        called = by_n.get(row.entry_n or 0)
        if life is None or life.void is not None or called is None or not letter_truth.outside(life):
            continue
        said = [_said(seat, in_force, opened.key, one, row, case.number) for one in (before, after)]
        if id(life) in marked or said[0] != said[1]:
            found.append(Affected(row, life, called))
    return found


def _said(
    seat: Seat,
    in_force: Callable[[], tuple[Phrases, Override]],
    key: bytes | None,
    entries: list[Entry],
    row: Any,
    number: str,
) -> dict[str, Any] | None:
    """What a letter says by entries as they stand, composed as on the day of its act in the wording of now;
    None where it cannot be composed any more."""
    assert key is not None
    case, called = CaseFile(number=number), entries[0]
    for entry in entries:
        apply(case, entry)
        called = entry
        if entry.n == row.entry_n:
            break
    with suppress(DisclosureError, KeyError):
        made = clocks.all_clocks(case, seat.context)
        plain = letter_data.data(seat, case, row.number, called, made, key)
        words, override = in_force()
        said = override.over(compose.letter(row.code, plain, seat.context.law, words=words))
        return {name: part for name, part in said.items() if name != "data"}
    return None


def named(found: list[Affected]) -> list[dict[str, Any]]:
    """The letters that are void with the correction, as its entry names them."""
    return [
        {"letter": one.row.id, "code": one.row.code, "number": one.row.number, "entry": one.row.entry_n}
        for one in found
        if one.here
    ]


def make_anew(unit: Unit, done: Done, found: list[Affected]) -> None:
    """Put the letters down again that the correction made void, of today, with what is right."""
    for one in found:
        if not one.here or letter_truth.standing(done.case, one.life) == letter_truth.Standing.UNTRUE:
            continue
        called = replace(one.called, on=done.entry.on, recorded_at=done.entry.recorded_at)
        done.letters += letters_of_act.put_down_anew(
            unit.seat, unit.connection, unit.opened, done, called, one.row.code
        )


def told(done: Done, found: list[Affected]) -> list[Remark]:
    """What became of letters that bear what was wrong."""
    notes: list[Remark] = []
    for one in found:
        which = {
            "letter": one.row.number or kinds.name_of(one.row.code),
            "on": one.row.dated,
            "number": done.case.number,
        }
        if one.here:
            notes.append(
                (N_("The letter {letter} of {on} is void; it is made anew with what is right."), which)
            )
        elif one.called.event == "issue" and one.life.in_hand and one.life.sending is None:
            notes.append(
                (
                    N_(
                        "The reply {letter} of {on} has not gone out and bears what was wrong: make it void (disclosure void-reply {number}) and issue it anew."
                    ),
                    which,
                )
            )
        else:
            left = one.life.left_on or one.row.dated
            notes.append(
                (
                    N_(
                        "The letter {letter} of {on} left on {left} and bears what was wrong: put it right in a new letter to the applicant, and make a remark."
                    ),
                    {**which, "left": left},
                )
            )
    return notes

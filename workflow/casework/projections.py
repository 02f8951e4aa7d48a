"""Projections: after each entry, each brings its rows up to date with the case.

The entries are the record; the rows serve look-ups and can be rebuilt from the entries (`verify` compares).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, and_, bindparam, case, cast, delete, insert, update

from letters.content.letter_content import Content
from workflow.base.messages import N_
from workflow.cases import case_row, row_report
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act, Transition
from workflow.cases.entry import Entry
from workflow.casework import letter_status, letters_of_act, parties, search_index
from workflow.casework.opened import Moved, Opened, Overtaken
from workflow.office.seat import Seat
from workflow.storage import snapshots, unsent
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, CLOCKS, REMEDIES, FILES = (TABLES[name] for name in ("case_file", "clock", "remedy", "attachment"))
_KEEP = update(CASES).where(CASES.c.id == bindparam("of_case"), CASES.c.version == bindparam("at_version"))
_CLOCK = and_(
    CLOCKS.c.case_id == bindparam("of_case"),
    CLOCKS.c.rule == bindparam("of_rule"),
    CLOCKS.c.ref == bindparam("of_ref"),
)
_MOVE, _STOP = update(CLOCKS).where(_CLOCK), delete(CLOCKS).where(_CLOCK)
_START, _ADD = insert(CLOCKS).inline(), insert(FILES).inline()
# Where nobody waits to hear how many rows were found, one at another version is a fault, which says so. (None
# at all cannot be: no row of a case is ever taken away.)
_OVERTAKEN = "overtaken: the case is at another version"
_KEEP_OR_FAIL = (
    update(CASES)
    .where(CASES.c.id == bindparam("of_case"))
    .values(
        version=cast(
            case(
                (CASES.c.version == bindparam("at_version"), bindparam("to_version", type_=Text)),
                else_=_OVERTAKEN,
            ),
            Integer,
        )
    )
)


@dataclass
class Change:
    """One entry and its effect on the case; projections add what they wrote."""

    # As the case was opened: its entries and clocks before the act.
    opened: Opened
    act: Act
    row: Transition
    entry: Entry
    case: CaseFile
    clocks: list[CaseClock]
    # What was brought against the organ, before the act.
    contested: list[dict[str, Any]]
    # What the rows of its letters said before the act.
    letters_said: list[dict[str, Any]]
    # The entry corrects earlier ones: the case was folded again.
    corrects: bool
    # What the reply says, as it was checked; None where the act issues none.
    said: Content | None = None
    moved: list[Moved] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    errands: list[int] = field(default_factory=list)


# Acts that say who applies, acts for an applicant, or is asked as a third party.
_PEOPLE = ("receive", "add_applicant", "appoint_agent", "end_agency", "consult_third_party")
Projection = Callable[[Seat, "Connection", Change], None]


def keep_search(seat: Seat, connection: Connection, change: Change) -> None:
    """The search index: what this entry says, or all that the corrected entries say."""
    case_id = change.opened.id
    if change.corrects:
        entries = [*change.opened.entries, change.entry]
        search_index.keep_again(connection, seat.office.id, case_id, entries)
    else:
        search_index.keep(connection, seat.office.id, case_id, change.entry)


def keep_clocks(seat: Seat, connection: Connection, change: Change) -> None:
    """The clocks that started, moved, stopped or ended."""
    basis, of_case = seat.context.basis, change.opened.id
    before = {clock.key: clock for clock in change.opened.clocks}
    after = {clock.key: clock for clock in change.clocks}
    change.moved = [
        Moved(before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
        and columns(before.get(key), basis) != columns(after.get(key), basis)
    ]
    started = []
    for moved in change.moved:
        clock = moved.after or moved.before
        assert clock is not None
        which = {"of_case": of_case, "of_rule": clock.rule, "of_ref": clock.ref}
        values = columns(moved.after, basis)
        if values is None:
            unsent.leave(connection, _STOP, which)
        elif moved.before is None:
            started.append({"office_id": seat.office.id, "case_id": of_case, **values})
        else:
            unsent.leave(connection, _MOVE, values | which)
    if started:
        unsent.leave(connection, _START, started)


def columns(clock: CaseClock | None, basis: str) -> dict[str, Any] | None:
    """A clock as stored in its row; `basis` is the version of calendar, law and settings that it was computed
    from.
    """
    if clock is None:
        return None
    deadline = clock.deadline
    return {
        "rule": clock.rule,
        "ref": clock.ref,
        "party": clock.party,
        "start": deadline.start,
        "due": deadline.due,
        "state": clock.state,
        "met_on": clock.met_on,
        "provisional": deadline.provisional,
        "article": deadline.article,
        "length": deadline.length,
        "unit": deadline.unit,
        "calendar": basis,
        "plain": clock.plain,
    }


def keep_row(seat: Seat, connection: Connection, change: Change) -> None:
    """The row of the case; Overtaken where somebody else has written it since it was opened."""
    opened = change.opened
    values = case_row.project(change.case, change.clocks) | {
        "version": opened.version + 1,
        "recorded_at": change.entry.recorded_at,
    }
    # A new case is at version 1 before its first entry.
    looked_at: dict[str, Any] = {"of_case": opened.id, "at_version": opened.version or 1}
    if unsent.waits(connection):
        looked_at["to_version"] = str(values.pop("version"))
        unsent.leave(
            connection,
            _KEEP_OR_FAIL,
            values | looked_at,
            lambda fault: _overtaken(change) if _OVERTAKEN in str(fault) else None,
        )
    elif connection.execute(_KEEP, values | looked_at).rowcount != 1:
        raise _overtaken(change)


def _overtaken(change: Change) -> Overtaken:
    return Overtaken(
        N_("{number} was changed by somebody else at the same moment."),
        number=change.case.number,
        way_on=N_("Look at it again: disclosure show {number}"),
    )


def keep_parties(seat: Seat, connection: Connection, change: Change) -> None:
    """Everybody who applies or acts for an applicant, where the entry may have changed that."""
    if change.corrects or change.entry.event in _PEOPLE:
        key = change.opened.key
        assert key is not None
        parties.keep(connection, seat.office.id, change.opened.id, change.case, key, seat.ring(connection))


def keep_remedies(seat: Seat, connection: Connection, change: Change) -> None:
    """The rows of what was brought against the organ; most acts touch none."""
    case_id, now = change.opened.id, row_report.remedies(change.case)
    if len(now) < len(change.contested):
        # What was recorded last was taken back.
        gone = (REMEDIES.c.case_id == case_id) & (REMEDIES.c.no > len(now))
        unsent.leave(connection, delete(REMEDIES).where(gone), {})
    for place, row in enumerate(now):
        if place >= len(change.contested):
            unsent.leave(
                connection,
                insert(REMEDIES).inline(),
                {"office_id": seat.office.id, "case_id": case_id, **row},
            )
        elif row != change.contested[place]:
            where = (REMEDIES.c.case_id == case_id) & (REMEDIES.c.no == row["no"])
            unsent.leave(connection, update(REMEDIES).where(where).values(**row), {})


def keep_letters(seat: Seat, connection: Connection, change: Change) -> None:
    """The letters that the act calls for, and the work of making them. All are composed before the first
    takes its number: from then on whoever else needs one waits.
    """
    opened, case, entry = change.opened, change.case, change.entry
    letters = [
        letters_of_act.compose(seat, connection, opened, case, entry, code, change.clocks, said=change.said)
        for code in change.row.letters
    ]
    called_for = [letter for letter in letters if letter is not None]
    change.letters += letters_of_act.put_down(seat, connection, opened, case, entry, called_for)


def keep_letter_status(seat: Seat, connection: Connection, change: Change) -> None:
    """What became of letters made before: sent, void, to be mailed."""
    before = None if change.corrects else change.letters_said
    change.errands += letter_status.keep(
        seat, connection, change.opened.id, change.case, change.entry, before
    )


def keep_files(seat: Seat, connection: Connection, change: Change) -> None:
    """The files that came into the case."""
    place = {"office_id": seat.office.id, "case_id": change.opened.id}
    if kept := change.entry.payload.get("attachments"):
        unsent.leave(connection, _ADD, [{**place, **one} for one in kept])


def keep_snapshot(seat: Seat, connection: Connection, change: Change) -> None:
    """How a case with a long history stands now, so that later acts need not fold it from the start."""
    assert change.opened.key is not None
    snapshots.keep(
        connection, seat.office.id, change.opened.id, change.case, change.opened.key, anew=change.corrects
    )


# In this order: the row of the case comes first, so that two who write to it wait there for one another; what
# takes numbers comes last, for whoever else needs one waits for the commit.
PROJECTIONS: tuple[Projection, ...] = (
    keep_row,
    keep_search,
    keep_clocks,
    keep_parties,
    keep_remedies,
    keep_files,
    keep_snapshot,
    keep_letters,
    keep_letter_status,
)

"""The letters that an act calls for: their content is stored in its commit, their PDF is made afterwards."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert

from letters.content import kinds
from letters.content.letter_content import Content
from workflow.base.messages import Remark
from workflow.cases import draft
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act, Transition
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Stage
from workflow.casework import case_codes, composed, issue_check, letter_data, step_check
from workflow.casework.opened import Done, Opened
from workflow.office.seat import Seat
from workflow.procedure import payloads
from workflow.storage import number_series, unsent
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# In the process table: the reply that the draft leads to, whatever its code.
DECISION = "decision"
# The series of numbers of replies; notices have another.
REPLIES = "reply"
_NEW_WORK = insert(TABLES["outbox"]).inline()
_NEW_LETTERS = insert(TABLES["letter"]).returning(TABLES["letter"].c.id, sort_by_parameter_order=True)


def decides(row: Transition) -> bool:
    """Whether the step issues the reply."""
    return DECISION in row.letters


def decide(
    seat: Seat, connection: Connection, opened: Opened, act: Act
) -> tuple[payloads.Issue, Content | None, list[Remark]]:
    """The facts of the reply, what its letter says, and what should be looked at all the same: composed once,
    with the number that is taken now, and checked as it will go out. A letter that the law would fault is
    refused, and the number with the transaction."""
    taken = number_series.take(connection, seat.office.id, REPLIES, act.on.year)
    number = seat.number(REPLIES, act.on.year, taken)
    looked = issue_check.require(seat, connection, opened, act, number)
    checked = looked.subject
    payload = payloads.Issue(
        code=checked.code,
        number=number,
        series_no=taken,
        items=draft.as_items(opened.case),
        outcome=checked.outcome,
        served_by=act.payload.get("served_by") or letter_data.way_back(opened.case.channel),
    )
    return payload, checked.content, step_check.notes(looked.findings)


class Composed(NamedTuple):
    """A letter of an act as it was composed, before a number is taken for it."""

    code: str
    # The series of its number; empty where it bears none.
    series: str
    # The number and its place there, where it has them already (the reply), else None.
    number: str | None
    taken: int | None
    said: Content
    # The characters that no typeface has: such a name does not block the case, the letter waits for a face.
    waits: str


def compose(
    seat: Seat,
    connection: Connection,
    opened: Opened,
    case: CaseFile,
    entry: Entry,
    code: str,
    made: list[CaseClock],
    *,
    said: Content | None = None,
) -> Composed | None:
    """Compose a letter of this entry, without taking a number for it; None where the entry does not call for
    it after all.

    `said` is what the reply says, as it was checked; every other letter is composed here.
    """
    if not letter_data.wanted(code, case, entry, seat.context):
        return None
    number, taken = None, None
    if code == DECISION:
        assert case.reply is not None
        code, number, taken = case.reply.code, case.reply.number, entry.payload["series_no"]
        series = REPLIES
    else:
        said, series = None, kinds.get(code).series
    assert opened.key is not None
    if said is None:
        # Where it has no number yet, with one that it may have.
        shown = number or (seat.number(series, entry.on.year, 1) if series else None)
        said = letter_data.compose(seat, connection, opened.key, case, code, shown, entry, made)
    if seat.office.entry("counter_address") or case.came_from is not None:
        no = next((life.no for life in reversed(case.lives) if (life.n, life.code) == (entry.n, code)), 0)
        said = case_codes.on_letter(seat, connection, opened.id, code, no, said)
    return Composed(code, series, number, taken, said, letter_data.faceless(said))


def put_down_anew(
    seat: Seat, connection: Connection, opened: Opened, done: Done, called: Entry, code: str
) -> list[dict[str, Any]]:
    """Put down again a letter that an earlier entry called for, where it still does: `called` is that entry
    as it would call for the letter now.
    """
    made = compose(seat, connection, opened, done.case, called, code, done.clocks)
    return put_down(seat, connection, opened, done.case, called, [made] if made is not None else [])


def put_down(
    seat: Seat, connection: Connection, opened: Opened, case: CaseFile, entry: Entry, letters: list[Composed]
) -> list[dict[str, Any]]:
    """Put down what the letters of this entry say, each with its number, and the work of making them: in few
    statements, as whoever else needs a number waits from the first on.
    """
    if not letters:
        return []
    assert opened.key is not None
    year, place = entry.on.year, {"office_id": seat.office.id, "case_id": opened.id}
    wanted = Counter(letter.series for letter in letters if letter.series and letter.taken is None)
    # In the order of their names, as everybody who takes of two series: none waits for one who waits for him.
    taken = {
        series: iter(number_series.take_several(connection, seat.office.id, series, year, count))
        for series, count in sorted(wanted.items())
    }
    numbered = [
        letter if letter.series not in taken else _numbered(seat, letter, year, next(taken[letter.series]))
        for letter in letters
    ]
    rows = [
        {
            **place,
            "round": case.round,
            "entry_n": entry.n,
            "stage": str(Stage.CALLED),
            **dict.fromkeys(("series", "series_year", "series_no")),
            **({"series": one.series, "series_year": year, "series_no": one.taken} if one.number else {}),
            **letter_data.row(opened.key, one.code, one.number, entry, one.said),
        }
        for one in numbered
    ]
    made = connection.execute(_NEW_LETTERS, rows).scalars().all()
    work = {"kind": "letter", "created_at": entry.recorded_at, "attempts": 0}
    unsent.leave(
        connection,
        _NEW_WORK,
        [
            {**place, **work, "ref": ref, "last_error": f"fonts: {one.waits}" if one.waits else None}
            for ref, one in zip(made, numbered, strict=True)
        ],
    )
    return [
        {
            "id": ref,
            "code": one.code,
            "number": one.number,
            **({"waits_for_face": one.waits} if one.waits else {}),
        }
        for ref, one in zip(made, numbered, strict=True)
    ]


def _numbered(seat: Seat, letter: Composed, year: int, taken: int) -> Composed:
    """A letter with the number that was taken for it."""
    number = seat.number(letter.series, year, taken)
    return letter._replace(number=number, taken=taken, said=composed.numbered(letter.said, number))

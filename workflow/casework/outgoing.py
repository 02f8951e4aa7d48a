"""What an act would send, number or make void, seen before it is done: the act is tried in a transaction that
is taken back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from letters.content import kinds
from workflow.cases import persons
from workflow.cases.states import ClockState
from workflow.casework import letter_data, letter_rows, lookup
from workflow.casework.application import Application
from workflow.casework.desk import Desk
from workflow.casework.line import Press, Step
from workflow.casework.opened import Done, Moved
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS = TABLES["letter"]
REPLY, RUNS = "reply.limit", (ClockState.RUNNING, ClockState.PAUSED)
NUMBERED, SENT, VOID, MADE = "numbered", "sent", "void", "made"


@dataclass(frozen=True)
class Paper:
    """One letter that an act touches: what becomes of it, what it is, to whom it goes and by which way."""

    what: str
    code: str
    number: str | None
    to: str
    by: str
    items: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Tried:
    """What an act would do; nothing of it was written."""

    # Of several acts on one line the last, with all the clocks that they move.
    done: Done
    papers: tuple[Paper, ...]
    # Letters that are made and have no number: nothing of them leaves by the act.
    made: tuple[Paper, ...]
    # The version of the case that was looked at.
    version: int
    # Every act, in its order.
    acts: tuple[Done, ...] = ()


class _TakenBack(Exception):
    """Ends the transaction of an act that was only tried."""


def tried(
    desk: Desk,
    ref: str,
    event: str,
    facts: dict[str, Any],
    *,
    on: date | None = None,
    expect: int | None = None,
) -> Tried:
    """The act as it would be now, with every letter that would get its number, go out or become void; what
    would be refused is refused. Numbers are those that are free now."""
    return all_tried(desk, ref, [Step(event, facts)], on=on, expect=expect)


def all_tried(
    desk: Desk,
    ref: str,
    steps: list[Step],
    *,
    on: date | None = None,
    expect: int | None = None,
    press: Press | None = None,
) -> Tried:
    """The same of the acts of one line. `press` stands in for the letters that they send."""
    with desk.store.reading() as connection:
        case = lookup.one(connection, desk, ref)
        before = {row.id: row for row in letter_rows.rows_of(connection, case.id)}
    found: list[Tried] = []

    def seen(connection: Connection, made: list[Done]) -> None:
        found.append(_looked_at(desk, connection, made, before, case.version))
        raise _TakenBack

    with suppress(_TakenBack):
        version = case.version if expect is None else expect
        desk.acts(case.number, steps, on=on, expect=version, press=press, also=seen)
    return found[0]


def tried_receipt(desk: Desk, application: Application, steps: list[Step], on: date | None) -> Tried:
    """The application as it would be received now, with the acts that follow on its line; the number is the
    one that is free now."""
    found: list[Tried] = []

    def seen(connection: Connection, made: list[Done]) -> None:
        found.append(_looked_at(desk, connection, made, {}, version=0))
        raise _TakenBack

    with suppress(_TakenBack):
        desk.receive_and(application, steps, on=on, also=seen)
    return found[0]


def _looked_at(
    desk: Desk, connection: Connection, made: list[Done], before: dict[int, Any], version: int
) -> Tried:
    """What the acts of a line come to, within the transaction that is taken back."""
    done = made[-1]
    done.moved = [moved for one in made for moved in one.moved]
    done.moved += _still_running(done)
    done.notes = [note for one in made for note in one.notes]
    leaving, staying = _papers(desk, connection, done, before)
    return Tried(done, tuple(leaving), tuple(staying), version, tuple(made))


def _still_running(done: Done) -> list[Moved]:
    """The time for reply, where the act does not move it: whoever sends something has it before him."""
    moved = {moved.after.key for moved in done.moved if moved.after is not None}
    return [
        Moved(clock, clock)
        for clock in done.clocks
        if clock.rule == REPLY and clock.state in RUNS and clock.key not in moved
    ]


def _papers(
    desk: Desk, connection: Connection, done: Done, before: dict[int, Any]
) -> tuple[list[Paper], list[Paper]]:
    """The letters of which the act makes something else than they were: those that it sends, numbers or makes
    void, and those that it only makes.
    """
    leaving: list[Paper] = []
    staying: list[Paper] = []
    for row in letter_rows.rows_of(connection, done.case_id):
        what = _became(row, before.get(row.id))
        if what is not None:
            (staying if what == MADE else leaving).append(_paper(desk, connection, done, row.id, what))
    return leaving, staying


def _became(row: Any, old: Any) -> str | None:
    """What an act has made of a letter, by its rows after and before; None where it is what it was."""
    if row.voided_on is not None and (old is None or old.voided_on is None):
        return VOID
    if row.sent_on is not None and (old is None or old.sent_on != row.sent_on):
        return SENT
    if old is not None:
        return None
    return NUMBERED if kinds.get(row.code).series else MADE


def _whom(done: Done, code: str) -> str:
    """Who gets a form for the applicant, on which no addressee is written."""
    if kinds.get(code).to != "applicant":
        return ""
    return str(persons.written_to(done.case, done.entry.on).facts.get("name", ""))


def _paper(desk: Desk, connection: Connection, done: Done, letter: int, what: str) -> Paper:
    row = connection.execute(select(LETTERS).where(LETTERS.c.id == letter)).one()
    content = letter_data.opened(row.content, desk.case_key(connection, done.case_id))
    by = done.entry.payload.get("served_by") or content["data"].get("served_by") or ""
    rows = content["data"].get("decision") or ()
    return Paper(
        what,
        row.code,
        row.number,
        content["addressee"] or _whom(done, row.code),
        str(done.entry.payload.get("served_by") or "post")
        if done.entry.event == "letter_posted"
        else str(by),
        tuple((int(one["no"]), str(one["ground"] or one["outcome"])) for one in rows),
    )

"""The last act taken back: what would change, what stands in its way, and the entry that records it.

The fold treats an act that was taken back as not done; its entry stays in the ledger. Letters that it called
for are void with it, and their numbers stay taken. What has left the building cannot be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from letters.content import kinds
from workflow.base import typed_text
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import clocks, letter_life
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act
from workflow.cases.departures import letters_gone
from workflow.cases.entry import Entry
from workflow.casework.opened import Moved, Opened, open_case
from workflow.office.seat import Seat
from workflow.procedure import letter_truth, machine, payloads
from workflow.procedure.acts.undo import posted_on_paper, waits_to_be_mailed
from workflow.procedure.fold import CORRECTION, UNDO, fold
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS, OUTBOX, MAIL = TABLES["letter"], TABLES["outbox"], TABLES["mail"]
BATCHES, PIECES, INSIDE = TABLES["posting_batch"], TABLES["posting_piece"], TABLES["posting_letter"]
EVENT = UNDO
# A message of which nobody can say that it is still here.
_GONE = ("sending", "uncertain", "sent")


@dataclass
class Preview:
    """What taking back the last act would change, shown before it is done."""

    number: str
    version: int
    entry: Entry
    before: str
    after: str
    moved: list[Moved]
    letters: list[dict[str, Any]]


def preview(seat: Seat, ref: str) -> Preview:
    """What would change: state, clocks, letters. Refused as the act itself would be."""
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
        payload = prepare(connection, opened, "")
        act = Act(EVENT, seat.today(), {**payload}, seat.officer.actor)
        machine.take(opened.case, act, seat.context)
    case = _without(opened, payload)
    before = {clock.key: clock for clock in opened.clocks}
    after = {clock.key: clock for clock in clocks.all_clocks(case, seat.context)}
    return Preview(
        opened.case.number,
        opened.version,
        undone(opened),
        opened.case.state,
        case.state,
        [
            Moved(before.get(key), after.get(key))
            for key in dict.fromkeys((*before, *after))
            if _seen(before.get(key)) != _seen(after.get(key))
        ],
        payload.get("letters", []),
    )


def _seen(clock: CaseClock | None) -> tuple[Any, ...] | None:
    return None if clock is None else (clock.deadline.due, clock.state)


def _without(opened: Opened, payload: payloads.Undo) -> CaseFile:
    """The case as it would be."""
    last = opened.entries[-1]
    entry = Entry(
        last.n + 1,
        EVENT,
        "case",
        last.on,
        last.recorded_at,
        "",
        opened.case.state,
        opened.case.state,
        "",
        {**payload},
    )
    return fold([*opened.entries, entry], number=opened.case.number)


def undone(opened: Opened) -> Entry:
    """The entry of the last act that stands; Refused where there is none."""
    latest = opened.case.latest
    if latest is None:
        raise Refused(N_("There is no act that could be taken back."), rule="house:undo")
    return next(entry for entry in opened.entries if entry.n == latest.n)


def prepare(connection: Connection, opened: Opened, reason: str) -> payloads.Undo:
    """The payload of the entry that takes back the last act; Refused where something of it has left."""
    entry = undone(opened)
    letters = _called_for(connection, opened.id, entry)
    if not waits_to_be_mailed(opened.case):
        _require_here(connection, opened.case, letters)
    else:
        _require_unsent(connection, opened)
    payload = payloads.Undo(entry=entry.n, event=entry.event)
    if posted_on_paper(opened.case) and (batch := _batch_of_reply(connection, opened.case)):
        # The envelope with the reply waits for the post: the record of its sending was a mistake.
        payload["batch"] = batch
    if reason:
        payload["reasons"] = typed_text.required_text(reason, "reason")
    if letters:
        payload["letters"] = letters
    return payload


def _called_for(connection: Connection, case_id: int, entry: Entry) -> list[dict[str, Any]]:
    """The letters that were put down in the commit of an act: their work bears the moment of its entry."""
    query = (
        select(LETTERS.c.id, LETTERS.c.code, LETTERS.c.number)
        .join(OUTBOX, (OUTBOX.c.ref == LETTERS.c.id) & (OUTBOX.c.kind == "letter"))
        .where(
            LETTERS.c.case_id == case_id,
            OUTBOX.c.created_at == entry.recorded_at,
            LETTERS.c.voided_on.is_(None),
        )
        .order_by(LETTERS.c.id)
    )
    return [{"letter": row.id, "code": row.code, "number": row.number} for row in connection.execute(query)]


def _require_here(connection: Connection, case: CaseFile, letters: list[dict[str, Any]]) -> None:
    """Refused where one of these letters has left, or is on its way out."""
    gone, ids = letters_gone(case), [one["letter"] for one in letters]
    gone |= {life.letter for life in case.lives if life.letter and letter_truth.handed_over(case, life)}
    for one in letters:
        if one["letter"] in gone:
            raise Refused(
                N_("The letter {letter} has left: what called for it cannot be taken back."),
                rule="house:undo",
                letter=one["number"] or kinds.name_of(one["code"]),
                way_on=N_(
                    "Correct what is wrong (disclosure amend {number}), and tell the applicant in a new letter."
                ),
                number=case.number,
            )
    batch = _batch(connection, ids)
    if batch is not None:
        raise Refused(
            N_("A letter of it lies in the posting batch {batch}."),
            rule="house:undo",
            batch=batch,
            way_on=N_("Drop the batch first: disclosure posting drop {batch}"),
        )


def _batch(connection: Connection, letters: list[int]) -> str | None:
    """The posting batch, not yet taken by the post, in which one of these letters lies."""
    if not letters:
        return None
    waits = (
        select(BATCHES.c.number)
        .join(PIECES, PIECES.c.batch_id == BATCHES.c.id)
        .join(INSIDE, INSIDE.c.piece_id == PIECES.c.id)
        .where(INSIDE.c.letter_id.in_(letters), BATCHES.c.state == "made", PIECES.c.posted_on.is_(None))
    )
    return connection.execute(waits).scalar()


def _batch_of_reply(connection: Connection, case: CaseFile) -> str | None:
    reply = case.reply
    life = letter_life.of_number(case.lives, reply.number) if reply is not None else None
    return _batch(connection, [life.letter]) if life is not None and life.letter is not None else None


def _require_unsent(connection: Connection, opened: Opened) -> None:
    query = select(MAIL.c.state).where(MAIL.c.case_id == opened.id, MAIL.c.state.in_(_GONE))
    if connection.execute(query).first() is not None:
        raise Refused(
            N_("The reply of {number} has gone to the mail server, or may have."),
            rule="house:undo",
            number=opened.case.number,
            way_on=N_("See what became of it: disclosure mail list"),
        )


def of_correction(opened: Opened) -> bool:
    """Whether the last act corrected the record."""
    return opened.case.latest is not None and opened.case.latest.event == CORRECTION

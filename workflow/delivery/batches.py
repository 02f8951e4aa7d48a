"""Batches for the post office: which letters go together, in which envelopes, and in what order.

A batch is put together (make), printed (batch_print.py), and posted or dropped; what posting records is
in post_office.py. Names and addresses are not kept with it: they are read from the cases, where they are
sealed, whenever it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow.base import typed_words
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_, listed
from workflow.casework import lookup
from workflow.casework.opened import open_case
from workflow.delivery.to_be_posted import (
    BATCHES,
    CASES,
    INSIDE,
    LETTERS,
    PIECES,
    Piece,
    addressee_of,
    gathered,
    table,
)
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.storage import ledger, number_series
from workflow.storage.database import insert_one
from workflow.storage.row_states import BatchState, PieceOutcome

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass
class Batch:
    """A batch with its pieces in posting order, and what could not be taken into it."""

    id: int
    number: str
    on: date
    service: str
    state: str
    pieces: list[Piece]
    left_out: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "batch": self.number,
            "on": self.on.isoformat(),
            "service": self.service,
            "state": self.state,
            "pieces": [piece.as_json() for piece in self.pieces],
            "left_out": self.left_out,
        }


# --- what is to be posted


def make(
    seat: Seat,
    on: date | None = None,
    *,
    cases: Iterable[str] = (),
    without: Iterable[int] = (),
    service: str = "registered",
) -> Batch:
    """Put together what is to be posted on a day: replies issued to go by post, and other letters to outside.

    With `cases` only theirs, and those that came back too; `without` leaves letters out. Refused if there is
    nothing.
    """
    day = on or seat.today()
    if day > seat.today():
        raise Refused(
            N_("{on} lies in the future; today is {today}."),
            rule="house:chronology",
            field="on",
            on=day,
            today=seat.today(),
            way_on=N_("Give the day on which it happened with --on, or leave it out for today."),
        )
    service = typed_words.resolve(service, table()["service"], "service")
    wanted = list(cases)
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        chosen = {lookup.one(connection, seat, ref).id for ref in wanted}
        pieces, left_out = gathered(seat, connection, day, chosen, set(without))
        if not pieces:
            raise Refused(
                N_("There is nothing to be posted: {n} letters were left out."),
                rule="house:service",
                n=len(left_out),
                way_on=N_(
                    "A reply waits here once it is issued to go by post. Why letters are left out: {reasons}"
                ),
                reasons=listed(f"{one['case']} {one['letter']} ({one['reason']})" for one in left_out[:5])
                or "-",
            )
        number = f"{day.year}-{number_series.take(connection, seat.office.id, 'posting', day.year):03d}"
        batch_id = insert_one(
            connection,
            insert(BATCHES),
            {
                "office_id": seat.office.id,
                "number": number,
                "state": BatchState.MADE,
                "service": service,
                "on_day": day,
                "made_at": seat.moment(),
                "made_by": seat.officer.key,
            },
        )
        for place, piece in enumerate(pieces, 1):
            piece.place = place
            piece.id = insert_one(
                connection,
                insert(PIECES),
                {"office_id": seat.office.id, "batch_id": batch_id, "place": place, "case_id": piece.case_id},
            )
            connection.execute(
                insert(INSIDE), [{"piece_id": piece.id, "letter_id": letter.id} for letter in piece.letters]
            )
        founding.entry(
            connection,
            seat.office.id,
            "posting_made",
            seat.officer.actor,
            {
                "batch": number,
                "on": day,
                "service": service,
                "letters": [letter.id for piece in pieces for letter in piece.letters],
                "pieces": [[letter.id for letter in piece.letters] for piece in pieces],
            },
        )
    return Batch(batch_id, number, day, service, BatchState.MADE, pieces, left_out)


# --- batches that are there


def listing(seat: Seat) -> list[dict[str, Any]]:
    """All batches of the office, newest first: number, day, state, how many pieces, posted, delivered,
    returned.
    """
    from sqlalchemy import case, func

    def many(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = (
        select(
            BATCHES.c.number,
            BATCHES.c.on_day,
            BATCHES.c.state,
            BATCHES.c.service,
            BATCHES.c.made_by,
            func.count(PIECES.c.id),
            many(PIECES.c.posted_on.is_not(None)),
            many(PIECES.c.outcome == PieceOutcome.DELIVERED),
            many(PIECES.c.outcome == PieceOutcome.RETURNED),
        )
        .outerjoin(PIECES, PIECES.c.batch_id == BATCHES.c.id)
        .where(BATCHES.c.office_id == seat.office.id)
        .group_by(
            BATCHES.c.id,
            BATCHES.c.number,
            BATCHES.c.on_day,
            BATCHES.c.state,
            BATCHES.c.service,
            BATCHES.c.made_by,
        )
        .order_by(BATCHES.c.id.desc())
    )
    names = ("batch", "on", "state", "service", "made_by", "pieces", "posted", "delivered", "returned")
    with seat.store.reading() as connection:
        rows = list(connection.execute(query))
    return [{**dict(zip(names, row, strict=True)), "on": row[1].isoformat()} for row in rows]


def _row(connection: Connection, seat: Seat, number: str) -> Any:
    where = (BATCHES.c.office_id == seat.office.id) & (BATCHES.c.number == number.strip())
    row = connection.execute(select(BATCHES).where(where)).first()
    if row is None:
        raise NotFound(
            N_("There is no batch '{number}'."),
            field="batch",
            number=number[:40],
            way_on=N_("See them with: disclosure posting list"),
        )
    return row


def open_(seat: Seat, number: str) -> Batch:
    """A batch with its pieces as they are now; addresses are read from the cases."""
    with seat.store.reading() as connection:
        row = _row(connection, seat, number)
        query = (
            select(
                LETTERS,
                PIECES.c.id.label("piece_id"),
                CASES.c.number.label("case_number"),
                CASES.c.decision_number,
            )
            .join(INSIDE, INSIDE.c.letter_id == LETTERS.c.id)
            .join(PIECES, PIECES.c.id == INSIDE.c.piece_id)
            .join(CASES, CASES.c.id == LETTERS.c.case_id)
            .where(PIECES.c.batch_id == row.id)
            .order_by(PIECES.c.place, INSIDE.c.id)
        )
        inside = {
            piece: list(rows) for piece, rows in groupby(connection.execute(query), lambda one: one.piece_id)
        }
        rows = connection.execute(select(PIECES).where(PIECES.c.batch_id == row.id).order_by(PIECES.c.place))
        pieces = list(_pieces(seat, connection, list(rows), inside))
    return Batch(row.id, row.number, row.on_day, row.service, row.state, pieces)


def _pieces(
    seat: Seat, connection: Connection, rows: list[Any], inside: dict[int, list[Any]]
) -> Iterator[Piece]:
    for row in rows:
        letters = inside[row.id]
        opened = open_case(seat, connection, letters[0].case_number)
        to = addressee_of(seat, opened, letters[0], seat.case_key(connection, opened.id))
        decides = letters[0].number is not None and any(
            reply.number == letters[0].number for reply in opened.case.replies
        )
        yield Piece(
            row.case_id,
            letters[0].case_number,
            to,
            letters,
            decides,
            row.id,
            row.place,
            row.tracking,
            row.posted_on,
            row.outcome,
            row.outcome_on,
        )


def drop(seat: Seat, number: str) -> dict[str, Any]:
    """Let go of what was not posted of a batch: its letters can go into another one. Refused if all was
    posted.
    """
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        row = _row(connection, seat, number)
        pieces = list(connection.execute(select(PIECES).where(PIECES.c.batch_id == row.id)))
        waiting = [piece.id for piece in pieces if piece.posted_on is None]
        if row.state != BatchState.MADE or not waiting:
            raise Refused(
                N_("The batch {number} has nothing more to be let go of."),
                rule="house:service",
                number=row.number,
                way_on=N_("See them with: disclosure posting list"),
            )
        connection.execute(INSIDE.delete().where(INSIDE.c.piece_id.in_(waiting)))
        connection.execute(PIECES.delete().where(PIECES.c.id.in_(waiting)))
        state = BatchState.POSTED if len(waiting) < len(pieces) else BatchState.DROPPED
        connection.execute(update(BATCHES).where(BATCHES.c.id == row.id).values(state=state))
        founding.entry(
            connection,
            seat.office.id,
            "posting_dropped",
            seat.officer.actor,
            {"batch": row.number, "pieces": len(waiting)},
        )
    return {"batch": row.number, "state": state, "let_go": len(waiting)}

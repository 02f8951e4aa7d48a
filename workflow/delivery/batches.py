"""Batches for the post office: which letters go together, in which envelopes, and in what order.

A batch is put together (make), printed (papers.py), and posted or dropped; what posting records is in
postal.py. Names and addresses are not kept with it: they are read from the cases, where they are sealed,
whenever it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from letters.content import kinds
from workflow.base import tables, typed_words
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_, listed
from workflow.cases import letter_life, persons
from workflow.cases.case import CaseFile, Consultation
from workflow.cases.letter_life import IN_HAND, Life, Stage
from workflow.cases.states import State
from workflow.casework import given_persons, lookup
from workflow.casework.opened import Opened, open_case
from workflow.law.keys import Service
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.procedure import letter_truth
from workflow.procedure.fold import effective
from workflow.storage import ledger, number_series
from workflow.storage.database import insert_one
from workflow.storage.row_states import BatchState, PieceOutcome
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, LETTERS = TABLES["case_file"], TABLES["letter"]
BATCHES, PIECES, INSIDE = TABLES["posting_batch"], TABLES["posting_piece"], TABLES["posting_letter"]
TABLE = Path(__file__).with_name("posting.toml")
NO_ADDRESS = N_("no postal address is recorded")
HELD = N_("not while the case is ended")
NOT_APPROVED = N_("it is not approved yet (approve-letter)")
OUTDATED = N_("what it says was corrected: make it void, and it is made anew (void-letter)")


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes."""

    name: str
    address: str
    postcode: str = ""


@dataclass
class Piece:
    """One envelope: its letters (rows) of one case to one addressee."""

    case_id: int
    case: str
    to: Addressee
    letters: list[Any]
    decides: bool
    id: int | None = None
    place: int = 0
    tracking: str | None = None
    posted_on: date | None = None
    outcome: str | None = None
    outcome_on: date | None = None

    @property
    def names(self) -> list[str]:
        """Its letters as they are called in lists: by number, else by what they call themselves."""
        return [letter.number or kinds.get(letter.code).document for letter in self.letters]

    def as_json(self) -> dict[str, Any]:
        """As plain data, without name and address."""
        return {
            "place": self.place,
            "case": self.case,
            "letters": [letter.id for letter in self.letters],
            "names": self.names,
            "tracking": self.tracking,
            "posted_on": _iso(self.posted_on),
            "outcome": self.outcome,
            "outcome_on": _iso(self.outcome_on),
        }


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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def table() -> dict[str, Any]:
    """Layouts, columns and rules (posting.toml)."""
    return tables.read(TABLE)


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
        chosen = {lookup.one(connection, seat.office.id, ref).id for ref in wanted}
        pieces, left_out = _gathered(seat, connection, day, chosen, set(without))
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


def _gathered(
    seat: Seat, connection: Connection, day: date, chosen: set[int], without: set[int]
) -> tuple[list[Piece], list[dict[str, Any]]]:
    outside = [kind.code for kind in kinds.all() if kind.to != "file"]
    taken = (
        select(INSIDE.c.letter_id)
        .join(PIECES, PIECES.c.id == INSIDE.c.piece_id)
        .join(BATCHES, BATCHES.c.id == PIECES.c.batch_id)
        .where(BATCHES.c.state == BatchState.MADE, PIECES.c.posted_on.is_(None))
    )
    since = day - timedelta(days=table()["batch"]["days"])
    query = (
        select(
            LETTERS,
            CASES.c.number.label("case_number"),
            CASES.c.state,
            CASES.c.decision_number,
            CASES.c.channel,
        )
        .join(CASES, CASES.c.id == LETTERS.c.case_id)
        .where(
            LETTERS.c.office_id == seat.office.id,
            LETTERS.c.voided_on.is_(None),
            LETTERS.c.sha256.is_not(None),
            LETTERS.c.dated <= day,
            LETTERS.c.code.in_(outside),
            LETTERS.c.id.not_in(taken),
            LETTERS.c.id.not_in(without),
        )
        .order_by(LETTERS.c.case_id, LETTERS.c.id)
    )
    if chosen:
        query = query.where(LETTERS.c.case_id.in_(chosen))
    else:
        # Of letters made before it was kept where they are, only those of late: how they went is not known.
        here = LETTERS.c.stage.in_(IN_HAND) | (LETTERS.c.stage.is_(None) & (LETTERS.c.dated >= since))
        decision = (LETTERS.c.number == CASES.c.decision_number) & (CASES.c.state == State.ISSUED)
        query = query.where(LETTERS.c.sent_on.is_(None), CASES.c.state != State.FILED, decision | here)
    pieces: list[Piece] = []
    left_out: list[dict[str, Any]] = []
    for _, rows in groupby(connection.execute(query), key=lambda row: row.case_id):
        of_case = list(rows)
        opened = open_case(seat, connection, of_case[0].case_number)
        key = seat.case_key(connection, opened.id)
        found: dict[tuple[Any, ...], Piece] = {}
        for row in of_case:
            life = letter_life.of_letter(opened.case.lives, row.id)
            obstacle = (
                _obstacle(opened.case, life, bool(chosen), seat.context.approve) if life is not None else ""
            )
            if obstacle == "":
                continue
            to = _addressee(seat, opened, row, key)
            obstacle = obstacle or (None if to.address else NO_ADDRESS)
            if obstacle is not None:
                left_out.append(
                    {
                        "case": row.case_number,
                        "letter": row.number or row.code,
                        "id": row.id,
                        "reason": obstacle,
                    }
                )
                continue
            decides = row.number is not None and row.number == row.decision_number
            piece = found.setdefault((decides, to), Piece(opened.id, row.case_number, to, [], decides))
            piece.letters.append(row)
        pieces += found.values()
    pieces.sort(key=lambda piece: (piece.to.postcode or "9", piece.case, piece.letters[0].id))
    return pieces, left_out


def _obstacle(case: CaseFile, life: Life, chosen: bool, wanted: frozenset[str]) -> str | None:
    """Why a letter that is to go by post cannot now; "" where it is no letter for this batch at all."""
    if not life.in_hand or life.letter is None or _another_way(case, life, chosen):
        return ""
    match letter_truth.standing(case, life):
        case letter_truth.Standing.UNTRUE:
            return ""
        case letter_truth.Standing.HELD:
            return HELD
        case letter_truth.Standing.OUTDATED:
            return OUTDATED
    return NOT_APPROVED if life.code in wanted and life.stage == Stage.MADE else None


def _another_way(case: CaseFile, life: Life, chosen: bool) -> bool:
    """Whether a letter does not go by post: the reply by the way that was said, a receipt that was handed
    over, a notice to who is told electronically, or one that waits in the office's own outgoing mail."""
    reply = case.reply
    if life.waits:
        return True
    if reply is not None and life.number == reply.number:
        by_post = (reply.written_for or Service.POST) == Service.POST
        return not (case.state == State.RETURNED or (case.state == State.ISSUED and by_post))
    if letter_truth.handed_over(case, life):
        return True
    told_so = not chosen and kinds.get(life.code).to == "applicant"
    return told_so and case.channel in table()["batch"]["electronic"]


def _addressee(seat: Seat, opened: Opened, row: Any, key: bytes) -> Addressee:
    case = opened.case
    if kinds.get(row.code).to == "applicant":
        contact = persons.written_to(case, seat.today())
        plain = given_persons.person(contact, key)
        name = plain["name"]
        if contact.no == persons.AGENT:
            # So that the post hands it to him who may take it for the applicant.
            name = table()["batch"]["for_agent"].format(agent=name, applicant=persons.name_of(case))
        return Addressee(name, plain.get("address", ""), plain.get("postcode", ""))
    part = case.part("consultation", consultation_of(opened, row))
    if not isinstance(part, Consultation):
        return Addressee("", "")
    return Addressee(part.name, part.address, part.postcode)


def consultation_of(opened: Opened, row: Any) -> int:
    """The number of the consultation that a letter belongs to; 0 for none."""
    called = next((entry for entry in effective(opened.entries) if entry.n == row.entry_n), None)
    return int(called.payload.get("no", 0)) if called is not None else 0


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
        to = _addressee(seat, opened, letters[0], seat.case_key(connection, opened.id))
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

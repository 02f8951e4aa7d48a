"""What waits for the post: the letters of the next batch, to whom they go, and why others do not go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from letters.content import kinds
from workflow.base import tables
from workflow.base.messages import N_
from workflow.cases import letter_life, persons
from workflow.cases.case import CaseFile
from workflow.cases.letter_life import IN_HAND, Life, Stage
from workflow.cases.states import State
from workflow.cases.tracks import Consultation
from workflow.casework import given_persons
from workflow.casework.opened import Opened, open_case
from workflow.law.keys import Service
from workflow.office.seat import Seat
from workflow.procedure import letter_truth
from workflow.procedure.fold import effective
from workflow.storage.row_states import BatchState
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

    @property
    def void(self) -> bool:
        """Whether one of its letters was made void, so that it is not posted as it lies there."""
        return self.posted_on is None and any(letter.voided_on for letter in self.letters)

    def as_json(self) -> dict[str, Any]:
        """As plain data, without name and address."""
        return {
            "place": self.place,
            "case": self.case,
            "letters": [letter.id for letter in self.letters],
            "names": self.names,
            "tracking": self.tracking,
            "posted_on": iso(self.posted_on),
            "outcome": self.outcome,
            "outcome_on": iso(self.outcome_on),
            "void": self.void,
        }


def iso(day: date | None) -> str | None:
    """A day as text; None where there is none."""
    return day.isoformat() if day else None


def table() -> dict[str, Any]:
    """Layouts, columns and rules (posting.toml)."""
    return tables.read(TABLE)


def gathered(
    seat: Seat, connection: Connection, day: date, chosen: set[int], without: set[int]
) -> tuple[list[Piece], list[dict[str, Any]]]:
    """The letters that go with the next batch, and why others do not."""
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
            to = addressee_of(seat, opened, row, key)
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


def addressee_of(seat: Seat, opened: Opened, row: Any, key: bytes) -> Addressee:
    """To whom a letter goes, with the address that is sealed with the key of the case."""
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

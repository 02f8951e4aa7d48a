"""What waits and what goes out against the entries: the queue of work, messages, batches for the post."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from workflow.archive import destruction, folder
from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.casework.letter_status import MAILING
from workflow.jobs.queue import LETTER
from workflow.procedure.fold import effective
from workflow.storage.row_states import BatchState, MailState, PieceOutcome
from workflow.storage.tables import TABLES
from workflow.upkeep.verify_told import Told

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, LETTERS, OUTBOX, MAIL = (TABLES[name] for name in ("case_file", "letter", "outbox", "mail"))
LEDGER = TABLES["ledger"]
BATCHES, PIECES, INSIDE = (TABLES[name] for name in ("posting_batch", "posting_piece", "posting_letter"))
WAY_ON = N_("The ledger is the record. Compare the database with a backup.")
# Statements that are asked of every case, or by every check, are made once.
_QUEUE = select(OUTBOX).where(OUTBOX.c.office_id == bindparam("office"))
_GONE = CASES.c.destroyed_on.is_not(None).label("gone")
_LETTERS = (
    select(LETTERS.c.id, LETTERS.c.case_id, LETTERS.c.sha256, LETTERS.c.voided_on, _GONE)
    .join(CASES, CASES.c.id == LETTERS.c.case_id)
    .where(LETTERS.c.office_id == bindparam("office"))
)
_MAILS = (
    select(MAIL.c.id, MAIL.c.case_id, MAIL.c.state, _GONE)
    .join(CASES, CASES.c.id == MAIL.c.case_id)
    .where(MAIL.c.office_id == bindparam("office"))
)
_BATCHES = select(BATCHES).where(BATCHES.c.office_id == bindparam("office"))
_MAIL = select(MAIL).where(MAIL.c.case_id == bindparam("case")).order_by(MAIL.c.id)
_PIECES = select(PIECES).where(PIECES.c.case_id == bindparam("case"))
# Work that an entry puts down, by its event: its kind.
FOLLOWS = {"file": folder.KIND, "file_unserved": folder.KIND, "destroy": destruction.KIND}
_ENDS = select(LEDGER.c.event, LEDGER.c.n, LEDGER.c.case_id, LEDGER.c.via).where(
    LEDGER.c.office_id == bindparam("office"), LEDGER.c.event.in_(FOLLOWS), LEDGER.c.case_id.is_not(None)
)
_POSTED = ("dispatch", "letter_posted")
_ANSWERED = {
    PieceOutcome.DELIVERED: ("serve", "letter_arrived"),
    PieceOutcome.RETURNED: ("come_back", "letter_returned"),
}
# Work that is still to be done or was: by its kind and what it is of.
Work = tuple[str, int, int]


def queue(connection: Connection, office_id: int) -> None:
    """Damaged unless there is work, waiting or done, for each letter, message, folder and destruction; and
    that of letters and messages waits just as long as these are not made and not sent."""
    rows = connection.execute(_QUEUE, {"office": office_id}).all()
    found = Counter((row.kind, row.ref, row.case_id) for row in rows)
    waits = {(row.kind, row.ref, row.case_id) for row in rows if row.done_at is None}
    wanted, open_, unsure = _wanted(connection, office_id)
    # Earlier versions put down less.
    extra = [one for one in found - wanted if one not in unsure]
    missing = [one for one in wanted - found if one not in unsure]
    settled = {LETTER, MAILING}
    wrong = {one for one in waits ^ open_ if one[0] in settled}
    for kind, ref, case_id in sorted({*extra, *missing, *wrong}, key=str):
        number = connection.execute(select(CASES.c.number).where(CASES.c.id == case_id)).scalar()
        raise Damaged(
            N_("The work that waits is not what the entries of {number} leave to be done: {kind} {ref}."),
            number=number or "-",
            kind=kind,
            ref=ref,
            way_on=WAY_ON,
        )


def _wanted(connection: Connection, office_id: int) -> tuple[Counter[Work], set[Work], set[Work]]:
    """The work that there is by letters, messages and entries; what of it waits; what need not be there."""
    wanted: Counter[Work] = Counter()
    open_: set[Work] = set()
    unsure: set[Work] = set()
    for row in connection.execute(_LETTERS, {"office": office_id}):
        wanted[LETTER, row.id, row.case_id] += 1
        if row.sha256 is None and row.voided_on is None and not row.gone:
            open_.add((LETTER, row.id, row.case_id))
    for row in connection.execute(_MAILS, {"office": office_id}):
        wanted[MAILING, row.id, row.case_id] += 1
        if row.state not in (MailState.SENT, MailState.DROPPED) and not row.gone:
            open_.add((MAILING, row.id, row.case_id))
    for row in connection.execute(_ENDS, {"office": office_id}):
        work = FOLLOWS[row.event], row.n, row.case_id
        wanted[work] += 1
        if row.via is None:
            unsure.add(work)
    return wanted, open_, unsure


def mail(
    connection: Connection, case_id: int, number: str, entries: list[Any], told: list[tuple[int | None, str]]
) -> None:
    """Damaged unless there is one message for each dispatch by the office's own mail, of the letter that it
    sent, and those are sent of which an entry says so. `told` are these letters and the names of
    their messages, in order."""
    rows = connection.execute(_MAIL, {"case": case_id}).all()
    sent = {
        (entry.payload["message_id"], entry.payload["letter"]) for entry in entries if entry.event == "mailed"
    }
    found = {(row.message_id, row.letter_id) for row in rows if row.state == MailState.SENT}
    unsent_so = all(
        bool(row.sent_at) == (row.state == MailState.SENT) and row.state in set(MailState) for row in rows
    )
    if [(row.letter_id, row.message_id) for row in rows] != told or sent != found or not unsent_so:
        raise Damaged(
            N_("The messages of {number} are not those that its entries tell of."),
            number=number,
            way_on=WAY_ON,
        )


# --- the post


def tracked(connection: Connection, case: CaseFile, case_id: int, entries: list[Entry]) -> None:
    """Damaged unless the pieces of a case bear the numbers of registered mail that the entries of their
    posting say; one that came later for a notice stands with the piece alone."""
    posted = [entry for entry in (*entries, *effective(entries)) if entry.event in _POSTED]
    for piece in connection.execute(_PIECES, {"case": case_id}):
        known = {entry.payload.get("tracking") for entry in posted if entry.on == piece.posted_on}
        gone = case.destroyed is not None or piece.posted_on is None
        if piece.tracking not in ({None} if gone else known) and (gone or None not in known):
            batch = select(BATCHES.c.number).where(BATCHES.c.id == piece.batch_id)
            raise _batch(str(connection.execute(batch).scalar()))


def posting(connection: Connection, office_id: int, told: Told) -> None:
    """Damaged unless the batches are those that the entries tell of, with their letters in their order."""
    batches = {row.number: row for row in connection.execute(_BATCHES, {"office": office_id})}
    if set(batches) != set(told.batches):
        raise _batch(next(iter(set(batches) ^ set(told.batches))))
    for number, batch in batches.items():
        made = told.batches[number]
        query = select(PIECES).where(PIECES.c.batch_id == batch.id).order_by(PIECES.c.place)
        pieces = list(connection.execute(query))
        if not (_as_made(batch, made, pieces) and _inside(connection, made, pieces)):
            raise _batch(number)
        if not all(_true(connection, piece) for piece in pieces):
            raise _batch(number)


def _as_made(batch: Any, made: dict[str, Any], pieces: list[Any]) -> bool:
    """Whether a batch is as its entry says, and in the state that its pieces give."""
    left = [piece for piece in pieces if piece.posted_on is None]
    if made["dropped"] is not None:
        state = BatchState.POSTED if pieces else BatchState.DROPPED
        fits = batch.state == state and not left
    else:
        # Where the last piece was posted and the program was stopped, it is closed by the next run.
        fits = batch.state in ((BatchState.MADE,) if left else (BatchState.POSTED, BatchState.MADE))
    days = {piece.posted_on for piece in pieces}
    closed = batch.posted_on is None or (batch.state == BatchState.POSTED and batch.posted_on in days)
    return (
        fits
        and closed
        and (batch.on_day.isoformat(), batch.made_by, batch.service)
        == (made["on"], made["made_by"], made.get("service", batch.service))
    )


def _inside(connection: Connection, made: dict[str, Any], pieces: list[Any]) -> bool:
    """Whether the pieces hold the letters that they were made with; of those let go of nothing is left."""
    query = (
        select(INSIDE.c.piece_id, INSIDE.c.letter_id, PIECES.c.place)
        .join(PIECES, PIECES.c.id == INSIDE.c.piece_id)
        .where(PIECES.c.id.in_([piece.id for piece in pieces]))
        .order_by(PIECES.c.place, INSIDE.c.id)
    )
    found = [
        (place, [row.letter_id for row in rows])
        for place, rows in groupby(connection.execute(query), key=lambda row: row.place)
    ]
    if len(found) != len(pieces):
        return False
    if "pieces" not in made:
        letters = [letter for _, group in found for letter in group]
        return set(letters) <= set(made["letters"]) if made["dropped"] else letters == made["letters"]
    let_go = len(made["pieces"]) - len(pieces)
    placed = dict(enumerate(made["pieces"], 1))
    return all(placed.get(place) == group for place, group in found) and let_go == (made["dropped"] or 0)


def _true(connection: Connection, piece: Any) -> bool:
    """Whether a piece was posted, delivered or returned on days on which entries of its case say so."""
    letters = set(
        connection.execute(select(INSIDE.c.letter_id).where(INSIDE.c.piece_id == piece.id)).scalars()
    )
    cases = connection.execute(select(LETTERS.c.case_id).where(LETTERS.c.id.in_(letters))).scalars()
    if set(cases) != {piece.case_id}:
        return False
    query = select(LEDGER.c.event, LEDGER.c.on_day).where(LEDGER.c.case_id == piece.case_id)
    days = {(row.event, row.on_day) for row in connection.execute(query)}
    if piece.posted_on is not None and not any((event, piece.posted_on) in days for event in _POSTED):
        return False
    if piece.outcome is None:
        return piece.outcome_on is None
    if piece.outcome not in set(PieceOutcome):
        return False
    events = _ANSWERED[PieceOutcome(piece.outcome)]
    return piece.posted_on is not None and any((event, piece.outcome_on) in days for event in events)


def _batch(number: str) -> Damaged:
    return Damaged(N_("The batch {number} is not as the entries say."), number=number, way_on=WAY_ON)

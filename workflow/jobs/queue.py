"""Work that follows an act, done after its commit and until it is done: making letters.

Each piece can be repeated without harm: a letter's bytes depend on what it says and on nothing else, they are
kept under their own hash, and the entry that records them is written once. Who does what is registered
(`handle`), for the officer's own process, for many processes at once (process_pool.py) and for workers on
other machines (worker.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from letters.content import kinds
from workflow.base import variables
from workflow.base.errors import DisclosureError
from workflow.cases import paper_names
from workflow.casework import letter_data
from workflow.casework.desk import Desk
from workflow.casework.opened import Done
from workflow.jobs import letter_press
from workflow.office.seat import Seat
from workflow.storage import encryption, file_store, ledger
from workflow.storage.database import insert_one
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, OUTBOX, LETTERS = TABLES["case_file"], TABLES["outbox"], TABLES["letter"]
KEYS = TABLES["case_key"]
# Made once: making them anew takes longer than the database needs for them.
_WAITING = (
    select(OUTBOX)
    .where(OUTBOX.c.office_id == bindparam("office"), OUTBOX.c.done_at.is_(None))
    .order_by(OUTBOX.c.id)
)
_DONE = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("work"), OUTBOX.c.done_at.is_(None))
    .values(done_at=bindparam("at"))
)
_MADE = update(LETTERS).where(LETTERS.c.id == bindparam("of_letter")).values(sha256=bindparam("made"))
APPLICANT = (CASES.c.applicant_name, CASES.c.applicant_kind)
LETTER = "letter"


class Sheet(NamedTuple):
    """A letter to be made, and the work that it is."""

    work: int
    letter: Any
    errand: letter_press.Errand


def waiting(desk: Seat) -> list[Any]:
    """What is still to be done for the office, oldest first."""
    with desk.store.reading() as connection:
        return list(connection.execute(_WAITING, {"office": desk.office.id}))


def count(desk: Seat) -> int:
    """How much is still to be done for the office."""
    with desk.store.reading() as connection:
        query = select(func.count()).select_from(OUTBOX)
        query = query.where(OUTBOX.c.office_id == desk.office.id, OUTBOX.c.done_at.is_(None))
        return int(connection.execute(query).scalar_one())


def settle(
    desk: Desk,
    letters: list[int] | None = None,
    seen: Callable[[Any], None] | None = None,
    *,
    works: list[int] | None = None,
) -> list[dict[str, Any]]:
    """Do what is waiting (or only the letters, or the works, named); what was made. The first fault is raised
    when all was tried."""
    made, first_fault = [], None
    for work in waiting(desk):
        if letters is not None and (work.kind != LETTER or work.ref not in letters):
            continue
        if works is not None and work.id not in works:
            continue
        try:
            made.append(do(desk, work))
        except DisclosureError as fault:
            first_fault = first_fault or fault
        if seen is not None:
            seen(work)
    if first_fault is not None:
        raise first_fault
    return made


def do(desk: Desk, work: Any) -> dict[str, Any]:
    """Do one piece of work by its kind; a fault is noted with the work, which goes on waiting, and raised."""
    try:
        return doer(work.kind)(desk, work)
    except DisclosureError as fault:
        note_fault(desk, work.id, fault)
        raise


def put_down(seat: Seat, connection: Connection, done: Done, kind: str) -> int:
    """Put down work that follows an act, in its commit; the id of the work."""
    work = {
        "office_id": seat.office.id,
        "case_id": done.case_id,
        "kind": kind,
        "ref": done.entry.n,
        "created_at": done.entry.recorded_at,
        "attempts": 0,
    }
    return insert_one(connection, insert(OUTBOX), work)


def close(desk: Seat, connection: Connection, work: int) -> bool:
    """Note that a piece of work is done, in the caller's transaction; whether it was not done before."""
    waiting = (OUTBOX.c.id == work) & OUTBOX.c.done_at.is_(None)
    return connection.execute(update(OUTBOX).where(waiting).values(done_at=desk.moment())).rowcount == 1


# --- letters


def _letter(desk: Desk, work: Any) -> dict[str, Any]:
    """Make the PDF of a letter, keep it under its hash, record it; nothing of it counts before the last
    commit.
    """
    (sheet,) = sheets(desk, [work])
    sha256 = letter_press.press(sheet.errand)
    with desk.store.writing() as connection:
        record(desk, connection, [(sheet, sha256)])
    return made(sheet, sha256)


def sheets(desk: Seat, works: Iterable[Any]) -> list[Sheet]:
    """What some of the waiting letters say, opened, in the order of the work; one look into the database for
    all.
    """
    with desk.store.reading() as connection:
        return sheets_in(desk, connection, works)


def sheets_in(desk: Seat, connection: Connection, works: Iterable[Any]) -> list[Sheet]:
    """The same as they are in the caller's transaction."""
    of = {work.ref: work.id for work in works}
    query = (
        select(LETTERS, KEYS.c.wrapped, CASES.c.number.label("case_number"), *APPLICANT)
        .join(CASES, CASES.c.id == LETTERS.c.case_id)
        .outerjoin(KEYS, KEYS.c.case_id == LETTERS.c.case_id)
        .where(LETTERS.c.id.in_(list(of)))
    )
    store = str(file_store.folder(desk.store.folder))
    rows = {row.id: row for row in connection.execute(query)}
    found = []
    for letter_id, work_id in of.items():
        row = rows[letter_id]
        key = encryption.unwrap(desk.ring(connection), row.case_id, row.wrapped)
        content = encryption.open_(key, letter_data.FIELD, row.content)
        found.append(Sheet(work_id, row, letter_press.Errand(content, store, str(_copy(desk, row)))))
    return found


def record(desk: Desk, connection: Connection, pressed: Iterable[tuple[Sheet, str]]) -> list[bool]:
    """Record letters that were made, in the caller's transaction: whether each was recorded now, or was
    before.

    Two may have made the same letter; the entry is written by the first alone.
    """
    # Lock in the order of every act: first the chain, then the rows; else two processes could deadlock.
    ledger.head(connection, desk.office.id, lock=True)
    found = []
    for sheet, sha256 in pressed:
        done = connection.execute(_DONE, {"work": sheet.work, "at": desk.moment()})
        if done.rowcount == 1:
            connection.execute(_MADE, {"of_letter": sheet.letter.id, "made": sha256})
            desk.letter_made(connection, sheet.letter, sha256)
        found.append(done.rowcount == 1)
    return found


def made(sheet: Sheet, sha256: str) -> dict[str, Any]:
    """A letter that was made, for whoever asked for it."""
    letter = sheet.letter
    return {
        "id": letter.id,
        "code": letter.code,
        "number": letter.number,
        "sha256": sha256,
        "path": sheet.errand.copy,
    }


def _copy(desk: Seat, letter: Any) -> Path:
    folder = (
        Path(variables.given("DISCLOSURE_LETTERS") or desk.store.folder / "letters")
        / desk.office.key
        / str(letter.case_number)
    )
    return folder / paper_names.of_row(
        letter.case_number,
        letter.applicant_name or "",
        letter.applicant_kind or "",
        kinds.get(letter.code).zh,
        letter.number or letter.id,
    )


def note_fault(desk: Seat, work: int, fault: DisclosureError) -> None:
    """Keep with the work why it could not be done."""
    with desk.store.writing() as connection:
        connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.id == work)
            .values(attempts=OUTBOX.c.attempts + 1, last_error=f"{fault.kind}: {fault}"[:2000])
        )


Doer = Callable[[Desk, Any], dict[str, Any]]
# Handlers by kind of work. Rooms above add theirs (workflow.commands.wiring).
_DOERS: dict[str, Doer] = {LETTER: _letter}


def handle(kind: str, doer: Doer) -> None:
    """Register the handler of a kind of work."""
    _DOERS[kind] = doer


def doer(kind: str) -> Doer:
    """The handler of a kind of work; LookupError if there is none."""
    if kind not in _DOERS:
        raise LookupError(f"nobody does the work {kind!r}: import workflow.commands.wiring")
    return _DOERS[kind]

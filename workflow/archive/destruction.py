"""The end of a filed case: its key, its names and its files are destroyed; statistics and the chain stay.

In the transaction of the act: the key of the case, the names in its rows, what the search knows of it. After
the commit: its files, where no other case has them, its folder in the archive, and the copies of its letters.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from workflow.archive import folder
from workflow.base import variables
from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.cases import persons
from workflow.casework import filing_check, parties, search_index
from workflow.casework.opened import Done
from workflow.jobs import queue
from workflow.office.seat import Seat
from workflow.procedure.fold import fold
from workflow.storage import case_entries, file_store, sealed_texts, snapshots
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

KIND = "shred"
CASES, KEYS, FILES, OUTBOX = (TABLES[name] for name in ("case_file", "case_key", "attachment", "outbox"))
PIECES, ROWS = TABLES["posting_piece"], TABLES["list_entry"]
HELD = ("attachment", "letter", "signature")


def shred(connection: Connection, case_id: int, moment: str) -> None:
    """Destroy what makes the case readable, in the caller's transaction."""
    _overwrite(connection)
    connection.execute(delete(KEYS).where(KEYS.c.case_id == case_id))
    # The values that the entries still give without the key: verification folds them again and compares.
    bare = fold(case_entries.entries(connection, case_id))
    connection.execute(
        update(CASES)
        .where(CASES.c.id == case_id)
        .values(applicant_name=persons.name_of(bare), request=bare.request, applicant_mark="")
    )
    connection.execute(update(FILES).where(FILES.c.case_id == case_id).values(name=sealed_texts.mark()))
    # A tracking number leads to the addressee at the post office's site.
    connection.execute(update(PIECES).where(PIECES.c.case_id == case_id).values(tracking=None))
    waiting = (OUTBOX.c.case_id == case_id) & OUTBOX.c.done_at.is_(None) & (OUTBOX.c.kind != KIND)
    connection.execute(update(OUTBOX).where(waiting).values(done_at=moment))
    connection.execute(update(OUTBOX).where(OUTBOX.c.case_id == case_id).values(last_error=None))
    if "mail" in TABLES:
        mail = TABLES["mail"]
        connection.execute(update(mail).where(mail.c.case_id == case_id).values(last_error=None))
    # The fingerprint of the row of a list tells whether a person once asked for this.
    connection.execute(delete(ROWS).where(ROWS.c.case_id == case_id))
    search_index.forget(connection, case_id)
    parties.forget(connection, case_id)
    snapshots.forget(connection, case_id)


def put_down(seat: Seat, connection: Connection, done: Done) -> None:
    """In the commit of the destruction: what makes the case readable goes at once, its files are to
    follow.
    """
    shred(connection, done.case_id, done.entry.recorded_at)
    done.errands.append(queue.put_down(seat, connection, done, KIND))


def clear(seat: Seat, work: Any) -> dict[str, Any]:
    """Delete the files of a destroyed case. What is gone already is no fault, so that it can be repeated."""
    with seat.store.reading() as connection:
        number = connection.execute(select(CASES.c.number).where(CASES.c.id == work.case_id)).scalar_one()
        own = list(filing_check.digests(connection, work.case_id))
        shared = _held_elsewhere(connection, work.case_id, own)
        searched = connection.dialect.name
    # First of all: if files cannot be deleted, the texts are gone in any case.
    _purge(seat, work.id)
    store = file_store.folder(seat.store.folder)
    gone = [sha256 for sha256 in own if sha256 not in shared]
    try:
        for sha256 in gone:
            file_store.remove(store, sha256)
        for place in (folder.place(seat, str(number)), _copies(seat, str(number))):
            with suppress(FileNotFoundError):
                shutil.rmtree(place)
    except OSError as fault:
        raise Environment(
            N_("{path} cannot be written: {detail}"),
            path=str(fault.filename or store),
            detail=fault.strerror or str(fault),
            way_on=N_("Put that right, then: disclosure work"),
        ) from None
    with seat.store.writing() as connection:
        queue.close(seat, connection, work.id)
    if searched == "sqlite":
        # The write-ahead log still contains the old pages.
        with seat.store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return {"case": str(number), "removed": len(gone), "path": ""}


def _purge(seat: Seat, work: int) -> None:
    """With the last of several cases to be cleared, the search index drops what it only marked as gone: it is
    written anew as a whole, which takes as long for one case as for a hundred. One that was tried in vain is
    not waited for."""
    with seat.store.writing() as connection:
        others = (OUTBOX.c.kind == KIND) & OUTBOX.c.done_at.is_(None) & (OUTBOX.c.id != work)
        others &= OUTBOX.c.attempts == 0
        if connection.execute(select(OUTBOX.c.id).where(others).limit(1)).first() is None:
            _overwrite(connection)
            search_index.purge(connection)


def _overwrite(connection: Connection) -> None:
    """What is deleted through this connection is overwritten, and does not stay in pages that are free."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def _held_elsewhere(connection: Connection, case_id: int, own: list[str]) -> set[str]:
    """Which of these files belong to a case that is not destroyed too."""
    found: set[str] = set()
    for name in HELD:
        table = TABLES[name]
        query = (
            select(table.c.sha256)
            .join(CASES, CASES.c.id == table.c.case_id)
            .where(table.c.sha256.in_(own), table.c.case_id != case_id, CASES.c.destroyed_on.is_(None))
        )
        found |= set(connection.execute(query).scalars())
    return found


def _copies(seat: Seat, number: str) -> Path:
    """Where copies of the letters lie under names for people."""
    base = Path(variables.given("DISCLOSURE_LETTERS") or seat.store.folder / "letters")
    return base / seat.office.key / number

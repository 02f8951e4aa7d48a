"""The proof that a letter's PDF is in the record: its entry, the path to the root, the signed checkpoint
(C2SP tlog-proof v1). The entry goes along as the chain hashed it, with sealed texts left sealed.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import merkle
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.evidence import checkpoints, notes
from workflow.evidence.notes import Note
from workflow.office.seat import Seat
from workflow.storage import ledger, tree
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
HEADER = "c2sp.org/tlog-proof@v1"
MADE = "letter_made"
# Where the hash of the PDF stands in the text of an entry, whose payload is a text within it.
PLACE = '\\"sha256\\":\\"{}\\"'
HERE = Path(__file__).parent
# What goes along with proofs: whoever has these and Python, or a browser, needs nothing else.
VERIFIERS = {
    "verify_evidence.py": HERE / "verify_evidence.py",
    "verify_evidence.html": HERE / "verify_evidence.html",
}


@dataclass(frozen=True)
class Proof:
    """The proof of one letter."""

    sha256: str
    number: str | None
    code: str
    seq: int
    text: str


def of_letters(seat: Seat, rows: list[Any], note: Note | None = None, *, oldest: bool = False) -> list[Proof]:
    """Proofs of entries that record letters, against a checkpoint; else one that covers them, cosigned where
    there is one (the oldest, where `oldest`), made now where there is none.
    """
    covering = max(row.seq for row in rows)
    if note is None:
        with seat.store.reading() as connection:
            note = checkpoints.covering(connection, seat.office.id, covering, oldest=oldest)
    note = note or checkpoints.make(seat)
    size = notes.checkpoint_of(note.text).size
    with seat.store.reading() as connection:
        kept = tree.Kept(connection, seat.office.id)
        return [_proof(row, size, kept, note) for row in rows if row.seq <= size]


def _proof(row: Any, size: int, kept: tree.Kept, note: Note) -> Proof:
    path = merkle.inclusion(row.seq - 1, size, kept.node)
    said = json.loads(row.payload)
    # Whoever checks puts in the hash of the PDF that he has: what is left out keeps the proof below 2 kB.
    text = ledger.hashed_of(row).replace(PLACE.format(said["sha256"]), PLACE.format(""), 1)
    lines = [
        HEADER,
        "extra " + base64.b64encode(text.encode()).decode(),
        f"index {row.seq - 1}",
        *(base64.b64encode(step).decode() for step in path),
    ]
    return Proof(
        said["sha256"], said.get("number"), said["code"], row.seq, "\n".join(lines) + "\n\n" + str(note)
    )


def entries(
    connection: Connection, seat: Seat, *, case_id: int | None = None, sha256: str | None = None
) -> list[Any]:
    """The rows of the ledger that record letters: of a case, or of a PDF by its hash."""
    query = select(LEDGER).where(LEDGER.c.office_id == seat.office.id, LEDGER.c.event == MADE)
    if case_id is not None:
        query = query.where(LEDGER.c.case_id == case_id)
    rows = connection.execute(query.order_by(LEDGER.c.seq)).all()
    return [row for row in rows if sha256 is None or json.loads(row.payload)["sha256"] == sha256]


def require(rows: list[Any], what: str) -> list[Any]:
    """The rows; NotFound where the record knows no such letter."""
    if not rows:
        raise NotFound(
            N_("The record knows no letter of {what}."),
            what=what,
            way_on=N_("Letters are recorded when their PDF is made: disclosure work"),
        )
    return rows

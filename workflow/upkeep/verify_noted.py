"""The record against what was noted of it elsewhere: an entry's number and hash, or a checkpoint that was
given out.

A record that was rewritten from some entry on, and chained again, is whole by itself. That it is another
one shows only by comparing it with what somebody else holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base.errors import Conflict, Damaged, Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.evidence import checkpoints, keys, notes
from workflow.evidence.notes import SIGNED, Checkpoint, Key
from workflow.office.profile import Office
from workflow.storage import ledger, tree
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
_NOTED = later(r"([1-9][0-9]{0,17}):([0-9a-f]{12,64})")
WAY_ON = N_("Keep the database as it is and compare it with a backup and with what was noted.")


def since(connection: Connection, office: Office, noted: str) -> dict[str, Any]:
    """Compare with an entry that was noted as SEQ:HASH (the hash may be cut short after twelve signs); the
    entry. Malformed for another form, Damaged where the record has another entry there, or none."""
    found = _NOTED.fullmatch(noted.strip().lower())
    if found is None:
        raise Malformed(
            N_("'{text}' is no entry that was noted."),
            field="since",
            text=noted[:80],
            way_on=N_("Write it as NUMBER:HASH, as 'disclosure verify' prints both."),
        )
    seq, digest = int(found[1]), found[2]
    query = select(LEDGER.c.hash, LEDGER.c.recorded_at).where(
        LEDGER.c.office_id == office.id, LEDGER.c.seq == seq
    )
    row = connection.execute(query).first()
    if row is None or not row.hash.startswith(digest):
        raise Damaged(
            N_(
                "The record of '{office}' does not have the entry {seq} that was noted: it is cut off or rewritten."
            ),
            office=office.key,
            seq=seq,
            way_on=WAY_ON,
        )
    last = ledger.head(connection, office.id)
    return {"seq": seq, "recorded_at": row.recorded_at, "entries_since": last.seq - seq}


def checkpoint(store: Store, connection: Connection, office: Office, path: Path) -> dict[str, Any]:
    """Compare with a checkpoint of the office; its size, and whether the office's signature on it was
    checked.

    Conflict for one of another record, Damaged where the entries do not give it or its signature does not
    hold."""
    note = notes.read(path.read_text("utf-8", errors="replace"))
    point = notes.checkpoint_of(note.text)
    origin = checkpoints.origin_of(connection, office)
    if point.origin != origin:
        raise Conflict(
            N_("This checkpoint is of another record than that of this office."),
            way_on=N_("Compare its first line with: disclosure evidence key"),
        )
    require_prefix(connection, office, point)
    place = keys.place(store.folder)
    signed = False
    if place.exists():
        public = Key(origin, SIGNED, keys.load(place).public_key().public_bytes_raw())
        if note.signed_by(public) is None:
            raise Damaged(N_("The checkpoint does not bear the signature of this office."), way_on=WAY_ON)
        signed = True
    others = [name for name, _, _ in note.signatures if name != origin]
    return {"size": point.size, "signed": signed, "cosigned_by": others}


def require_prefix(connection: Connection, office: Office, point: Checkpoint) -> None:
    """Damaged unless the first entries of the office, so many as the checkpoint has, give its root."""
    grown = tree.Growing(0, "")
    query = select(LEDGER.c.hash).where(LEDGER.c.office_id == office.id, LEDGER.c.seq <= point.size)
    for made in connection.execute(query.order_by(LEDGER.c.seq)).scalars():
        grown.add(made)
    if (grown.size, grown.root) != (point.size, point.root):
        raise checkpoints.rewritten(point.size)

"""The append-only record: entries chained by SHA-256 over their canonical JSON, one chain an office.

The hash of an entry covers everything in it and the hash before it, so an entry that was changed, left out or
put in shows at the next walk. What the chain cannot show is its own end cut off together with the head:
`head` gives the newest hash, to be written down elsewhere (a letter, a backup, a notary).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, text, update

from workflow.base.caller import SYSTEM
from workflow.base.errors import Damaged, NotFound
from workflow.base.messages import N_
from workflow.cases.entry import Entry
from workflow.storage import case_entries, sealing, session, tree
from workflow.storage.committing import LAST_ENTRY
from workflow.storage.entry_hash import digest, hashed
from workflow.storage.entry_hash import row as row_of
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER, HEAD = TABLES["ledger"], TABLES["chain_head"]
GENESIS = "0" * 64


# Statements of every act are made once: making them anew takes longer than the database needs for them.
_NEWEST = select(HEAD.c.seq, HEAD.c.hash, HEAD.c.peaks).where(HEAD.c.office_id == bindparam("office"))
_LOCKED = _NEWEST.with_for_update()
_APPEND = insert(LEDGER).inline()
_MOVE = (
    update(HEAD)
    .where(HEAD.c.office_id == bindparam("office"))
    .values(seq=bindparam("to_seq"), hash=bindparam("to_hash"), peaks=bindparam("to_peaks"))
)
# Where an officer works under a role of his own, functions of the database do both for him, and compare.
_LOCKED_FOR_HIM = text("SELECT seq, hash, peaks FROM disclosure_head(:office)")
_COLUMNS = tuple(column.name for column in LEDGER.columns if column.name != "id")
_APPEND_FOR_HIM = text(f"SELECT disclosure_append({', '.join(f':{name}' for name in _COLUMNS)})")
# PostgreSQL takes both at once: all of an office wait while an entry is chained.
_MOVED = "UPDATE chain_head SET seq = :to_seq, hash = :to_hash, peaks = :to_peaks WHERE office_id = :office"
_APPENDED = str(insert(LEDGER).values({name: bindparam(name) for name in _COLUMNS}))
_APPEND_AND_MOVE = text(f"WITH moved AS ({_MOVED}) {_APPENDED}")


_CHAIN = select(LEDGER).where(LEDGER.c.office_id == bindparam("office")).order_by(LEDGER.c.seq)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a chain."""

    seq: int
    hash: str
    # Of the tree beside the chain; None where an earlier version kept none.
    peaks: str | None = field(default=None, compare=False)


def head(connection: Connection, office_id: int, *, lock: bool = False) -> Head:
    """The newest entry of an office's chain; with `lock`, writers of this office wait for one another."""
    if lock:
        session.enter_alone(connection, office_id)
        # What this transaction left to its commit comes first.
        sealing.chain(connection, sealing.taken(connection))
    locked = _LOCKED_FOR_HIM if lock and session.of(connection).bound else _LOCKED
    row = connection.execute(locked if lock else _NEWEST, {"office": office_id}).first()
    if row is None:
        raise NotFound(N_("There is no office no. {id}."), id=office_id)
    return Head(row.seq, row.hash, row.peaks)


def append(connection: Connection, office_id: int, case_id: int | None, entry: Entry, after: Head) -> Head:
    """Write one entry after the head; the caller holds the lock on the head and commits."""
    return append_all(connection, office_id, [(case_id, entry)], after)


def append_all(
    connection: Connection, office_id: int, entries: list[tuple[int | None, Entry]], after: Head
) -> Head:
    """Write entries (each with its case) after the head, in this order; as append, in one statement."""
    role = session.of(connection)
    rows: list[dict[str, Any]] = []
    hashes = []
    before = after
    for case_id, said in entries:
        entry = _under(role, said)
        row = row_of(office_id, case_id, entry)
        made = digest(office_id, after.seq + 1, case_id, entry, row["payload"], after.hash)
        rows.append({**row, "seq": after.seq + 1, "prev_hash": after.hash, "hash": made})
        after = Head(after.seq + 1, made)
        hashes.append(made)
    connection.info[LAST_ENTRY] = {"office_id": office_id, "seq": after.seq, "hash": after.hash}
    if role.bound:
        peaks = before.peaks
        for row in rows:
            peaks = connection.execute(_APPEND_FOR_HIM, row).scalar()
        return Head(after.seq, after.hash, peaks)
    grown = tree.growing(connection, office_id, before.seq, before.peaks)
    for made in hashes:
        grown.add(made)
    after = Head(after.seq, after.hash, grown.peaks)
    tree.keep(connection, office_id, grown)
    moved = {"office": office_id, "to_seq": after.seq, "to_hash": after.hash, "to_peaks": after.peaks}
    if connection.dialect.name == "postgresql" and len(rows) == 1:
        connection.execute(_APPEND_AND_MOVE, rows[0] | moved)
    else:
        connection.execute(_APPEND, rows)
        connection.execute(_MOVE, moved)
    return after


def _under(role: session.Session, entry: Entry) -> Entry:
    """The entry with the role under which the program itself wrote it, where the database knows one."""
    if not role.bound or entry.known is None or entry.known.via != SYSTEM:
        return entry
    return replace(entry, known=replace(entry.known, login=role.login))


def walk(connection: Connection, office_id: int) -> Iterator[Any]:
    """Every row of an office's chain in order, checked; Damaged at the first that does not hold."""
    last = Head(0, GENESIS)
    for row in connection.execute(_CHAIN, {"office": office_id}, execution_options={"yield_per": 1000}):
        try:
            made = digest(
                office_id, row.seq, row.case_id, case_entries.bare_of(row), row.payload, row.prev_hash
            )
        except (TypeError, ValueError):
            made = ""
        if row.seq != last.seq + 1 or row.prev_hash != last.hash or row.hash != made:
            raise Damaged(
                N_("The ledger is broken at entry {seq}: it was changed, or an entry before it is missing."),
                seq=row.seq,
                way_on=N_("Keep the database as it is and compare it with a backup."),
            )
        last = Head(row.seq, row.hash)
        yield row
    if head(connection, office_id) != last:
        raise Damaged(
            N_(
                "The ledger ends at entry {seq}, but its head says otherwise: entries at the end are missing."
            ),
            seq=last.seq,
            way_on=N_("Keep the database as it is and compare it with a backup."),
        )


def hashed_of(row: Any) -> str:
    """What the hash of a row was made of."""
    return hashed(row.office_id, row.seq, row.case_id, case_entries.bare_of(row), row.payload, row.prev_hash)

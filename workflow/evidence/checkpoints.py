"""Checkpoints of an office's record: made, kept, sent to a witness, taken back with his signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from workflow.base import merkle
from workflow.base.errors import Conflict, Damaged, Malformed, NotFound
from workflow.base.messages import N_
from workflow.evidence import keys, notes, requests
from workflow.evidence.notes import SIGNED, Checkpoint, Key, Note
from workflow.office.profile import Office
from workflow.office.seat import Seat
from workflow.storage import ledger, tree
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER, KEPT = TABLES["ledger"], TABLES["checkpoint"]
# Statements that every check of the record asks are made once.
_OF_OFFICE = select(KEPT).where(KEPT.c.office_id == bindparam("office"))
_SIZES = select(KEPT.c.size).where(KEPT.c.office_id == bindparam("office")).order_by(KEPT.c.size)


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that was given out: of how many entries, and when (UTC)."""

    size: int
    made_at: str


def origin(connection: Connection, seat: Seat) -> str:
    """The name of the office's log: its key and the beginning of its first entry's hash, so that two logs
    never have one name.
    """
    return origin_of(connection, seat.office)


def origin_of(connection: Connection, office: Office) -> str:
    """The same for an office in which nobody sits."""
    first = connection.execute(
        select(LEDGER.c.hash).where(LEDGER.c.office_id == office.id, LEDGER.c.seq == 1)
    ).scalar_one()
    return f"disclosure/{office.key}/{first[:16]}"


def public_key(seat: Seat) -> Key:
    """The key by which the office's checkpoints are verified."""
    key = keys.load(keys.place(seat.store.folder))
    with seat.store.reading() as connection:
        return Key(origin(connection, seat), SIGNED, key.public_key().public_bytes_raw())


def make(seat: Seat) -> Note:
    """The signed checkpoint of the record as it is now; kept, and the same one where nothing was added."""
    key = keys.load(keys.place(seat.store.folder))
    with seat.store.writing() as connection:
        head = ledger.head(connection, seat.office.id, lock=True)
        grown = tree.growing(connection, seat.office.id, head.seq, head.peaks)
        name = origin(connection, seat)
        text = Checkpoint(name, head.seq, grown.root).text
        kept = _of_size(connection, seat.office.id, head.seq)
        if kept is not None:
            found = notes.read(kept.note)
            if found.text != text:
                raise rewritten(head.seq)
            return found
        made = Note(text, (notes.sign(text, name, key),))
        connection.execute(
            insert(KEPT).values(
                office_id=seat.office.id, size=head.seq, note=str(made), cosigned=0, made_at=seat.moment()
            )
        )
    return made


def request(seat: Seat, old: int) -> str:
    """What a witness is asked to sign, for whom `old` entries are what he saw last (0: nothing): the newest
    checkpoint and the proof that it continues what he saw.
    """
    note = make(seat)
    point = notes.checkpoint_of(note.text)
    if old > point.size:
        raise Malformed(
            N_("The record has {size} entries; the witness cannot have seen {old}."),
            field="old",
            size=point.size,
            old=old,
            way_on=N_("If he did, entries are missing here: compare the database with a backup."),
        )
    proof: list[bytes] = []
    if 0 < old < point.size:
        with seat.store.reading() as connection:
            proof = merkle.consistency(old, point.size, tree.Kept(connection, seat.office.id).node)
    return requests.written(old, proof, note)


def accept(seat: Seat, text: str) -> tuple[Checkpoint, list[str]]:
    """Keep the signatures that came back on a checkpoint of this office; the names that signed it.

    Conflict where it is of another log, NotFound where no such checkpoint was made here.
    """
    came = notes.read(text)
    point = notes.checkpoint_of(came.text)
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        row = _of_size(connection, seat.office.id, point.size)
        if row is None:
            raise NotFound(
                N_("No checkpoint of {size} entries was made here."),
                size=point.size,
                way_on=N_("Only what this office gave out is taken back: disclosure evidence checkpoint"),
            )
        kept = notes.read(row.note)
        if kept.text != came.text:
            raise Conflict(
                N_("This checkpoint is of another record than that of this office."),
                way_on=N_("Compare its first line with: disclosure evidence key"),
            )
        joined = kept.joined_with(came.signatures)
        names = [name for name, _, _ in joined.signatures if name != point.origin]
        connection.execute(
            update(KEPT).where(KEPT.c.id == row.id).values(note=str(joined), cosigned=len(names))
        )
    return point, names


def covering(connection: Connection, office_id: int, size: int, *, oldest: bool = False) -> Note | None:
    """A kept checkpoint that covers so many entries: a cosigned one first, then the newest, or the oldest."""
    query = select(KEPT.c.note).where(KEPT.c.office_id == office_id, KEPT.c.size >= size)
    if oldest:
        query = query.order_by(KEPT.c.size)
    else:
        query = query.order_by((KEPT.c.cosigned > 0).desc(), KEPT.c.size.desc())
    found = connection.execute(query.limit(1)).scalar()
    return notes.read(found) if found is not None else None


def newest(connection: Connection, office_id: int, *, cosigned: bool = False) -> Kept | None:
    """The largest checkpoint that was given out, or the largest that bears a witness's signature."""
    query = select(KEPT.c.size, KEPT.c.made_at).where(KEPT.c.office_id == office_id)
    if cosigned:
        query = query.where(KEPT.c.cosigned > 0)
    row = connection.execute(query.order_by(KEPT.c.size.desc()).limit(1)).first()
    return Kept(row.size, row.made_at) if row is not None else None


def first(connection: Connection, office_id: int, size: int) -> Kept | None:
    """The smallest checkpoint that covers so many entries."""
    query = select(KEPT.c.size, KEPT.c.made_at).where(KEPT.c.office_id == office_id, KEPT.c.size >= size)
    row = connection.execute(query.order_by(KEPT.c.size).limit(1)).first()
    return Kept(row.size, row.made_at) if row is not None else None


def first_over(seat: Seat, size: int) -> Kept:
    """The same; made now where none covers so many."""
    with seat.store.reading() as connection:
        kept = first(connection, seat.office.id, size)
    if kept is None:
        make(seat)
        with seat.store.reading() as connection:
            kept = first(connection, seat.office.id, size)
    assert kept is not None
    return kept


def check(connection: Connection, office_id: int, roots: dict[int, bytes]) -> None:
    """Damaged where a checkpoint given out is not what the entries give: `roots` by size, made anew."""
    for row in connection.execute(_OF_OFFICE, {"office": office_id}):
        try:
            note = notes.read(row.note)
            point = notes.checkpoint_of(note.text)
        except Malformed:
            raise rewritten(row.size) from None
        others = [name for name, _, _ in note.signatures if name != point.origin]
        if point.size != row.size or roots.get(point.size) != point.root or len(others) != row.cosigned:
            raise rewritten(row.size)


def sizes(connection: Connection, office_id: int) -> list[int]:
    """The sizes at which checkpoints were given out."""
    return list(connection.execute(_SIZES, {"office": office_id}).scalars())


def state(seat: Seat) -> list[dict[str, Any]]:
    """The checkpoints that are kept, the newest first, with who cosigned them."""
    with seat.store.reading() as connection:
        rows = connection.execute(
            select(KEPT).where(KEPT.c.office_id == seat.office.id).order_by(KEPT.c.size.desc())
        ).all()
    return [
        {
            "size": row.size,
            "made_at": row.made_at,
            "cosigned_by": [name for name, _, _ in notes.read(row.note).signatures][1:],
        }
        for row in rows
    ]


def _of_size(connection: Connection, office_id: int, size: int) -> Any:
    return connection.execute(select(KEPT).where(KEPT.c.office_id == office_id, KEPT.c.size == size)).first()


def rewritten(size: int) -> Damaged:
    """That the record is another one than that of which a checkpoint was given out."""
    return Damaged(
        N_(
            "The record is not the one of which a checkpoint of {size} entries was given out: it was cut off or rewritten."
        ),
        size=size,
        way_on=N_("Keep the database as it is and compare it with a backup and with what the witness holds."),
    )

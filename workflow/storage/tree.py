"""The Merkle tree over an office's entries, beside the chain: kept up where an entry is written.

The leaf of an entry is the hash that the chain gives it. Kept are the peaks, with the head, and of the nodes
those of every eighth level; what lies between is made again from 256 of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from workflow.base import merkle
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER, HEAD, NODES = TABLES["ledger"], TABLES["chain_head"], TABLES["tree_node"]
STEP = 8  # levels between those that are kept
_LOT = 20_000
_INSERT = insert(NODES)
# Made once: making them anew takes longer than the database needs for them.
_ENTRIES = (
    select(LEDGER.c.hash)
    .where(
        LEDGER.c.office_id == bindparam("office"),
        LEDGER.c.seq > bindparam("first"),
        LEDGER.c.seq <= bindparam("last"),
    )
    .order_by(LEDGER.c.seq)
)
_PEAKS = select(HEAD.c.peaks).where(HEAD.c.office_id == bindparam("office"))
_EVERY_NODE = select(NODES.c.level, NODES.c.place, NODES.c.hash).where(
    NODES.c.office_id == bindparam("office")
)
_NODES = (
    select(NODES.c.hash)
    .where(
        NODES.c.office_id == bindparam("office"),
        NODES.c.level == bindparam("level"),
        NODES.c.place >= bindparam("first"),
        NODES.c.place < bindparam("last"),
    )
    .order_by(NODES.c.place)
)


class Growing:
    """A tree to which entries are added; `peaks` is its text in the head's row."""

    def __init__(self, size: int, peaks: str) -> None:
        self.size = size
        self._peaks = [bytes.fromhex(peaks[at : at + 64]) for at in range(0, len(peaks), 64)]
        self.full: list[tuple[int, int, bytes]] = []  # nodes to be kept

    @property
    def peaks(self) -> str:
        """The peaks as they are kept."""
        return "".join(peak.hex() for peak in self._peaks)

    @property
    def root(self) -> bytes:
        """The root as it is now."""
        return merkle.root(self._peaks)

    def add(self, entry_hash: str) -> None:
        """Add an entry by its hash in the chain."""
        made = merkle.grow(self._peaks, self.size, merkle.leaf(bytes.fromhex(entry_hash)))
        self.full += [one for one in made if one[0] % STEP == 0]
        self.size += 1


def keep(connection: Connection, office_id: int, tree: Growing) -> None:
    """Write the nodes that became full."""
    if tree.full:
        connection.execute(
            _INSERT,
            [
                {"office_id": office_id, "level": level, "place": place, "hash": made.hex()}
                for level, place, made in tree.full
            ],
        )
        tree.full.clear()


def growing(connection: Connection, office_id: int, seq: int, peaks: str | None) -> Growing:
    """The tree of an office whose chain has `seq` entries; built where an earlier version kept none."""
    if peaks is not None or seq == 0:
        return Growing(seq, peaks or "")
    return build(connection, office_id)


def build(connection: Connection, office_id: int) -> Growing:
    """Build the tree of an office from its entries and keep it, in the caller's transaction."""
    connection.execute(delete(NODES).where(NODES.c.office_id == office_id))
    tree = Growing(0, "")
    for made in _hashes(connection, office_id):
        tree.add(made)
        if len(tree.full) >= _LOT:
            keep(connection, office_id, tree)
    keep(connection, office_id, tree)
    connection.execute(update(HEAD).where(HEAD.c.office_id == office_id).values(peaks=tree.peaks))
    return tree


def _hashes(connection: Connection, office_id: int) -> Iterator[str]:
    query = select(LEDGER.c.hash).where(LEDGER.c.office_id == office_id).order_by(LEDGER.c.seq)
    for part in connection.execute(query, execution_options={"yield_per": 10_000}).partitions():
        yield from (row.hash for row in part)


class Kept:
    """The tree of an office as it is kept, for paths and proofs; each piece is read once."""

    def __init__(self, connection: Connection, office_id: int) -> None:
        self._connection = connection
        self._office = office_id
        self._pieces: dict[tuple[int, int], list[list[bytes]]] = {}

    def node(self, level: int, place: int) -> bytes:
        """The root of a full subtree."""
        above = level % STEP
        if above == 0 and level:
            # The root of a piece is a leaf of the piece above it, which holds 256 of them.
            return self._piece(level, place >> STEP)[0][place & 255]
        piece = self._piece(level - above, place >> STEP - above)
        return piece[above][place & (1 << STEP - above) - 1]

    def _piece(self, base: int, place: int) -> list[list[bytes]]:
        found = self._pieces.get((base, place))
        if found is None:
            found = self._pieces[base, place] = [self._read(base, place)]
            while len(found[-1]) > 1:
                below = iter(found[-1])
                found.append([merkle.joined(left, right) for left, right in zip(below, below, strict=False)])
        return found

    def _read(self, base: int, place: int) -> list[bytes]:
        first = place << STEP
        asked = {"office": self._office, "level": base, "first": first, "last": first + 256}
        if base == 0:
            rows = self._connection.execute(_ENTRIES, asked).scalars().all()
            return [merkle.leaf(bytes.fromhex(row)) for row in rows]
        return [bytes.fromhex(row) for row in self._connection.execute(_NODES, asked).scalars().all()]


def faults(connection: Connection, office_id: int, tree: Growing, seen: list[tuple[int, int, bytes]]) -> bool:
    """Whether what is kept of a tree is not what its entries give: `tree` and `seen` were made anew."""
    kept = connection.execute(_PEAKS, {"office": office_id}).scalar()
    if kept is None:
        # An earlier version kept none, and nothing was entered since.
        newest = select(LEDGER.c.via).where(LEDGER.c.office_id == office_id).order_by(LEDGER.c.seq.desc())
        return connection.execute(newest.limit(1)).scalar() is not None
    found = connection.execute(_EVERY_NODE, {"office": office_id})
    rows = {(row.level, row.place): row.hash for row in found}
    return kept != tree.peaks or rows != {(level, place): made.hex() for level, place, made in seen}

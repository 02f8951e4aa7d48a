"""Entries that are chained by the commit of their transaction itself (PostgreSQL).

Everybody of an office waits while an entry is chained. So an act writes all its rows first, and what is left
is one statement: it waits for its turn, makes the hash from that of the newest entry, grows the tree, and
writes the entry and the head. It is sent together with the commit: from its turn to its end the office waits
for nothing but the database, whichever process the machine lets run meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Conflict
from workflow.cases.entry import Entry
from workflow.storage import entry_hash, tree, unsent
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# Under which a connection knows the entries that its transaction has yet to chain.
_WAITING = "disclosure_waiting"
# Whose turn it is to chain: a number of our own, the other is the office's. They are served in the order in
# which they came, and one at a time is woken.
TURN = 0x54_52_4E
_IN_CHAIN = ("seq", "prev_hash", "hash")
_GIVEN = tuple(c.name for c in TABLES["ledger"].columns if c.name not in ("id", *_IN_CHAIN))
# Where the head is not there, or lacks its tree, nothing is moved: then the number is null, which the ledger
# refuses, and the whole transaction with it. The tree grows as in workflow.base.merkle.
STATEMENT = f"""
WITH RECURSIVE turn AS MATERIALIZED (SELECT pg_advisory_xact_lock({TURN}, %(office_id)s)),
head AS MATERIALIZED (
  SELECT h.seq, h.hash, CASE WHEN h.seq = 0 THEN '' ELSE h.peaks END AS peaks
  FROM turn, chain_head h WHERE h.office_id = %(office_id)s FOR UPDATE OF h),
made AS MATERIALIZED (
  SELECT seq + 1 AS seq, hash AS prev, encode(sha256(convert_to(
    %(start)s || (seq + 1)::text || %(middle)s || '"' || hash || '"' || %(end)s, 'UTF8')), 'hex') AS hash
  FROM head WHERE peaks IS NOT NULL),
grown (level, place, node, peaks) AS (
  SELECT 0, head.seq, sha256('\\x00'::bytea || decode(made.hash, 'hex')), head.peaks FROM head, made
  UNION ALL
  SELECT level + 1, place >> 1, sha256('\\x01'::bytea || decode(right(peaks, 64), 'hex') || node), left(peaks, -64)
  FROM grown WHERE place & 1 = 1),
kept AS (
  INSERT INTO tree_node (office_id, level, place, hash)
  SELECT %(office_id)s, level, place, encode(node, 'hex') FROM grown
  WHERE level > 0 AND mod(level, {tree.STEP}) = 0),
moved AS (
  UPDATE chain_head SET seq = made.seq, hash = made.hash, peaks = last.peaks || encode(last.node, 'hex')
  FROM made, (SELECT peaks, node FROM grown ORDER BY level DESC LIMIT 1) last
  WHERE chain_head.office_id = %(office_id)s
  RETURNING made.seq, made.prev, made.hash)
INSERT INTO ledger ({", ".join((*_GIVEN, *_IN_CHAIN))})
VALUES ({", ".join(f"%({name})s" for name in _GIVEN)},
  (SELECT seq FROM moved), (SELECT prev FROM moved), (SELECT hash FROM moved))
RETURNING seq, hash
"""  # noqa: S608  (names of columns and numbers of our own alone)


@dataclass(frozen=True)
class Waiting:
    """An entry that is written, but for its place in the chain."""

    given: dict[str, Any]
    # Told the number and the hash, once they are for good.
    chained: Callable[[int, str], None]


def wait(
    connection: Connection, office_id: int, case_id: int, entry: Entry, chained: Callable[[int, str], None]
) -> None:
    """Leave an entry to the commit, or to whatever of this transaction needs the chain before that."""
    row = entry_hash.row(office_id, case_id, entry)
    start, middle, end = entry_hash.around(office_id, case_id, entry, row["payload"])
    waiting = Waiting({**row, "start": start, "middle": middle, "end": end}, chained)
    connection.info.setdefault(_WAITING, []).append(waiting)


def taken(connection: Connection) -> list[Waiting]:
    """The entries that wait; they do not any more."""
    found: list[Waiting] = connection.info.pop(_WAITING, [])
    return found


def chain(connection: Connection, entries: list[Waiting]) -> None:
    """Chain entries now: the caller goes on in the transaction, and nobody else of the office does."""
    for one in entries:
        seq, made = connection.exec_driver_sql(STATEMENT, one.given).one()
        one.chained(seq, made)


def commit(connection: Connection, transaction: Any, entries: list[Waiting], left: list[unsent.Left]) -> None:
    """Do what is left of a transaction, chain its entries and commit, in one message. A fault of any is
    raised as SQLAlchemy raises it, or as what it means."""
    import psycopg
    from sqlalchemy.exc import DBAPIError

    raw: Any = connection.connection.driver_connection
    found: list[Any] = []
    sealed = [unsent.Left(STATEMENT, one.given, found.append) for one in entries]
    try:
        unsent.send(connection, [*left, *sealed], transaction.commit)
    except (psycopg.Error, DBAPIError, Conflict) as fault:
        # SQLAlchemy takes it that nothing is left of a transaction whose commit failed; but where a statement
        # before it failed the commit was not tried.
        with suppress(psycopg.Error):
            raw.rollback()
        if raw.closed and not connection.invalidated:
            connection.invalidate(fault)
        if isinstance(fault, DBAPIError | Conflict):
            raise
        raise DBAPIError.instance(
            STATEMENT,
            None,
            fault,
            psycopg.Error,
            connection_invalidated=raw.closed,
            dialect=connection.dialect,
        ) from fault
    for one, (seq, made) in zip(entries, found, strict=True):
        one.chained(seq, made)

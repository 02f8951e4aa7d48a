"""The append-only record: entries chained by SHA-256 over their canonical JSON, one chain an office.

The hash of an entry covers everything in it and the hash before it, so an entry that was changed, left out or
put in shows at the next walk. What the chain cannot show is its own end cut off together with the head:
`head` gives the newest hash, to be written down elsewhere (a letter, a backup, a notary).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, text, update

from workflow.base.caller import SYSTEM
from workflow.base.errors import Damaged, NotFound
from workflow.base.messages import N_
from workflow.cases.entry import Entry, Known
from workflow.storage import case_keys, sealed_texts, sealing, session, tree, unsent
from workflow.storage.committing import LAST_ENTRY
from workflow.storage.entry_hash import digest, hashed
from workflow.storage.entry_hash import row as row_of
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Executable
    from sqlalchemy.engine import Connection

LEDGER, HEAD, CASES = TABLES["ledger"], TABLES["chain_head"], TABLES["case_file"]
GENESIS = "0" * 64
# A number that no case's last entry reaches.
LAST = 2**31 - 1


# Statements of every act are made once: making them anew takes longer than the database needs for them.
_NEWEST = select(HEAD.c.seq, HEAD.c.hash, HEAD.c.peaks).where(HEAD.c.office_id == bindparam("office"))
_LOCKED = _NEWEST.with_for_update()
_APPEND = insert(LEDGER)
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
# What an entry is made of, in the order in which `_read` takes it.
_ENTRY = [
    LEDGER.c[name]
    for name in (
        "n",
        "event",
        "track",
        "on_day",
        "recorded_at",
        "actor",
        "source",
        "dest",
        "article",
        "payload",
        "via",
        "login",
        "acting_for",
    )
]
_OF_CASE = (
    select(*_ENTRY)
    .where(LEDGER.c.case_id == bindparam("case"), LEDGER.c.n.between(bindparam("first"), bindparam("last")))
    .order_by(LEDGER.c.n)
)
_KEYED = (
    select(*_ENTRY, case_keys.KEYS.c.wrapped)
    .outerjoin(case_keys.KEYS, case_keys.KEYS.c.case_id == LEDGER.c.case_id)
    .where(LEDGER.c.case_id == bindparam("case"))
    .order_by(LEDGER.c.n)
)
_KEYED_BY_NUMBER = (
    select(*_ENTRY, case_keys.KEYS.c.wrapped)
    .join(CASES, CASES.c.id == LEDGER.c.case_id)
    .outerjoin(case_keys.KEYS, case_keys.KEYS.c.case_id == LEDGER.c.case_id)
    .where(
        CASES.c.office_id == bindparam("office"),
        CASES.c.number == bindparam("number"),
        CASES.c.entries < bindparam("fewer"),
    )
    .order_by(LEDGER.c.n)
)
_OF_CASES = (
    select(*_ENTRY, LEDGER.c.case_id)
    .where(LEDGER.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(LEDGER.c.case_id, LEDGER.c.n)
)


_CHAIN = select(LEDGER).where(LEDGER.c.office_id == bindparam("office")).order_by(LEDGER.c.seq)
# So many cases are fetched together.
LOT = 32


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


def entry_of(row: Any) -> Entry:
    """A ledger row as the pure fold wants it; its texts stay sealed, with marks in their place."""
    return Entry(
        row.n or 0,
        row.event,
        row.track,
        row.on_day,
        row.recorded_at,
        row.actor,
        row.source,
        row.dest,
        row.article,
        json.loads(row.payload),
        known_of(row),
    )


def known_of(row: Any) -> Known | None:
    """How the officer of a row was known, as the row says."""
    return _known(row.via, row.login, row.acting_for)


@lru_cache(maxsize=256)
def _known(via: str | None, login: str | None, acting_for: str | None) -> Known | None:
    return Known(via, login, acting_for) if via is not None else None


def _read(rows: Iterable[Any], key: bytes | None) -> list[Entry]:
    """Rows of these columns as entries, with their texts if the key of the case is given; each is made once,
    as every act and every view reads all of a case.
    """
    made = []
    for n, event, track, on, moment, actor, source, dest, article, kept, via, login, acting_for, *_ in rows:
        payload = sealed_texts.shown(n or 0, event, json.loads(kept), key)
        known = _known(via, login, acting_for)
        made.append(Entry(n or 0, event, track, on, moment, actor, source, dest, article, payload, known))
    return made


def keyed(connection: Connection, case_id: int) -> tuple[list[Entry], bytes | None]:
    """The entries of a case as `entries` gives them, and its key, in one question; None where it is not at
    hand.
    """
    return _keyed(connection, case_id, connection.execute(_KEYED, {"case": case_id}).all())


def with_row(
    connection: Connection, row: Executable, office_id: int, number: str, fewer: int
) -> tuple[Any, tuple[list[Entry], bytes | None]]:
    """The row of the case of this number, as `row` asks for it, and what `keyed` gives of it, in one message
    (PostgreSQL alone); nothing of the latter where the case does not have fewer entries than said.
    """
    found, entries = unsent.both(
        connection, row, _KEYED_BY_NUMBER, {"office": office_id, "number": number, "fewer": fewer}
    )
    rows = entries.all()
    return found, _keyed(connection, found.id if rows else 0, rows)


def _keyed(connection: Connection, case_id: int, rows: Sequence[Any]) -> tuple[list[Entry], bytes | None]:
    key = case_keys.of_wrapped(connection, case_id, rows[0].wrapped) if rows else None
    return _read(rows, key), key


def between(
    connection: Connection, case_id: int, key: bytes | None, first: int = 1, last: int = LAST
) -> list[Entry]:
    """The entries of a case from one number to another, with their texts if its key is given."""
    rows = connection.execute(_OF_CASE, {"case": case_id, "first": first, "last": last})
    return _read(rows, key)


def of_cases(
    connection: Connection, case_ids: Iterable[int], texts: Callable[[], bool] = lambda: True
) -> Iterator[tuple[int, list[Entry]]]:
    """Cases in the order given, each with its entries as `entries` gives them; fetched by the lot.

    `texts` is asked at each case whether its texts are looked at: if not, marks stand in their place.
    """
    waiting = iter(case_ids)
    while lot := list(islice(waiting, LOT)):
        key_of = case_keys.many(connection, lot)
        found: dict[int, list[Any]] = {one: [] for one in lot}
        for row in connection.execute(_OF_CASES, {"cases": lot}):
            found[row.case_id].append(row)
        for one, listed in found.items():
            yield one, _read(listed, key_of(one) if texts() else None)


def entries(connection: Connection, case_id: int, until: str | None = None) -> list[Entry]:
    """The entries of a case in their order, with their texts as far as its key is at hand.

    `until` (a UTC moment) leaves out what was recorded later.
    """
    query = select(LEDGER).where(LEDGER.c.case_id == case_id).order_by(LEDGER.c.n)
    if until is not None:
        query = query.where(LEDGER.c.recorded_at <= until)
    return case_keys.opened(connection, case_id, [entry_of(row) for row in connection.execute(query)])


def walk(connection: Connection, office_id: int) -> Iterator[Any]:
    """Every row of an office's chain in order, checked; Damaged at the first that does not hold."""
    last = Head(0, GENESIS)
    for row in connection.execute(_CHAIN, {"office": office_id}, execution_options={"yield_per": 1000}):
        try:
            made = digest(office_id, row.seq, row.case_id, _bare(row), row.payload, row.prev_hash)
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
    return hashed(row.office_id, row.seq, row.case_id, _bare(row), row.payload, row.prev_hash)


def _bare(row: Any) -> Entry:
    return Entry(
        row.n,
        row.event,
        row.track,
        row.on_day,
        row.recorded_at,
        row.actor,
        row.source,
        row.dest,
        row.article,
        {},
        known_of(row),
    )

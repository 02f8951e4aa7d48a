"""Search in requests and letters: what is indexed, how it is kept in step, and how it is asked.

Of each entry that says something in words (`searched` in the table of its act) one row is kept, written in
the commit of the entry itself. The database's own index (FTS5 on SQLite, tsvector with GIN on PostgreSQL)
follows these rows by triggers and finds candidates by token; that the words stand side by side is then seen
in the row itself. So both databases give the same answers in the same order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select

from workflow import law
from workflow.base import atoms, tables
from workflow.base.completeness import require_known
from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.cases.entry import Entry
from workflow.casework import parties
from workflow.office.seat import Seat
from workflow.procedure import act_tables
from workflow.procedure.fold import UNDO, effective, fold
from workflow.storage import case_entries, case_keys, ledger, unsent
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

DOCS, CASES, LEDGER, KEYS = TABLES["search_doc"], TABLES["case_file"], TABLES["ledger"], TABLES["case_key"]
TABLE = os.path.join(os.path.dirname(__file__), "searching.toml")
# The most text indexed of one entry.
MOST = 50_000
LOT = 200
REPLY = "reply"
_INSERT = insert(DOCS).inline()
_KEPT = select(DOCS).where(DOCS.c.case_id == bindparam("case"))


@cache
def text_kinds() -> dict[str, dict[str, str]]:
    """The kinds of text that are found, by key; Malformed where an act's table names another."""
    found: dict[str, dict[str, str]] = tables.read(TABLE)["kind"]
    for event, act in act_tables.acts().items():
        if "searched" in act:
            require_known(f"acts: {event}.searched", [act["searched"]["kind"]], "searching.toml: kind", found)
    return found


def speaks(event: str) -> bool:
    """Whether entries of this event are indexed."""
    return bool(text_kinds()) and "searched" in act_tables.acts().get(event, {})


# --- keeping the rows


def document(office_id: int, case_id: int, entry: Entry) -> dict[str, Any]:
    """The row of an entry."""
    row = act_tables.acts()[entry.event]["searched"]
    parts: list[str] = []
    for name in row["fields"]:
        value = entry.payload.get(name)
        if row["kind"] == REPLY and name == "items":
            for item in value or []:
                parts += _answer(item)
        else:
            parts += _texts(value)
    # The request repeats its items, which are indexed separately: each line once.
    said = "\n".join(dict.fromkeys(line for part in parts for line in part.splitlines() if line.strip()))[
        :MOST
    ]
    runs = atoms.runs(said)
    return {
        "office_id": office_id,
        "case_id": case_id,
        "n": entry.n,
        "kind": row["kind"],
        "letter": row.get("letter") or str(entry.payload.get("code") or ""),
        "on_day": entry.on,
        "text": said,
        "line": atoms.line(runs),
        "tokens": " ".join(atoms.tokens(runs)),
    }


def _texts(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one]


def _answer(item: dict[str, Any]) -> list[str]:
    """What a reply says to one item: its outcome and ground by name, as the letter has them, and what was
    written.
    """
    known = law.bundled().tables
    ground = known["grounds"]["ground"].get(item.get("ground"), {}).get("zh")
    found = [known["outcomes"]["outcome"].get(item["outcome"], {}).get("zh"), ground]
    found += [item.get(name) for name in tables.read(TABLE)[REPLY]["texts"]]
    return [
        str(one) for one in (*found, *item.get("attachments", []), *item.get("extra", {}).values()) if one
    ]


def keep(connection: Connection, office_id: int, case_id: int, entry: Entry) -> None:
    """Index a new entry, in its own transaction."""
    if speaks(entry.event):
        unsent.leave(connection, _INSERT, document(office_id, case_id, entry))


def keep_again(connection: Connection, office_id: int, case_id: int, entries: list[Entry]) -> None:
    """Index anew what the last of these entries has changed: a correction, or an act that is taken back."""
    touched = _touched(entries)
    for entry in _spoken(entries):
        if entry.n in touched:
            connection.execute(delete(DOCS).where(DOCS.c.case_id == case_id, DOCS.c.n == entry.n))
            connection.execute(insert(DOCS), document(office_id, case_id, entry))


def _touched(entries: list[Entry]) -> set[int]:
    last = entries[-1]
    if last.event != UNDO:
        return {change["entry"] for change in last.payload["changes"]}
    gone = next(entry for entry in entries if entry.n == last.payload["entry"])
    return {gone.n, *(change["entry"] for change in gone.payload.get("changes", ()))}


def _spoken(entries: list[Entry]) -> Iterator[Entry]:
    """The entries that are indexed, as they stand; of what was taken back the row is empty."""
    for entry, stands in zip(entries, effective(entries), strict=True):
        if speaks(entry.event):
            yield stands if stands.event == entry.event else replace(entry, payload={})


def documents(office_id: int, case_id: int, entries: list[Entry]) -> list[dict[str, Any]]:
    """The rows of a case as its entries give them."""
    return [document(office_id, case_id, entry) for entry in _spoken(entries)]


def kept(connection: Connection, case_id: int) -> list[dict[str, Any]]:
    """The rows of a case as they are kept."""
    rows = connection.execute(_KEPT, {"case": case_id}).mappings()
    return [dict(row) for row in rows]


def forget(connection: Connection, case_id: int) -> int:
    """Remove all text of a case from the index, in the caller's transaction; how many rows."""
    return int(connection.execute(delete(DOCS).where(DOCS.c.case_id == case_id)).rowcount)


def purge(connection: Connection) -> None:
    """After `forget`: have the index itself drop what it only marked as gone. Worth its time once a batch."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def stale(connection: Connection, office_id: int) -> int:
    """How many entries of readable cases should be in the index and are not: 0 if it is whole."""
    events = tuple(event for event in act_tables.acts() if speaks(event))
    query = (
        select(func.count())
        .select_from(
            LEDGER.join(KEYS, KEYS.c.case_id == LEDGER.c.case_id).outerjoin(
                DOCS, (DOCS.c.case_id == LEDGER.c.case_id) & (DOCS.c.n == LEDGER.c.n)
            )
        )
        .where(
            LEDGER.c.office_id == office_id,
            LEDGER.c.event.in_(events),
            DOCS.c.id.is_(None),
            KEYS.c.wrapped != "",
        )
    )
    return int(connection.execute(query).scalar() or 0)


def rebuild(seat: Seat, seen: Callable[[int, int], None] | None = None) -> int:
    """Make all rows of the office anew from its entries, a lot of cases in each transaction; how many rows.

    Work at the desks goes on meanwhile. Environment if the key file is not here: texts could not be read.
    """
    with seat.store.reading() as connection:
        if case_keys.ring(connection) is None:
            raise Environment(
                N_("The index cannot be made again without the key file: the texts are sealed."),
                field="rebuild",
                way_on=N_("Put the key file in its place (disclosure doctor says where), then repeat."),
            )
        total = int(
            connection.execute(
                select(func.count()).select_from(CASES).where(CASES.c.office_id == seat.office.id)
            ).scalar()
            or 0
        )
    last = written = done = 0
    while True:
        with seat.store.writing() as connection:
            # The lock keeps anybody from adding an entry of these cases between reading and indexing them.
            ledger.head(connection, seat.office.id, lock=True)
            ids = list(
                connection.execute(
                    select(CASES.c.id)
                    .where(CASES.c.office_id == seat.office.id, CASES.c.id > last)
                    .order_by(CASES.c.id)
                    .limit(LOT)
                ).scalars()
            )
            if not ids:
                break
            connection.execute(delete(DOCS).where(DOCS.c.case_id.in_(ids)))
            rows = [
                row
                for case_id in ids
                if case_keys.of(connection, case_id) is not None
                for row in documents(seat.office.id, case_id, case_entries.entries(connection, case_id))
            ]
            if rows:
                connection.execute(insert(DOCS), rows)
            _parties_again(seat, connection, ids)
        last, written, done = ids[-1], written + len(rows), done + len(ids)
        if seen is not None:
            seen(done, total)
    with seat.store.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('rebuild')")
    return written


def _parties_again(seat: Seat, connection: Connection, ids: list[int]) -> None:
    """Who applies in these cases, by name, number and telephone."""
    for case_id in ids:
        entries, key = case_entries.keyed(connection, case_id)
        if key is not None:
            parties.keep(connection, seat.office.id, case_id, fold(entries), key, seat.ring(connection))


# --- asking

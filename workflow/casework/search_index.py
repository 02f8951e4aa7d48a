"""Search in requests and letters: what is indexed, how it is kept in step, and how it is asked.

Of each entry that says something in words (`searched` in the table of its act) one row is kept, written in
the commit of the entry itself. The database's own index (FTS5 on SQLite, tsvector with GIN on PostgreSQL)
follows these rows by triggers and finds candidates by token; that the words stand side by side is then seen
in the row itself. So both databases give the same answers in the same order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, column, delete, func, insert, literal, not_, select, text

from letters.content import kinds
from workflow import law
from workflow.base import atoms, names, tables, typed_words
from workflow.base.completeness import require_known
from workflow.base.errors import Environment, Malformed, NotFound
from workflow.base.messages import N_, pick
from workflow.base.names import word
from workflow.cases.case import Entry
from workflow.casework import parties
from workflow.office.seat import Seat
from workflow.procedure import act_tables, transitions
from workflow.procedure.fold import UNDO, effective, fold
from workflow.storage import case_keys, ledger
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

DOCS, CASES, LEDGER, KEYS = TABLES["search_doc"], TABLES["case_file"], TABLES["ledger"], TABLES["case_key"]
TABLE = os.path.join(os.path.dirname(__file__), "searching.toml")
# The most text indexed of one entry.
MOST = 50_000
LOT = 200
AROUND = 28
REPLY = "reply"
_INSERT = insert(DOCS)


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
        connection.execute(_INSERT, document(office_id, case_id, entry))


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
    rows = connection.execute(select(DOCS).where(DOCS.c.case_id == case_id)).mappings()
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
                for row in documents(seat.office.id, case_id, ledger.entries(connection, case_id))
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
        entries, key = ledger.keyed(connection, case_id)
        if key is not None:
            parties.keep(connection, seat.office.id, case_id, fold(entries), key, seat.ring)


# --- asking


@dataclass(frozen=True)
class Hit:
    """A request or letter in which everything was found: its case, what it is, and a piece of its text."""

    number: str
    state: str
    kind: str
    letter: str
    on: date
    score: int
    snippet: str
    marks: tuple[tuple[int, int], ...]

    def marked(self, before: str = "【", after: str = "】") -> str:
        """The piece with its hits between two signs."""
        made, at = "", 0
        for start, end in self.marks:
            made += self.snippet[at:start] + before + self.snippet[start:end] + after
            at = end
        return made + self.snippet[at:]

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "case": self.number,
            "state": self.state,
            "kind": self.kind,
            "letter": self.letter or None,
            "on": self.on.isoformat(),
            "score": self.score,
            "snippet": self.snippet,
            "marks": [list(one) for one in self.marks],
        }


@dataclass(frozen=True)
class Found:
    """A page of hits, and how many there are in all."""

    total: int
    hits: list[Hit]


def _how_often(phrases: list[str]) -> Any:
    """How often these phrases stand in a row. Integers only, so that both databases compute the same."""
    line, length = DOCS.c.line, func.length(DOCS.c.line, type_=Integer)
    often: Any = literal(0, Integer)
    for phrase in phrases:
        rest = func.length(func.replace(line, phrase, ""), type_=Integer)
        often = often + (length - rest) // literal(len(phrase), Integer)
    return often


def search(
    connection: Connection,
    office_id: int,
    words: str,
    *,
    year: int | None = None,
    state: str | None = None,
    kind: str | None = None,
    limit: int = 20,
    skip: int = 0,
) -> Found:
    """Requests and letters in which all the words stand, the best first: where they stand most densely, then
    newest.

    A word of the query is found wherever its characters stand side by side. Malformed for a query without a
    word, an unknown state or kind; NotFound for a year without any application.
    """
    wanted = atoms.query(words)
    if state:
        state = typed_words.resolve(state, names.both("state", transitions.bundled().states("case")), "state")
    if kind:
        kind = typed_words.resolve(kind, text_kinds(), "kind")
    sqlite = connection.dialect.name == "sqlite"
    position = func.instr if sqlite else func.strpos
    line, length = DOCS.c.line, func.length(DOCS.c.line, type_=Integer)
    required = [
        token for one in wanted if not one.without for run in one.runs for token in atoms.required(run)
    ]
    where = [DOCS.c.office_id == office_id, DOCS.c.id.in_(_candidates(sqlite, list(dict.fromkeys(required))))]
    for one in wanted:
        together = and_(*(position(line, atoms.line([run])) > 0 for run in one.runs))
        where.append(not_(together) if one.without else together)
    often = _how_often([atoms.line([run]) for one in wanted if not one.without for run in one.runs])
    if year is not None:
        _require_year(connection, office_id, year)
        where.append(CASES.c.received_on.between(date(year, 1, 1), date(year, 12, 31)))
    if state:
        where.append(CASES.c.state == state)
    if kind:
        where.append(DOCS.c.kind == kind)
    score = (often * 1000 // (length + 100)).label("score")
    columns = CASES.c.number, CASES.c.state, DOCS.c.kind, DOCS.c.letter, DOCS.c.on_day, DOCS.c.text
    statement = (
        select(*columns, score, func.count().over().label("total"))
        .join_from(DOCS, CASES, CASES.c.id == DOCS.c.case_id)
        .where(*where)
        .order_by(score.desc(), DOCS.c.on_day.desc(), DOCS.c.id.desc())
        .limit(limit)
        .offset(skip)
    )
    runs = [run for one in wanted if not one.without for run in one.runs]
    rows = connection.execute(statement).all()
    return Found(rows[0].total if rows else 0, [_hit(row, runs) for row in rows])


def _candidates(sqlite: bool, required: list[str]) -> Any:
    """The rows that hold all these tokens, by the database's index. A token is of letters, digits and low
    lines.
    """
    if sqlite:
        query = text("SELECT rowid FROM search_index WHERE search_index MATCH :query")
        asked = " AND ".join(f'"{token}"' for token in required)
    else:
        query = text("SELECT id FROM search_index WHERE words @@ CAST(:query AS tsquery)")
        asked = " & ".join(f"'{token}'" for token in required)
    return query.bindparams(query=asked).columns(column("id", Integer))


def _require_year(connection: Connection, office_id: int, year: int) -> None:
    if not date.min.year <= year < date.max.year:
        raise Malformed(N_("There is no year {year}."), field="year", year=year)
    first = connection.execute(
        select(CASES.c.id)
        .where(
            CASES.c.office_id == office_id, CASES.c.received_on.between(date(year, 1, 1), date(year, 12, 31))
        )
        .limit(1)
    ).scalar()
    if first is None:
        raise NotFound(
            N_("No application was received in {year}."),
            field="year",
            year=year,
            way_on=N_("See what there is with: disclosure roll --limit 5"),
        )


def _hit(row: Any, runs: Iterable[tuple[str, ...]]) -> Hit:
    snippet, marks = piece(row.text, runs)
    return Hit(row.number, row.state, row.kind, row.letter, row.on_day, row.score, snippet, marks)


def piece(said: str, runs: Iterable[tuple[str, ...]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A piece of the text around the first hit, on one line, with the places of all hits in it."""
    found = atoms.places(said, runs)
    if not found:
        return said[: 2 * AROUND].replace("\n", " "), ()
    first, last = max(0, found[0][0] - AROUND), min(len(said), found[0][0] + 2 * AROUND)
    last = max(last, found[0][1])
    head, tail = "…" if first else "", "…" if last < len(said) else ""
    body = "".join(" " if char.isspace() else char for char in said[first:last])
    shift = len(head) - first
    marks = tuple((start + shift, end + shift) for start, end in found if start >= first and end <= last)
    return head + body + tail, marks


def kind_name(kind: str) -> str:
    """A kind of document by name, in the language in force."""
    names = text_kinds()[kind]
    return pick(names["zh"], names["en"])


def lines(found: Found, before: str = "【", after: str = "】") -> list[str]:
    """Hits for a terminal: a line of what it is, a line of what it says."""
    known = {one.code for one in kinds.all()}
    made = []
    for hit in found.hits:
        what = kinds.name_of(hit.letter) if hit.letter in known else kind_name(hit.kind)
        made += [
            f"{hit.number}  {hit.on}  {what}  {word('state', hit.state)}",
            f"    {hit.marked(before, after)}",
        ]
    return made

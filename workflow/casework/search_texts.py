"""Searching in requests and letters: all the words, the best first, with the piece of text around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Unpack

from sqlalchemy import Integer, and_, column, func, literal, not_, select, text

from letters.content import kinds
from workflow.base import atoms
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, pick
from workflow.base.names import word

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
from workflow.casework.search_filters import Asked, Filters
from workflow.casework.search_index import CASES, DOCS, text_kinds

AROUND = 28


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


def search(connection: Connection, office_id: int, words: str, **asked: Unpack[Asked]) -> Found:
    """Requests and letters in which all the words stand, the best first: where they stand most densely, then
    newest.

    A word of the query is found wherever its characters stand side by side. Malformed for a query without a
    word, an unknown state or kind; NotFound for a year without any application.
    """
    wanted, filters = atoms.query(words), Filters.read(asked)
    runs = [run for one in wanted if not one.without for run in one.runs]
    often, length = _how_often([atoms.line([run]) for run in runs]), func.length(DOCS.c.line, type_=Integer)
    if filters.year is not None:
        _require_year(connection, office_id, filters.year)
    where = [DOCS.c.office_id == office_id, *_holding(connection, wanted), *filters.of_case()]
    if filters.kind:
        where.append(DOCS.c.kind == filters.kind)
    score = (often * 1000 // (length + 100)).label("score")
    columns = CASES.c.number, CASES.c.state, DOCS.c.kind, DOCS.c.letter, DOCS.c.on_day, DOCS.c.text
    statement = (
        select(*columns, score, func.count().over().label("total"))
        .join_from(DOCS, CASES, CASES.c.id == DOCS.c.case_id)
        .where(*where)
        .order_by(score.desc(), DOCS.c.on_day.desc(), DOCS.c.id.desc())
        .limit(filters.limit)
        .offset(filters.skip)
    )
    rows = connection.execute(statement).all()
    return Found(rows[0].total if rows else 0, [_hit(row, runs) for row in rows])


def _holding(connection: Connection, wanted: Sequence[atoms.Word]) -> Iterator[Any]:
    """The conditions by which a text holds all the words that are wanted, and none that are not."""
    sqlite = connection.dialect.name == "sqlite"
    position = func.instr if sqlite else func.strpos
    required = [
        token for one in wanted if not one.without for run in one.runs for token in atoms.required(run)
    ]
    yield DOCS.c.id.in_(_candidates(sqlite, list(dict.fromkeys(required))))
    for one in wanted:
        together = and_(*(position(DOCS.c.line, atoms.line([run])) > 0 for run in one.runs))
        yield not_(together) if one.without else together


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

"""Earlier requests that ask for much the same: what was answered, and what came of it.

Candidates come from the search index, by pairs of characters that both share; how alike two requests are is
then computed from all their pairs (workflow/cases/similarity.py). The budget of another year is other
information, but shows how such a request was answered: it is listed too, and said to be of other numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, column, func, select, text

from workflow.base import tables
from workflow.base.messages import N_, pick, translate
from workflow.base.names import word
from workflow.base.text_width import clip
from workflow.cases import similarity
from workflow.casework.opened import open_case
from workflow.office.seat import Seat
from workflow.reports.performance import repeated_requests
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

DOCS, CASES, REMEDIES = TABLES["search_doc"], TABLES["case_file"], TABLES["remedy"]
# From this share of common pairs on a request is worth a look; requests of the same words have 1.
LEAST = 0.3
SHOWN = 5
# So many of the request's pairs are looked up, and so many requests compared.
PAIRS, COMPARED = 24, 300
_ = translate


@dataclass(frozen=True)
class Remedy:
    """A reconsideration or suit, and what came of it."""

    kind: str
    outcome: str | None

    @property
    def text(self) -> str:
        """For the screen."""
        result = word("choice", self.outcome) if self.outcome else _(N_("undecided"))
        return pick(f"{word('remedy', self.kind)}：{result}", f"{word('remedy', self.kind)}: {result}")


@dataclass(frozen=True)
class Similar:
    """An earlier request, how alike it is (0 to 1), whether it names the same numbers, how it ended."""

    case: str
    received: date
    request: str
    likeness: float
    same_numbers: bool
    state: str
    outcome: str | None
    grounds: tuple[str, ...]
    remedies: tuple[Remedy, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "case": self.case,
            "received": self.received.isoformat(),
            "request": self.request,
            "likeness": round(self.likeness, 3),
            "same_numbers": self.same_numbers,
            "state": self.state,
            "outcome": self.outcome,
            "grounds": list(self.grounds),
            "remedies": [{"kind": one.kind, "outcome": one.outcome} for one in self.remedies],
        }

    @property
    def ended(self) -> str:
        """What was answered, and what came of it."""
        answered = word("outcome", self.outcome) if self.outcome else word("state", self.state)
        grounds = pick("、", ", ").join(word("outcome", one) for one in self.grounds)
        parts = [answered + (pick(f"（{grounds}）", f" ({grounds})") if grounds else "")]
        return pick("；", "; ").join([*parts, *(one.text for one in self.remedies)])


def of_case(seat: Seat, ref: str, limit: int = SHOWN) -> tuple[str, list[Similar]]:
    """The number of a case, and the requests received before it that ask for much the same, the most alike
    first.
    """
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
        asked = opened.case.items
        found = earlier(connection, seat.office.id, opened.id, asked)[:limit]
    return opened.case.number, found


def earlier(connection: Connection, office_id: int, case_id: int, asked: Iterable[str]) -> list[Similar]:
    """The requests of other cases, entered before this one, that are alike to one of these texts."""
    table = tables.read(repeated_requests.TABLE)
    phrases = sorted(table["phrases"], key=len, reverse=True)
    wanted = [one for line in asked if (one := similarity.sketch(line, phrases, table["shortest"]))]
    tokens = _tokens(wanted)
    if not tokens:
        return []
    best: dict[int, tuple[float, bool, str]] = {}
    for row in _candidates(connection, office_id, case_id, tokens):
        for line in row.text.splitlines():
            other = similarity.sketch(line, phrases, table["shortest"])
            if other is None:
                continue
            for one in wanted:
                share = len(one.pairs & other.pairs) / len(one.pairs | other.pairs)
                rank = share, one.numbers == other.numbers, line.strip()
                if share >= LEAST and rank[:2] > best.get(row.case_id, (0.0, False, ""))[:2]:
                    best[row.case_id] = rank
    return _told(connection, best)


def _tokens(wanted: list[similarity.Sketch]) -> list[str]:
    """Some of the pairs, taken evenly, as tokens of the index."""
    # The pairs at the ends of a text have one side only, and are no tokens.
    pairs = {pair for one in wanted for pair in one.pairs}
    found = sorted(pair for pair in pairs if not (pair.startswith("_") or pair.endswith("_")))
    step = max(1, len(found) // PAIRS)
    return found[::step][:PAIRS]


def _candidates(connection: Connection, office_id: int, case_id: int, tokens: list[str]) -> list[Any]:
    """The newest requests that hold one of the tokens, those that hold most of them first."""
    if connection.dialect.name == "sqlite":
        query = text(
            "SELECT rowid AS id FROM search_index WHERE search_index MATCH :query ORDER BY rank LIMIT :most"
        )
        asked = " OR ".join(f'"{token}"' for token in tokens)
    else:
        query = text(
            "SELECT id FROM search_index WHERE words @@ CAST(:query AS tsquery) "
            "ORDER BY ts_rank(words, CAST(:query AS tsquery)) DESC LIMIT :most"
        )
        asked = " | ".join(f"'{token}'" for token in tokens)
    hits = query.bindparams(query=asked, most=COMPARED).columns(column("id", Integer)).subquery()
    newest = (
        select(DOCS.c.case_id, func.max(DOCS.c.n).label("n"))
        .where(DOCS.c.kind == "request", DOCS.c.text != "")
        .group_by(DOCS.c.case_id)
    )
    rows = connection.execute(
        select(DOCS.c.case_id, DOCS.c.n, DOCS.c.text)
        .where(
            DOCS.c.id.in_(select(hits.c.id)),
            DOCS.c.office_id == office_id,
            DOCS.c.kind == "request",
            DOCS.c.case_id < case_id,
        )
        .order_by(DOCS.c.case_id)
    ).all()
    of_these = newest.where(DOCS.c.case_id.in_({row.case_id for row in rows}))
    last = {row.case_id: row.n for row in connection.execute(of_these)}
    return [row for row in rows if last.get(row.case_id) == row.n]


def _told(connection: Connection, best: dict[int, tuple[float, bool, str]]) -> list[Similar]:
    rows = connection.execute(select(CASES).where(CASES.c.id.in_(best)))
    remedies = remedies_of(connection, best)
    found = [
        Similar(
            row.number,
            row.received_on,
            best[row.id][2],
            best[row.id][0],
            best[row.id][1],
            row.state,
            row.outcome,
            tuple(one for one in (row.grounds or "").split("|") if one),
            tuple(remedies.get(row.id, ())),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.likeness, not one.same_numbers, one.case))


def remedies_of(connection: Connection, cases: Iterable[int]) -> dict[int, list[Remedy]]:
    """The reconsiderations and suits on these cases, in their order."""
    found: dict[int, list[Remedy]] = {}
    query = select(REMEDIES).where(REMEDIES.c.case_id.in_(list(cases))).order_by(REMEDIES.c.no)
    for row in connection.execute(query):
        found.setdefault(row.case_id, []).append(Remedy(row.kind, row.outcome))
    return found


def came_of(connection: Connection, office_id: int, numbers: Iterable[str]) -> dict[str, str]:
    """What came of the replies to these cases, in words; nothing of those that nobody contested."""
    query = select(CASES.c.id, CASES.c.number).where(
        CASES.c.office_id == office_id, CASES.c.number.in_(list(numbers))
    )
    cases = {row.id: row.number for row in connection.execute(query)}
    found = remedies_of(connection, cases)
    return {cases[key]: pick("；", "; ").join(one.text for one in rows) for key, rows in found.items()}


def lines(number: str, found: list[Similar]) -> list[str]:
    """For the screen: two lines a request."""
    if not found:
        return [_(N_("No earlier request is like that of {number}."), number=number)]
    made = []
    for one in found:
        other = "" if one.same_numbers else pick("（年度或数字不同）", " (other years or numbers)")
        made += [
            f"{one.case}  {one.received}  {one.likeness:.0%}{other}  {one.ended}",
            f"    {clip(one.request, 72)}",
        ]
    return made


def one_line(number: str, found: list[Similar]) -> str:
    """One line that says what there is, and how to see it."""
    said = pick("；", "; ").join(
        pick(f"{one.case}（{one.ended}）", f"{one.case} ({one.ended})") for one in found[:2]
    )
    more = pick("等", " ...") if len(found) > 2 else ""
    return _(
        N_("Similar earlier requests: {said}{more}; see disclosure similar {number}"),
        said=said,
        more=more,
        number=number,
    )

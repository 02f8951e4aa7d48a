"""Requests for the same information by several applicants: candidates for disclosure to all
(frequent.toml).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from workflow.base import tables
from workflow.base.errors import NotFound
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.base.names import article, word
from workflow.base.text_width import clip
from workflow.cases import similarity
from workflow.office.seat import Seat
from workflow.reports.performance.measure import Period
from workflow.storage.figures import counted
from workflow.storage.tables import TABLES

DOCS, CASES = TABLES["search_doc"], TABLES["case_file"]
TABLE = os.path.join(os.path.dirname(__file__), "frequent.toml")
TITLE = N_("Information often asked for")
LISTED = 12


@dataclass(frozen=True)
class Asked:
    """A case of a group."""

    number: str
    received: date
    outcome: str | None
    disclosed: bool


@dataclass(frozen=True)
class Group:
    """The same information, asked for by so many applicants."""

    text: str
    applicants: int
    cases: tuple[Asked, ...]

    @property
    def disclosed(self) -> int:
        """In how many cases it was given, wholly or in part."""
        return sum(case.disclosed for case in self.cases)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "text": self.text,
            "applicants": self.applicants,
            "requests": len(self.cases),
            "disclosed": self.disclosed,
            "cases": [
                {
                    "case": one.number,
                    "received": one.received.isoformat(),
                    "outcome": one.outcome,
                    "disclosed": one.disclosed,
                }
                for one in self.cases
            ],
        }


@dataclass(frozen=True)
class Frequent:
    """All groups of a period, those of most applicants first."""

    office: str
    period: Period
    least: int
    compared: int
    groups: list[Group]

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "office": self.office,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "article": rule(),
            "least_applicants": self.least,
            "compared": self.compared,
            "groups": [group.plain() for group in self.groups],
        }


def rule() -> str:
    """The provision."""
    return str(tables.read(TABLE)["article"])


def find(
    seat: Seat,
    period: Period,
    least: int | None = None,
    likely: float | None = None,
    seen: Callable[[int], None] | None = None,
) -> Frequent:
    """Compare every item of every request received in the period. NotFound if none was received.

    What an anonymised case asked for is no longer known, and is not compared.
    """
    table = tables.read(TABLE)
    least = least or table["least_applicants"]
    phrases = sorted(table["phrases"], key=len, reverse=True)
    # The same words are compared once, however often they come.
    by_sketch: dict[similarity.Sketch, int] = {}
    sketches: list[similarity.Sketch] = []
    spelled: list[Counter[str]] = []
    cases: list[set[int]] = []
    marks: dict[int, tuple[str, Asked]] = {}
    for row in _requests(seat, period):
        marks[row.id] = (
            row.applicant_mark,
            Asked(row.number, row.received_on, row.outcome, row.outcome in table["disclosed"]),
        )
        for line in row.text.splitlines():
            made = similarity.sketch(line, phrases, table["shortest"])
            if made is None:
                continue
            place = by_sketch.setdefault(made, len(sketches))
            if place == len(sketches):
                sketches.append(made)
                spelled.append(Counter())
                cases.append(set())
            spelled[place][line.strip()] += 1
            cases[place].add(row.id)
    if not marks:
        raise NotFound(
            N_("No application was received from {first} to {last}."),
            field="from",
            first=period.first.isoformat(),
            last=period.last.isoformat(),
            way_on=N_("Take another period."),
        )
    pairs = similarity.joined(sketches, likely or table["likeness"], seen)
    found = []
    for places in similarity.groups(len(sketches), pairs):
        ids = sorted({one for place in places for one in cases[place]})
        applicants = {marks[one][0] for one in ids}
        if len(applicants) < least:
            continue
        words: Counter[str] = sum((spelled[place] for place in places), Counter())
        text = min(words, key=lambda said: (-words[said], len(said), said))
        found.append(Group(text, len(applicants), tuple(marks[one][1] for one in ids)))
    found.sort(key=lambda group: (-group.applicants, -len(group.cases), group.cases[0].number, group.text))
    return Frequent(seat.office.name, period, least, len(marks), found)


def _requests(seat: Seat, period: Period) -> Iterator[Any]:
    """Of each case its last request, as it is indexed."""
    newest = (
        select(DOCS.c.case_id, func.max(DOCS.c.n).label("n"))
        .where(DOCS.c.office_id == seat.office.id, DOCS.c.kind == "request", DOCS.c.text != "")
        .group_by(DOCS.c.case_id)
        .subquery()
    )
    query = (
        select(
            CASES.c.id,
            CASES.c.number,
            CASES.c.applicant_mark,
            CASES.c.received_on,
            CASES.c.outcome,
            DOCS.c.text,
        )
        .join_from(CASES, newest, newest.c.case_id == CASES.c.id)
        .join(DOCS, (DOCS.c.case_id == CASES.c.id) & (DOCS.c.n == newest.c.n))
        .where(
            CASES.c.office_id == seat.office.id,
            CASES.c.received_on.between(period.first, period.last),
            counted(),
        )
        .order_by(CASES.c.id)
    )
    with seat.store.reading() as connection:
        yield from connection.execute(query, execution_options={"yield_per": 1000})


# --- showing


def case_of(one: Asked) -> str:
    """A case with its outcome."""
    outcome = word("outcome", one.outcome) if one.outcome else _(N_("open"))
    return pick(f"{one.number}（{outcome}）", f"{one.number} ({outcome})")


def lines(found: Frequent) -> list[str]:
    """For a terminal: each group with its cases."""
    made = [f"{_(TITLE)}  {found.period.first} – {found.period.last}  {article(rule())}"]
    for group in found.groups:
        cases = [case_of(one) for one in group.cases[:LISTED]]
        more = ["…"] if len(group.cases) > LISTED else []
        counted = _(
            N_("{applicants} applicants, {n} requests, disclosed in {disclosed}"),
            applicants=group.applicants,
            n=len(group.cases),
            disclosed=group.disclosed,
        )
        made += ["", clip(group.text, 100), f"  {counted}", "  " + " ".join([*cases, *more])]
    return [*made, "", summary(found)]


def summary(found: Frequent) -> str:
    """How much was compared, and what came of it."""
    return _(
        N_(
            "{compared} requests compared; {n} were made for the same information by at least {least} applicants."
        ),
        compared=found.compared,
        n=len(found.groups),
        least=found.least,
    )

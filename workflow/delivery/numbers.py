"""The register of document numbers: every number given, with its letter and what became of it, and that none
is missing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import names, typed_words
from workflow.base.completeness import require_same
from workflow.base.messages import N_, pick, translate
from workflow.base.screen import Column, table
from workflow.cases.letter_life import Stage
from workflow.office.seat import Seat
from workflow.storage import case_entries, case_keys
from workflow.storage.row_states import NumberState
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, LETTERS, SERIES, LEDGER = TABLES["case_file"], TABLES["letter"], TABLES["series"], TABLES["ledger"]
NAMES = ("reply", "notice")
STATES: dict[str, str] = {
    NumberState.VOID: N_("void"),
    NumberState.SENT: N_("sent"),
    NumberState.MADE: N_("made"),
    NumberState.WAITING: N_("not made yet"),
}
require_same("numbers.STATES", STATES, "row_states.NumberState", NumberState)


@dataclass
class Given:
    """One number: whose letter it is, and what became of it."""

    series: str
    year: int
    no: int
    number: str
    letter: int
    code: str
    case: str
    dated: date
    state: str
    on: date | None
    reason: str | None = None


@dataclass
class Register:
    """The numbers of an office in their order, and every place where one is missing or is one too many."""

    given: list[Given]
    gaps: list[str]

    @property
    def whole(self) -> bool:
        """Whether the numbers of each series run from 1 to the last one given, each once."""
        return not self.gaps

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "numbers": [
                {
                    name: value.isoformat() if isinstance(value, date) else value
                    for name, value in asdict(one).items()
                }
                for one in self.given
            ],
            "gaps": self.gaps,
            "whole": self.whole,
        }

    def lines(self) -> list[str]:
        """As a table, and below it the verdict."""
        header = [
            translate(text)
            for text in (
                N_("document number"),
                N_("case"),
                N_("letter"),
                N_("date"),
                N_("state"),
                N_("since"),
            )
        ]
        columns: list[Column | str] = [*header, Column(translate(N_("reason")), least=16)]
        rows = [
            [
                one.number,
                one.case,
                f"{one.code} ({one.letter})",
                one.dated.isoformat(),
                translate(STATES[one.state]),
                one.on.isoformat() if one.on else "-",
                one.reason or "",
            ]
            for one in self.given
        ]
        said = [translate(N_("MISSING: {what}"), what=one) for one in self.gaps]
        if self.whole:
            said = [translate(N_("{n} numbers, none missing and none given twice."), n=len(self.given))]
        return [*table(columns, rows), *said]


def register(desk: Seat, year: int | None = None, series: str | None = None) -> Register:
    """Every number of the office (of a year, of a series), compared with what was counted."""
    if series is not None:
        series = typed_words.resolve(series, names.both("series", NAMES), "series")
    wanted = (series,) if series else NAMES
    with desk.store.reading() as connection:
        query = select(LETTERS, CASES.c.number.label("case_number")).join(
            CASES, CASES.c.id == LETTERS.c.case_id
        )
        query = query.where(LETTERS.c.office_id == desk.office.id, LETTERS.c.series.in_(wanted))
        counted = select(SERIES).where(SERIES.c.office_id == desk.office.id, SERIES.c.name.in_(wanted))
        if year is not None:
            query, counted = query.where(LETTERS.c.series_year == year), counted.where(SERIES.c.year == year)
        query = query.order_by(LETTERS.c.series.desc(), LETTERS.c.series_year, LETTERS.c.series_no)
        rows = list(connection.execute(query))
        last = {(row.name, row.year): int(row.last) for row in connection.execute(counted)}
        reasons = _reasons(connection, [row for row in rows if row.voided_on is not None])
    given = [
        Given(
            row.series,
            row.series_year,
            row.series_no,
            row.number,
            row.id,
            row.code,
            row.case_number,
            row.dated,
            _state(row),
            row.voided_on or row.sent_on,
            reasons.get(row.id),
        )
        for row in rows
    ]
    return Register(given, _gaps(given, last))


# The register of numbers says no more than whether it went out.
_COARSE = {
    Stage.CALLED: NumberState.WAITING,
    Stage.APPROVED: NumberState.MADE,
    Stage.ARRIVED: NumberState.SENT,
    Stage.RETURNED: NumberState.SENT,
}


def _state(row: Any) -> str:
    """What became of a letter; of one last written before it was kept where it is, as its days tell."""
    if row.stage is not None:
        return _COARSE.get(Stage(row.stage), str(row.stage))
    if row.voided_on is not None:
        return NumberState.VOID
    if row.sent_on is not None:
        return NumberState.SENT
    return NumberState.MADE if row.sha256 else NumberState.WAITING


def _gaps(given: list[Given], last: dict[tuple[str, int], int]) -> list[str]:
    found: dict[tuple[str, int], list[int]] = {key: [] for key in last}
    for one in given:
        found.setdefault((one.series, one.year), []).append(one.no)
    gaps = []
    for (name, year), numbers in sorted(found.items()):
        counted = last.get((name, year), 0)
        for no in sorted(set(range(1, counted + 1)) ^ set(numbers)):
            gaps.append(f"{name} {year}: {no}")
    return gaps


def _reasons(connection: Connection, void: list[Any]) -> dict[int, str]:
    """Why letters were made void: as the entries say, where the key of the case is at hand."""
    numbers = {(row.case_id, row.number): row.id for row in void}
    query = select(LEDGER).where(
        LEDGER.c.case_id.in_({row.case_id for row in void}), LEDGER.c.event.in_(("void_reply", "void_letter"))
    )
    made: dict[int, str] = {}
    for row in connection.execute(query.order_by(LEDGER.c.seq)) if void else ():
        (entry,) = case_keys.opened(connection, row.case_id, [case_entries.entry_of(row)])
        named = json.loads(row.payload).get("letter")
        letter = named[0] if named else numbers.get((row.case_id, entry.payload.get("number")))
        if letter is not None:
            made[letter] = entry.payload.get("reasons", pick("（已封存）", "(sealed)"))
    return made

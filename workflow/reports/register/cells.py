"""Contents of cells: for a table text, day or number; for JSON plain values with their keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.completeness import require_known
from workflow.base.errors import OutOfLaw
from workflow.base.masking import mask
from workflow.base.messages import listed, pick
from workflow.base.names import word
from workflow.cases.case_clock import seen_on
from workflow.clocks.time_spent import Spent, spent
from workflow.law import Law
from workflow.office import profile
from workflow.office.seat import Seat
from workflow.reports.register.columns import EVERY, KINDS, Column, chosen, computed
from workflow.reports.register.declared_cells import Declared, declared
from workflow.reports.register.rows import Line, needed, overdue
from workflow.storage import sealed_texts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Value = str | int | date | None
NATURAL = "natural_person"


class Cells:
    """The cells of lines for chosen columns; names of natural persons are masked unless `names`."""

    def __init__(
        self, connection: Connection, desk: Seat, columns: Sequence[Column], *, names: bool = False
    ) -> None:
        self.desk, self.columns, self.names = desk, columns, names
        self.today = desk.today()
        self.units = desk.office.units
        named = any(column.source.startswith("officers:") for column in columns)
        self.officers = {
            one.key: one.name for one in (profile.officers_of(connection, desk.office.id) if named else ())
        }
        self._words: dict[str, _Words] = {}
        self._rows_of_report: dict[tuple[int, str], str] = {}
        # The position of each value in a row: names are looked up once, not in every row.
        self._at = {name: place for place, name in enumerate(needed(columns))}
        self._makers = [self._maker(column) for column in columns]
        self._keyed = [
            self._plain_maker(column, make) for column, make in zip(columns, self._makers, strict=True)
        ]

    def of(self, line: Line) -> list[Value]:
        """The cells of a line, for a table."""
        return [make(line) for make in self._makers]

    def plain(self, line: Line) -> dict[str, Any]:
        """The line as plain data: keys as they are stored, with all parts that were read."""
        return {column.id: make(line) for column, make in zip(self.columns, self._keyed, strict=True)}

    def _plain_maker(self, column: Column, make: Callable[[Line], Value]) -> Callable[[Line], Any]:
        keyed = _PLAIN.get(column.source)
        if keyed is not None:
            facts = declared(column, self._at)
            return lambda line: keyed(facts.of(line))
        if column.source.startswith("name:"):
            at = self._at[column.source.partition(":")[2]]
            return lambda line: line.row[at]
        return lambda line: _as_text(make(line))

    # --- by source

    def _maker(self, column: Column) -> Callable[[Line], Value]:
        kind, _, name = column.source.partition(":")
        at = self._at.get(name, -1)
        match kind:
            case "row":
                return lambda line: line.row[at]
            case "detail":
                return lambda line: _dated(line.details.get(name))
            case "name":
                words = self._named(KINDS.get(name, name))
                return lambda line: words[line.row[at]]
            case "officers":
                if at >= 0:
                    return lambda line: self._officers(line.row[at])
                return lambda line: self._officers(line.details.get(name))
        found: Callable[[Declared], Value] = getattr(self, f"_{kind}")
        facts = declared(column, self._at)
        return lambda line: found(facts.of(line))

    def _named(self, kind: str) -> _Words:
        return self._words.setdefault(kind, _Words(kind))

    def _word(self, kind: str, key: str | None) -> str | None:
        return self._named(kind)[key]

    def _officers(self, keys: str | list[str] | None) -> str | None:
        if not keys:
            return None
        return listed(self.officers.get(key, key) for key in ([keys] if isinstance(keys, str) else keys))

    def _applicant(self, facts: Declared) -> str:
        name: str = facts.applicant_name
        return name if self.names or facts.applicant_kind != NATURAL else masked(name)

    def _unit(self, facts: Declared) -> str | None:
        key = facts.unit
        return self.units.get(key, key) if key else None

    def _due_state(self, facts: Declared) -> str | None:
        seen = "missed" if overdue(facts, self.today) else facts.reply_clock
        return self._word("clock_state", seen)

    def _grounds(self, facts: Declared) -> str | None:
        grounds = facts.grounds
        return listed(self._word("outcome", key) for key in grounds.split("|")) if grounds else None

    def _report_row(self, facts: Declared) -> str | None:
        """The row of table 3 in which the case counts, as that year names it."""
        key, on = facts.report_row, facts.counted_on
        if not key or on is None:
            return None
        found = self._rows_of_report.get((on.year, key))
        if found is None:
            found = self._rows_of_report[on.year, key] = report_row_name(self.desk.context.law, key, on.year)
        return found

    def _served_by(self, facts: Declared) -> str | None:
        return self._word("choice", facts.details.get("served_by"))

    def _spent(self, facts: Declared) -> Spent | None:
        # A reply that was set aside does not belong to the present round.
        if facts.replied_on is None or facts.reply_start is None or facts.finished_on is None:
            return None
        if facts.replied_on < facts.reply_start:
            return None
        return spent(self.desk.context.calendar, facts.reply_start, facts.replied_on, facts.left_out)

    def _net(self, facts: Declared) -> int | None:
        found = self._spent(facts)
        return found.net if found else None

    def _gross(self, facts: Declared) -> int | None:
        found = self._spent(facts)
        return found.gross if found else None

    def _consultations(self, facts: Declared) -> str | None:
        return _joined(
            [
                self._word("consultation", part["kind"]),
                _span(part["sent"], part.get("answered")),
                self._word("choice", part["answer"])
                if part.get("answer")
                else self._word("state", part["state"]),
            ]
            for part in facts.details.get("consultations", ())
        )

    def _remedies(self, facts: Declared) -> str | None:
        return _joined(
            [
                self._word("remedy", part["kind"]),
                _span(part["received"], part.get("decided")),
                self._word("choice", part["outcome"])
                if part.get("outcome")
                else self._word("state", part["state"]),
            ]
            for part in facts.details.get("remedies", ())
        )

    def _letters(self, facts: Declared) -> str | None:
        return _joined([letter.code, letter.number, str(letter.dated)] for letter in facts.letters)

    def _clocks(self, facts: Declared) -> str | None:
        return _joined(
            [
                f"{self._word('clock', clock.rule)}{clock.ref or ''}",
                str(clock.due) + ("?" if clock.provisional else ""),
                self._word("clock_state", _seen(clock, self.today)),
            ]
            for clock in facts.clocks
        )


require_known("columns.toml", (f"_{source}" for source in computed()), "cells.Cells", vars(Cells))


def report_row_name(law: Law, key: str, year: int) -> str:
    """A row of table 3 (of the latest format) by its name in the form of a year; before there was one, its
    key.
    """
    try:
        form = law.report_format(year)
    except OutOfLaw:
        return key
    shown = form.merged.get(key, key)
    return next((pick(row.zh, row.en) for row in form.rows if row.key == shown), shown)


class _Words(dict[str | None, str | None]):
    """Names of one kind, remembered: a table says the same few names again and again."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __missing__(self, key: str | None) -> str | None:
        found = self[key] = word(self.kind, key) if key else None
        return found


def masked(name: str) -> str:
    """The name of a natural person as it is shown to those who need not know it: the first character, and
    marks.
    """
    if name == sealed_texts.mark():
        return name
    return mask("name", name)


def _as_text(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _dated(value: Any) -> Any:
    """Details keep days as text."""
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return date.fromisoformat(value)
    return value


def _joined(parts: Any) -> str | None:
    return pick("；", "; ").join(" ".join(one for one in part if one) for part in parts) or None


def _span(first: str, last: str | None) -> str:
    return f"{first}–{last}" if last else f"{first}–"


def _seen(clock: Any, today: date) -> str:
    return seen_on(clock.state, clock.party, clock.rule, clock.due, today)


def _plain_rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row._asdict().items()
            if name != "case_id"
        }
        for row in rows
    ]


_PLAIN: dict[str, Callable[[Declared], Any]] = {
    "letters": lambda facts: _plain_rows(facts.letters),
    "clocks": lambda facts: _plain_rows(facts.clocks),
    "consultations": lambda facts: facts.details.get("consultations", []),
    "remedies": lambda facts: facts.details.get("remedies", []),
    "grounds": lambda facts: facts.grounds.split("|") if facts.grounds else [],
    "unit": lambda facts: facts.unit,
    "report_row": lambda facts: facts.report_row,
    "served_by": lambda facts: facts.details.get("served_by"),
    "due_state": lambda facts: facts.reply_clock,
    "officers:handler": lambda facts: facts.handler,
    "officers:registrar": lambda facts: facts.details.get("registrar"),
    "officers:approver": lambda facts: facts.details.get("approver"),
    "officers:reviewers": lambda facts: facts.details.get("reviewers", []),
}
require_known("cells._PLAIN", _PLAIN, "columns.toml", {one.source for one in chosen(None, EVERY)})

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
        self._makers = [self._maker(column.source) for column in columns]

    def of(self, line: Line) -> list[Value]:
        """The cells of a line, for a table."""
        return [make(line) for make in self._makers]

    def plain(self, line: Line) -> dict[str, Any]:
        """The line as plain data: keys as they are stored, with all parts that were read."""
        made: dict[str, Any] = {}
        for column, make in zip(self.columns, self._makers, strict=True):
            keyed = _PLAIN.get(column.source)
            if keyed is not None:
                made[column.id] = keyed(line)
            elif column.source.startswith("name:"):
                made[column.id] = getattr(line.row, column.source.partition(":")[2])
            else:
                value = make(line)
                made[column.id] = value.isoformat() if isinstance(value, date) else value
        return made

    # --- by source

    def _maker(self, source: str) -> Callable[[Line], Value]:
        kind, _, name = source.partition(":")
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
        found: Callable[[Line], Value] = getattr(self, f"_{kind}")
        return found

    def _named(self, kind: str) -> _Words:
        return self._words.setdefault(kind, _Words(kind))

    def _word(self, kind: str, key: str | None) -> str | None:
        return self._named(kind)[key]

    def _officers(self, keys: str | list[str] | None) -> str | None:
        if not keys:
            return None
        return listed(self.officers.get(key, key) for key in ([keys] if isinstance(keys, str) else keys))

    def _applicant(self, line: Line) -> str:
        row = line.row
        name: str = row[self._at["applicant_name"]]
        return name if self.names or row[self._at["applicant_kind"]] != NATURAL else masked(name)

    def _unit(self, line: Line) -> str | None:
        key = line.row.unit
        return self.units.get(key, key) if key else None

    def _due_state(self, line: Line) -> str | None:
        row = line.row
        return self._word("clock_state", "missed" if overdue(row, self.today) else row.reply_clock)

    def _grounds(self, line: Line) -> str | None:
        grounds = line.row.grounds
        return listed(self._word("outcome", key) for key in grounds.split("|")) if grounds else None

    def _report_row(self, line: Line) -> str | None:
        """The row of table 3 in which the case counts, as that year names it."""
        key, on = line.row.report_row, line.row.counted_on
        if not key or on is None:
            return None
        found = self._rows_of_report.get((on.year, key))
        if found is None:
            found = self._rows_of_report[on.year, key] = report_row_name(self.desk.context.law, key, on.year)
        return found

    def _served_by(self, line: Line) -> str | None:
        return self._word("choice", line.details.get("served_by"))

    def _spent(self, line: Line) -> Spent | None:
        row = line.row
        # A reply that was set aside does not belong to the present round.
        if row.replied_on is None or row.reply_start is None or row.finished_on is None:
            return None
        if row.replied_on < row.reply_start:
            return None
        return spent(self.desk.context.calendar, row.reply_start, row.replied_on, row.left_out)

    def _net(self, line: Line) -> int | None:
        found = self._spent(line)
        return found.net if found else None

    def _gross(self, line: Line) -> int | None:
        found = self._spent(line)
        return found.gross if found else None

    def _consultations(self, line: Line) -> str | None:
        return _joined(
            [
                self._word("consultation", part["kind"]),
                _span(part["sent"], part.get("answered")),
                self._word("choice", part["answer"])
                if part.get("answer")
                else self._word("state", part["state"]),
            ]
            for part in line.details.get("consultations", ())
        )

    def _remedies(self, line: Line) -> str | None:
        return _joined(
            [
                self._word("remedy", part["kind"]),
                _span(part["received"], part.get("decided")),
                self._word("choice", part["outcome"])
                if part.get("outcome")
                else self._word("state", part["state"]),
            ]
            for part in line.details.get("remedies", ())
        )

    def _letters(self, line: Line) -> str | None:
        return _joined([letter.code, letter.number, str(letter.dated)] for letter in line.letters)

    def _clocks(self, line: Line) -> str | None:
        return _joined(
            [
                f"{self._word('clock', clock.rule)}{clock.ref or ''}",
                str(clock.due) + ("?" if clock.provisional else ""),
                self._word("clock_state", _seen(clock, self.today)),
            ]
            for clock in line.clocks
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


_PLAIN: dict[str, Callable[[Line], Any]] = {
    "letters": lambda line: _plain_rows(line.letters),
    "clocks": lambda line: _plain_rows(line.clocks),
    "consultations": lambda line: line.details.get("consultations", []),
    "remedies": lambda line: line.details.get("remedies", []),
    "grounds": lambda line: line.row.grounds.split("|") if line.row.grounds else [],
    "unit": lambda line: line.row.unit,
    "report_row": lambda line: line.row.report_row,
    "served_by": lambda line: line.details.get("served_by"),
    "due_state": lambda line: line.row.reply_clock,
    "officers:handler": lambda line: line.row.handler,
    "officers:registrar": lambda line: line.details.get("registrar"),
    "officers:approver": lambda line: line.details.get("approver"),
    "officers:reviewers": lambda line: line.details.get("reviewers", []),
}
require_known("cells._PLAIN", _PLAIN, "columns.toml", {one.source for one in chosen(None, EVERY)})

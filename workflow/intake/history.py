"""One row of an old register: the application, and what became of it as the register says.

Nothing is added: without its day no fact is taken, without its day of reply no outcome. What does not go
together is a fault of the row, with the cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.base.sheets import day_forms, headings, reader
from workflow.base.sheets.reader import Row
from workflow.casework.application import ARRIVED
from workflow.intake.past import NONE_FILLED_IN, Unfit, ended, recorded
from workflow.intake.row_read import Read, line
from workflow.intake.rows import Reader
from workflow.intake.word_names import HISTORY, label
from workflow.intake.words import Vocabulary
from workflow.office.seat import Seat

# Each of these days lies on none before it, where both are known.
ORDER = (
    ("registered_on",),
    ("correction_asked_on", "corrected_on", "ended_on"),
    ("correction_asked_on", "correction_by"),
    ("extended_on", "ended_on", "served_on", "filed_on"),
    ("fee_notified_on", "fee_paid_on", "ended_on"),
    ("issued_on", "ended_on"),
    ("review_on", "review_decided_on"),
    ("suit_on", "suit_decided_on"),
)
# Facts that nothing is known of without another: a fact of the row, and what it needs.
NEEDS = {
    "corrected_on": "correction_asked_on",
    "extension_days": "extended_on",
    "fee_amount": "fee_notified_on",
    "fee_paid_on": "fee_notified_on",
    "decision_number": "outcome",
    "issued_on": "outcome",
    "replied_on": "outcome",
    "closed_on": "outcome",
    "served_on": "outcome",
    "filed_on": "outcome",
    "ground": "outcome",
    "review_result": "review_decided_on",
    "review_decided_on": "review_on",
    "suit_result": "suit_decided_on",
    "suit_decided_on": "suit_on",
}
# Columns whose values mean something, and the kind of it.
_VALUES = {
    "outcome": "outcome",
    "ground": "outcome",
    "served_by": "served_by",
    "review_result": "result",
    "suit_result": "result",
}
_SEVERAL = later(r"[\n;；]+")
_LISTED = later(r"[\n;；、,，+＋]+")
_NUMBER = later(r"(\d{1,9})(?:\.0+)?\s*(?:元|个?工作日|日|天)?")


class HistoryReader(Reader):
    """Reads the rows of an old register. `digest` is the SHA-256 of the list."""

    def __init__(
        self,
        found: headings.Found,
        words: Vocabulary,
        way: day_forms.Way,
        applied: bool,
        digest: str,
        seat: Seat,
    ) -> None:
        super().__init__(found, words, way, applied)
        self.digest, self.seat = digest, seat
        self._past = {key: place for key, place in self.places.items() if key in words.table[HISTORY]}

    def unknown(self, row: Row) -> Iterator[tuple[str, str]]:
        """Values whose meaning can be told once for the office: their kind, and what stands there."""
        yield from super().unknown(row)
        for key, kind in _VALUES.items():
            text = reader.plain(row.at(self.places[key])) if key in self.places else ""
            if (
                not text
                or self.words.says_nothing(text)
                or (key == "outcome" and self.words.still_open(text))
            ):
                continue
            try:
                self._answers(text) if kind == "outcome" else self._meant(kind, line(text))
            except Malformed as fault:
                yield kind, str(fault.params["value"])

    def read(self, row: Row) -> Read:
        """The row with all its faults at once."""
        made = super().read(row)
        told: dict[str, Any] = {}
        for key, place in self._past.items():
            cell = row.at(place)
            if place in row.empty:
                made.faults.append(self._fault(row, key, Malformed(_EMPTY, field=key)))
            elif cell is not None and not (isinstance(cell, str) and self.words.says_nothing(cell)):
                if key == "outcome" and self.words.still_open(reader.plain(cell)):
                    continue
                try:
                    told[key] = self._told(key, cell, made)
                except DisclosureError as fault:
                    made.faults.append(self._fault(row, key, fault))
        self._together(row, told, made)
        if made.faults:
            made.application = None
        if made.application is not None:
            try:
                made.past = recorded(told, made, row.number, self.digest, self.seat)
            except Unfit as fault:
                made.faults.append(self._fault(row, fault.column, fault.error))
                made.application = None
            except DisclosureError as fault:
                # The law of the day knew no such answer.
                made.faults.append(self._fault(row, "outcome", fault))
                made.application = None
        return made

    def _told(self, key: str, cell: Any, made: Read) -> Any:
        if key.endswith("_on") or key == "correction_by":
            return self._day(key, cell, made)
        if key in ("extension_days", "fee_amount"):
            found = _NUMBER.fullmatch(reader.plain(cell).strip().replace(",", ""))
            if found is None:
                raise Malformed(N_("'{value}' is no whole number."), field=key, value=line(cell)[:40])
            return int(found[1])
        kind = _VALUES.get(key)
        if kind == "outcome":
            return self._answers(reader.plain(cell))
        return self._meant(kind, line(cell)) if kind else line(cell)

    def _meant(self, kind: str, text: str) -> str:
        found = self.words.value(kind, text)
        if found is None:
            raise Malformed(
                N_("'{value}' is not understood; it is one of: {choices}"),
                field=kind,
                value=text[:40],
                choices=listed(label(kind, key) for key in self.words.choices(kind)),
                way_on=N_("Change the cell, or say once what it means: --value {key}:{value}=KEY"),
                key=kind,
            )
        return found

    def _answers(self, text: str) -> list[str]:
        """What is said of each item or part: the whole as one answer first, then parted by its signs."""
        if (whole := self.words.value("outcome", line(text))) is not None:
            return [whole]
        for signs in (_SEVERAL, _LISTED):
            parts = [part.strip() for part in signs.split(text) if part.strip()]
            if len(parts) > 1 and all(self.words.value("outcome", part) for part in parts):
                return [self._meant("outcome", part) for part in parts]
        return [self._meant("outcome", line(text))]

    # --- what does not go together

    def _together(self, row: Row, told: dict[str, Any], made: Read) -> None:
        """Facts that lack what they rest on, and days in no possible order."""
        wrong = {one.error.field for one in made.faults}
        for key, needed in NEEDS.items():
            if key in told and needed not in told and needed not in wrong:
                fault = Malformed(
                    N_("The row says '{what}' and not '{needed}'."),
                    field=key,
                    what=label("column", key),
                    needed=label("column", needed),
                    way_on=NONE_FILLED_IN,
                )
                made.faults.append(self._fault(row, key, fault))
        if told.get("outcome") and not ended(told) and not wrong & {"replied_on", "closed_on"}:
            made.faults.append(self._fault(row, "replied_on", self._no_end(told)))
        self._in_order(row, told, made)

    def _no_end(self, told: dict[str, Any]) -> Malformed:
        """No day of reply; the day on which a case was closed need not be that."""
        if "closed_on" not in told:
            return Malformed(
                N_("The row says what became of the application, and not on which day."),
                field="replied_on",
                way_on=NONE_FILLED_IN,
            )
        return Malformed(
            N_("The row says on which day the case was closed, and not on which day the reply was given."),
            field="replied_on",
            way_on=N_("If both are the same in this register: --column {title}=replied_on"),
            title=" ".join(self.found.titles[self.places["closed_on"]].split()),
        )

    def _in_order(self, row: Row, told: dict[str, Any], made: Read) -> None:
        days = {key: day for key, day in told.items() if isinstance(day, date)}
        arrived = next((made.given[one] for one in ARRIVED if isinstance(made.given.get(one), date)), None)
        if (last := ended(told)) is not None:
            days["ended_on"] = last
        for keys in ORDER:
            before, what = arrived, "on"
            for key in keys:
                if key in days and before is not None and days[key] < before:
                    shown = "replied_on" if key == "ended_on" and "replied_on" in told else key
                    shown = "closed_on" if shown == "ended_on" else shown
                    fault = Malformed(
                        N_("{day} lies before {before}, the day of: {what}."),
                        field=shown,
                        day=days[key].isoformat(),
                        before=before.isoformat(),
                        what=label("column", "replied_on" if what == "ended_on" else what),
                        way_on=N_("Compare the register: one of the two days is wrong."),
                    )
                    if not any(one.error.field == shown for one in made.faults):
                        made.faults.append(self._fault(row, shown, fault))
                before, what = (days[key], key) if key in days else (before, what)


_EMPTY = N_("The cell holds a formula without a value, or an error.")

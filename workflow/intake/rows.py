"""One row of a list as an application: its cells read, every fault with its cell, nothing filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from workflow.base.errors import DisclosureError, Malformed, OutOfLaw, Refused
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.base.sheets import day_forms, headings, reader
from workflow.base.sheets.reader import Row
from workflow.casework import application as applications
from workflow.intake import row_read
from workflow.intake.row_persons import AGENT, SHARED, Persons
from workflow.intake.row_read import SAME, Fault, Read, line
from workflow.intake.word_names import COLUMN, label
from workflow.intake.words import Vocabulary

MOST_FAULTS = 12
MOST_MEANT = 1000


class Reader:
    """Reads the rows below a heading. `applied` says that the day of the application is that of arrival."""

    def __init__(
        self, found: headings.Found, words: Vocabulary, way: day_forms.Way, applied: bool = False
    ) -> None:
        self.found, self.words, self.way, self.applied = found, words, way, applied
        self.places = {key: place for place, key in enumerate(found.keys) if key}
        if "name" not in self.places:
            # The only column for names holds those of persons too.
            self.places["name"] = self.places.pop("organisation")
        self._understood: dict[tuple[str, Any], str] = {}
        self.persons = Persons(words, self.places, self._fault, self._value)
        self.reads = {key: self._reader(key) for key in self.places if key in words.table[COLUMN]}

    def _reader(self, key: str) -> Callable[[Any, Read], Any]:
        if key in (*applications.DAYS, "applied_on"):
            return lambda cell, read: self._day(key, cell, read)
        if key == "kind":
            return self.persons.kind_told
        if key == "channel":
            return lambda cell, read: self._value(key, cell)
        if key in ("id_number", "id_card", "credit_code", "agent_id_number"):
            return lambda cell, read: cell
        if key == "organisation":
            return self.persons.organisation_told
        if key == "agent":
            return lambda cell, read: {"name": line(cell)}
        if key in ("items", "attach"):
            return lambda cell, read: [
                part.strip() for part in reader.plain(cell).split("\n") if part.strip()
            ]
        if key in ("request", "name", *SHARED):
            # Who is meant by several names or numbers is seen when the row is read.
            return lambda cell, read: reader.plain(cell)
        return lambda cell, read: line(cell)

    def unknown(self, row: Row) -> Iterator[tuple[str, str]]:
        """Values whose meaning can be told once for the office: their kind, and what stands there."""
        for kind in ("channel", "kind"):
            text = reader.plain(row.at(self.places[kind])) if kind in self.places else ""
            if not text or self.words.says_nothing(text):
                continue
            if kind == "kind" and self.words.organisation(text):
                continue
            if self.words.value(kind, text) is None:
                yield kind, text

    def says_something(self, row: Row, place: int) -> bool:
        """Whether a cell holds more than a sign that there is nothing."""
        cell = row.at(place)
        if cell is None:
            return place in row.empty
        return not (isinstance(cell, str) and self.words.says_nothing(cell))

    def read(self, row: Row) -> Read:
        """The row with all its faults at once."""
        made = Read({})
        agent: dict[str, Any] = {}
        if row.struck:
            made.faults.append(Fault("", "", _STRUCK))
        for key, read in self.reads.items():
            place = self.places[key]
            cell = row.at(place)
            if place in row.empty:
                made.faults.append(self._fault(row, key, Malformed(_EMPTY, field=key)))
                continue
            if cell is None or (key == "applied_on" and not self.applied):
                continue
            if isinstance(cell, str) and self.words.says_nothing(cell):
                continue
            try:
                if isinstance(cell, str) and self.words.of_another_row(cell):
                    raise Malformed(_DITTO, field=key, way_on=_DITTO_ADVICE)
                value = read(cell, made)
            except DisclosureError as fault:
                made.faults.append(self._fault(row, key, fault))
            else:
                if value in (None, "", []):
                    continue
                if key.startswith(AGENT):
                    agent[key.removeprefix(AGENT)] = value
                else:
                    made.given.setdefault(SAME.get(key, key), value)
        self.persons.agent(row, made, agent)
        if row.hidden:
            made.remarks.append((N_("The row is hidden in the sheet."), {}))
        names = self.persons.names(row, made)
        self.persons.document(row, made)
        self.persons.kind(row, made)
        self.persons.others(row, made, names)
        self._arrived(row, made)
        self._checked(row, made)
        return made

    def _day(self, key: str, cell: Any, read: Read) -> date:
        day, from_title = day_forms.read(cell, key, self.way)
        if from_title:
            read.remarks.append(
                (
                    N_("The year of '{text}' is that of the list's title: {day}."),
                    {"text": reader.plain(cell), "day": day.isoformat()},
                )
            )
        return day

    def _value(self, key: str, cell: Any) -> str:
        # A column says the same few things in all rows.
        found = self._understood.get((key, cell))
        if found is not None:
            return found
        text = reader.plain(cell)
        found = self.words.value(key, text)
        if found is not None and len(self._understood) < MOST_MEANT:
            self._understood[key, cell] = found
        if found is None:
            raise Malformed(
                N_("'{value}' is not understood; it is one of: {choices}"),
                field=key,
                value=text[:40],
                choices=Named("channel" if key == "channel" else "applicant", *self.words.choices(key)),
                way_on=N_("Change the cell, or say once what it means: --value {key}:{value}=KEY"),
                key=key,
            )
        return found

    def _arrived(self, row: Row, made: Read) -> None:
        """No day is filled in: without one the row waits for it."""
        if any(name in made.given for name in applications.ARRIVED):
            return
        key = next((one for one in applications.ARRIVED if one in self.places), None)
        if any(one.error.field in (*applications.DAYS, "applied_on") for one in made.faults):
            made.given["on"] = None
            return
        made.faults.append(
            self._fault(row, key or "on", Malformed(_NO_DAY, field="on", way_on=_NO_DAY_ADVICE))
        )
        made.given["on"] = None

    def _checked(self, row: Row, made: Read) -> None:
        """The application out of what was read; each entry that it is refused for is a fault of its own."""
        given = {key: value for key, value in made.given.items() if value is not None}
        for _ in range(MOST_FAULTS):
            try:
                application = applications.checked(given)
            except DisclosureError as fault:
                name = fault.field or ""
                if not any(one.error.field == name for one in made.faults):
                    made.faults.append(self._fault(row, name, row_read.lacking(fault, given)))
                if name in _STAND_INS:
                    given[name] = _STAND_INS[name]
                elif given.pop(name, None) is None:
                    break
            else:
                made.remarks += application.remarks
                if not made.faults:
                    made.application = application
                break
        made.given = {key: value for key, value in made.given.items() if value is not None}

    def fault(self, row: Row, error: DisclosureError) -> Fault:
        """What an act refuses the row for, with the cell of the entry that it names."""
        # The law is asked for the day of receipt.
        return self._fault(row, "on" if isinstance(error, OutOfLaw) else error.field or "", error)

    def _fault(self, row: Row, key: str, error: DisclosureError) -> Fault:
        return row_read.at(row, key, error, self.places, self.found)


_STRUCK = Refused(
    N_("The row is struck through in the sheet."),
    rule="house:intake",
    way_on=N_("If it is an application, take the line through it away; else delete the row."),
)
_EMPTY = N_("The cell holds a formula without a value, or an error.")
_NO_DAY = N_("The row says no day on which the application arrived.")
_NO_DAY_ADVICE = N_(
    "Enter the day from the stamp of receipt, the receipt of delivery or the system; none is filled in."
)
_DITTO = N_("The cell refers to another row.")
_DITTO_ADVICE = N_("Write out what is meant; rows are read each for itself.")
_STAND_INS = {"name": "?", "channel": "in_person", "request": "?"}


def wanted(words: Vocabulary) -> str:
    """The columns of a list, as a person is told of them."""
    return listed(label("column", key) for key in words.keys)

"""One row of a list as an application: its cells read, every fault with its cell, nothing filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.base.errors import DisclosureError, Malformed, Refused
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.base.sheets import day_forms, headings, reader
from workflow.base.sheets.reader import Row
from workflow.casework import application as applications
from workflow.casework import identity
from workflow.casework.taking_over import Past
from workflow.intake import people
from workflow.intake.words import COLUMN, Vocabulary, label

Remark = tuple[str, dict[str, Any]]
# Columns that say a value in another way, and the entry that they fill.
SAME = {
    "applied_on": "on",
    "id_card": "id_number",
    "credit_code": "id_number",
    "organisation": "name",
    **{f"agent_{key}": "agent" for key in ("phone", "address", "id_number", "document", "scope")},
}
AGENT = "agent_"
_SPACED = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])[\s\u3000]+(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
_LINES = ("request", "items", "attach")
# Of several persons in one row each may have his own.
SHARED = ("phone", "address", "email", "postcode")
NATURAL = "natural_person"
MOST_FAULTS = 12
MOST_MEANT = 1000


@dataclass
class Fault:
    """What is wrong with a row: the cell (or none), and the error that says so."""

    cell: str
    title: str
    error: DisclosureError


@dataclass
class Read:
    """A row as it was read: the application, or what keeps it from being one; remarks in any case."""

    given: dict[str, Any]
    application: applications.Application | None = None
    # What an old register says of it besides.
    past: Past | None = None
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    # The row says that an organisation applies, and not of which kind.
    organisation: bool = False


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
        self.reads = {key: self._reader(key) for key in self.places if key in words.table[COLUMN]}

    def _reader(self, key: str) -> Callable[[Any, Read], Any]:
        if key in (*applications.DAYS, "applied_on"):
            return lambda cell, read: self._day(key, cell, read)
        if key == "kind":
            return self._kind_told
        if key == "channel":
            return lambda cell, read: self._value(key, cell)
        if key in ("id_number", "id_card", "credit_code", "agent_id_number"):
            return lambda cell, read: cell
        if key == "organisation":
            return self._organisation_told
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
        self._agent(row, made, agent)
        if row.hidden:
            made.remarks.append((N_("The row is hidden in the sheet."), {}))
        names = self._names(row, made)
        self._document(row, made)
        self._kind(row, made)
        self._others(row, made, names)
        self._arrived(row, made)
        self._checked(row, made)
        return made

    def _names(self, row: Row, made: Read) -> list[str]:
        """The names in the row's cell: the first is the applicant who is named first."""
        text = made.given.pop("name", None)
        if text is None:
            return []
        if people.plain(text):
            made.given["name"] = text
            return [text]
        try:
            names = people.split(text, self._organisation(made))
            names = [self._bare_name(name, names, made) for name in names]
        except DisclosureError as fault:
            made.faults.append(self._fault(row, "name", fault))
            names = [line(text)]
        made.given["name"] = line(names[0])
        return names

    def _bare_name(self, name: str, names: list[str], made: Read) -> str:
        """A name without what its brackets say of an agent or a representative."""
        told = people.told(line(name), self._organisation(made), len(names))
        if told.agent and len(names) == 1:
            made.given.setdefault("agent", {"name": told.agent})
        if told.representative and len(names) == 1:
            made.given.setdefault("representative", told.representative)
        return told.name

    def _agent(self, row: Row, made: Read, told: dict[str, Any]) -> None:
        """What further columns say of the agent; nothing of one who is not named."""
        agent = made.given.get("agent")
        if agent is not None and _SEVERAL_AGENTS.search(agent["name"]):
            made.faults.append(
                self._fault(row, "agent", Malformed(_AGENTS, field="agent", way_on=_AGENTS_ADVICE))
            )
        if not told:
            return
        if agent is None:
            key = AGENT + next(iter(told))
            made.faults.append(self._fault(row, key, Malformed(_NO_AGENT, field=key)))
            return
        made.given["agent"] = {**agent, **told}

    def _kind_told(self, cell: Any, read: Read) -> str | None:
        if ("kind", cell) not in self._understood and self.words.organisation(reader.plain(cell)):
            read.organisation = True
            return None
        return self._value("kind", cell)

    def _organisation_told(self, cell: Any, read: Read) -> str:
        """The name in a column of its own for organisations."""
        text = reader.plain(cell)
        if "name" in read.given and line(read.given["name"]) != line(text):
            raise Malformed(_TWO_NAMES, field="name", way_on=_TWO_NAMES_ADVICE)
        read.organisation = True
        return text

    def _organisation(self, made: Read) -> Callable[[str], bool]:
        """Whether a name is an organisation's: as the row says for all, else as the name looks."""
        kind = made.given.get("kind")
        if kind:
            return lambda name: kind != NATURAL
        if made.organisation:
            return lambda name: True
        return lambda name: self.words.kind_by_name(name) is not None

    def _others(self, row: Row, made: Read, names: list[str]) -> None:
        """Several persons in one row: numbers and addresses go to them in their order, or the row waits."""
        if len(names) < 2:
            made.given |= {key: line(made.given[key]) for key in SHARED if key in made.given}
            return
        kind = made.given.get("kind")
        others: list[dict[str, Any]] = [{"name": line(name)} for name in names[1:]]
        for one in others:
            told = self.words.kind_by_name(one["name"])
            one["kind"] = kind or (told if told not in (None, "unsure") else NATURAL)
        for key in ("id_number", *SHARED):
            if key not in made.given:
                continue
            try:
                first, *rest = people.shared(names, made.given[key], key)
            except DisclosureError as fault:
                made.faults.append(self._fault(row, key, fault))
                first, rest = None, []
            made.given[key] = first if key == "id_number" or first is None else line(first)
            for one, value in zip(others, rest, strict=False):
                if value is not None:
                    one[key] = value
                    if key == "id_number" and made.given.get("id_type"):
                        one["id_type"] = made.given["id_type"]
        made.given["applicants"] = others

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

    def _document(self, row: Row, made: Read) -> None:
        """The number of the document as it came, with the kind that its column names."""
        cell = made.given.pop("id_number", None)
        if cell is None:
            return
        named = made.given.get("id_type")
        if not named and row.at(self.places.get("id_number", 10**6)) is None:
            column = "id_card" if row.at(self.places.get("id_card", 10**6)) is not None else "credit_code"
            named = identity.kinds()["resident_card" if column == "id_card" else "credit_code"]["zh"]
            if column == "id_card" and identity.look(cell).kind not in (None, "resident_card"):
                # An organisation writes its code under this heading too.
                named = None
        made.given["id_number"] = cell
        if named:
            made.given["id_type"] = named

    def _kind(self, row: Row, made: Read) -> None:
        if (
            "kind" in made.given
            or any(one.error.field == "kind" for one in made.faults)
            or "name" not in made.given
        ):
            return
        told = self.words.kind_by_name(made.given["name"])
        if told == "unsure" or (told is None and made.organisation):
            made.faults.append(self._fault(row, "kind", Malformed(_NO_KIND, field="kind")))
            made.given["kind"] = "natural_person"
        elif told:
            made.given["kind"] = told

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
                    made.faults.append(self._fault(row, name, fault))
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
        return self._fault(row, error.field or "", error)

    def _fault(self, row: Row, key: str, error: DisclosureError) -> Fault:
        places = [key, *(one for one, same in SAME.items() if same == key)]
        place = next((self.places[one] for one in places if one in self.places), None)
        if place is None:
            return Fault("", "", error)
        return Fault(reader.place_name(place, row.number), self.found.titles[place], error)


_STRUCK = Refused(
    N_("The row is struck through in the sheet."),
    rule="house:intake",
    way_on=N_("If it is an application, take the line through it away; else delete the row."),
)
_EMPTY = N_("The cell holds a formula without a value, or an error.")
_NO_KIND = N_("The kind of applicant is missing; the name looks like that of an organisation.")
_NO_DAY = N_("The row says no day on which the application arrived.")
_NO_DAY_ADVICE = N_(
    "Enter the day from the stamp of receipt, the receipt of delivery or the system; none is filled in."
)
_DITTO = N_("The cell refers to another row.")
_DITTO_ADVICE = N_("Write out what is meant; rows are read each for itself.")
_AGENTS = N_("The cell names several agents.")
_AGENTS_ADVICE = N_("Name one here, the others in a note: disclosure note CASE")
_NO_AGENT = N_("The row says something of an agent and does not name him.")
_TWO_NAMES = N_("The row names a person and an organisation: which of them applies is not clear.")
_TWO_NAMES_ADVICE = N_("Leave the name of the applicant, and delete the other.")
_SEVERAL_AGENTS = re.compile(r"[、;；,，\n]")
_STAND_INS = {"name": "?", "channel": "in_person", "request": "?"}


def line(cell: Any) -> str:
    """A cell as text on one line: line breaks and runs of blanks are one blank, and none within a Chinese
    name.
    """
    parts = unicodedata.normalize("NFC", reader.plain(cell)).split()
    return parts[0] if len(parts) == 1 else _SPACED.sub("", " ".join(parts))


def wanted(words: Vocabulary) -> str:
    """The columns of a list, as a person is told of them."""
    return listed(label("column", key) for key in words.keys)

"""Who applies, as a row of a list says it: the names in its cell, his number, his kind, his agent, and what
of the row belongs to each of several.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.base.sheets import reader
from workflow.base.sheets.reader import Row
from workflow.casework import identity
from workflow.intake import names_in_cell
from workflow.intake.row_read import Fault, Read, line
from workflow.intake.words import Vocabulary

AGENT = "agent_"
# Of several persons in one row each may have his own.
SHARED = ("phone", "address", "email", "postcode")
NATURAL = "natural_person"
_SEVERAL_AGENTS = later(r"[、;；,，\n]")


class Persons:
    """Reads the persons of rows; `places` are those of the columns, `fault` gives an error its cell, `meant`
    tells the key of a value."""

    def __init__(
        self,
        words: Vocabulary,
        places: dict[str, int],
        fault: Callable[[Row, str, DisclosureError], Fault],
        meant: Callable[[str, Any], str],
    ) -> None:
        self.words, self.places, self._fault, self._meant = words, places, fault, meant

    def names(self, row: Row, made: Read) -> list[str]:
        """The names in the row's cell: the first is the applicant who is named first."""
        text = made.given.pop("name", None)
        if text is None:
            return []
        if names_in_cell.plain(text):
            made.given["name"] = text
            return [text]
        try:
            names = names_in_cell.split(text, self._organisation(made))
            names = [self._bare_name(name, names, made) for name in names]
        except DisclosureError as fault:
            made.faults.append(self._fault(row, "name", fault))
            names = [line(text)]
        made.given["name"] = line(names[0])
        return names

    def _bare_name(self, name: str, names: list[str], made: Read) -> str:
        """A name without what its brackets say of an agent or a representative."""
        told = names_in_cell.told(line(name), self._organisation(made), len(names))
        if told.agent and len(names) == 1:
            made.given.setdefault("agent", {"name": told.agent})
        if told.representative and len(names) == 1:
            made.given.setdefault("representative", told.representative)
        return told.name

    def agent(self, row: Row, made: Read, told: dict[str, Any]) -> None:
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

    def kind_told(self, cell: Any, read: Read) -> str | None:
        """The kind that a cell tells; none of an organisation of no kind in particular."""
        if self.words.organisation(reader.plain(cell)):
            read.organisation = True
            return None
        return self._meant("kind", cell)

    def organisation_told(self, cell: Any, read: Read) -> str:
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

    def others(self, row: Row, made: Read, names: list[str]) -> None:
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
                first, *rest = names_in_cell.shared(names, made.given[key], key)
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

    def document(self, row: Row, made: Read) -> None:
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

    def kind(self, row: Row, made: Read) -> None:
        """The kind that the name tells, where the row tells none."""
        if (
            "kind" in made.given
            or any(one.error.field == "kind" for one in made.faults)
            or "name" not in made.given
        ):
            return
        told = self.words.kind_by_name(made.given["name"])
        if told == "unsure" or (told is None and made.organisation):
            cell = reader.plain(row.at(self.places["kind"])) if "kind" in self.places else ""
            error = Malformed(_NO_SUCH_KIND if cell else _NO_KIND, field="kind", value=cell[:40])
            made.faults.append(self._fault(row, "kind", error))
            made.given["kind"] = "natural_person"
        elif told:
            made.given["kind"] = told


_NO_KIND = N_("The kind of applicant is missing; the name looks like that of an organisation.")
_NO_SUCH_KIND = N_("'{value}' does not say which kind of organisation, and the name does not either.")
_AGENTS = N_("The cell names several agents.")
_AGENTS_ADVICE = N_("Name one here, the others in a note: disclosure note CASE")
_NO_AGENT = N_("The row says something of an agent and does not name him.")
_TWO_NAMES = N_("The row names a person and an organisation: which of them applies is not clear.")
_TWO_NAMES_ADVICE = N_("Leave the name of the applicant, and delete the other.")

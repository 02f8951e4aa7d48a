"""Persons as an officer gives them: on the command line, in a list of their own, several in one cell.

Several names in one cell are several persons only where their signs say so. What could be one name or two, or
leaves somebody out ("等24人"), is never guessed: the row waits for a person.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base import tables, typed_text
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.base.sheets import headings, reader
from workflow.intake.names_in_cell import is_chinese
from workflow.intake.spoken_words import TABLE
from workflow.intake.words import Vocabulary

if TYPE_CHECKING:
    from workflow.base.sheets.reader import Row
    from workflow.casework.desk import Desk

FACTS = ("name", "kind", "id_type", "id_number", "address", "postcode", "phone", "email", "representative")
NUMBERS = {"id_card": "resident_card", "credit_code": "credit_code"}
TYPED = (".toml", ".json")
_PARTS = later(r"[;；\n]+")
_SAID = later(r"([^=＝:：]{1,20})[=＝:：](.*)", re.DOTALL)


def said(text: str, field: str, desk: Desk) -> dict[str, Any]:
    """A person as typed: "李四；身份证号=…"; the name may stand alone in front. Malformed for an entry
    that a person does not have.
    """
    made: dict[str, Any] = {}
    words, vocabulary = _words(field == "agent"), Vocabulary(desk)
    for part in filter(None, (one.strip() for one in _PARTS.split(text))):
        pair = _SAID.fullmatch(part)
        if pair is None:
            if "name" in made:
                raise _unknown(part, field)
            made["name"] = part
            continue
        key = words.key(pair[1].strip()) or (pair[1].strip() if pair[1].strip() in _known(field) else None)
        if key is None:
            raise _unknown(pair[1].strip(), field)
        _put(made, key, pair[2].strip(), vocabulary)
    return made


def of_file(path: Path, desk: Desk) -> list[dict[str, Any]]:
    """The persons of a list: a sheet with a heading, or a TOML or JSON file with `applicants`."""
    if path.suffix.lower() in TYPED:
        raw = typed_text.read_mapping(path)
        found = raw.get("applicants", [])
        if set(raw) != {"applicants"} or not isinstance(found, list) or not found:
            raise Malformed(
                N_("The file has to hold 'applicants', a list of persons."),
                field="applicants",
                way_on=N_("Begin each with [[applicants]], then name = …"),
            )
        return [dict(one) if isinstance(one, dict) else one for one in found]
    vocabulary = Vocabulary(desk)
    with reader.opened(path) as sheets:
        found = headings.find(sheets, _words(False), lambda told: "name" in told)
        if found is None or "name" not in found.keys:
            raise Malformed(
                N_("No line of '{name}' names the columns of a list of persons, with the name among them."),
                field="applicants",
                name=path.name,
                way_on=N_("Columns are: {names}"),
                names=listed(tables.read(TABLE)["column"][key][0] for key in FACTS),
            )
        return list(_rows(found, vocabulary))


def _rows(found: headings.Found, vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    for row in found.rows():
        made: dict[str, Any] = {}
        for place, key in enumerate(found.keys):
            if key is None:
                continue
            if place in row.empty or row.struck:
                raise _cell(found, row, place)
            cell = row.at(place)
            if cell is not None:
                _put(made, key, cell if key in (*NUMBERS, "id_number") else reader.plain(cell), vocabulary)
        if made.get("name"):
            parts = str(made["name"]).split()
            made["name"] = "".join(parts) if is_chinese("".join(parts)) else " ".join(parts)
            yield made
        elif made:
            raise _cell(found, row, found.keys.index("name"))


def _cell(found: headings.Found, row: Row, place: int) -> Malformed:
    return Malformed(
        N_(
            "Cell {cell} ({title}) cannot be read: it is empty, struck through, or a formula without a value."
        ),
        field="applicants",
        cell=reader.place_name(place, row.number),
        title=found.titles[place],
        way_on=N_("Mend the cell; nothing of the list was taken."),
    )


def _put(made: dict[str, Any], key: str, value: Any, vocabulary: Vocabulary) -> None:
    if key in NUMBERS:
        made.setdefault("id_type", tables.read(_IDENTITY)[NUMBERS[key]]["zh"])
        key = "id_number"
    if key == "kind":
        value = vocabulary.value("kind", str(value)) or value
    made[key] = value


_IDENTITY = os.path.join(os.path.dirname(__file__), os.pardir, "casework", "identity.toml")


def _known(field: str) -> tuple[str, ...]:
    return (*FACTS, *tables.read(TABLE)["agent"]) if field == "agent" else FACTS


def _words(agent: bool) -> headings.Words:
    table = tables.read(TABLE)
    known = {key: [*table["column"][key], *table["person"].get(key, ())] for key in (*FACTS, *NUMBERS)}
    return headings.Words({**table["agent"], **known} if agent else known)


def _unknown(text: str, field: str) -> Malformed:
    return Malformed(
        N_("A person has no entry '{name}'."),
        field=field,
        name=text[:40],
        way_on=N_("Entries are: {names}"),
        names=listed(_known(field)),
    )


# --- several in one cell

"""Who is found by name: the applicants of all cases, their agents, and third parties that were consulted.

Names are whole for officers who may look at personal data (the roles of `reveal`), masked for the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Unpack

from sqlalchemy import select

from workflow.base import atoms, tables
from workflow.base.masking import mask
from workflow.base.messages import pick
from workflow.base.names import word
from workflow.casework import search_index
from workflow.casework.parties import PARTIES
from workflow.casework.search_filters import Asked, Filters
from workflow.office import personal_data
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES = TABLES["case_file"]
KIND = "people"


@dataclass(frozen=True)
class Person:
    """Somebody of a case: as what, and by what name as far as the officer may see it."""

    number: str
    state: str
    received_on: date
    role: str
    name: str

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "case": self.number,
            "state": self.state,
            "received_on": self.received_on.isoformat(),
            "role": self.role,
            "name": self.name,
        }


def search(connection: Connection, seat: Seat, words: str, **asked: Unpack[Asked]) -> list[Person]:
    """People in whose names all the words stand, of the newest cases first; nobody where another kind of text
    is asked for.

    People are listed once, above the first page of texts: `skip` counts for them only where people alone are
    asked for. Malformed for a query without a word.
    """
    wanted, filters = atoms.query(words), Filters.read(asked)
    skip = filters.skip
    if filters.kind not in (None, KIND) or (skip and not filters.kind):
        return []
    where = [*filters.of_case(), PARTIES.c.office_id == seat.office.id]
    for atom in {atom for one in wanted if not one.without for run in one.runs for atom in run}:
        where.append(PARTIES.c.name.icontains(atom, autoescape=True))
    columns = CASES.c.number, CASES.c.state, CASES.c.received_on, PARTIES.c.role, PARTIES.c.name
    query = select(*columns).join_from(PARTIES, CASES, CASES.c.id == PARTIES.c.case_id).where(*where)
    whole = personal_data.allowed(seat)
    found: list[Person] = []
    for row in connection.execute(query.order_by(CASES.c.id.desc(), PARTIES.c.no)):
        if all(_within(row.name, one) != one.without for one in wanted):
            skip -= 1
            if skip < 0:
                name = row.name if whole else mask("name", row.name)
                found.append(Person(row.number, row.state, row.received_on, row.role, name))
        if len(found) == filters.limit:
            break
    return found


def _within(name: str, one: atoms.Word) -> bool:
    """Whether a word stands in a name, its characters side by side."""
    return all(atoms.places(name, [run]) for run in one.runs)


def role_name(role: str) -> str:
    """As what somebody takes part in a case, in the language in force."""
    found = tables.read(search_index.TABLE)["role"][role]
    return pick(found["zh"], found["en"])


def lines(found: list[Person]) -> list[str]:
    """People for a terminal, a line each."""
    return [
        f"{one.number}  {one.received_on}  {role_name(one.role)} {one.name}  {word('state', one.state)}"
        for one in found
    ]

"""Who is found again: the applicants of all cases and their agents by name, by number and by telephone;
third parties that were consulted by name.

The table holds names as the case's row does, and keyed hashes of numbers; it follows the entries, and goes
with the key of a case that is destroyed. One name with two different numbers is two persons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, union

from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.casework import given_persons
from workflow.storage import encryption, unsent
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

PARTIES = TABLES["party"]
APPLICANT, AGENT, THIRD_PARTY = "applicant", "agent", "third_party"
# Fewer digits are no telephone number.
SHORTEST = 7
_KEEP = insert(PARTIES).inline()
_FORGET = delete(PARTIES).where(PARTIES.c.case_id == bindparam("of_case"))


class Mark(NamedTuple):
    """By what a person is found again: the name, the keyed hash of the number (else of the name), and whether
    there is a number."""

    name: str
    mark: str
    numbered: bool


def mark(id_number: str | None, name: str, ring: encryption.Keyring) -> Mark:
    """The marks of a person: a keyed hash of the identity number, else of the name."""
    made = encryption.blind_index(ring.index, id_number or f"name:{name}")
    return Mark(name, made, bool(id_number))


def telephone(text: str | None, ring: encryption.Keyring) -> str | None:
    """The keyed hash of a telephone number, however it is written; none where there are too few digits."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text or ""))
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    return encryption.blind_index(ring.index, f"phone:{digits}") if len(digits) >= SHORTEST else None


def is_telephone(text: str) -> bool:
    """Whether a text that is looked for can be a telephone number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return bool(re.fullmatch(r"[+\d][\d\s()-]*", plain)) and len(re.sub(r"\D", "", plain)) >= SHORTEST


def rows(case: CaseFile, key: bytes, ring: encryption.Keyring) -> list[dict[str, Any]]:
    """The rows of a case: one an applicant, one for the agent, and one a third party that was consulted,
    under the number of the consultation with a minus before it.
    """
    made = []
    for one in persons.everybody(case):
        plain = given_persons.person(one, key)
        made.append(
            {
                "no": one.no,
                "role": AGENT if one.no == persons.AGENT else APPLICANT,
                "name": plain["name"],
                "mark": mark(plain.get("id_number"), plain["name"], ring).mark,
                "phone": telephone(plain.get("phone"), ring),
            }
        )
    for part in case.consultations:
        if part.kind == THIRD_PARTY:
            named = mark(None, part.name, ring)
            told = {"name": part.name, "mark": named.mark, "phone": None}
            made.append({"no": -part.no, "role": THIRD_PARTY, **told})
    return made


def keep(
    connection: Connection, office_id: int, case_id: int, case: CaseFile, key: bytes, ring: encryption.Keyring
) -> None:
    """Bring the rows of a case up to it."""
    forget(connection, case_id)
    place = {"office_id": office_id, "case_id": case_id}
    unsent.leave(connection, _KEEP, [{**place, **row} for row in rows(case, key, ring)])


def forget(connection: Connection, case_id: int) -> None:
    """Nobody of this case is found any more."""
    unsent.leave(connection, _FORGET, {"of_case": case_id})


# --- finding


def cases_of(office_id: int, where: ColumnElement[bool]) -> Select[Any]:
    """The ids of cases with an applicant or agent for whom this holds."""
    ours = PARTIES.c.role != THIRD_PARTY
    return select(PARTIES.c.case_id).where(PARTIES.c.office_id == office_id, where, ours)


def concerned(office_id: int, where: ColumnElement[bool]) -> Select[Any]:
    """The ids of cases with anybody for whom this holds, third parties that were consulted among them."""
    return select(PARTIES.c.case_id).where(PARTIES.c.office_id == office_id, where)


_APPLICANTS = select(PARTIES.c.case_id).where(
    PARTIES.c.office_id == bindparam("office"), PARTIES.c.role == APPLICANT
)
# Two searches, by mark and by name, that each find their rows by the index; of one with "or" in it SQLite
# goes through all people of the office.
ASKED_BY = union(
    _APPLICANTS.where(PARTIES.c.mark.in_(bindparam("marks", expanding=True))),
    _APPLICANTS.where(PARTIES.c.name.in_(bindparam("names", expanding=True))),
)
"""The ids of cases of which an applicant is one of these people (`asked_by`)."""


def asked_by(office_id: int, people: Iterable[Mark], ring: encryption.Keyring) -> dict[str, Any]:
    """What `ASKED_BY` is asked with: people by number; by name where one of the two gave none."""
    everybody = list(people)
    marks = {one.mark for one in everybody}
    # Under the same name without a number.
    marks |= {mark(None, one.name, ring).mark for one in everybody if one.numbered}
    names = {one.name for one in everybody if not one.numbered}
    return {"office": office_id, "marks": sorted(marks), "names": sorted(names)}


def of_case(connection: Connection, case_id: int) -> list[Any]:
    """The rows of the applicants of a case."""
    query = select(PARTIES).where(PARTIES.c.case_id == case_id, PARTIES.c.role == APPLICANT)
    return list(connection.execute(query.order_by(PARTIES.c.no)))


def share(connection: Connection, one: int, other: int, ring: encryption.Keyring) -> bool:
    """Whether two cases have an applicant in common. Two numbers under one name are two persons."""
    ours, theirs = of_case(connection, one), of_case(connection, other)

    def nameless(row: Any) -> bool:
        return bool(row.mark == mark(None, row.name, ring).mark)

    return any(
        a.mark == b.mark or (a.name == b.name and (nameless(a) or nameless(b))) for a in ours for b in theirs
    )

"""Applications that were there before: likely duplicates of a new one, earlier ones that ask for the same."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from workflow.base.messages import N_, Remark
from workflow.cases.states import UNCOUNTED
from workflow.casework import parties
from workflow.storage import encryption
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
from workflow.casework.application import Application, marks

SIMILAR = 0.8


# So many of them are named.
SHOWN = 5
COMPARED = 600
CASES = TABLES["case_file"]
_OF_THE_SAME = (
    select(CASES.c.number, CASES.c.request, CASES.c.state)
    .where(CASES.c.id.in_(parties.ASKED_BY), CASES.c.state.not_in(UNCOUNTED), CASES.c.id != bindparam("but"))
    .order_by(CASES.c.id.desc())
    .limit(100)
)


def any_case(connection: Connection, office_id: int) -> bool:
    """Whether the office has any case yet."""
    return (
        connection.execute(select(CASES.c.id).where(CASES.c.office_id == office_id).limit(1)).first()
        is not None
    )


def likely_duplicates(
    connection: Connection, office_id: int, application: Application, ring: encryption.Keyring
) -> list[Remark]:
    """Cases of which an applicant is one of this application's and which ask for much the same: a remark,
    never a refusal. One name with two different numbers is two persons.
    """
    return repeats_of(connection, office_id, marks(application, ring), application.request, ring)


def repeats_of(
    connection: Connection,
    office_id: int,
    people: list[parties.Mark],
    request: str,
    ring: encryption.Keyring,
    but: int = 0,
) -> list[Remark]:
    """Remarks on the cases, but this one, of which one of these people is an applicant and which ask for much
    the same.
    """
    asked = {**parties.asked_by(office_id, people, ring), "but": but}
    notes: list[Remark] = []
    wanted = request[:COMPARED]
    for row in connection.execute(_OF_THE_SAME, asked):
        alike = _alike(wanted, row.request[:COMPARED])
        if alike < SIMILAR:
            continue
        notes.append(
            (
                N_("{number} of the same applicant asks for much the same ({percent} % alike)."),
                {"number": row.number, "percent": round(alike * 100)},
            )
        )
        if len(notes) == SHOWN:
            break
    return notes


def _alike(wanted: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1; 0 where it is seen at once that it is too little."""
    if wanted == other:
        return 1.0
    matcher = SequenceMatcher(None, wanted, other, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    return matcher.ratio()

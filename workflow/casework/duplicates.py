"""Applications that were there before: likely duplicates of a new one, earlier ones that ask for the same."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sqlalchemy import select

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


def any_case(connection: Connection, office_id: int) -> bool:
    """Whether the office has any case yet."""
    cases = TABLES["case_file"]
    return (
        connection.execute(select(cases.c.id).where(cases.c.office_id == office_id).limit(1)).first()
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
    cases = TABLES["case_file"]
    same = parties.asked_by(office_id, people, ring)
    query = select(cases.c.number, cases.c.request, cases.c.state).where(
        cases.c.id.in_(same), cases.c.state.not_in(UNCOUNTED), cases.c.id != but
    )
    notes: list[Remark] = []
    wanted = request[:COMPARED]
    for row in connection.execute(query.order_by(cases.c.id.desc()).limit(100)):
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

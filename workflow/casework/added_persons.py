"""An agent or a further applicant who comes after receipt: checked like those of the application, sealed,
and told of.
"""

from __future__ import annotations

from typing import Any

from letters.content import kinds
from workflow.base.messages import N_, listed
from workflow.cases import departures, persons
from workflow.cases.letter_life import Life
from workflow.casework import application, duplicates, given_persons, parties
from workflow.casework.opened import Done
from workflow.casework.unit import Payload, Unit
from workflow.procedure import letter_truth, particulars


def agent_given(payload: Payload, found: Any) -> Payload:
    """The agent as one person, checked like an applicant."""
    given, _ = given_persons.agent(payload, application.applicant_kind)
    return {"agent": given}


def agent_sealed(unit: Unit, payload: Payload, found: Any) -> Payload:
    """The agent as he is kept, under the key of the case."""
    key = unit.opened.key or unit.seat.case_key(unit.connection, unit.opened.id)
    return {"agent": given_persons.sealed(payload["agent"], key, "agent")}


def agent_lacks(unit: Unit, done: Done) -> None:
    """Whether his authority is still missing."""
    done.missing = [
        one for one in particulars.missing(done.case, unit.seat.context) if one.code == "authority"
    ]


def applicant_given(payload: Payload, found: Any) -> Payload:
    """The further applicant as one person, checked like those of the application."""
    given = {name: value for name, value in payload.items() if name != "document"}
    person, _ = given_persons.applicant(given, application.applicant_kind)
    return {"document": payload["document"], "applicants": {"": person}}


def applicant_sealed(unit: Unit, payload: Payload, found: Any) -> Payload:
    """The further applicant with his place in the application, under the key of the case."""
    place = len(unit.opened.case.others)
    key = unit.opened.key or unit.seat.case_key(unit.connection, unit.opened.id)
    sealed = given_persons.sealed(payload["applicants"][""], key, f"applicants.{place}")
    return {**payload, "no": place + 2, "applicants": {str(place): sealed}}


def applicant_told(unit: Unit, done: Done) -> None:
    """What he lacks, what is wrong with his number, which of his cases ask for much the same, and which
    letters name the others alone."""
    one = persons.applicants(done.case)[-1]
    plain = given_persons.person(one, unit.opened.key or unit.seat.case_key(unit.connection, unit.opened.id))
    _, remarks = given_persons.applicant(plain, application.applicant_kind)
    lacking = particulars.missing(done.case, unit.seat.context)
    done.missing = [found for found in lacking if found.who == plain["name"]]
    done.notes += remarks
    ring = unit.seat.ring(unit.connection)
    mark = parties.mark(plain.get("id_number"), plain["name"], ring)
    done.notes += duplicates.repeats_of(
        unit.connection, unit.seat.office.id, [mark], done.case.request, ring, but=unit.opened.id
    )
    gone = [left.number or kinds.name_of(left.code) for left in departures.departures(done.case)]
    here = letter_names(letter_truth.unsent(done.case, done.entry.n))
    if gone:
        said = N_(
            "Left already, addressed to the other applicants alone: {letters}. Later letters name {name}."
        )
        done.notes.append((said, {"letters": listed(gone), "name": plain["name"]}))
    if here:
        said = N_(
            "Still here, and made for the other applicants alone: {letters}. Have them made anew with: disclosure void-letter {number}"
        )
        done.notes.append((said, {"letters": listed(here), "number": done.case.number}))


def letter_names(letters: list[Life]) -> list[str]:
    """Letters by number, or by name where they have none yet."""
    return [life.number or kinds.name_of(life.code) for life in letters]

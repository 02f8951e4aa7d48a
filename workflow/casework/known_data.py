"""What a case knows of persons: what a text that leaves the case, or stays in a library, must not say."""

from __future__ import annotations

from letters.check.subject import Known
from workflow.cases import persons
from workflow.casework.opened import Opened
from workflow.storage import encryption

_PERSONAL = ("id_number", "phone", "address")


def of(opened: Opened) -> list[Known]:
    """Personal data of the applicants, their agent and third parties, as the case keeps them."""
    case, key = opened.case, opened.key
    assert key is not None
    found = [
        Known("applicant", name, encryption.open_(key, f"{one.place}.{name}", one.facts[name]))
        for one in persons.everybody(case)
        for name in _PERSONAL
        if name in one.facts
    ]
    return found + [
        Known("third_party", "address", part.address) for part in case.consultations if part.address
    ]

"""What files on a case are called: its number, its applicants, the kind of paper.

A file name is seen by everybody who sees the folder: a natural person stands in it by the first character
alone (张某), an organisation by its name.
"""

from __future__ import annotations

from typing import Any

from workflow.base import file_names
from workflow.base.patterns import later
from workflow.cases import persons
from workflow.cases.case import CaseFile

SOMEBODY = "某"
# How a list ends that names the first of several applicants.
_SEVERAL = later(r"等\d+[^\d]+$")


def of_case(case: CaseFile, kind: str, tail: object = "", *, ending: str = ".pdf") -> str:
    """The name of a file on a case: 2026-0001-张某-呈批单.pdf. `tail` tells two of one kind apart."""
    return file_names.made(case.number, applicants(case), kind, tail, ending=ending)


def of_row(number: str, name: str, applicant: str, kind: str, tail: object, *, ending: str = ".pdf") -> str:
    """The same from a case's row: its applicants as a list names them (张三等24人), and what the first is."""
    first, several, more = name.partition("等") if _SEVERAL.search(name) else (name, "", "")
    shown = _shown({"name": first, "kind": applicant})["name"]
    return file_names.made(number, f"{shown}{several}{more}", kind, tail, ending=ending)


def applicants(case: CaseFile) -> str:
    """The applicants as a file name shows them; "" before there is one."""
    if not case.applicant:
        return ""
    return persons.short_name([_shown(one) for one in (case.applicant, *case.others)])


def _shown(person: dict[str, Any]) -> dict[str, Any]:
    if person.get("kind") != persons.NATURAL:
        return person
    first = str(person["name"]).strip()[:1]
    # What stands in place of a name that was destroyed begins with a mark, and no person's name does.
    return {**person, "name": first + SOMEBODY if first.isalnum() else SOMEBODY}

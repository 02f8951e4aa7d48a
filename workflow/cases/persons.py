"""Who applies, who acts for them, and who is written to.

The first applicant stands in `applicant`, the others in `others`, in the order of the application. An agent
acts for them under an authority; a legal representative is none: he is the organisation itself.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from workflow.base import tables
from workflow.cases.case import CaseFile

TABLE = os.path.join(os.path.dirname(__file__), "persons.toml")
AGENT = 0
"""The number under which the agent stands; applicants are counted from 1."""
NATURAL = "natural_person"


class Person(NamedTuple):
    """An applicant or the agent: the number, where the facts stand in the entry (their sealed values are
    bound to that place), and the facts.
    """

    no: int
    place: str
    facts: dict[str, Any]


def applicants(case: CaseFile) -> list[Person]:
    """The applicants in the order of the application."""
    others = [Person(no, f"applicants.{no - 2}", one) for no, one in enumerate(case.others, 2)]
    return [Person(1, "applicant", case.applicant), *others]


def everybody(case: CaseFile) -> list[Person]:
    """The applicants, and the agent where there is one."""
    agent = [Person(AGENT, "agent", case.agent)] if case.agent else []
    return [*applicants(case), *agent]


def acts(case: CaseFile, on: date) -> bool:
    """Whether an agent acts for the applicants on a day: his authority has begun and has not ended."""
    if not case.agent:
        return False
    day = on.isoformat()
    return str(case.agent.get("valid_from", "")) <= day <= str(case.agent.get("valid_until", "9"))


def written_to(case: CaseFile, on: date) -> Person:
    """To whom letters go on a day: who was named for it, else the agent as long as he acts, else the first
    applicant."""
    agent = acts(case, on)
    wanted = case.contact if case.contact is not None else AGENT if agent else 1
    found = [one for one in everybody(case) if one.no != AGENT or agent]
    return next((one for one in found if one.no == wanted), found[0])


def name_of(case: CaseFile) -> str:
    """The applicants of a case on one line of a list; "-" before there is one."""
    return short_name([case.applicant, *case.others]) if case.applicant else "-"


def short_name(people: Sequence[dict[str, Any]]) -> str:
    """The applicants on one line of a list: the name of one, else "张三等24人"."""
    first = str(people[0]["name"])
    if len(people) == 1:
        return first
    natural = sum(one["kind"] == NATURAL for one in people)
    manner = "persons" if natural == len(people) else "mixed" if natural else "bodies"
    found: str = tables.read(TABLE)[manner]
    return found.replace("{first}", first).replace("{count}", str(len(people)))


def heading(people: Sequence[dict[str, Any]]) -> str:
    """The applicants over a letter: all by name while they are few, else "张三等24人"."""
    table = tables.read(TABLE)
    if len(people) <= table["named"]:
        return str(table["between"]).join(str(one["name"]) for one in people)
    return short_name(people)

"""What an application has to contain, and what of it is missing: named at receipt, and again while a
correction may be asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from workflow.base import tables
from workflow.base.messages import pick
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.cases.context import Context

TABLE = os.path.join(os.path.dirname(__file__), "particulars.toml")
_CONTACT = ("address", "phone", "email")


class Missing(NamedTuple):
    """One thing that an application lacks: its code, the ground of a correction under which it is asked for,
    the provision, and whose it is (none where it is the application's own)."""

    code: str
    ground: str
    article: str
    who: str = ""

    @property
    def label(self) -> str:
        """What is missing, in the language in force."""
        row = table()[self.code]
        return pick(row["zh"], row["en"])

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        found = {"what": self.code, "ground": self.ground, "article": self.article, "text": self.label}
        return {**found, "who": self.who} if self.who else found


def table() -> dict[str, Any]:
    """What an application has to contain, by code."""
    return tables.read(TABLE)


def missing(case: CaseFile, context: Context) -> list[Missing]:
    """What the law that governs the application asks for, and it does not say. A number that fails its check
    is there all the same: nobody is asked for more than he has to give."""
    found = []
    for code, who in _lacking(case):
        row = table()[code]
        article = context.law.cite(case.regulations, tuple(row["article"]), _day(case))
        if article is not None:
            found.append(Missing(code, row["ground"], article, who))
    return found


def _day(case: CaseFile) -> Any:
    assert case.received_on is not None
    return case.received_on


def _lacking(case: CaseFile) -> Iterator[tuple[str, str]]:
    people = persons.applicants(case)
    for one in people:
        if not one.facts.get("id_number"):
            yield "identity_proof", str(one.facts["name"]) if len(people) > 1 else ""
    # One way to reach one of them is enough: the application is answered once.
    if not any(one.facts.get(name) for one in persons.everybody(case) for name in _CONTACT):
        yield "contact", ""
    if case.agent and not (case.agent.get("document") and case.agent.get("scope")):
        yield "authority", str(case.agent["name"])
    shortest = int(table()["description"]["shortest"])
    if any(len("".join(text.split())) <= shortest for text in case.items):
        yield "description", ""
    if not case.form:
        yield "form", ""

"""Persons as they are given: further applicants and an agent, checked like the first applicant; and their
personal data sealed and opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow import law
from workflow.base import typed_text
from workflow.base.dates import parse_date, today
from workflow.base.errors import Malformed
from workflow.base.messages import N_, Remark, listed
from workflow.base.names import Named
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.casework import identity
from workflow.law.keys import Provision
from workflow.office import mail_settings
from workflow.office.office_fields import has_controls
from workflow.storage import encryption

PERSONAL = ("id_type", "id_number", "address", "postcode", "phone", "email", "representative")
AUTHORITY = ("document", "scope", "valid_from", "valid_until")
AGENT = ("name", "kind", *(one for one in PERSONAL if one != "representative"), *AUTHORITY)
APPLICANT = ("name", "kind", *PERSONAL)
MOST = 1000
LONGEST, LONGEST_NAME = 500, 200
"""Characters of a line; a letter takes a name of so many."""


def line(value: Any, name: str) -> str:
    """A value on one line; Malformed where a spreadsheet may have cut it, or it is no line."""
    most = LONGEST_NAME if name.rpartition(".")[2] == "name" else LONGEST
    if isinstance(value, str) and len(value) <= most and value.isprintable():
        return value.strip()
    if isinstance(value, float):
        raise Malformed(
            N_("'{field}' came as a number; its last digits may be lost."),
            field=name,
            way_on=N_("Make the column text, and type the value again."),
        )
    text = typed_text.clean_text(value if not isinstance(value, int) else str(value), name)
    if has_controls(text) or len(text) > most:
        message = N_("'{field}' has to be text on one line, of at most {most} characters.")
        raise Malformed(message, field=name, most=most)
    return text


def applicant(raw: Any, kind: Callable[[Any], str]) -> tuple[dict[str, str], list[Remark]]:
    """A further applicant: name, kind and personal data, with remarks on his number."""
    return _person(raw, "applicants", APPLICANT, kind)


def several(raw: Any, kind: Callable[[Any], str]) -> tuple[list[dict[str, str]], list[Remark]]:
    """The applicants beside the first."""
    if raw in (None, "", [], ()):
        return [], []
    if not isinstance(raw, list | tuple) or len(raw) >= MOST:
        raise Malformed(
            N_("'{field}' has to be a list of at most {most}."), field="applicants", most=MOST - 1
        )
    found, remarks = [], []
    for one in raw:
        person, told = applicant(one, kind)
        found.append(person)
        remarks += told
    return found, remarks


def agent(raw: Any, kind: Callable[[Any], str]) -> tuple[dict[str, str] | None, list[Remark]]:
    """The agent with his authority: the document that shows it, what it covers, from when to when."""
    if not raw:
        return None, []
    made, remarks = _person(raw, "agent", AGENT, kind)
    for name in ("valid_from", "valid_until"):
        if raw.get(name):
            made[name] = parse_date(str(raw[name]), f"agent.{name}").isoformat()
    for name in ("document", "scope"):
        if raw.get(name):
            made[name] = line(raw[name], f"agent.{name}")
    if made.get("valid_until", "9") < made.get("valid_from", ""):
        raise Malformed(
            N_("The authority ends on {until}, before it begins on {first}."),
            field="agent.valid_until",
            until=made["valid_until"],
            first=made["valid_from"],
            rule=law.bundled().provision(Provision.AGENT_AUTHORITY, today()),
        )
    return made, remarks


def _person(
    raw: Any, field: str, known: tuple[str, ...], kind: Callable[[Any], str]
) -> tuple[dict[str, str], list[Remark]]:
    if not isinstance(raw, dict):
        raise Malformed(N_("'{field}' has to be named values."), field=field)
    for name in raw:
        if name not in known:
            raise Malformed(
                N_("A person has no entry '{name}'."),
                field=f"{field}.{name}",
                name=str(name)[:40],
                way_on=N_("Entries are: {names}"),
                names=listed(known),
            )
    given = {name: value for name, value in raw.items() if value not in (None, "", [], ())}
    if not str(given.get("name", "")).strip():
        raise Malformed(
            N_("The application needs: {what}."),
            field=f"{field}.name",
            what=Named("column", "name", typed=True),
        )
    remarks: list[Remark] = []
    name = line(given["name"], f"{field}.name")
    if "id_number" in given:
        looked = identity.look(given["id_number"], str(given.get("id_type", "")))
        given["id_number"] = looked.number
        remarks = [(N_("{who}: {text}"), {"who": name, "text": identity.Told(one)}) for one in looked.remarks]
    made = {"name": name, "kind": kind(given.get("kind", persons.NATURAL))}
    made |= {key: line(given[key], f"{field}.{key}") for key in PERSONAL if given.get(key)}
    return made, [*remarks, *unreachable(made)]


def unreachable(given: dict[str, str]) -> list[Remark]:
    """That nothing can be sent to the mail address of a person, which is kept as it was given."""
    if not given.get("email"):
        return []
    try:
        mail_settings.address(given["email"], "email")
    except Malformed:
        text = N_("Nothing can be sent to the mail address '{value}': it has to be one, as name@example.cn.")
        return [(text, {"value": given["email"][:80]})]
    return []


def contact(value: Any, applicants: int, has_agent: bool) -> int | None:
    """Who is written to: the number of an applicant, or 0 for the agent; none where nothing was said."""
    if value in (None, ""):
        return None
    text = str(value).strip()
    if text in ("agent", "代理人", "0"):
        number = persons.AGENT
    elif text.isdigit():
        number = int(text)
    else:
        number = -1
    if (number == persons.AGENT and has_agent) or 1 <= number <= applicants:
        return number
    raise Malformed(
        N_("'{value}' is nobody of this application: an applicant by number (1 to {count}), or 'agent'."),
        field="contact",
        value=text[:40],
        count=applicants,
    )


# --- sealed and opened


def sealed(facts: dict[str, Any], key: bytes, place: str = "applicant") -> dict[str, Any]:
    """A person with personal data sealed under the key of the case, bound to the place in the entry."""
    return {
        name: encryption.seal(key, f"{place}.{name}", value) if name in PERSONAL else value
        for name, value in facts.items()
    }


def opened(facts: dict[str, Any], key: bytes, place: str = "applicant") -> dict[str, str]:
    """A person with personal data opened again."""
    return {
        name: encryption.open_(key, f"{place}.{name}", value) if name in PERSONAL else value
        for name, value in facts.items()
    }


def person(one: persons.Person, key: bytes) -> dict[str, str]:
    """A person of a case with personal data opened."""
    return opened(one.facts, key, one.place)


def revealed(case: CaseFile, key: bytes) -> dict[str, Any]:
    """All personal data of a case: the first applicant's, and where there are any the others' and the
    agent's."""
    plain: dict[str, Any] = person(persons.applicants(case)[0], key)
    others = [person(one, key) for one in persons.applicants(case)[1:]]
    if others:
        plain["applicants"] = others
    if case.agent:
        plain["agent"] = opened(case.agent, key, "agent")
    return plain

"""The register sheet of a case (登记表): for the file, made whenever it is asked for, from what is recorded.

It is no letter: it has no number, goes to nobody and is not kept; the ledger is the record. The applicant's
contact data stands on it only for a reason, which is recorded as any look at personal data is.
"""

from __future__ import annotations

from datetime import date

from letters.content import chinese, compose, kinds
from letters.content.letter_content import Content
from workflow.cases import paper_names, persons
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.casework import given_persons, letter_data
from workflow.casework.desk import Desk
from workflow.casework.opened import Opened, open_case
from workflow.drafting import register_facts
from workflow.law.keys import Letter
from workflow.office import profile
from workflow.procedure.fold import UNDO, UNDONE, effective

CODE = Letter.REGISTER_SHEET
HIDDEN = "（已登记，此处从略）"
_CONTACT = ("address", "postcode", "email")
# Events that concern the paper and not the case.
_NOT_STEPS = frozenset({"letter_made", "note", "attach", "reveal", "recompute", "amend", UNDO, UNDONE})
_LONGEST = 60
"""Steps that a sheet lists; of a longer file the last ones."""


def content(desk: Desk, ref: str, reason: str | None = None) -> tuple[Content, str]:
    """What the sheet says, and what its file is called. With a reason the contact data is on it in full, and
    the look at it is recorded first.
    """
    if reason is not None:
        desk.reveal(ref, reason)
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, ref)
        key = desk.case_key(connection, opened.id)
        names = {officer.key: officer.name for officer in profile.officers_of(connection, desk.office.id)}
    case = opened.case
    asked: Entry = Entry(
        0, "sheet", "case", desk.today(), desk.moment(), desk.officer.key, case.state, case.state, "", {}
    )
    data = letter_data.data(desk, case, None, asked, opened.clocks, key)
    applicant = data["case"]["applicant"]
    personal = given_persons.person(persons.applicants(case)[0], key)
    reached = given_persons.person(persons.written_to(case, desk.today()), key)
    if reason is None:
        applicant.update({name: HIDDEN for name in _CONTACT if name in applicant})
    found = {"phone": reached.get("phone", ""), "representative": personal.get("representative", "")}
    data["extra"] = {
        **{name: (text if reason is not None else HIDDEN) for name, text in found.items() if text},
        **_agent(case),
        **({"email": applicant["email"]} if "email" in applicant else {}),
        **_identity(personal, shown=reason is not None),
        **register_facts.of_case(case, names),
        **_told(desk, case, opened, names),
    }
    made = compose.letter(CODE, data, desk.context.law)
    letter_data.require_faces(made)
    return made, paper_names.of_case(case, kinds.get(CODE).document)


def _identity(personal: dict[str, str], *, shown: bool) -> dict[str, str]:
    """The identity document of the first applicant; what it is and its number only for a reason."""
    said = "".join(filter(None, (personal.get("id_type", ""), personal.get("id_number", ""))))
    return {"identity": said if shown else HIDDEN} if said else {}


def _agent(case: CaseFile) -> dict[str, str]:
    """The agent and what shows his authority."""
    if not case.agent:
        return {}
    days = [
        chinese.day(date.fromisoformat(case.agent[name]))
        for name in ("valid_from", "valid_until")
        if name in case.agent
    ]
    told = [case.agent.get("document", ""), case.agent.get("scope", ""), "至".join(days)]
    authority = "；".join(text for text in told if text)
    return {"agent": case.agent["name"], **({"authority": authority} if authority else {})}


def _told(desk: Desk, case: CaseFile, opened: Opened, names: dict[str, str]) -> dict[str, str]:
    """Who has the case in hand, how it stands, and what came of it: in Chinese, whatever the officer
    reads.
    """
    states = desk.context.process.names["state"]
    reply = case.reply
    told = {
        "unit": desk.office.units.get(case.unit or "", ""),
        "handler": names.get(case.handler or "", case.handler or ""),
        "state": states[case.state]["zh"],
        "reply": reply.number if reply else "",
        "steps": "\n".join(_steps(desk, opened, names)),
    }
    return {name: text for name, text in told.items() if text}


def _steps(desk: Desk, opened: Opened, names: dict[str, str]) -> list[str]:
    events = desk.context.process.names["event"]
    listed = [
        f"{chinese.day(entry.on)}　{events[entry.event]['zh']}（{names.get(entry.actor, entry.actor)}）"
        for entry in effective(opened.entries)
        if entry.event not in _NOT_STEPS
    ]
    return listed if len(listed) <= _LONGEST else ["……", *listed[-_LONGEST:]]

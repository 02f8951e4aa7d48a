"""What is told of the entries by which a case came: received, taken over, joined, with persons and files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base.messages import N_, listed, translate
from workflow.base.names import name, word
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.office.who import People
from workflow.procedure import act_forms
from workflow.reports.views.facts_beside import Told


def receive(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """What a receipt says."""
    given = entry.payload
    applicant = given.get("applicant", {})
    yield word("column", "name"), str(applicant.get("name", ""))
    yield word("column", "applicants"), listed(one["name"] for one in given.get("applicants", ()))
    yield from agent(entry, people, case)
    yield translate(N_("Split from")), str(given.get("split_from", ""))
    yield word("column", "channel"), name("channel", given.get("channel"))
    yield word("column", "request"), str(given.get("request", ""))
    yield word("column", "form"), str(given.get("form", "") or "")
    yield word("column", "attach"), _files(given)


def agent(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """Who acts for the applicants, and by what authority; how to reach him is personal."""
    agent = entry.payload.get("agent") or {}
    yield word("column", "agent"), str(agent.get("name", ""))
    for key in ("document", "scope", "valid_from", "valid_until"):
        yield word("column", key), str(agent.get(key, ""))


def added(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """Who applies with the others since then, and by what paper."""
    for one in entry.payload["applicants"].values():
        yield word("column", "name"), str(one["name"])
    yield word("column", "document"), str(entry.payload["document"])


def joined(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """With which application it is answered."""
    yield translate(N_("Answered with")), str(entry.payload["into"])


def attach(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """The files that came."""
    yield word("column", "attach"), _files(entry.payload)


def _files(given: dict[str, Any]) -> str:
    return listed(file["name"] for file in given.get("attachments", ()))


def taken_over(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """What the old register says, under the names of its columns, and where it stands there."""
    yield (
        translate(N_("list")),
        translate(_OF_LIST, row=entry.payload["row"], digest=entry.payload["list"][:12]),
    )
    for key, column in _OLD.items():
        yield word("column", column), str(entry.payload.get(key, ""))
    yield word("column", "outcome"), name("outcome", entry.payload.get("outcome"))
    yield word("column", "served_by"), act_forms.choice_name(entry.payload.get("served_by", ""))


_OF_LIST = N_("row {row} of the list {digest}")
# The facts of a case that was taken over, and the column of the list in which each stood.
_OLD = {
    "reference": "reference",
    "registered_on": "registered_on",
    "correction_asked_on": "correction_asked_on",
    "correction_by": "correction_by",
    "corrected_on": "corrected_on",
    "extended_on": "extended_on",
    "extension_days": "extension_days",
    "fee_notified_on": "fee_notified_on",
    "fee_amount": "fee_amount",
    "fee_paid_on": "fee_paid_on",
    "number": "decision_number",
    "issued_on": "issued_on",
    "ended_on": "replied_on",
    "served_on": "served_on",
    "filed_on": "filed_on",
}

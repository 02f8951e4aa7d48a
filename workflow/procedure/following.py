"""What follows from a corrected fact within its own entry: the amount from the number of pages, the provision
from the way of service, the Regulations from the day of receipt.

An act's module computes these when the act is done (`prepares`); a correction asks it again, once with what
was recorded and once with what is right, and takes over what differs. Pure.
"""

from __future__ import annotations

from typing import Any

from workflow.base.errors import DisclosureError
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.procedure import act_forms, acts
from workflow.procedure.fold import amended, apply
from workflow.procedure.registry import PREPARERS

Changes = list[tuple[str, Any, Any]]
# What these add is no fact of theirs: what is in the outbox, which letter was named.
_ALONE = (
    "dispatch",
    "approve_letter",
    "letter_posted",
    "letter_arrived",
    "letter_returned",
    "notice_reached",
)


def before(entries: list[Entry], n: int) -> CaseFile:
    """The case as it was before an entry; `entries` are those that stand."""
    case = CaseFile()
    for entry in entries:
        if entry.n >= n:
            break
        apply(case, entry)
    return case


def changes(entries: list[Entry], target: Entry, path: str, value: Any, context: Context) -> Changes:
    """What has to change in an entry together with one of its facts: path, old value, new value. Refused or
    Malformed as the act itself would be with that fact.
    """
    if target.event in _ALONE or target.event not in PREPARERS:
        return []
    right, case = amended(target, path, value), before(entries, target.n)
    # A paper may have come into the file since.
    case.attachments = before(entries, entries[-1].n + 1).attachments
    made = acts.prepare(target.event, given(right), case, right.on, context)
    try:
        was = acts.prepare(target.event, given(target), case, target.on, context)
    except DisclosureError:
        # What was recorded would be refused today: only what is right counts.
        was = dict(target.payload)
    return [
        (name, target.payload.get(name), made.get(name))
        for name in dict.fromkeys((*was, *made))
        if was.get(name) != made.get(name) and name != path
    ]


def given(entry: Entry) -> dict[str, Any]:
    """The facts of an entry as an officer gave them, without what the program added."""
    spec = act_forms.specs().get(entry.event)
    fields = spec.fields if spec is not None else ()
    found = {
        item.name: entry.payload[item.name]
        for item in fields
        if entry.payload.get(item.name) not in (None, "", [])
    }
    if isinstance(found.get("redecide"), bool):
        found["redecide"] = "yes" if found["redecide"] else "no"
    if entry.payload.get("limit"):
        # The law set that day, and does so again.
        found.pop("due", None)
    if "result" in found:
        # It follows from the result.
        found.pop("outcome", None)
    return found

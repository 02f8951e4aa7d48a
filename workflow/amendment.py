"""Corrections: which recorded value is wrong, what it should be, and what then follows.

A correction is an entry of its own. It names the entry that it corrects, the old value and the new one; the fold
lays it over that entry, so state, clocks and row come out as if it had been right from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workflow import acts, docket, intake, process, seal
from workflow.casefile import CaseFile, Entry, effective
from workflow.errors import Malformed, NotFound, Refused
from workflow.guards import Context
from workflow.i18n import N_, listed
from workflow.named import Named

if TYPE_CHECKING:
    from workflow.desk import Opened

Notes = list[tuple[str, dict[str, Any]]]


def prepare(
    opened: Opened, name: str, new: str, reason: str, no: int | None, case_key: Callable[[], bytes]
) -> dict[str, Any]:
    """The payload of the correcting entry; refused where there is nothing to correct or nothing changes."""
    table = acts.amendable()
    key = name.replace("-", "_")
    if key not in table:
        raise NotFound(
            N_("'{name}' cannot be corrected this way."), field="field", name=name,
            way_on=N_("What can be corrected: {names}"), names=Named("amendable", *table, typed=True),
        )  # fmt: skip
    row = table[key]
    target = _target(opened, row["event"].split("|"), no, name)
    value: Any = acts.one(acts.Field(key, row["type"], row["zh"], row["en"]), new)
    if row["type"] == "applicant_kind":
        value = intake.applicant_kind(value)
    if row["type"] == "text":
        value = acts.clean_text(value, key)
        if not value:
            raise Malformed(N_("'{field}' cannot be empty."), field=key)
    old = _value(target, row["path"])
    if row.get("sealed"):
        value = seal.seal(case_key(), row["path"], value)
    elif value == old:
        raise Refused(
            N_("'{name}' is recorded as {value} already."), rule="house:amend", field="to",
            name=Named("amendable", key), value=value,
            way_on=N_("There is nothing to correct."),
        )  # fmt: skip
    elif key == "applicant_name" and any(char in value for char in "\n\t"):
        raise Malformed(N_("'{field}' has to be text on one line."), field=key)
    change = {"entry": target.n, "event": target.event, "path": row["path"], "old": old, "new": value}
    return {"field": key, "changes": [change], "reasons": acts.clean_text(reason, "reason")}


def _target(opened: Opened, events: list[str], no: int | None, name: str) -> Entry:
    found = [
        entry
        for entry in effective(opened.entries)
        if entry.event in events and (no is None or entry.payload.get("no") == no)
    ]
    if not found:
        raise NotFound(
            N_("Nothing of this case is recorded that '{name}' could correct."), field="field", name=name,
            way_on=N_("See what was recorded with: disclosure history {number}"), number=opened.case.number,
        )  # fmt: skip
    numbered = {entry.payload.get("no") for entry in found}
    if len(numbered) > 1:
        raise Malformed(
            N_("There are several ({numbers}); say which with --no."), field="no",
            numbers=listed(sorted(numbered, key=str)),
        )  # fmt: skip
    return found[-1]


def _value(entry: Entry, path: str) -> Any:
    if path == "on":
        return entry.on.isoformat()
    value: Any = entry.payload
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def consequences(case: CaseFile, context: Context) -> Notes:
    """What a correction brought to light: an extension that is now late, a reply that is."""
    notes: Notes = []
    deadline = docket.reply_deadline(case, context)
    if case.extension is not None and "extension_late" in deadline.notes:
        notes.append(
            (N_("The extension of {day} now lies after the first period and has no effect."), {"day": case.extension[0]})
        )
    reply = case.reply
    if reply is not None and reply.replied_on is not None and reply.replied_on > deadline.due:
        notes.append((N_("The reply of {day} is now late: it was due on {due}."), {"day": reply.replied_on, "due": deadline.due}))
    ours = process.bundled()
    if reply is not None and case.state in ours.states("case"):
        notes.append((N_("A letter that was already issued keeps what it says; where it is wrong, say so in a new letter."), {}))
    return notes

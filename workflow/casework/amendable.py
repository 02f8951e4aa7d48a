"""What of a case can be corrected, in which entry it stands, and what it says now."""

from __future__ import annotations

from typing import Any

from workflow.base.errors import Malformed, NotFound
from workflow.base.masking import WHOLE
from workflow.base.messages import N_, listed, pick
from workflow.cases.entry import Entry
from workflow.casework.opened import Opened
from workflow.procedure import act_forms
from workflow.procedure.fold import effective


def recorded(opened: Opened) -> list[dict[str, Any]]:
    """What of this case can be corrected: name, label, entry and present value of each fact; personal data
    masked."""
    found = []
    standing = effective(opened.entries)
    for key, row in act_forms.amendable().items():
        for entry in standing:
            if entry.event not in row["event"].split("|"):
                continue
            value = value_of(entry, row["path"])
            if value is None or value == []:
                continue
            found.append(
                {
                    "field": key.replace("_", "-"),
                    "name": pick(row["zh"], row["en"]),
                    "entry": entry.n,
                    "value": WHOLE if row.get("sealed") else value,
                }
            )
    return found


def target_of(opened: Opened, events: list[str], no: int | None, name: str, n: int | None) -> Entry:
    """The entry that says what is to be corrected; NotFound or Malformed where none does, or several do."""
    found = [
        entry
        for entry in effective(opened.entries)
        if entry.event in events
        and (no is None or entry.payload.get("no") == no)
        and (n is None or entry.n == n)
    ]
    if not found:
        raise NotFound(
            N_("Nothing of this case is recorded that '{name}' could correct."),
            field="field",
            name=name,
            way_on=N_("See what was recorded with: disclosure history {number}"),
            number=opened.case.number,
        )
    numbered = {entry.payload.get("no") for entry in found}
    if len(numbered) > 1:
        raise Malformed(
            N_("There are several ({numbers}); say which with --no."),
            field="no",
            numbers=listed(sorted(numbered, key=str)),
        )
    return found[-1]


def value_of(entry: Entry, path: str) -> Any:
    """What an entry says under a path."""
    if path == "on":
        return entry.on.isoformat()
    value: Any = entry.payload
    for key in path.split("."):
        value = value[int(key)] if isinstance(value, list) else value.get(key) if value else None
    return value

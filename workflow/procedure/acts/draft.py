"""The draft: the answer to each item."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.typed_text import read_mapping
from workflow.cases import draft
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.cases.reply import DraftItem
from workflow.procedure.registry import prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("draft")
def _draft(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    if "file" in payload:
        given = read_mapping(Path(payload["file"])).get("item", [])
        if not isinstance(given, list) or not given:
            raise Malformed(N_("The file names no items ([[item]])."), field="file")
        items = [draft.item(entry, case, context, on) for entry in given]
        seen = [(item["no"], item.get("part", "")) for item in items]
        twice = [
            no
            for no, part in seen
            if seen.count((no, part)) > 1 or (not part and sum(1 for n, _ in seen if n == no) > 1)
        ]
        if twice:
            raise Malformed(
                N_("Item {no} is drafted twice; say with 'part' which part of it each is about."),
                field="part",
                no=twice[0],
            )
        return {"items": items}
    entry = {key: value for key, value in payload.items() if key != "item"}
    entry["no"] = payload.get("item", 1 if len(case.items) == 1 else None)
    entry["extra"] = dict(payload.get("extra", []))
    return {"items": [draft.item(entry, case, context, on)]}


@reacts("draft")
def _drafted(case: CaseFile, entry: Entry[payloads.Draft]) -> None:
    p = entry.payload
    case.sent_back = False
    for item in p["items"]:
        no, part = item["no"], item.get("part", "")
        # An answer to the whole item replaces the answers to its parts, and the reverse.
        for other in [key for key in case.draft if key[0] == no and bool(key[1]) != bool(part)]:
            del case.draft[other]
        case.draft[no, part] = DraftItem(
            no=no,
            outcome=item["outcome"],
            ground=item.get("ground"),
            reasons=item.get("reasons", ""),
            facts=item.get("facts", ""),
            means=item.get("means", ""),
            part=part,
            by=entry.actor,
            attachments=list(item.get("attachments", [])),
            extra=dict(item.get("extra", {})),
        )
    case.drafter = entry.actor
    case.authors |= entry.persons
    case.draft_version += 1
    case.passed, case.overridden = [], []

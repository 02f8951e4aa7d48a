"""The fold: from the entries of the ledger to the state and the facts of a case, pure.

Corrections are laid over the entries that they correct before the fold, so that what follows is recomputed
and nothing is overwritten. What each event adds stands in the modules of its act.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import date
from typing import Any

from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.case import CaseFile, Entry
from workflow.procedure import acts, letter_fold

# The entry that corrects others: it names them, the old value and the new one.
CORRECTION = "amend"


def corrects(entry: Entry) -> bool:
    """Whether the entry corrects earlier ones, so that the case has to be folded anew."""
    return entry.event == CORRECTION


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with every recorded correction laid over the entry that it corrects."""
    listed = list(entries)
    corrected: dict[int, Entry] = {}
    by_n = {entry.n: entry for entry in listed}
    for entry in listed:
        if not corrects(entry):
            continue
        for change in entry.payload["changes"]:
            target = corrected.get(change["entry"]) or by_n[change["entry"]]
            corrected[change["entry"]] = amended(target, change["path"], change["new"])
    return [corrected.get(entry.n, entry) for entry in listed]


def amended(entry: Entry, path: str, new: Any) -> Entry:
    """The entry with one value replaced; path is 'on' or a dotted path into the payload."""
    if path == "on":
        return _replace(entry, on=date.fromisoformat(new), payload=entry.payload)
    payload = copy.deepcopy(entry.payload)
    place = payload
    *parents, last = path.split(".")
    for key in parents:
        place = place.setdefault(key, {})
    place[last] = new
    return _replace(entry, on=entry.on, payload=payload)


def _replace(entry: Entry, *, on: date, payload: dict[str, Any]) -> Entry:
    return Entry(
        entry.n,
        entry.event,
        entry.track,
        on,
        entry.recorded_at,
        entry.actor,
        entry.source,
        entry.dest,
        entry.article,
        payload,
        entry.known,
    )


def fold(entries: Iterable[Entry], *, number: str = "") -> CaseFile:
    """The case after these entries (with their corrections); Damaged if they do not follow one another."""
    case = CaseFile(number=number)
    for entry in effective(entries):
        apply(case, entry)
    return case


def apply(case: CaseFile, entry: Entry) -> None:
    """Add one entry to the case, in place."""
    expected = was = case.state
    if entry.track != "case":
        sub = case.sub_state(entry.track, int(entry.payload.get("no", 0)))
        expected = sub if sub is not None else ""
    if entry.source != expected or entry.n != case.entries + 1:
        raise Damaged(
            N_("Entry {n} ({event}) of {number} does not follow from the entries before it."),
            n=entry.n,
            event=Named("event", entry.event),
            number=case.number,
        )
    held = case.unit, case.handler, case.round
    reaction = acts.REACTIONS.get(entry.event)
    if reaction:
        reaction(case, entry)
    if entry.track == "case":
        case.state = entry.dest
        if entry.source != entry.dest:
            case.last_on, case.last_entry = entry.on, entry.event
    else:
        part = case.part(entry.track, int(entry.payload["no"]))
        if part is not None:
            part.state = entry.dest
    letter_fold.take(case, entry)
    if case.state != was or (case.unit, case.handler, case.round) != held:
        case.proposed.clear()
    case.entries = entry.n

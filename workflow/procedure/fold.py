"""The fold: from the entries of the ledger to the state and the facts of a case, pure.

Corrections are laid over the entries that they correct before the fold, and an act that was taken back counts
as not done, so that what follows is recomputed and nothing is overwritten. What each event adds stands in the
modules of its act.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.case import CaseFile, Latest
from workflow.cases.entry import Entry
from workflow.procedure import act_tables, acts, letter_fold

# The entry that corrects others: it names them, the old value and the new one.
CORRECTION = "amend"
# The entry that takes back the last act that stood, and what is put in the place of the entry of that act.
UNDO, UNDONE = "undo", "undone"
# The state of an entry between an act and its being taken back: as it is, for what it was is no longer so.
AS_IT_IS = "="

# What is recorded of the paper of one letter.
_OF_LETTER = ("letter_made", "letter_signed")


def corrects(entry: Entry) -> bool:
    """Whether the entry changes what earlier ones mean, so that the case has to be folded anew."""
    return entry.event in (CORRECTION, UNDO)


def is_act(event: str) -> bool:
    """Whether an entry is an act that can stand last; others are passed over by whoever takes one back."""
    return event not in act_tables.having("undo", "over")


def undone(entries: Iterable[Entry]) -> dict[int, int]:
    """The entries that were taken back: their number in the case, and that of the entry which did it. Damaged
    where one was taken back that was not the last act.
    """
    found: dict[int, int] = {}
    acts_standing: list[int] = []
    # What the program recorded because of an act goes with it, and so do the letters that it called for.
    followers: dict[int, int] = {}
    void: dict[int, int] = {}
    made: list[tuple[int, int]] = []
    for entry in entries:
        if entry.event == UNDO:
            if not acts_standing or acts_standing[-1] != entry.payload["entry"]:
                raise Damaged(
                    N_("Entry {n} takes back entry {undone}, which was not the last act."),
                    n=entry.n,
                    undone=entry.payload["entry"],
                )
            found[acts_standing.pop()] = entry.n
            void |= {told["letter"]: entry.n for told in entry.payload.get("letters", ())}
        elif entry.event in _OF_LETTER:
            made.append((entry.n, entry.payload["letter"]))
        elif entry.payload.get("because"):
            followers[entry.n] = entry.payload["because"]
        elif is_act(entry.event):
            acts_standing.append(entry.n)
    found |= {n: found[because] for n, because in followers.items() if because in found}
    return found | {n: void[letter] for n, letter in made if letter in void}


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries as they stand: corrections laid over what they correct, and blanks in the place of what was
    taken back.
    """
    listed = list(entries)
    if not any(map(corrects, listed)):
        return listed
    gone = undone(listed) if any(entry.event == UNDO for entry in listed) else {}
    corrected: dict[int, Entry] = {}
    by_n = {entry.n: entry for entry in listed}
    for entry in listed:
        if entry.event != CORRECTION or entry.n in gone:
            continue
        for change in entry.payload["changes"]:
            target = corrected.get(change["entry"]) or by_n[change["entry"]]
            corrected[change["entry"]] = amended(target, change["path"], change["new"])
    made = [corrected.get(entry.n, entry) for entry in listed]
    return [_standing(entry, gone) for entry in made] if gone else made


def _standing(entry: Entry, gone: dict[int, int]) -> Entry:
    if entry.n in gone:
        return replace(entry, event=UNDONE, source=AS_IT_IS, dest=AS_IT_IS, payload={})
    if any(first < entry.n <= last for first, last in gone.items()):
        return replace(entry, source=AS_IT_IS, dest=AS_IT_IS)
    return entry


def amended(entry: Entry, path: str, new: Any) -> Entry:
    """The entry with one value replaced; path is 'on' or a dotted path into the payload."""
    if path == "on":
        return replace(entry, on=date.fromisoformat(new))
    payload = copy.deepcopy(entry.payload)
    place: Any = payload
    *parents, last = path.split(".")
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    place[last] = new
    return replace(entry, payload=payload)


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
    if entry.source not in (expected, AS_IT_IS) or entry.n != case.entries + 1:
        raise Damaged(
            N_("Entry {n} ({event}) of {number} does not follow from the entries before it."),
            n=entry.n,
            event=Named("event", entry.event),
            number=case.number,
        )
    case.entries = entry.n
    if entry.event == UNDONE:
        return
    held = case.unit, case.handler, case.round
    reaction = acts.REACTIONS.get(entry.event)
    if reaction:
        reaction(case, entry)
    if is_act(entry.event):
        mails = bool(entry.payload.get("mail"))
        case.latest = Latest(entry.n, entry.event, entry.on, entry.actor, mails)
    if entry.source == AS_IT_IS:
        return
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

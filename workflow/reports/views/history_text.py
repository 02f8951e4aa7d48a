"""What was recorded of a case, entry by entry: who, what, on which day, and what was said."""

from __future__ import annotations

from workflow.base import dates
from workflow.base.messages import N_, pick, translate
from workflow.base.names import article, name
from workflow.base.screen import Column, Field, Table, labelled
from workflow.base.text_width import clip
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.office.who import People
from workflow.procedure.fold import undone
from workflow.reports.views import facts

# A text is shown to so many cells; --full shows all of it.
SHORT = 60
INDENT = 6
# The track of the case itself; others are those of a consultation, a remedy.
CASE = "case"
# How the names call what an entry of an older version does not say.
UNSAID = "unsaid"


def lines(entries: list[Entry], case: CaseFile, people: People, full: bool = False) -> list[str]:
    """The entries as a table, what was said below each; `full`: whole texts, moment, provision."""
    if not entries:
        return []
    gone = undone(entries)
    standing = _standing(entries)
    columns = [
        Column(translate(N_("no.")), number=True),
        Column(translate(N_("legal day"))),
        Column(translate(N_("what")), least=12),
        Column(translate(N_("officer")), least=12),
        Column(translate(N_("state")), rank=1),
    ]
    rows = [
        [
            str(entry.n),
            entry.on.isoformat(),
            name("event", entry.event)
            + (translate(N_(" (taken back, no. {n})"), n=gone[entry.n]) if entry.n in gone else ""),
            people.person(entry.actor),
            name("state", state),
        ]
        for entry, state in zip(entries, standing, strict=True)
    ]
    return [Table(columns, rows, [_below(entry, case, people, full) for entry in entries])]


def _standing(entries: list[Entry]) -> list[str]:
    """Where the case stood after each entry: one of a consultation or remedy leaves it where it was."""
    states: list[str] = []
    for entry in entries:
        states.append(entry.dest if entry.track == CASE or not states else states[-1])
    return states


def _below(entry: Entry, case: CaseFile, people: People, full: bool) -> list[str]:
    told = list(facts.told(entry, people, case))
    known = entry.known
    if known is not None and known.acting_for:
        told.insert(0, (translate(N_("acts for")), people.person(known.acting_for)))
    if not full:
        return [" " * INDENT + clip(labelled(label, text), SHORT) for label, text in told]
    told += [
        (translate(N_("known as the officer")), _known(entry)),
        (translate(N_("recorded")), dates.china_time(entry.recorded_at)),
        (translate(N_("provision")), article(entry.article)),
    ]
    return [Field(label, text, indent=INDENT) for label, text in told]


def _known(entry: Entry) -> str:
    """How it was known who acted, with the login that says it."""
    said = name("known_by", entry.known.via if entry.known is not None else UNSAID)
    login = entry.known.login if entry.known is not None else None
    return pick(f"{said}（{login}）", f"{said} ({login})") if login else said

"""What an entry says beside the facts of its act: letters void by it, other cases, what was taken back."""

from __future__ import annotations

from collections.abc import Iterator

from letters.content import kinds, parts
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, listed, translate
from workflow.base.names import name, word
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.office.who import People

# A label and its text.
Told = tuple[str, str]


def letter_name(code: str) -> str:
    """A letter by name; what is no letter's code as it is."""
    try:
        return kinds.name_of(code)
    except DisclosureError:
        return code


def letter_to(case: CaseFile, said: str) -> str:
    """A letter that waits, by its name with its addressee; `said` is its code, or its number in the register
    where two have one code.
    """
    life = next((one for one in reversed(case.lives) if said in (str(one.letter), one.code)), None)
    if life is None:
        return letter_name(said)
    to = next((one.name for one in case.consultations if life.no and one.no == life.no), "")
    if kinds.get(life.code).to == "applicant":
        to = persons.name_of(case)
    called = letter_name(life.code)
    return f"{called} → {to}" if to else called


def letters_gone(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """Which letters are void by the entry, and why."""
    gone = [one for one in entry.payload.get("letters", ()) if isinstance(one, dict)]
    yield (
        translate(N_("letter")),
        listed(f"{letter_name(one.get('code', ''))} {one.get('number') or ''}".strip() for one in gone),
    )
    yield translate(N_("reason")), str(entry.payload.get("reasons", ""))


def passes_lapsed(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """Which parts of the letter are no longer those that were passed, and why."""
    yield translate(N_("reason")), str(entry.payload.get("reasons", ""))
    yield translate(N_("changed")), listed(map(parts.named, entry.payload.get("parts", ())))


def undone(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """The act that was taken back, with its letters."""
    yield translate(N_("taken back")), name("event", entry.payload.get("event"))
    yield from letters_gone(entry, people, case)


def handed_back(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """The organ that handed the application back, and why."""
    yield translate(N_("organ")), str(entry.payload.get("organ", ""))
    yield from revealed(entry, people, case)


def revealed(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """Why personal data was looked at."""
    yield translate(N_("reason")), str(entry.payload.get("reasons", ""))


def transferred(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """The unit to which the case goes."""
    yield word("column", "unit"), people.unit(entry.payload.get("unit"))


def other_cases(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """The cases that were made of this one, or that it was taken from."""
    made = entry.payload.get("made") or entry.payload.get("other") or entry.payload.get("of")
    yield translate(N_("case")), listed(made) if isinstance(made, list) else str(made or "")

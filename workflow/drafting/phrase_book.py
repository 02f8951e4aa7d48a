"""The office's reasons by outcome and ground: written down for later, or taken out of a reply once issued.

A phrase is offered where a draft with its outcome is written, with the case that it comes from and what
came of that; it is shown in full before it is taken. Personal data is refused, or struck out on the officer's
word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from letters.check import personal
from workflow.base import names, typed_text, typed_words
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.casework import known_data
from workflow.casework.opened import Opened, open_case
from workflow.office import library, own_entries
from workflow.office.seat import Seat

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ADDED, REMOVED = "phrase_added", "phrase_removed"
FIELDS = ("reasons", "facts", "means")
# A name is shown in lists; a text is at most what one paragraph of a letter bears.
LONGEST_NAME, LONGEST_TEXT = 40, 5_000
STRUCK = "××"


@dataclass(frozen=True)
class Phrase:
    """A text of the library. `case` is the one out of whose reply it was taken, if any."""

    no: int
    name: str
    outcome: str
    ground: str | None
    field: str
    text: str
    case: str | None = None
    by: str = ""
    at: str = ""
    removed: bool = False

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return dict(vars(self))


def phrases(connection: Connection, office_id: int) -> list[Phrase]:
    """Every phrase that was not removed, in the order of their numbers."""
    found: dict[int, Phrase] = {}
    for one in own_entries.told(connection, office_id, (ADDED, REMOVED)):
        if one.event == ADDED:
            found[one.payload["no"]] = Phrase(**one.payload, by=one.by, at=one.at)
        else:
            found.pop(one.payload["no"], None)
    return list(found.values())


def fitting(
    known: Iterable[Phrase], outcome: str | None = None, ground: str | None = None, field: str | None = None
) -> list[Phrase]:
    """Those of an outcome, a ground and a field of the draft, as far as these are named."""
    return [
        one
        for one in known
        if (outcome is None or one.outcome == outcome)
        and (ground is None or one.ground == ground)
        and (field is None or one.field == field)
    ]


def find(known: Iterable[Phrase], words: str) -> list[Phrase]:
    """Those in whose name or text every word stands."""
    wanted = [typed_words.plain(word) for word in words.split()]
    if not wanted:
        raise Malformed(N_("'{field}' cannot be empty."), field="words")
    return [one for one in known if all(word in typed_words.plain(one.name + one.text) for word in wanted)]


def one(known: Iterable[Phrase], said: str) -> Phrase:
    """The phrase that is meant by its number or its name, or a part of that."""
    by_no = {str(phrase.no): phrase for phrase in known}
    key = typed_words.meant(said, {no: phrase.name for no, phrase in by_no.items()}, "phrase")
    if key not in by_no:
        raise NotFound(
            N_("There is no phrase '{name}'."),
            field="phrase",
            name=said[:40],
            way_on=N_("See what there is with: disclosure phrase list"),
        )
    return by_no[key]


def kinds(seat: Seat, outcome: str | None, ground: str | None) -> tuple[str | None, str | None]:
    """An outcome and a ground as they were typed, by their keys; NotFound for what the law does not know."""
    found = []
    for field, said, table in (("outcome", outcome, "outcomes"), ("ground", ground, "grounds")):
        known = seat.context.law.tables[table][field]
        key = typed_words.meant(said, names.both("outcome", known), field) if said else None
        if key is not None and key not in known:
            raise NotFound(
                N_("'{value}' is not one of: {choices}"),
                field=field,
                value=str(said)[:40],
                choices=Named("outcome", *known, typed=True),
            )
        found.append(key)
    if found[1] is not None and found[0] is None:
        found[0] = "withheld"
    return found[0], found[1]


# --- writing it


def add(
    seat: Seat,
    text: str,
    *,
    outcome: str | None,
    ground: str | None = None,
    name: str = "",
    field: str = "reasons",
) -> Phrase:
    """Write a text of one's own into the library."""
    outcome, ground = kinds(seat, outcome, ground)
    if outcome is None:
        raise Malformed(N_("'{option}' is missing: {label}."), field="outcome", option="--outcome", label="")
    if field not in FIELDS:
        raise Malformed(
            N_("'{value}' is not one of: {choices}"),
            field="field",
            value=field[:40],
            choices=Named("need", *FIELDS, typed=True),
        )
    _require_nobody(text, field, (), ())
    return _record(seat, name, outcome, ground, field, text, None)


def adopt(
    seat: Seat,
    ref: str,
    *,
    item: int | None = None,
    name: str = "",
    field: str = "reasons",
    strike: bool = False,
) -> Phrase:
    """Take a text out of the reply that was issued to a case. What it holds of a person is refused, or struck
    out where `strike` says so.
    """
    library.require_writer(seat)
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
        known = known_data.of(opened) if opened.key is not None else []
    chosen = _answer(opened, item)
    text = str(chosen.get(field) or "").strip()
    if not text:
        raise NotFound(
            N_("The reply to {number} says nothing of '{name}' to item {no}."),
            field="field",
            number=opened.case.number,
            name=Named("need", field),
            no=chosen["no"],
            way_on=N_("Take another field or item: see disclosure show {number}"),
        )
    people = _people(opened.case)
    if strike:
        text = _struck(text, field, known, people)
    _require_nobody(text, field, known, people, opened.case.number)
    return _record(seat, name, chosen["outcome"], chosen.get("ground"), field, text, opened.case.number)


def _answer(opened: Opened, item: int | None) -> dict[str, Any]:
    """The answer to an item in the last reply that was issued."""
    case = opened.case
    if case.destroyed is not None or not case.replies:
        raise Refused(
            N_("Nothing was issued on {number} that could be taken over."),
            rule=library.RULE,
            number=case.number,
            way_on=N_("Take a case whose reply was issued."),
        )
    rows = [row for row in case.replies[-1].items if item is None or row["no"] == item]
    if len(rows) != 1:
        raise Malformed(
            N_("The request has {n} items; say with --item which one is meant."),
            field="item",
            n=len(case.items),
            way_on=N_("See them with: disclosure show {number}"),
            number=case.number,
        )
    return rows[0]


def _people(case: CaseFile) -> list[str]:
    """Whoever is named in a case: who applies, acts for him, or was asked."""
    found = [str(one.facts.get("name", "")) for one in persons.everybody(case)]
    return [name for name in [*found, *(part.name for part in case.consultations)] if len(name) > 1]


def _struck(text: str, field: str, known: Iterable[Any], people: Iterable[str]) -> str:
    spans = sorted(personal.spans(text, field, known), key=lambda span: -span[1])
    for _kind, start, end, _masked in spans:
        text = text[:start] + STRUCK + text[end:]
    for name in sorted(people, key=len, reverse=True):
        text = text.replace(name, STRUCK)
    return text


def _require_nobody(
    text: str, field: str, known: Iterable[Any], people: Iterable[str], number: str = ""
) -> None:
    """Refused where a text tells of a person: it will be read on other cases."""
    found = [(kind, masked) for kind, _start, _end, masked in personal.spans(text, field, known)]
    found += [("applicant", f"{name[:1]}**") for name in people if name in text]
    if found:
        kind, masked = found[0]
        raise Refused(
            N_("The text holds personal data ({what}: {masked}) and would be read on other cases."),
            rule="house:privacy",
            field=field,
            what=Named("personal", kind),
            masked=masked,
            way_on=N_("Have it struck out: disclosure phrase adopt {number} --strike")
            if number
            else N_("Leave it out and try again."),
            number=number,
        )


def _record(
    seat: Seat, name: str, outcome: str, ground: str | None, field: str, text: str, case: str | None
) -> Phrase:
    library.require_writer(seat)
    text = typed_text.required_text(text, field)
    name = typed_text.clean_text(name, "name") or text.splitlines()[0][:12]
    for what, value, most in (("text", text, LONGEST_TEXT), ("name", name, LONGEST_NAME)):
        if len(value) > most:
            raise Malformed(
                N_("'{field}' has {n} characters; the most is {most}."), field=what, n=len(value), most=most
            )
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        there = phrases(connection, seat.office.id)
        same = next((one for one in there if (one.name, one.text) == (name, text)), None)
        if any(one.name == name for one in there) or same is not None:
            raise Malformed(
                N_("There is a phrase called '{name}' already."),
                field="name",
                name=name,
                way_on=N_("Give it another name with --name."),
            )
        every = own_entries.told(connection, seat.office.id, (ADDED,))
        payload: dict[str, Any] = {
            "no": 1 + sum(1 for _ in every),
            "name": name,
            "outcome": outcome,
            "ground": ground,
            "field": field,
            "text": text,
            "case": case,
        }
        library.record(connection, seat, ADDED, payload)
    return Phrase(**payload, by=seat.officer.key)


def remove(seat: Seat, said: str, reason: str) -> Phrase:
    """Take a phrase out of what is offered; it stays in the record."""
    library.require_writer(seat)
    reason = typed_text.required_text(reason, "reason")
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        found = one(phrases(connection, seat.office.id), said)
        library.record(connection, seat, REMOVED, {"no": found.no, "reason": reason})
    return found

"""Decided cases by ground and fault: the office's own, without their people and by the act of two persons,
and published ones from files.

A case of one's own is proposed by one officer and taken by another; it and a published one may be released
for the public, again by somebody else than whoever brought it in. Nothing of a person may stand in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from letters.check import personal
from workflow.base import tables, typed_text, typed_words
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_, pick
from workflow.base.names import Named
from workflow.cases import persons
from workflow.casework import known_data
from workflow.casework.opened import open_case
from workflow.office import identity, library, own_entries
from workflow.office.seat import Seat

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TABLE = os.path.join(os.path.dirname(__file__), "precedents.toml")
PROPOSED, IMPORTED, TAKEN = "precedent_proposed", "precedent_imported", "precedent_taken"
RELEASED, REMOVED = "precedent_released", "precedent_removed"
EVENTS = (PROPOSED, IMPORTED, TAKEN, RELEASED, REMOVED)
RELEASER = "approver"
LONGEST = 10_000
NEEDED = ("title", "result", "fault", "holding")


@dataclass(frozen=True)
class Precedent:
    """A decided case. `case` is the office's own one; `id` and `source` are those of a published one.

    `state` is proposed, kept or released.
    """

    no: int
    title: str
    request: tuple[str, ...]
    outcomes: tuple[str, ...]
    grounds: tuple[str, ...]
    faults: tuple[str, ...]
    result: str
    holding: str
    lesson: str = ""
    decided_on: str = ""
    law: str = ""
    id: str = ""
    source: str = ""
    case: str | None = None
    by: str = ""
    state: str = "kept"

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {name: list(one) if isinstance(one, tuple) else one for name, one in vars(self).items()}


def precedents(connection: Connection, office_id: int) -> list[Precedent]:
    """Every case of the library that was not removed, in the order of their numbers."""
    found: dict[int, Precedent] = {}
    for one in own_entries.told(connection, office_id, EVENTS):
        no = one.payload["no"]
        if one.event in (PROPOSED, IMPORTED):
            facts: dict[str, Any] = {
                key: tuple(item) if isinstance(item, list) else item for key, item in one.payload.items()
            }
            state = "proposed" if one.event == PROPOSED else "kept"
            found[no] = Precedent(**facts, by=one.by, state=state)
        elif one.event == REMOVED:
            found.pop(no, None)
        elif no in found:
            found[no] = replace(found[no], state="kept" if one.event == TAKEN else "released")
    return list(found.values())


def fitting(
    known: Iterable[Precedent],
    *,
    outcome: str | None = None,
    ground: str | None = None,
    fault: str | None = None,
    words: str = "",
) -> list[Precedent]:
    """Those of an outcome, a ground, a fault, and with all these words, as far as these are named."""
    wanted = [typed_words.plain(word) for word in words.split()]
    return [
        one
        for one in known
        if (outcome is None or outcome in one.outcomes)
        and (ground is None or ground in one.grounds)
        and (fault is None or fault in one.faults)
        and all(word in typed_words.plain(_text(one)) for word in wanted)
    ]


def _text(one: Precedent) -> str:
    return "\n".join((one.title, *one.request, one.holding, one.lesson, one.source))


def one(known: Iterable[Precedent], said: str) -> Precedent:
    """The case that is meant by its number here or its own id."""
    found = [one for one in known if said.strip() in (str(one.no), one.id)]
    if not found:
        raise NotFound(
            N_("The library has no case '{name}'."),
            field="precedent",
            name=said[:40],
            way_on=N_("See what there is with: disclosure precedent list"),
        )
    return found[0]


def faults() -> dict[str, dict[str, str]]:
    """The faults by key, with their names in both languages."""
    found: dict[str, dict[str, str]] = tables.read(TABLE)["fault"]
    return found


def fault_meant(said: str | None) -> str | None:
    """A fault as it was typed, by its key."""
    return typed_words.resolve(said, faults(), "fault") if said else None


def name(kind: str, key: str) -> str:
    """A fault or a result in the language in force."""
    found = tables.read(TABLE)[kind].get(key)
    return pick(found["zh"], found["en"]) if found else key


# --- the office's own


def propose(
    seat: Seat,
    ref: str,
    *,
    title: str,
    holding: str,
    request: str,
    found: Iterable[str],
    result: str,
    lesson: str = "",
) -> Precedent:
    """Put a case of one's own forward, told without its people; it counts when another officer takes it."""
    library.require_writer(seat)
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
        known = known_data.of(opened) if opened.key is not None else []
    case = opened.case
    if case.destroyed is not None or not case.replies:
        raise Refused(
            N_("Nothing was issued on {number} that could be taken over."),
            rule=library.RULE,
            number=case.number,
            way_on=N_("Take a case whose reply was issued."),
        )
    items = case.replies[-1].items
    facts: dict[str, Any] = {
        "title": typed_text.required_text(title, "title"),
        "request": [typed_text.required_text(request, "request")],
        "outcomes": each_once(row["outcome"] for row in items),
        "grounds": each_once(row.get("ground") for row in items),
        "faults": [typed_words.resolve(one, faults(), "fault") for one in found] or ["none"],
        "result": typed_words.resolve(result, tables.read(TABLE)["result"], "result"),
        "holding": typed_text.required_text(holding, "holding"),
        "lesson": typed_text.clean_text(lesson, "lesson"),
        "decided_on": case.replies[-1].issued.isoformat()[:4],
        "law": case.regulations,
        "case": case.number,
    }
    people = [str(one.facts.get("name", "")) for one in persons.everybody(case)]
    people += [part.name for part in case.consultations]
    require_nobody(facts, known, [one for one in people if len(one) > 1])
    return _record(seat, PROPOSED, facts)


def each_once(keys: Iterable[Any]) -> list[str]:
    """What is given, each once, in its order."""
    return list(dict.fromkeys(str(key) for key in keys if key))


def require_nobody(facts: dict[str, Any], known: Iterable[Any], people: Iterable[str]) -> None:
    """Refused where something of a person stands in what will be read by others."""
    known = list(known)
    for field in ("title", "request", "holding", "lesson"):
        text = "\n".join(facts[field]) if isinstance(facts[field], list) else facts[field]
        found = [(kind, masked) for kind, _start, _end, masked in personal.spans(text, field, known)]
        found += [("applicant", f"{one[:1]}**") for one in people if one in text]
        if found:
            raise Refused(
                N_("'{field}' holds personal data ({what}: {masked}): a case is told without its people."),
                rule="house:privacy",
                field=field,
                what=Named("personal", found[0][0]),
                masked=found[0][1],
                way_on=N_("Write 甲, 某公司 in its place and try again."),
            )


def take(seat: Seat, said: str) -> Precedent:
    """Take a proposed case into the library, as a second person who has read it."""
    return _decide(seat, said, TAKEN, ("proposed",), "")


def release(seat: Seat, said: str) -> Precedent:
    """Let a case be read by the public: an approver who did not bring it in."""
    return _decide(seat, said, RELEASED, ("kept",), RELEASER)


def _decide(seat: Seat, said: str, event: str, states: tuple[str, ...], role: str) -> Precedent:
    library.require_writer(seat)
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        found = one(precedents(connection, seat.office.id), said)
        if found.state not in states:
            raise Refused(
                N_("Case {no} of the library is {state}: this step is not open."),
                rule=library.RULE,
                no=found.no,
                state=Named("precedent", found.state),
                way_on=N_("See it with: disclosure precedent show {no}"),
            )
        if role:
            library.require_role(seat, role)
        identity.require_second_person(
            seat.officer,
            found.by,
            N_("{officer} brought this case in and cannot also decide on it: it takes two persons."),
            library.RULE,
        )
        library.record(connection, seat, event, {"no": found.no})
    return replace(found, state="kept" if event == TAKEN else "released")


def remove(seat: Seat, said: str, reason: str) -> Precedent:
    """Take a case out of the library; it stays in the record."""
    library.require_writer(seat)
    reason = typed_text.required_text(reason, "reason")
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        found = one(precedents(connection, seat.office.id), said)
        library.record(connection, seat, REMOVED, {"no": found.no, "reason": reason})
    return found


def _record(seat: Seat, event: str, facts: dict[str, Any]) -> Precedent:
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        return entered(connection, seat, event, facts, next_number(connection, seat))


def next_number(connection: Connection, seat: Seat) -> int:
    """The number of the next case of the book."""
    return 1 + sum(1 for _ in own_entries.told(connection, seat.office.id, (PROPOSED, IMPORTED)))


def entered(connection: Connection, seat: Seat, event: str, facts: dict[str, Any], no: int) -> Precedent:
    """Write the entry of a case; the case as it then stands in the book."""
    made = {"no": no, **facts}
    library.record(connection, seat, event, made)
    plain: dict[str, Any] = {
        key: tuple(item) if isinstance(item, list) else item for key, item in made.items()
    }
    return Precedent(**plain, by=seat.officer.key, state="proposed" if event == PROPOSED else "kept")


# --- published ones, from files


# --- for others


def warning(
    known: Iterable[Precedent], outcome: str | None, ground: str | None
) -> tuple[int, int, list[str]]:
    """Of the cases of an outcome and ground: how many there are, in how many the organ did not hold its own,
    and the faults found most.
    """
    of_it = fitting([one for one in known if one.state != "proposed"], outcome=outcome, ground=ground)
    lost = [one for one in of_it if one.result != "organ_won"]
    counted: dict[str, int] = {}
    for case in lost:
        for key in case.faults:
            if key != "none":
                counted[key] = counted.get(key, 0) + 1
    return len(of_it), len(lost), sorted(counted, key=lambda key: (-counted[key], key))[:3]

"""The unit and the handler that the office's own rules propose for a case.

Nothing is assigned by them: the proposal is shown with the command, is the answer that Enter takes at a
terminal, and is taken by a script that says so (`--unit proposed`). What was proposed stands in the entry
beside what was taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base.errors import Refused
from workflow.base.messages import N_, listed, pick, translate
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.casework import given_persons
from workflow.office import assignment_rules, people, profile
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.casework.unit import Unit

LEDGER = TABLES["ledger"]
# What is typed where the proposal is meant; a unit of the office that is called so comes first.
PROPOSED = ("proposed", "建议")
KEYWORD, AREA = "keyword", "area"
# So many assignments back it is looked whose turn it is.
LOOKED_AT = 300


@dataclass(frozen=True)
class Proposal:
    """Who is proposed, and why."""

    unit: str
    handler: str | None
    because: str
    words: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As the entry keeps it."""
        made: dict[str, Any] = {"unit": self.unit, "because": self.because, "words": list(self.words)}
        return {**made, "handler": self.handler} if self.handler else made


def why(because: str, words: list[str] | tuple[str, ...], handler: bool) -> str:
    """The reason of a proposal, for a person. The applicant's area is not told: it is personal."""
    said = {KEYWORD: N_("the request says {words}"), AREA: N_("by the applicant's address")}[because]
    text = translate(said, words=listed(pick(f"“{one}”", f"'{one}'") for one in words))
    return f"{text}{pick('；', '; ')}{translate(N_('handler by turn'))}" if handler else text


def propose(seat: Seat, connection: Connection, case: CaseFile, key: Callable[[], bytes]) -> Proposal | None:
    """The proposal for a case; None where the rules name no unit, or several."""
    fits = _fits(seat, case, key)
    if len(fits) != 1:
        return None
    (rule, because, words), *_rest = fits
    handler = by_turn(seat, connection, rule.unit) if rule.turn else None
    return Proposal(rule.unit, handler, because, words)


def _fits(
    seat: Seat, case: CaseFile, key: Callable[[], bytes]
) -> list[tuple[assignment_rules.Rule, str, tuple[str, ...]]]:
    """The units that fit: by the words of the request; of several, or of none, by the applicant's area."""
    rules = assignment_rules.of(seat.office)
    asked = "\n".join([case.request, *case.items])
    by_word = [(rule, KEYWORD, said) for rule in rules if (said := _within(rule.keywords, asked))]
    if len(by_word) == 1 or not any(rule.areas for rule in rules):
        return by_word
    opened = [given_persons.person(one, key()) for one in persons.applicants(case)]
    homes = "\n".join(str(one.get("address", "")) for one in opened)
    near = {rule.unit: (rule, AREA, said) for rule in rules if (said := _within(rule.areas, homes))}
    if not by_word:
        return list(near.values())
    both = [one for one in by_word if one[0].unit in near]
    return both or by_word


def _within(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    return tuple(word for word in words if word in text)


def by_turn(seat: Seat, connection: Connection, unit: str) -> str | None:
    """The handler of a unit to whom it is longest ago that a case was assigned; None where it has none."""
    able = [
        one.key
        for one in profile.officers_of(connection, seat.office.id)
        if one.active and one.unit == unit and people.HANDLER in one.roles
    ]
    query = select(LEDGER.c.payload).where(
        LEDGER.c.office_id == seat.office.id, LEDGER.c.event.in_(("assign", "reassign"))
    )
    rows = connection.execute(query.order_by(LEDGER.c.seq.desc()).limit(LOOKED_AT)).scalars()
    last: dict[str, int] = {}
    for place, payload in enumerate(rows):
        last.setdefault(json.loads(payload).get("handler"), place)
    # Whoever is not among them waits longest; of several the first of the office's list.
    return max(able, key=lambda one: last.get(one, LOOKED_AT), default=None)


def chosen(work: Unit, payload: dict[str, Any]) -> dict[str, Any]:
    """The facts of an assignment with what is proposed where the officer said that he takes it; Refused where
    nothing is proposed."""
    made = dict(payload)
    units = work.seat.office.units
    if made.get("unit") in PROPOSED and made["unit"] not in units:
        found = _of(work)
        if found is None:
            raise _nothing(work)
        made["unit"] = found.unit
        if found.handler and "handler" not in made:
            made["handler"] = found.handler
    if made.get("handler") in PROPOSED:
        named = people.require_named(work.connection, work.seat.office, {"unit": made.get("unit")})
        handler = by_turn(work.seat, work.connection, named["unit"])
        if handler is None:
            raise _nothing(work)
        made["handler"] = handler
    return made


def recorded(work: Unit, payload: dict[str, Any], _found: Any) -> dict[str, Any]:
    """The facts with what the office's rules proposed, taken or not."""
    found = _of(work)
    return {**payload, "proposed": found.as_json()} if found is not None else payload


def _of(work: Unit) -> Proposal | None:
    seat, opened = work.seat, work.opened
    if not seat.office.entry("assignment"):
        return None
    key = opened.key
    return propose(
        seat, work.connection, opened.case, lambda: key or seat.case_key(work.connection, opened.id)
    )


def _nothing(work: Unit) -> Refused:
    opened, seat = work.opened, work.seat
    fits = _fits(seat, opened.case, lambda: opened.key or seat.case_key(work.connection, opened.id))
    if len(fits) > 1:
        return Refused(
            N_("Several units are proposed for {number}: {units}. None of them is taken by itself."),
            rule="house:division",
            field="unit",
            number=opened.case.number,
            units=listed(seat.office.units[rule.unit] for rule, *_why in fits),
            way_on=N_("Say which unit: disclosure assign {number} --unit UNIT"),
        )
    return Refused(
        N_("The office's rules propose no unit for {number}, or nobody in it."),
        rule="house:division",
        field="unit",
        number=opened.case.number,
        way_on=N_("Say which unit: disclosure assign {number} --unit UNIT"),
    )

"""The facts of an act, asked one by one: what each is for, its choices, and what holds where it is left out.

What may be answered is read from the tables that the act itself is checked against; the act checks it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.base import caller, names
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.cases import draft, organ_clocks, persons
from workflow.cases.case import CaseFile
from workflow.casework import assignment
from workflow.commands import proposals
from workflow.commands.asking.lines import Reader
from workflow.commands.asking.questions import BACK, Choice, choose, line, named, say
from workflow.commands.typed_days import legal_day
from workflow.office import profile
from workflow.procedure.act_forms import Field, Spec
from workflow.procedure.next_steps import Option
from workflow.reports.views import case_text

# So many facts that may be left out are asked one by one; of more, the officer says which he wants to give.
FEW = 2
TAKES_ROLE = "handler"
# A fact of a draft that only some outcomes need: it has no option of its own.
EXTRA = "extra"


@dataclass
class Asking:
    """One act on a case that is being filled in."""

    reader: Reader
    desk: Any
    case: CaseFile
    option: Option
    spec: Spec
    given: dict[str, Any] = field(default_factory=dict)
    on: date | None = None
    # The further facts of a draft that were said, by name.
    said: list[str] = field(default_factory=list)
    # Whether the case is not entered yet: it has no number under which it could be looked up.
    new: bool = False


def ask(asking: Asking, one: Field, *, optional: bool = False) -> None:
    """Ask for one fact; a value that cannot be read is said, and asked again."""
    found: list[Any] = []
    while True:
        say(["", _title(one, optional or bool(found))])
        try:
            value = _ASKS.get(one.type, _text)(asking, one, optional or bool(found))
        except DisclosureError as fault:
            say(case_text.fault_lines(fault))
            continue
        if value in (None, "") and found:
            break
        if value in (None, "") and not optional:
            say([_(N_("An answer is needed here; {back} goes back."), back=BACK)])
            continue
        if value in (None, ""):
            return
        found.append(value)
        if not one.many:
            break
    if one.type == EXTRA:
        asking.given.setdefault("extra", []).append(f"{one.name}={found[0]}")
        asking.said.append(one.name)
        return
    asking.given[one.name] = found if one.many else found[0]


def _title(one: Field, optional: bool) -> str:
    note = _(N_("Enter: leave it out")) if optional else _(N_("needed"))
    return pick(f"{one.label}（{note}）", f"{one.label} ({note})")


def those_left_out(asking: Asking, fields: list[Field]) -> None:
    """What need not be given: a few facts are asked one by one, of many the officer chooses."""
    if len(fields) <= FEW:
        for one in fields:
            ask(asking, one, optional=True)
        return
    while left := [one for one in fields if one.name not in asking.given and one.name not in asking.said]:
        say(["", _(N_("What may be added (Enter: nothing more):"))])
        key = choose(
            asking.reader, [Choice(one.name, {"zh": one.zh, "en": one.en}) for one in left], optional=True
        )
        if key is None:
            return
        ask(asking, next(one for one in left if one.name == key), optional=True)


def ask_day(asking: Asking) -> None:
    """The day that the act bears."""
    while asking.on is None:
        today = asking.desk.today()
        say(["", _(N_("The legal day of it (Enter: today, {today}; or 昨天, 3月5日, 3.5 ...)"), today=today)])
        typed = line(asking.reader)
        try:
            asking.on = legal_day(typed, asking.desk) if typed else today
        except DisclosureError as fault:
            say(case_text.fault_lines(fault))


# --- one fact by its type


def _text(asking: Asking, one: Field, optional: bool) -> Any:
    return line(asking.reader)


def _day(asking: Asking, one: Field, optional: bool) -> Any:
    typed = line(asking.reader)
    return legal_day(typed, asking.desk, one.name) if typed else None


def _file(asking: Asking, one: Field, optional: bool) -> Any:
    typed = line(asking.reader)
    return caller.brought(typed) if typed else None


def _pair(asking: Asking, one: Field, optional: bool) -> Any:
    say([_(N_("Write it as NAME=VALUE."))])
    return line(asking.reader)


def _choice(asking: Asking, one: Field, optional: bool) -> Any:
    return choose(asking.reader, named(names.both("choice", one.choice)), optional=optional)


def _unit(asking: Asking, one: Field, optional: bool) -> Any:
    units = asking.desk.office.units
    default = next(iter(units)) if len(units) == 1 and not optional else None
    found = _proposed(asking)
    if found is not None:
        say([assignment.why(found.because, found.words, bool(found.handler))])
        default = found.unit
    choices = named(units)
    if asking.new and asking.desk.office.entry("assignment"):
        key, own = assignment.PROPOSED
        choices.append(Choice(key, {"en": key, "zh": own}, _(N_("what the office's rules propose"))))
    return choose(asking.reader, choices, default=default, optional=optional)


def _proposed(asking: Asking) -> assignment.Proposal | None:
    """Who is proposed for an assignment by the office's rules."""
    if asking.new or asking.spec.event != proposals.ASSIGN or not asking.desk.office.entry("assignment"):
        return None
    found: assignment.Proposal | None = proposals.of_case(asking.desk, asking.case.number)
    return found


def _officer(asking: Asking, one: Field, optional: bool) -> Any:
    with asking.desk.store.reading() as connection:
        people = profile.officers_of(connection, asking.desk.office.id)
    unit = asking.given.get("unit")
    if unit in assignment.PROPOSED and unit not in asking.desk.office.units:
        # The rules that propose the unit say whose turn it is.
        return None
    chosen = [
        him
        for him in people
        if him.active and TAKES_ROLE in him.roles and (unit is None or him.unit in (unit, None))
    ]
    if not chosen:
        say([_(N_("Nobody of that unit takes cases."))])
        return None
    units, found = asking.desk.office.units, _proposed(asking)
    turn = None
    if found is not None and found.handler and found.unit == unit:
        turn = found.handler
        say([_(N_("It is the turn of: {name}"), name=asking.desk.context.officer_called(found.handler))])
    return choose(
        asking.reader,
        [Choice(him.key, {"zh": him.name, "en": him.name}, units.get(him.unit or "", "")) for him in chosen],
        # One who stands alone is proposed.
        default=turn or (chosen[0].key if len(chosen) == 1 else None),
        optional=optional,
    )


def _items(asking: Asking, one: Field, optional: bool) -> Any:
    say(_of_request(asking.case))
    if len(asking.case.items) == 1 and optional:
        return "1"
    return line(asking.reader)


def _number(asking: Asking, one: Field, optional: bool) -> Any:
    if one.name == "person":
        say([f"  {person.no}  {person.facts['name']}" for person in persons.everybody(asking.case)])
    if one.name == "item":
        say(_of_request(asking.case))
    return line(asking.reader)


def _outcome(asking: Asking, one: Field, optional: bool) -> Any:
    found = draft.outcomes(asking.desk.context, organ_clocks.law_day(asking.case, asking.desk.context))
    before = asking.case.drafted(asking.given.get("item", 1))
    default = before[0].outcome if before and before[0].outcome in found else None
    return choose(asking.reader, named(names.both("outcome", found)), default=default, optional=optional)


_ASKS: dict[str, Callable[[Asking, Field, bool], Any]] = {
    "date": _day,
    "file": _file,
    "pair": _pair,
    "choice": _choice,
    "unit": _unit,
    "officer": _officer,
    "items": _items,
    "int": _number,
    "outcome": _outcome,
}


def _of_request(case: CaseFile) -> list[str]:
    return [f"  {no}  {text}" for no, text in enumerate(case.items, start=1)]

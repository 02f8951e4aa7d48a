"""Reconsiderations and suits as an office looks at them: what is going on, until when what is due, what comes
next.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import extract, or_, select

from workflow.base import messages, names
from workflow.base.messages import N_, translate
from workflow.cases import clocks as case_clocks
from workflow.cases import rulings, states, ways
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.states import ClockState
from workflow.cases.tracks import Remedy
from workflow.casework import lookup
from workflow.law import Route
from workflow.office.seat import Seat
from workflow.procedure import act_forms, next_steps
from workflow.procedure.fold import fold
from workflow.reports.views import clock_text
from workflow.reports.views.routes import as_json as routes_json
from workflow.storage import case_entries
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, CLOCKS, ROWS = TABLES["case_file"], TABLES["clock"], TABLES["remedy"]
LOT = 200
ORDERED = "remedy.redecision"
GOING = states.OPEN


class Contested(NamedTuple):
    """One reconsideration or suit, its clocks, and the acts that may follow."""

    number: str
    case: CaseFile
    remedy: Remedy
    clocks: tuple[CaseClock, ...]
    next: tuple[next_steps.Option, ...]
    routes: tuple[Route, ...] = ()
    """The ways against the reply that it is about, by the law of the day of that reply."""

    @property
    def running(self) -> tuple[CaseClock, ...]:
        """The clocks that still run, the nearest first."""
        return tuple(
            sorted((one for one in self.clocks if one.state in GOING), key=lambda one: one.deadline.due)
        )


def listed(
    seat: Seat, ref: str | None = None, *, only_open: bool = False, year: int | None = None
) -> Iterator[Contested]:
    """Remedies of a case or of the office in the order in which they came; `year`: brought or decided in it.

    Open is what is not decided, and what ordered a new decision that was not begun.
    """
    query = (
        select(ROWS.c.case_id, ROWS.c.no, CASES.c.number)
        .join(CASES, CASES.c.id == ROWS.c.case_id)
        .where(ROWS.c.office_id == seat.office.id)
    )
    if year is not None:
        query = query.where(
            or_(extract("year", ROWS.c.opened_on) == year, extract("year", ROWS.c.decided_on) == year)
        )
    if only_open:
        ordered = select(CLOCKS.c.id).where(
            CLOCKS.c.case_id == ROWS.c.case_id,
            CLOCKS.c.ref == ROWS.c.no,
            CLOCKS.c.rule == ORDERED,
            CLOCKS.c.state == ClockState.RUNNING,
        )
        query = query.where(or_(ROWS.c.decided_on.is_(None), ordered.exists()))
    with seat.store.reading() as connection:
        if ref is not None:
            query = query.where(ROWS.c.case_id == lookup.one(connection, seat, ref).id)
        rows = iter(connection.execute(query.order_by(ROWS.c.opened_on, ROWS.c.case_id, ROWS.c.no)).all())
        while lot := list(islice(rows, LOT)):
            cases = _folded(connection, {row.case_id: row.number for row in lot})
            for row in lot:
                yield _one(seat, cases[row.case_id], row.number, row.no)


def _folded(connection: Connection, numbers: dict[int, str]) -> dict[int, CaseFile]:
    """The cases of a lot, their entries fetched together."""
    whole = case_entries.of_cases(connection, numbers)
    return {case_id: fold(entries, number=numbers[case_id]) for case_id, entries in whole}


def _one(seat: Seat, case: CaseFile, number: str, no: int) -> Contested:
    part = next(one for one in case.remedies if one.no == no)
    clocks = tuple(
        one
        for one in case_clocks.all_clocks(case, seat.context)
        if one.ref == no and one.rule.startswith("remedy.")
    )
    options = next_steps.options(case, seat.officer.actor, seat.context, seat.today())
    steps = tuple(
        one
        for one in options
        if one.ready and (one.no == no or (one.event == "redecide" and part.orders_redecision and part.over))
    )
    reply = next((one for one in case.replies if one.round == part.against_round), None)
    routes = ways.routes(reply.items, reply.issued, seat.context) if reply else []
    return Contested(number, case, part, clocks, steps, tuple(routes))


def as_json(one: Contested) -> dict[str, Any]:
    """As plain data."""
    part = one.remedy
    days = (
        "received",
        "defence_due",
        "defended",
        "hearing",
        "decided",
        "dated",
        "runs_from",
        "ordered_due",
        "appealed",
    )
    return {
        "case": one.number,
        "no": part.no,
        "kind": part.kind,
        "by": part.by,
        "body": part.body,
        "reference": part.reference,
        "simple": part.simple,
        "state": part.state,
        **{name: _iso(getattr(part, name)) for name in days},
        "number": part.number,
        "result": part.result,
        "outcome": part.outcome,
        "effect": part.effect,
        "orders_redecision": part.orders_redecision,
        "against_round": part.against_round,
        "papers": part.papers,
        "appealed_by": part.appealed_by,
        "appeal_body": part.appeal_body,
        "first_instance": None
        if part.first is None
        else {"decided": part.first[0].isoformat(), "outcome": part.first[1], "result": part.first[2]},
        "clocks": [clock_text.clock_json(clock) for clock in one.clocks],
        "next": [step.command for step in one.next],
        "ways": routes_json(list(one.routes)),
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def lines(found: list[Contested], today: date) -> list[str]:
    """For the terminal: one line a remedy, below it what was decided, what runs and what comes next."""
    if not found:
        return [translate(N_("No reconsideration and no suit is recorded."))]
    made = []
    for one in found:
        part = one.remedy
        made.append(
            translate(
                N_("{case}  no. {no}  {kind}  {body} {reference}  by {by}  received {received}  {state}"),
                case=one.number,
                no=part.no,
                kind=names.name("remedy", part.kind),
                body=part.body,
                reference=part.reference or "",
                by=act_forms.choice_name(part.by),
                received=part.received,
                state=names.name("state", part.state),
            )
        )
        if part.decided is not None:
            made.append("    " + _decided(part))
        made += [
            "    "
            + translate(
                N_("{clock}: until {due}{passed}"),
                clock=names.name("clock", clock.rule),
                due=clock.deadline.due,
                passed=_passed(clock, today),
            )
            for clock in one.running
        ]
        if one.next:
            made.append(
                "    "
                + translate(
                    N_("Next: {commands}"),
                    commands=messages.listed(dict.fromkeys(_called(step) for step in one.next)),
                )
            )
    return made


def _called(step: next_steps.Option) -> str:
    """An act by the name under which it can be typed."""
    return messages.pick(names.name("event", step.event), step.command)


def _decided(part: Remedy) -> str:
    said = rulings.one(part.result).name if part.result else act_forms.choice_name(part.outcome or "")
    effect = rulings.effect_name(part.effect) if part.effect else ""
    return translate(
        N_("Decided: {result} ({outcome}) on {decided}. {effect}{order}"),
        result=said,
        outcome=act_forms.choice_name(part.outcome or ""),
        decided=part.decided,
        effect=effect,
        order=translate(N_(" A new decision is ordered.")) if part.orders_redecision else "",
    )


def _passed(clock: CaseClock, today: date) -> str:
    seen = clock.seen_on(today)
    return f" ({names.name('clock_state', seen)})" if seen in (ClockState.MISSED, ClockState.EXPIRED) else ""

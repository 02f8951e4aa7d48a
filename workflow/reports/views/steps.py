"""What comes next, for a person: the usual step first, with the command as it is typed, then the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, exists, select, union

from workflow.cases.case import CaseFile
from workflow.cases.context import Provisions
from workflow.cases.entry import Entry
from workflow.casework import assignment, handing_in_anew, joint_answer, lookup
from workflow.casework.opened import open_row
from workflow.office import who
from workflow.office.seat import Seat
from workflow.office.who import People
from workflow.procedure import act_tables
from workflow.procedure.fold import fold
from workflow.procedure.next_steps import Option, options
from workflow.procedure.process import FINAL
from workflow.procedure.step_order import sorted_out
from workflow.procedure.usual_steps import offered, usual
from workflow.reports.views import possible_steps
from workflow.storage import case_entries
from workflow.storage.tables import TABLES

CASES, REMEDIES, LEDGER = (TABLES[name] for name in ("case_file", "remedy", "ledger"))
# The states in which a case stays, the act that asks for a decision even there, and the one that decides.
OVER, PROPOSED, DECIDES = FINAL["case"], "propose_void", "void_case"
# So many lines say what comes next; --all says the rest.
MOST = 8
# So many cases are shown of a list that is longer, and so many more are counted.
LISTED, COUNTED = MOST - 2, 20
ASSIGN = "assign"


@dataclass(frozen=True)
class Steps:
    """A case with what may be done on it; in a list, only what comes first."""

    case: CaseFile
    first: list[Option]
    rest: list[Option]
    # Who is proposed for the assignment, by the office's rules.
    proposed: assignment.Proposal | None = None
    # What was recorded, of a case that is looked at by itself.
    entries: list[Entry] = field(default_factory=list)


def of_case(seat: Seat, ref: str, *, everything: bool = False) -> tuple[Steps, People]:
    """What may be done on one case."""
    with seat.store.reading() as connection:
        row = lookup.one(connection, seat, ref)
        entries = case_entries.entries(connection, row.id)
        case = fold(entries, number=row.number)
        people = who.people(connection, seat.office)
        proposed = (
            assignment.propose(seat, connection, case, lambda: seat.case_key(connection, row.id))
            if seat.office.entry("assignment") and case.unit is None
            else None
        )
        found = options(case, seat.officer.actor, seat.context, seat.today(), everything=everything)
        found = joint_answer.held(seat, connection, case, found)
        if case.passed:
            opened = open_row(seat, connection, row, None)
            found = handing_in_anew.first_back(seat, connection, opened, found, always=True)
    return Steps(case, *sorted_out(found), proposed, entries), people


def nearest(seat: Seat) -> list[Steps]:
    """The first of `mine`: those that a list shows, and as many more as it counts and one. Cases beyond are
    not opened: there may be thousands.
    """
    return list(islice(mine(seat, LISTED), LISTED + COUNTED + 1))


def mine(seat: Seat, dated: int | None = None) -> Iterator[Steps]:
    """The cases in which the usual step is this officer's to take, those whose time is over first. After so
    many `dated` ones, which are shown, the others are only counted: their steps are without days, and texts
    of the case are not opened, on which no step depends.
    """
    given = 0

    def looked_at() -> bool:
        return dated is None or given < dated

    with seat.store.reading() as connection:
        numbers: dict[int, str] = {}

        def ids() -> Iterator[int]:
            query, given = candidates(seat)
            for row in connection.execution_options(yield_per=case_entries.LOT).execute(query, given):
                numbers[row.id] = row.number
                yield row.id

        actor, context, today = seat.officer.actor, seat.context, seat.today()
        for case_id, entries in case_entries.of_cases(connection, ids(), looked_at):
            case = fold(entries, number=numbers[case_id])
            found = options(case, actor, context, today, only_usual=True, dated=looked_at())
            found = joint_answer.held(seat, connection, case, found)
            first, _rest = sorted_out(found)
            own = [option for option in first if option.mine and option.ready]
            if own:
                given += 1
                yield Steps(case, own, [])


def candidates(seat: Seat) -> tuple[Any, dict[str, Any]]:
    """The cases (id, number) in which it may be this officer's turn, by state and letters, as a query with
    its values; those whose time is over first.
    """
    process, roles = seat.context.process, seat.officer.actor.roles
    states = _states(process, roles)
    decides = any(roles & set(row.roles) for state in OVER for row in process.of("case", DECIDES, state))
    return _query(decides), {
        "office": seat.office.id,
        "going": [state for state in states if state not in OVER],
        "over": [state for state in states if state in OVER],
    }


@cache
def _query(decides: bool) -> Any:
    """The query for who decides on proposals that a case be void, or not: the states are values."""
    office = bindparam("office", type_=CASES.c.office_id.type)
    going = CASES.c.state.in_(bindparam("going", expanding=True))
    own = select(CASES.c.id).where(CASES.c.office_id == office)
    over = own.where(CASES.c.state.in_(bindparam("over", expanding=True)), _over(decides, office))
    # Joined as sets, so that each part has its index: most cases are over.
    meant = union(own.where(going), possible_steps.with_letters_here(office), over)
    query = select(CASES.c.id, CASES.c.number).where(CASES.c.id.in_(meant.scalar_subquery()))
    return query.order_by(CASES.c.reply_due, CASES.c.id)


def _over(decides: bool, office: Any) -> Any:
    """Of the cases that are over, which are by far the most: those with a remedy, and for who decides on it
    those that somebody proposed to void.
    """
    meant: Any = CASES.c.id.in_(select(REMEDIES.c.case_id).where(REMEDIES.c.office_id == office))
    if decides:
        meant |= exists().where(LEDGER.c.case_id == CASES.c.id, LEDGER.c.event == PROPOSED)
    return meant


def _states(process: Provisions, roles: frozenset[str]) -> list[str]:
    """The states in which the usual step of the case, or of a part of it, may be one of these roles'."""
    parts = any(
        roles & set(row.roles) and act_tables.acts()[row.event].get("usual")
        for row in process.rows
        if row.track != "case"
    )
    return [
        state
        for state in process.states("case")
        if parts
        or any(
            roles & set(row.roles)
            for row in process.from_state("case", state)
            if row.event in usual("case", state) or offered(row.event) == "ready"
        )
    ]


# --- one case


# --- all of mine

"""What may be done next on a case, or on all in which it is an officer's turn, as a program asks for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from workflow.cases.letter_life import IN_HAND
from workflow.casework import handing_in_anew, lookup
from workflow.casework.opened import open_row
from workflow.office.seat import Seat
from workflow.procedure.fold import fold
from workflow.procedure.next_steps import Option
from workflow.procedure.next_steps import options as possible_acts
from workflow.procedure.usual_steps import offered
from workflow.storage import case_entries
from workflow.storage.fixed_words import fixed
from workflow.storage.tables import TABLES

CASES, LETTERS = TABLES["case_file"], TABLES["letter"]


def next_steps(
    seat: Seat, ref: str | None, *, everything: bool = False
) -> list[tuple[str, str, list[Option]]]:
    """(number, state, options) of one case; without a case, of all in which it is this officer's turn."""
    actor, context, today = seat.officer.actor, seat.context, seat.today()
    found = []
    with seat.store.reading() as connection:
        if ref is not None:
            rows = [lookup.one(connection, seat, ref)]
        else:
            turn = CASES.c.state.in_(_states(seat)) | CASES.c.id.in_(with_letters_here(seat.office.id))
            query = select(CASES).where(CASES.c.office_id == seat.office.id, turn)
            rows = list(connection.execute(query.order_by(CASES.c.reply_due, CASES.c.id)))
        whole = case_entries.of_cases(connection, [row.id for row in rows])
        for row, (_id, entries) in zip(rows, whole, strict=True):
            case = fold(entries, number=row.number)
            options = possible_acts(case, actor, context, today, everything=everything)
            if case.passed:
                opened = open_row(seat, connection, row, None)
                options = handing_in_anew.first_back(
                    seat, connection, opened, options, always=ref is not None
                )
            if ref is None:
                options = [option for option in options if option.mine and option.ready and not option.aside]
            if options or ref is not None:
                found.append((row.number, case.state, options))
    return found


def with_letters_here(office: Any) -> Any:
    """The cases of an office (its number, or what stands for it) in which a letter was made that has not gone
    out, as a query.
    """
    return select(LETTERS.c.case_id).where(
        LETTERS.c.office_id == office, LETTERS.c.stage.in_(fixed(IN_HAND)), LETTERS.c.sha256.is_not(None)
    )


def _states(seat: Seat) -> list[str]:
    """The states in which something other than what is always possible waits for a role of this officer."""
    roles = seat.officer.actor.roles
    rows = [
        row
        for row in seat.context.process.rows
        if row.track != "case" or offered(row.event) in ("next", "ready")
    ]
    states = {row.source for row in rows if row.track == "case" and roles & set(row.roles)}
    return sorted(states)

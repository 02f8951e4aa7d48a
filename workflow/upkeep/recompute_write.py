"""Writing what recomputation found: the clocks and rows that move, each with its entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, insert, update

from workflow.base.errors import Conflict
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Transition
from workflow.cases.entry import Entry
from workflow.casework.projections import columns
from workflow.office import identity
from workflow.office.seat import Seat
from workflow.procedure import machine
from workflow.storage import ledger

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
from workflow.upkeep.recompute import CASES, CLOCKS, EVENT, LOT, REPLY, Change, Still


def apply(
    seat: Seat,
    changes: Iterable[Change],
    seen: Callable[[Change], None] | None = None,
    still: Iterable[Still] = (),
) -> int:
    """Write the changes, a lot in each transaction, one entry a case; how many. Conflict if one changed
    meanwhile.

    Of the clocks that are as they were (`still`) it is written down by what they were computed, without an
    entry.
    """
    pending, written = iter(changes), 0
    while lot := list(islice(pending, LOT)):
        with seat.store.writing() as connection:
            _write(seat, connection, lot)
        written += len(lot)
        if seen is not None:
            for change in lot:
                seen(change)
    clocks_left = iter(still)
    while some := list(islice(clocks_left, LOT)):
        with seat.store.writing() as connection:
            ledger.head(connection, seat.office.id, lock=True)
            _stamp(connection, some, seat.context.basis)
    return written


def _stamp(connection: Connection, still: list[Still], basis: str) -> None:
    """Write the new version to these clocks; one whose case was written meanwhile is left alone."""
    unchanged = exists().where(CASES.c.id == bindparam("b_case"), CASES.c.version == bindparam("b_version"))
    connection.execute(
        update(CLOCKS).where(CLOCKS.c.id == bindparam("b_id"), unchanged).values(calendar=basis),
        [{"b_id": row, "b_case": case_id, "b_version": version} for row, case_id, version in still],
    )


def _write(seat: Seat, connection: Connection, lot: list[Change]) -> None:
    head = ledger.head(connection, seat.office.id, lock=True)
    moment, today, officer = seat.moment(), seat.today(), seat.officer
    identity.require_known(seat.office.settings, officer.known)
    steps: dict[tuple[str, str], Transition] = {}
    entries: list[tuple[int | None, Entry]] = []
    for change in lot:
        payload, regulations = change.payload, change.regulations
        step = steps.get((change.state, regulations))
        if step is None:
            # Only the state and the officer decide on this step.
            case = CaseFile(number=change.number, state=change.state, regulations=regulations)
            step = machine.take(case, Act(EVENT, today, payload, officer.actor), seat.context)
            steps[change.state, regulations] = step
        article = step.basis(regulations, today) or step.article
        entries.append(
            (
                change.case_id,
                Entry(
                    change.entries + 1,
                    EVENT,
                    step.track,
                    today,
                    moment,
                    officer.key,
                    step.source,
                    step.dest,
                    article,
                    payload,
                    officer.known,
                ),
            )
        )
    ledger.append_all(connection, seat.office.id, entries, head)
    still = [one for change in lot for one in change.still]
    if still:
        # While the versions are those that were looked at: the next statements count them up.
        _stamp(connection, still, seat.context.basis)
    _update(connection, lot, moment, seat.context.basis)
    _rewrite(connection, seat.office.id, lot, seat.context.basis)


def _update(connection: Connection, lot: list[Change], moment: str, basis: str) -> None:
    """Write each changed clock and row once."""
    moved = [
        {"b_id": move.id, "b_due": move.after, "b_provisional": move.provisional}
        for change in lot
        for move in change.moves
        if move.clock is None and move.after is not None
    ]
    last = {"due": bindparam("b_due"), "provisional": bindparam("b_provisional"), "calendar": basis}
    if moved:
        connection.execute(update(CLOCKS).where(CLOCKS.c.id == bindparam("b_id")).values(last), moved)
    plain, replies, states = [], [], []
    for change in lot:
        row: dict[str, Any] = {"b_id": change.case_id, "b_version": change.version}
        move = next((move for move in change.moves if move.rule == REPLY), None)
        if move is None:
            plain.append(row)
            continue
        row.update(b_due=move.after, b_provisional=move.provisional)
        if move.clock is None:
            replies.append(row)
        else:
            states.append({**row, "b_state": move.clock.state, "b_start": move.clock.deadline.start})
    case = update(CASES).where(CASES.c.id == bindparam("b_id"), CASES.c.version == bindparam("b_version"))
    counted = {"version": CASES.c.version + 1, "entries": CASES.c.entries + 1, "recorded_at": moment}
    reply = {**counted, "reply_due": bindparam("b_due"), "reply_provisional": bindparam("b_provisional")}
    whole = {**reply, "reply_clock": bindparam("b_state"), "reply_start": bindparam("b_start")}
    todo = (counted, plain), (reply, replies), (whole, states)
    for values, rows in todo:
        if rows and connection.execute(case.values(values), rows).rowcount != len(rows):
            raise Conflict(
                N_("A case was changed by somebody else at the same moment."),
                way_on=N_("Look at the changes again: disclosure recompute"),
            )


def _rewrite(connection: Connection, office_id: int, lot: list[Change], basis: str) -> None:
    """Clocks of which more than the last day may be another: they are written whole, begun or ended."""
    for change in lot:
        for move in change.moves:
            values = columns(move.clock, basis)
            if move.after is None:
                connection.execute(delete(CLOCKS).where(CLOCKS.c.id == move.id))
            elif values is not None and move.id is None:
                connection.execute(
                    insert(CLOCKS), {"office_id": office_id, "case_id": change.case_id, **values}
                )
            elif values is not None:
                connection.execute(update(CLOCKS).where(CLOCKS.c.id == move.id), values)

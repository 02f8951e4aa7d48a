"""What was collected: a row for each form, by its token, so that each is taken in exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES
from workflow.web.opening import Came

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ITEMS, CASES = TABLES["web_item"], TABLES["case_file"]
# How far a form was taken in: its papers are in the case; an officer has to look; nothing is left to be done.
PAPERS, WAITING, DONE = "papers", "waiting", "done"


def of_token(connection: Connection, seat: Seat, token: str) -> Any:
    """The row of a form; none where it was not begun."""
    # Also where another organ has the case by now: a token is drawn at random, and there is no second one.
    query = select(ITEMS).where(ITEMS.c.token == token)
    return connection.execute(query).first()


def keep(
    connection: Connection,
    seat: Seat,
    came: Came,
    case_id: int,
    step: str,
    *,
    no: int = 0,
    stars: int | None = None,
) -> None:
    """Keep how far a form was taken in, in the commit of the act that it became."""
    row = of_token(connection, seat, came.token)
    if row is not None:
        connection.execute(update(ITEMS).where(ITEMS.c.id == row.id).values(step=step, stars=stars))
        return
    connection.execute(
        insert(ITEMS).values(
            office_id=seat.office.id,
            case_id=case_id,
            token=came.token,
            receipt=came.receipt,
            kind=came.kind,
            no=no,
            on_day=came.day,
            step=step,
            stars=stars,
            taken_at=seat.moment(),
        )
    )


def waiting(seat: Seat) -> list[dict[str, Any]]:
    """What waits for an officer, oldest first."""
    query = (
        select(ITEMS, CASES.c.number)
        .join(CASES, CASES.c.id == ITEMS.c.case_id)
        .where(ITEMS.c.office_id == seat.office.id, ITEMS.c.step == WAITING)
        .order_by(ITEMS.c.id)
    )
    with seat.store.reading() as connection:
        return [
            {
                "receipt": row.receipt,
                "case": row.number,
                "kind": row.kind,
                "on": row.on_day.isoformat(),
                "no": row.no,
            }
            for row in connection.execute(query)
        ]


def one(connection: Connection, seat: Seat, receipt: str) -> Any:
    """A form that waits for an officer, with the number of its case."""
    query = (
        select(ITEMS, CASES.c.number)
        .join(CASES, CASES.c.id == ITEMS.c.case_id)
        .where(
            ITEMS.c.office_id == seat.office.id, ITEMS.c.receipt == receipt.strip(), ITEMS.c.step == WAITING
        )
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(
            N_("Nothing with the receipt {receipt} waits for an officer."),
            field="receipt",
            receipt=receipt[:40],
            way_on=N_("See what does with: disclosure web inbox"),
        )
    return row


def settled(connection: Connection, seat: Seat, id: int) -> None:
    """An officer has dealt with it."""
    connection.execute(
        update(ITEMS)
        .where(ITEMS.c.id == id)
        .values(step=DONE, settled_at=seat.moment(), settled_by=seat.officer.key)
    )

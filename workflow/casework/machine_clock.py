"""Whether the clock of the machine lies behind what was recorded before: days and numbers follow it, so that
whoever enters something under such a clock is told at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from workflow.base import dates
from workflow.base.messages import N_
from workflow.casework.opened import Done
from workflow.office.seat import Seat
from workflow.storage import unsent
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
SLACK = timedelta(minutes=5)
"""By how much the clocks of several machines may differ."""
# Among so many of the last entries the newest moment of a case's is looked for: once a clock was set back
# the last of them bear its time already.
_LOOKED_AT = 100
_LAST = (
    select(LEDGER.c.recorded_at, LEDGER.c.case_id)
    .where(LEDGER.c.office_id == bindparam("office"))
    .order_by(LEDGER.c.seq.desc())
    .limit(_LOOKED_AT)
    .subquery()
)
_NEWEST = select(func.max(_LAST.c.recorded_at)).where(_LAST.c.case_id.is_not(None))


def behind(newest: str, now: datetime) -> bool:
    """Whether a clock is behind the moment of an entry that was recorded already."""
    return datetime.fromisoformat(newest) > now + SLACK


def told(seat: Seat, connection: Connection, done: Done) -> None:
    """Add to an act that its clock is behind the entries before it in the chain of the office, by the end of
    its transaction at the latest."""

    def heard(row: Any) -> None:
        newest = row[0]
        if newest is None or not behind(newest, datetime.fromisoformat(done.entry.recorded_at)):
            return
        done.notes.append(
            (
                N_(
                    "The clock of this machine says {now}, and an entry before this one was recorded at {newest}: set the clock (timedatectl) and look at the day of this entry, and at its number."
                ),
                params(newest, done.entry.recorded_at),
            )
        )

    unsent.ask(connection, _NEWEST, {"office": seat.office.id}, heard)


def params(newest: str, now: str) -> dict[str, Any]:
    """Both moments as a clock in China shows them."""
    return {"now": dates.china_time(now), "newest": dates.china_time(newest)}

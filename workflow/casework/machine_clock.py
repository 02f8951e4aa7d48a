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
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
SLACK = timedelta(minutes=5)
"""By how much the clocks of several machines may differ."""
# Among so many entries before an act the newest moment of a case's is looked for: once a clock was set back
# the last of them bear its time already.
_LOOKED_AT = 100
_NEWEST = select(func.max(LEDGER.c.recorded_at)).where(
    LEDGER.c.office_id == bindparam("office"),
    LEDGER.c.seq.between(bindparam("first"), bindparam("last")),
    LEDGER.c.case_id.is_not(None),
)


def behind(newest: str, now: datetime) -> bool:
    """Whether a clock is behind the moment of an entry that was recorded already."""
    return datetime.fromisoformat(newest) > now + SLACK


def told(seat: Seat, connection: Connection, done: Done) -> None:
    """Add to an act that its clock is behind the entries before it in the chain of the office."""
    place = {"office": seat.office.id, "first": done.seq - _LOOKED_AT, "last": done.seq - 1}
    newest = connection.execute(_NEWEST, place).scalar()
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


def params(newest: str, now: str) -> dict[str, Any]:
    """Both moments as a clock in China shows them."""
    return {"now": dates.china_time(now), "newest": dates.china_time(newest)}

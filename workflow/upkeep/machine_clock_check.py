"""Whether the clock of the machine goes on: numbers and days of a clock set back would be those of years
ago."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from workflow.base import dates
from workflow.base.messages import N_
from workflow.casework import machine_clock
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep.finding import Finding

LEDGER = TABLES["ledger"]


def check_clock(database: str | None) -> Iterator[Finding]:
    """The clock beside the newest moment recorded: behind it, it was set back, or was ahead when that was
    entered."""
    store = Store(database)
    try:
        if store.schema() is None:
            return
        with store.reading() as connection:
            newest = connection.execute(select(func.max(LEDGER.c.recorded_at))).scalar()
    finally:
        store.close()
    now = dates.now()
    said = dates.china_time(newest) if newest else "-"
    params = {"now": dates.china_time(dates.stamp(now)), "newest": said}
    if newest is None or not machine_clock.behind(newest, now):
        message = N_("The clock of this machine ({now}) is not behind the record")
        yield Finding("clock", "ok", message, None, params)
        return
    yield Finding(
        "clock",
        "failure",
        N_("The clock of this machine says {now}, and the newest entry was recorded at {newest}"),
        N_("Set the clock before anything else is entered (timedatectl): days and numbers follow it."),
        params,
    )

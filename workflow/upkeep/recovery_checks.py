"""Checks of what helps after a loss: the last drill of recovery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow.base import dates
from workflow.base.messages import N_
from workflow.office import profile as profiles
from workflow.office.profile import Office
from workflow.storage import database as databases
from workflow.storage.tables import TABLES
from workflow.upkeep import drill
from workflow.upkeep.finding import Finding

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]


def check_drill(database: str | None) -> Iterator[Finding]:
    """When a backup was last tried out; one drill is of all offices of the database."""
    with _offices(database) as (connection, offices):
        if connection is None or not offices:
            return
        most = min(int(one.settings["drill_days"]) for one in offices)
        last = connection.execute(
            select(LEDGER.c.recorded_at, LEDGER.c.payload)
            .where(LEDGER.c.case_id.is_(None), LEDGER.c.event == drill.EVENT)
            .order_by(LEDGER.c.recorded_at.desc())
            .limit(1)
        ).first()
    way_on = N_("Try one: disclosure drill --backup FOLDER (where backups are kept)")
    if last is None:
        yield Finding("drill", "warning", N_("No backup was ever restored to try it"), way_on)
        return
    params = {
        "days": _days_since(last.recorded_at),
        "most": most,
        "seconds": json.loads(last.payload)["seconds"],
        "moment": dates.china_time(last.recorded_at),
    }
    if params["days"] > most:
        message = N_("The last drill of recovery is {days} days old (at most: {most})")
        yield Finding("drill", "warning", message, way_on, params)
        return
    yield Finding("drill", "ok", N_("Last drill of recovery: {moment}, {seconds} s"), None, params)


@contextmanager
def _offices(database: str | None) -> Iterator[tuple[Connection | None, list[Office]]]:
    """The offices of a database of this program's schema; none of another, which is told elsewhere."""
    store = databases.Store(database)
    try:
        if store.schema() != databases.SCHEMA:
            yield None, []
            return
        with store.reading() as connection:
            yield connection, profiles.listed(connection)
    finally:
        store.close()


def _days_since(recorded: str) -> int:
    return (dates.today() - dates.china_day(datetime.fromisoformat(recorded))).days

"""Checks of what helps after a loss: the last drill of recovery, the last checkpoint and its witnesses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import dates
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.evidence import checkpoints, giving
from workflow.law.setting_keys import SettingKey
from workflow.office import offices
from workflow.office.profile import Office
from workflow.storage import database as databases
from workflow.storage import encryption, ledger
from workflow.storage.tables import TABLES
from workflow.upkeep import drill, key_custody
from workflow.upkeep.finding import Finding, Level
from workflow.upkeep.parts import making, memory, targets

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
# A set of backups that nothing was added to for longer than a week was forgotten.
BACKUP_DAYS = 7


def check_drill(database: str | None) -> Iterator[Finding]:
    """When a backup was last tried out; one drill is of all offices of the database."""
    with _offices(database) as (connection, known):
        if connection is None or not known:
            return
        most = min(int(one.settings[SettingKey.DRILL_DAYS]) for one in known)
        last = _last(connection, drill.EVENT)
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


def check_backups(database: str | None) -> Iterator[Finding]:
    """Of each set of backups that this machine writes: how old its last part is, and, in a folder, whether
    all of its parts are there.
    """
    store = databases.Store(database)
    try:
        for known in memory.every(store):
            yield _of_backups(known)
    finally:
        store.close()


def _of_backups(known: memory.Memory) -> Finding:
    last = datetime.fromisoformat(known.parts[-1]["made_at"])
    days = (dates.today() - dates.china_day(last)).days
    params = {
        "target": known.target,
        "parts": len(known.parts),
        "days": days,
        "most": BACKUP_DAYS,
        "moment": dates.china_time(known.parts[-1]["made_at"]),
    }
    if not known.target.startswith(targets.SFTP):
        try:
            making.require_parts(known, targets.Folder(Path(known.target)).sizes())
        except DisclosureError as fault:
            return Finding("backups", "warning", fault.text, fault.advice)
    if days > BACKUP_DAYS:
        return Finding(
            "backups",
            "warning",
            N_("The last backup to {target} is {days} days old (at most: {most})"),
            N_("Take one: disclosure backup --to {target}"),
            params,
        )
    return Finding("backups", "ok", N_("Last backup to {target}: {moment}, part {parts}"), None, params)


def check_key_shares(database: str | None) -> Iterator[Finding]:
    """Where the master key was shared among persons: whether it is still that one, and the last trial."""
    with _offices(database) as (connection, known):
        if connection is None or not known:
            return
        split, tried = (_last(connection, event) for event in (key_custody.SPLIT, key_custody.DRILLED))
        most = min(int(one.settings[SettingKey.DRILL_DAYS]) for one in known)
    if split is None:
        return
    store = databases.Store(database)
    told = json.loads(split.payload)
    key = encryption.load(encryption.key_file(store.folder)).current
    store.close()
    newest = tried if tried and tried.recorded_at > split.recorded_at else split
    params = {
        "needed": told["needed"],
        "of": len(told["persons"]),
        "days": _days_since(newest.recorded_at),
        "most": most,
        "moment": dates.china_time(newest.recorded_at),
    }
    if told["key"] != key:
        message = N_("The shares of the master key are of an older one")
        yield Finding("shares", "warning", message, N_("Share the present one: disclosure key split"), params)
    elif params["days"] > most:
        message = N_("The shares of the master key were last tried {days} days ago (at most: {most})")
        yield Finding("shares", "warning", message, N_("Try them: disclosure key drill SHARE…"), params)
    else:
        message = N_("Master key shared: {needed} of {of} persons; last tried {moment}")
        yield Finding("shares", "ok", message, None, params)


def _last(connection: Connection, event: str) -> Any:
    """The last entry of an event of the office itself; None where there is none."""
    return connection.execute(
        select(LEDGER.c.recorded_at, LEDGER.c.payload)
        .where(LEDGER.c.case_id.is_(None), LEDGER.c.event == event)
        .order_by(LEDGER.c.recorded_at.desc())
        .limit(1)
    ).first()


def check_checkpoints(database: str | None) -> Iterator[Finding]:
    """Of each office, the last checkpoint, the last that a witness countersigned, and where they went."""
    store = databases.Store(database)
    folder = store.folder
    store.close()
    with _offices(database) as (connection, known):
        if connection is None:
            return
        for office in known:
            yield _of_checkpoints(connection, office)
            yield from _given_out(connection, office, folder)


def _of_checkpoints(connection: Connection, office: Office) -> Finding:
    head = ledger.head(connection, office.id)
    made = checkpoints.newest(connection, office.id)
    signed = checkpoints.newest(connection, office.id, cosigned=True)
    most = int(office.settings[SettingKey.CHECKPOINT_DAYS])
    params = {
        "office": office.key,
        "most": most,
        "old": signed.size if signed else 0,
        "days": _days_since(made.made_at) if made else None,
        "moment": dates.china_time(made.made_at) if made else None,
        "signed_days": _days_since(signed.made_at) if signed else None,
        "signed": dates.china_time(signed.made_at) if signed else None,
        "since": head.seq - (signed.size if signed else 0),
    }

    def old(one: checkpoints.Kept) -> bool:
        # A checkpoint of a record to which nothing was added is as good as a new one.
        return one.size < head.seq and _days_since(one.made_at) > most

    sign = N_("Sign one, and keep it elsewhere: disclosure evidence checkpoint --office {office} --out FILE")
    witness = N_("Let a witness sign: disclosure evidence request --office {office} --old {old} --out FILE")
    level: Level = "warning"
    if made is None:
        message, way_on = (
            N_(
                "{office}: no checkpoint of the record was ever signed: entries cut off at its end, or the newest parts of a backup, would not be missed"
            ),
            sign,
        )
    elif signed is None:
        message, way_on = (
            N_("{office}: no witness ever countersigned a checkpoint (the last: {moment})"),
            witness,
        )
    elif old(made):
        message, way_on = N_("{office}: the last checkpoint is {days} days old (at most: {most})"), sign
    elif old(signed):
        message = N_(
            "{office}: the last countersigned checkpoint is {signed_days} days old (at most: {most}); {since} entries came since"
        )
        way_on = witness
    else:
        message, way_on, level = N_("{office}: last checkpoint {moment}, countersigned {signed}"), None, "ok"
    return Finding("checkpoints", level, message, way_on, params)


def _given_out(connection: Connection, office: Office, folder: Path) -> Iterator[Finding]:
    """Of each medium and address that got checkpoints: whether it still does."""
    head, most = ledger.head(connection, office.id), int(office.settings[SettingKey.CHECKPOINT_DAYS])
    for one in giving.given(folder, office.key):
        days = _days_since(one.at)
        params = {
            "office": office.key,
            "place": one.place,
            "days": days,
            "most": most,
            "moment": dates.china_time(one.at),
        }
        if one.size < head.seq and days > most:
            message = N_("{office}: no checkpoint went to {place} for {days} days (at most: {most})")
            flag = "--mail" if "@" in one.place else "--to"
            way_on = N_(
                "See why the schedule failed: disclosure evidence checkpoint --office {office} {flag} {place}"
            )
            yield Finding("checkpoints", "warning", message, way_on, {**params, "flag": flag})
        else:
            yield Finding(
                "checkpoints", "ok", N_("{office}: last checkpoint to {place}: {moment}"), None, params
            )


@contextmanager
def _offices(database: str | None) -> Iterator[tuple[Connection | None, list[Office]]]:
    """The offices of a database of this program's schema; none of another, which is told elsewhere."""
    store = databases.Store(database)
    try:
        if store.schema() != databases.SCHEMA:
            yield None, []
            return
        with store.reading() as connection:
            yield connection, offices.listed(connection)
    finally:
        store.close()


def _days_since(recorded: str) -> int:
    return (dates.today() - dates.china_day(datetime.fromisoformat(recorded))).days

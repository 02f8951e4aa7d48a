"""A drill of recovery: a backup restored into a throw-away place and verified, how long that took, and which
entries would be lost if only that backup were left. It is recorded, so that `doctor` knows the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from workflow.base import dates
from workflow.base.errors import Conflict, Damaged
from workflow.base.messages import N_, translate
from workflow.office import founding, offices
from workflow.office.profile import Office
from workflow.office.seat import Seat
from workflow.storage import ledger
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep import trial
from workflow.upkeep.backup import backup as make_backup
from workflow.upkeep.backup_file import Reader, Source
from workflow.upkeep.parts import reading
from workflow.upkeep.parts.age_files import Secrets

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

EVENT = "drill_made"
LEDGER = TABLES["ledger"]
Seen = Callable[..., None]


def drill(
    seat: Seat, given: str | Path | None, *, secrets: Secrets | None = None, seen: Seen | None = None
) -> dict[str, Any]:
    """Try a backup out and record that it was done: what trial.check() found, and `lost`, by office.

    `given` is a backup, or a place of which the newest is taken, opened by `secrets`; without it one is made
    for the drill and goes with it. Only an approver may. A backup that does not hold, or one that the entries
    here do not continue (Damaged), is no drill: nothing is recorded.
    """
    founding.require_manager(seat)
    with _chosen(seat.store, given, secrets or Secrets(), seen) as source:
        found = trial.check(source, seat.store.folder, seen=seen)
    with seat.store.reading() as connection:
        found["lost"] = lost(connection, found["offices"])
    found["kept"] = given is not None
    if not trial.refused(found):
        _record(seat, found)
    return found


def lost(connection: Connection, in_backup: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each office here the entries that are not in the backup: how many, the first and the last with
    their moments.

    Damaged where the entries here do not continue those of the backup, Conflict where the backup is of other
    offices altogether.
    """
    ends = {one["key"]: (one["seq"], one["hash"]) for one in in_backup}
    here = offices.listed(connection)
    if not any(one.key in ends for one in here):
        raise Conflict(
            N_("The backup holds none of the offices that are here."),
            field="backup",
            way_on=N_("Give a backup of this database."),
        )
    return [_lost(connection, one, *ends.get(one.key, (0, ""))) for one in here]


def _lost(connection: Connection, office: Office, seq: int, digest: str) -> dict[str, Any]:
    mine = LEDGER.c.office_id == office.id
    here = connection.execute(select(LEDGER.c.hash).where(mine, LEDGER.c.seq == seq)).scalar()
    if seq and here != digest:
        raise Damaged(
            N_("The record of '{office}' does not continue the backup, which ends with entry {seq}."),
            office=office.key,
            seq=seq,
            way_on=N_(
                "Entries here were cut off or rewritten, or the backup is another's: keep both as they are."
            ),
        )
    head = ledger.head(connection, office.id)
    after = (mine, LEDGER.c.seq > seq)
    first, last = connection.execute(
        select(func.min(LEDGER.c.recorded_at), func.max(LEDGER.c.recorded_at)).where(*after)
    ).one()
    return {
        "office": office.key,
        "entries": head.seq - seq,
        "first": seq + 1 if first else None,
        "first_at": first,
        "last": head.seq if last else None,
        "last_at": last,
    }


@contextmanager
def _chosen(store: Store, given: str | Path | None, secrets: Secrets, seen: Seen | None) -> Iterator[Source]:
    """The backup to try out; one that is made for it lies in a throw-away place."""
    if given is not None:
        with reading.opened(given, store.folder, secrets) as source:
            yield source
        return
    with trial.throw_away(store.folder) as folder:
        make_backup(store, folder / "drill.zip", seen=seen)
        with Reader(folder / "drill.zip") as source:
            yield source


def _record(seat: Seat, found: dict[str, Any]) -> None:
    payload = {
        "backup": found["created_at"],
        "kept": found["kept"],
        "seconds": str(found["seconds"]),
        "lost": {one["office"]: one["entries"] for one in found["lost"]},
    }
    with seat.store.writing() as connection:
        founding.entry(connection, seat.office.id, EVENT, seat.officer.actor, payload)


def lines(found: dict[str, Any]) -> Iterator[str]:
    """What a drill found, for a person."""
    yield from trial.lines(found)
    if not found["kept"]:
        yield translate(
            N_(
                "The backup was made for this drill and is gone: that one is kept elsewhere is not shown by it."
            )
        )
    for one in found["lost"]:
        if not one["entries"]:
            yield translate(N_("{office}: nothing would be lost."), **one)
            continue
        yield translate(
            N_("{office}: {entries} entries would be lost: {first} of {since} to {last} of {until}."),
            **one,
            since=dates.china_time(one["first_at"]),
            until=dates.china_time(one["last_at"]),
        )

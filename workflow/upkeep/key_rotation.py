"""A new master key: added to the key file, recorded, and every case key wrapped anew under it.

It can be stopped and begun again at any point: keys of cases that are still wrapped under an older one go on
opening, as long as the older master key is in the file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, func, select, update

from workflow.office import founding
from workflow.office.seat import Seat
from workflow.storage import encryption, key_mark
from workflow.storage.tables import TABLES

EVENT = "key_rotated"
KEYS = TABLES["case_key"]
LOT = 500


def rotate(seat: Seat, *, resume: bool = False, seen: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Add a master key and wrap all case keys (of all offices: they share the key file) under it.

    `resume`: only wrap what is still under an older one. Only an approver may.
    """
    founding.require_manager(seat)
    path = encryption.key_file(seat.store.folder)
    with seat.store.reading() as connection:
        key_mark.require_kept(connection, encryption.load(path))
    ring = encryption.load(path) if resume else encryption.rotate(path)
    count = 0
    last = 0
    while True:
        with seat.store.writing() as connection:
            query = (
                select(KEYS.c.case_id, KEYS.c.wrapped).where(KEYS.c.case_id > last).order_by(KEYS.c.case_id)
            )
            rows = connection.execute(query.limit(LOT)).all()
            if not rows:
                break
            last = rows[-1].case_id
            fresh = [
                {"b_id": row.case_id, "b_wrapped": encryption.rewrap(ring, row.case_id, row.wrapped)}
                for row in rows
                if row.wrapped
            ]
            changed = [one for one, row in zip(fresh, rows, strict=True) if one["b_wrapped"] != row.wrapped]
            if changed:
                statement = update(KEYS).where(KEYS.c.case_id == bindparam("b_id"))
                connection.execute(statement.values(wrapped=bindparam("b_wrapped")), changed)
            count += len(changed)
        if seen is not None:
            seen(count)
    with seat.store.writing() as connection:
        payload = {"key": ring.current, "cases": count, "resumed": resume}
        founding.entry(connection, seat.office.id, EVENT, seat.officer.actor, payload)
    return {"key": ring.current, "cases": count, "keys": len(ring.keys), "path": str(path)}


def older(seat: Seat) -> int:
    """How many case keys are still wrapped under an older master key."""
    ring = encryption.load(encryption.key_file(seat.store.folder))
    with seat.store.reading() as connection:
        query = select(func.count()).select_from(KEYS)
        return int(
            connection.execute(query.where(KEYS.c.wrapped.not_like(f"k1.{ring.current}.%"))).scalar_one()
        )

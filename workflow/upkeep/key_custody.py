"""The master keys in the hands of several persons: shared out, joined again, and tried.

A trial shows that the shares still open what they are there for, and neither writes nor shows the key.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflow.base import dates, key_files, tables, whole_files
from workflow.base.errors import Conflict
from workflow.base.messages import N_
from workflow.office import founding, identity
from workflow.office.seat import Seat
from workflow.storage import encryption, key_mark
from workflow.storage.tables import TABLES
from workflow.upkeep import key_shares
from workflow.upkeep.key_shares import Share

SPLIT, DRILLED = "key_split", "key_drilled"
KEYS = TABLES["case_key"]


def split(seat: Seat, out: Path, *, needed: int, persons: list[str]) -> dict[str, Any]:
    """Write one share a person into a folder, and record to whom; only an approver may.

    The key file stays where it is. Conflict where a share lies in the folder already.
    """
    founding.require_manager(seat)
    path = encryption.key_file(seat.store.folder)
    ring = encryption.load(path)
    with seat.store.reading() as connection:
        key_mark.require_kept(connection, ring)
    made = dates.now().isoformat(timespec="seconds")
    texts = key_shares.split(
        path.read_bytes(), current=ring.current, needed=needed, persons=persons, made=made
    )
    shares = [key_shares.read("", text) for text in texts]
    # As they will be read: what does not open now is not handed out.
    key_shares.join(shares[-needed:])
    files = [out / f"key-share-{one.of_set}-{one.number}.txt" for one in shares]
    try:
        for file, text in zip(files, texts, strict=True):
            whole_files.write(file, text.encode(), replace=False)
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise
    payload = {"set": shares[0].of_set, "needed": needed, "persons": persons, "key": ring.current}
    with seat.store.writing() as connection:
        founding.entry(connection, seat.office.id, SPLIT, seat.officer.actor, payload)
    return {**payload, "shares": [str(file) for file in files]}


def join(shares: list[Path], out: Path) -> dict[str, Any]:
    """Write the key file that the shares open; for whoever keeps the database. Conflict if one is there."""
    identity.require_keeper()
    given = read(shares)
    data = key_shares.join(given)
    ring = encryption.read(data, given[0].name)
    key_files.create(out, data, N_("Name another place: --out FILE. To try the shares: disclosure key drill"))
    return {"path": str(out), "key": ring.current, "set": given[0].of_set, "shares": numbers(given)}


def drill(seat: Seat, shares: list[Path], *, seen: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Try the shares: they open every case key in the database, and hold the keys of the key file that is
    here. Recorded; only an approver may. Conflict where they are of an older key.
    """
    founding.require_manager(seat)
    given = read(shares)
    ring = encryption.read(key_shares.join(given), given[0].name)
    path = encryption.key_file(seat.store.folder)
    if path.exists():
        here = encryption.load(path)
        if ring.index != here.index or not here.keys.items() <= ring.keys.items():
            raise Conflict(
                N_("The shares open another key than that of {path}: a new one was made since."),
                field="shares",
                path=str(path),
                way_on=N_("Share the present one: disclosure key split. Destroy the old shares after that."),
            )
    cases = 0
    with seat.store.reading() as connection:
        query = select(KEYS.c.case_id, KEYS.c.wrapped).where(KEYS.c.wrapped.is_not(None))
        for row in connection.execute(query, execution_options={"yield_per": 500}):
            if row.wrapped:
                encryption.unwrap(ring, row.case_id, row.wrapped)
                cases += 1
                if seen is not None:
                    seen(cases)
    payload = {"set": given[0].of_set, "shares": numbers(given), "key": ring.current, "cases": cases}
    with seat.store.writing() as connection:
        founding.entry(connection, seat.office.id, DRILLED, seat.officer.actor, payload)
    return {
        **payload,
        "persons": [one.person for one in given],
        "needed": int(given[0].common["needed"]),
        "of": int(given[0].common["of"]),
        "key_file": str(path) if path.exists() else None,
    }


def read(paths: list[Path]) -> list[Share]:
    """The shares in these files."""
    return [key_shares.read(path.name, tables.text_of(path)) for path in paths]


def numbers(shares: list[Share]) -> list[int]:
    """Which shares these are."""
    return sorted(one.number for one in shares)

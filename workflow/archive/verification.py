"""The check of an archive folder: each file against its checksum, the extract against the chain of the
record.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflow.archive.folder import COLUMNS, FORMAT, KNOWN
from workflow.archive.folder_files import EXTRACT, MANIFEST, SUMS
from workflow.base.errors import Conflict, Damaged, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.entry import Entry, Known
from workflow.office.seat import Seat
from workflow.procedure.fold import is_act
from workflow.storage import entry_hash
from workflow.storage.tables import TABLES

LEDGER = TABLES["ledger"]
_PART = 1024 * 1024


def verify(folder: Path, seat: Seat | None = None) -> dict[str, Any]:
    """What the folder holds, checked. With a seat its entries are compared with the record of that office
    too.

    NotFound where it is no archive folder, Damaged at the first thing that is not as it was made.
    """
    manifest = _manifest(folder)
    count = _sums(folder)
    entries = _extract(folder, manifest)
    if seat is not None:
        _ours(seat, entries)
        _require_newest(seat, entries)
    return {
        "path": str(folder),
        "case": manifest["case"],
        "office": manifest["office"],
        "files": count,
        "entries": len(entries),
        "ours": seat is not None,
        "last_hash": manifest["last_hash"],
    }


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] != FORMAT:
            raise ValueError
        found: dict[str, Any] = {name: manifest[name] for name in ("case", "office", "entries", "last_hash")}
    except (OSError, ValueError, KeyError, TypeError):
        if (folder / SUMS).is_file() and (folder / EXTRACT).is_file():
            # It was made as one: what it holds is not what was made.
            raise _damaged(folder, MANIFEST) from None
        raise NotFound(
            N_("{path} is no archive folder, or not a whole one."),
            field="folder",
            path=str(folder),
            way_on=N_("Name the folder that was made for a case."),
        ) from None
    return found


def _sums(folder: Path) -> int:
    """Every file is there, is what the list says, and no other is."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise _damaged(folder, SUMS) from None
    listed = {}
    for line in lines:
        digest, sep, name = line.partition("  ")
        # A list from elsewhere must not name a file outside the folder.
        if not sep or not name or Path(name).name != name:
            raise _damaged(folder, SUMS)
        listed[name] = digest
    there = {path.name for path in folder.iterdir()} - {SUMS}
    for name in sorted(there ^ set(listed)):
        raise _damaged(folder, name)
    for name, digest in sorted(listed.items()):
        if _digest(folder / name) != digest:
            raise _damaged(folder, name)
    return len(listed)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_PART):
                found.update(part)
    except OSError:
        return ""
    return found.hexdigest()


def _extract(folder: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries, each with the hash that its content gives, in their order and all of them."""
    rows: list[dict[str, Any]] = []
    try:
        for line in (folder / EXTRACT).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            entry: Entry = Entry(
                row["n"],
                row["event"],
                row["track"],
                date.fromisoformat(row["on_day"]),
                row["recorded_at"],
                row["actor"],
                row["source"],
                row["dest"],
                row["article"],
                {},
                Known(row["via"], row["login"], row["acting_for"]) if "via" in row else None,
            )
            made = entry_hash.digest(
                row["office_id"], row["seq"], row["case_id"], entry, row["payload"], row["prev_hash"]
            )
            if (
                made != row["hash"]
                or row["n"] != len(rows) + 1
                or set(row) not in (set(COLUMNS), {*COLUMNS, *KNOWN})
            ):
                raise ValueError(row["n"])
            rows.append(row)
    except (OSError, ValueError, KeyError, TypeError):
        raise _damaged(folder, EXTRACT) from None
    if len(rows) != manifest["entries"] or not rows or rows[-1]["hash"] != manifest["last_hash"]:
        raise _damaged(folder, EXTRACT)
    return rows


def _ours(seat: Seat, entries: list[dict[str, Any]]) -> None:
    """Each entry stands in the record of this office under the same hash."""
    seqs = {row["seq"]: row["hash"] for row in entries}
    found: dict[int, str] = {}
    with seat.store.reading() as connection:
        listed = sorted(seqs)
        for first in range(0, len(listed), 500):
            query = select(LEDGER.c.seq, LEDGER.c.hash).where(
                LEDGER.c.office_id == seat.office.id, LEDGER.c.seq.in_(listed[first : first + 500])
            )
            found |= {row.seq: row.hash for row in connection.execute(query)}
    if found != seqs:
        raise Damaged(
            N_("The entries of the folder are not those of this office's record."),
            field="folder",
            way_on=N_(
                "Check that it is the right database; else keep both as they are, and compare with a backup."
            ),
        )


def _require_newest(seat: Seat, entries: list[dict[str, Any]]) -> None:
    """Conflict where the case has moved on since the folder was made: files added, remarks, corrections."""
    last = entries[-1]
    query = select(LEDGER.c.event).where(
        LEDGER.c.office_id == seat.office.id, LEDGER.c.case_id == last["case_id"], LEDGER.c.n > last["n"]
    )
    with seat.store.reading() as connection:
        since = [event for event in connection.scalars(query.order_by(LEDGER.c.n)) if is_act(event)]
    if since:
        raise Conflict(
            N_("The folder is whole, and older than the record: {n} entries came since ({events})."),
            field="folder",
            n=len(since),
            events=Named("event", *dict.fromkeys(since)),
            way_on=N_("Make it anew: disclosure archive make CASE --out FOLDER"),
        )


def _damaged(folder: Path, name: str) -> Damaged:
    return Damaged(
        N_("The archive folder {path} is damaged: {name} is missing, was changed, or does not belong to it."),
        field="folder",
        path=str(folder),
        name=name[:120],
        way_on=N_("Make it again from the database: disclosure archive CASE --out FOLDER"),
    )

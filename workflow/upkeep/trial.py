"""A backup tried out: restored into a place of its own that goes again, verified there, and compared with a
checkpoint that somebody else kept. The data of this place is not touched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base import dates, variables
from workflow.base.errors import Conflict, Damaged
from workflow.base.messages import N_, translate
from workflow.evidence import checkpoints, notes
from workflow.evidence.notes import SIGNED, Key, Note
from workflow.office import offices
from workflow.office import profile as profiles
from workflow.storage import encryption, ledger
from workflow.storage.database import Store
from workflow.upkeep import verify_noted, verify_record, verify_report
from workflow.upkeep.backup_file import Source
from workflow.upkeep.restore import put_back

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NAME = "disclosure-trial-"
# What names places here, which the trial must neither read nor write.
_PLACES = ("DISCLOSURE_FILES", "DISCLOSURE_KEY_FILE", "DISCLOSURE_EVIDENCE_KEY", "DISCLOSURE_WEB_KEY")
_ABANDONED = 24 * 3600


def check(
    source: Source,
    beside: Path,
    *,
    note: Note | None = None,
    keys: tuple[Key, ...] = (),
    seen: Callable[..., None] | None = None,
) -> dict[str, Any]:
    """Restore a backup into a throw-away place and verify all of it, files too: what is in it, the verdict on
    each office, the seconds that it took.

    With a checkpoint: that the record in the backup begins with exactly what was signed, and that each of
    the keys signed it. Errors as those of restore; Damaged at the first thing that is not as recorded or as
    signed, Conflict where no office in the backup is that of the checkpoint.
    """
    begun = time.monotonic()
    with restored(source, beside, seen=seen) as (store, found):
        with store.reading() as connection:
            verify_record.require_offices(connection, None)
            known = offices.listed(connection)
        results = {}
        for office in known:
            verdict = verify_record.verify(store, office, with_files=True, seen=seen)
            results[office.key] = verify_report.as_json(office.key, verdict)
        if note is not None:
            with store.reading() as connection:
                office, told = signed(connection, known, note, keys)
            results[office.key]["checkpoint"] = told
    return {**found, "verified": list(results.values()), "seconds": round(time.monotonic() - begun, 1)}


@contextmanager
def restored(
    source: Source, beside: Path, *, seen: Callable[..., None] | None = None
) -> Iterator[tuple[Store, dict[str, Any]]]:
    """A backup restored into a new SQLite database with files of its own; all of it is gone after the block.

    It lies in the folder `beside` (where letters may lie unencrypted anyhow) where there is one. A backup
    without a key file is opened by that which belongs to `beside`; one with its own is opened by that alone.
    """
    own_key = source.manifest.key is not None
    key = encryption.key_file(beside).absolute()
    if not own_key:
        encryption.load(key)  # says which is missing, and where it belongs
    with throw_away(beside) as folder, variables.set_aside(*_PLACES):
        if not own_key:
            encryption.key_file(folder).symlink_to(key)
        store = Store(f"sqlite:///{folder / 'trial.db'}")
        try:
            yield store, put_back(store, source, seen=seen)
        finally:
            store.close()


@contextmanager
def throw_away(beside: Path) -> Iterator[Path]:
    """A folder for its owner alone, in that of the data where it can be made there; gone after the block."""
    for left in beside.glob(_NAME + "*"):
        # What was left by one that was killed more than a day ago.
        if left.is_dir() and time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)
    parent = beside if beside.is_dir() and os.access(beside, os.W_OK | os.X_OK) else None
    with tempfile.TemporaryDirectory(prefix=_NAME, dir=parent) as made:
        yield Path(made)


def signed(
    connection: Connection, known: list[profiles.Office], note: Note, keys: tuple[Key, ...]
) -> tuple[profiles.Office, dict[str, Any]]:
    """Compare a checkpoint with the entries of the office whose it is; that office, and what was found."""
    point = notes.checkpoint_of(note.text)
    office = next((one for one in known if checkpoints.origin_of(connection, one) == point.origin), None)
    if office is None:
        raise Conflict(
            N_("The checkpoint of {origin} is of no record that is in this backup."),
            field="checkpoint",
            origin=point.origin,
            way_on=N_("Give the checkpoint and the backup of the same office."),
        )
    for key in keys:
        if note.signed_by(key) is None:
            raise Damaged(
                N_("The checkpoint does not bear a signature of {name} that holds."),
                name=key.name,
                way_on=N_("Compare the key with the one that was handed out: disclosure evidence key"),
            )
    if not any(key.kind == SIGNED and key.name == point.origin for key in keys):
        raise Conflict(
            N_("None of the keys is that of {origin}: nobody vouches that the checkpoint is the office's."),
            field="key",
            origin=point.origin,
            way_on=N_("Give the office's public key too, as it printed it: disclosure evidence key"),
        )
    last = ledger.head(connection, office.id).seq
    if last < point.size:
        raise Damaged(
            N_(
                "The backup ends with entry {last}, the checkpoint has {size}: what was signed is not all in it."
            ),
            last=last,
            size=point.size,
            way_on=N_(
                "If the backup is older than the checkpoint, give a newer one; else entries were cut off: keep both."
            ),
        )
    verify_noted.require_prefix(connection, office, point)
    witnesses = [key.name for key in keys if key.kind != SIGNED]
    return office, {
        "size": point.size,
        "signed": True,
        "cosigned_by": witnesses,
        "entries_since": last - point.size,
    }


def refused(found: dict[str, Any]) -> bool:
    """Whether a verdict holds entries that no guard would let through: such a backup is not sound."""
    return any(one["refused"] for one in found["verified"])


def lines(found: dict[str, Any]) -> Iterator[str]:
    """What check() found, for a person."""
    yield translate(
        N_("The backup of {moment} restores whole in {seconds} s: {rows} rows, {files} files."),
        moment=dates.china_time(found["created_at"]),
        seconds=found["seconds"],
        rows=sum(found["rows"].values()),
        files=found["files"],
    )
    for one in found["verified"]:
        yield from verify_report.lines(one)
        if point := one.get("checkpoint"):
            yield translate(N_("  Entries in the backup after the checkpoint: {entries_since}"), **point)


def unproved(found: dict[str, Any]) -> Iterator[str]:
    """What check() cannot show of a backup that was compared with no checkpoint."""
    if not any(one.get("checkpoint") for one in found["verified"]):
        yield translate(
            N_(
                "Whether its newest parts were cut off, or all of it is another's, this does not show. Compare it with a checkpoint that somebody else kept: --checkpoint FILE --key KEY"
            )
        )

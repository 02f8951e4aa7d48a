"""A backup in parts made: a base, or what is new since the part before.

What is acknowledged stands in the memory of this machine (memory.py). Killed before, a run leaves at most a
file that belongs to nothing, which the next one removes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import sqlalchemy as sa

from workflow.base import dates, whole_files
from workflow.base.errors import Conflict, Damaged, Malformed, NotFound
from workflow.base.messages import N_
from workflow.storage import database, encryption, file_store
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep import backup_contents as contents
from workflow.upkeep import trial
from workflow.upkeep.backup_contents import Progress, Seen
from workflow.upkeep.parts import age_files, memory, part_names
from workflow.upkeep.parts.memory import Memory
from workflow.upkeep.parts.part_file import PartManifest, PartWriter
from workflow.upkeep.parts.part_names import PartName
from workflow.upkeep.parts.targets import Target

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]


@dataclass(frozen=True)
class Wanted:
    """How a backup is wanted: to whom a new set is encrypted (public keys or a passphrase, or to nobody), and
    whether a new set is begun in any case."""

    recipients: tuple[str, ...] = ()
    passphrase: str | None = field(default=None, repr=False)
    unencrypted: bool = False
    base: bool = False
    with_key: bool = False


def make(store: Store, target: Target, wanted: Wanted, *, seen: Seen | None = None) -> dict[str, Any]:
    """Write the next part of the set in a target, or the base of a new set; what is in it.

    Malformed where a new set is begun and nothing says to whom it is encrypted. Damaged where a part of the
    set is missing or exchanged; Conflict where it is encrypted to others than are named now, or where the
    record here does not continue its last part. Errors of a backup besides.
    """
    path = memory.place(store, target.shown)
    with memory.locked(path):
        known = None if wanted.base else memory.load(path)
        moment = dates.now()
        if known is None:
            known = _new_set(target, wanted, moment)
        else:
            _require_same(known, wanted)
            _require_there(known, target)
        name = PartName(known.of_set, len(known.parts) + 1, part_names.stamp(moment), bool(known.recipients))
        sent = _Digest()
        with trial.throw_away(store.folder) as folder, whole_files.draft(folder) as plain:
            manifest = _written(store, plain.out, known, moment, wanted.with_key, seen)
            plain.out.flush()
            with plain.path.open("rb") as source:
                target.write(str(name), lambda out: _send(source, sent.over(out), known.recipients))
        known.parts.append(
            {
                "name": str(name),
                "size": sent.size,
                "sha256": sent.hex(),
                "made_at": manifest.contents.created_at,
            }
        )
        known.ends = {one["key"]: [one["seq"], one["hash"]] for one in manifest.contents.offices}
        memory.keep(path, known)
        sums = "".join(f"{one['sha256']}  {one['name']}\n" for one in known.parts).encode()
        target.write(part_names.sums_of(known.of_set), lambda out: _all(out, sums))
    return {
        **contents.summary(f"{target.shown.rstrip('/')}/{name}", sent.size, manifest.contents),
        "set": known.of_set,
        "part": name.number,
        "new_blocks": len(manifest.held),
        "blocks": sum(len(blocks) for blocks in manifest.blocks.values()),
        "new_files": len(manifest.contents.files),
        "files": len(known.files),
        "encrypted": bool(known.recipients),
        "sha256": sent.hex(),
    }


def require_parts(known: Memory, sizes: dict[str, int]) -> None:
    """Every part of a set that is remembered is there with its length; Damaged for the first that is not."""
    for one in known.parts:
        if one["name"] not in sizes:
            raise _broken(N_("The part {name} of the backup is missing in {target}."), one["name"], known)
        if sizes[one["name"]] != one["size"]:
            raise _broken(N_("The part {name} in {target} is not what was written."), one["name"], known)


def _broken(message: str, name: str, known: Memory) -> Damaged:
    return Damaged(
        message,
        field="to",
        name=name,
        target=known.target,
        way_on=N_("What comes after it cannot be restored. Put it back, or begin a new set: --base"),
    )


def _new_set(target: Target, wanted: Wanted, moment: datetime) -> Memory:
    ways = [bool(wanted.recipients), wanted.passphrase is not None, wanted.unencrypted]
    if sum(ways) != 1:
        raise Malformed(
            N_("Say how this set of backups is encrypted: in one way."),
            field="recipient",
            way_on=N_("--recipient KEY (again for each person), or --passphrase; or --unencrypted"),
        )
    of_set = part_names.new_set(moment)
    target.sizes()  # a place that is not there is told before anything is asked or made
    recipients = age_files.require_recipients(wanted.recipients)
    if wanted.passphrase is not None:
        sealed, public = age_files.sealed_key(wanted.passphrase)
        target.write(part_names.key_of(of_set), lambda out: _all(out, sealed))
        recipients = (public,)
    return Memory(of_set, target.shown, list(recipients))


def _require_same(known: Memory, wanted: Wanted) -> None:
    given = wanted.passphrase is not None or wanted.unencrypted
    if given or (wanted.recipients and set(wanted.recipients) != set(known.recipients)):
        raise Conflict(
            N_("This set of backups goes on as it was begun; how it is encrypted cannot be changed."),
            field="recipient",
            way_on=N_("Leave that out, or begin a new set: --base"),
        )


def _require_there(known: Memory, target: Target) -> None:
    sizes = target.sizes()
    require_parts(known, sizes)
    listed = {one["name"] for one in known.parts}
    for name in sizes:
        part = part_names.read(name)
        # What a run left that was killed before it was acknowledged.
        if part and part.of_set == known.of_set and part.number > len(listed) and name not in listed:
            target.remove(name)


def _written(
    store: Store, out: BinaryIO, known: Memory, moment: datetime, with_key: bool, seen: Seen | None
) -> PartManifest:
    """Write a part to an open file, and add what is in it to what is known."""
    revision = contents.revision_of(store)
    ring = contents.keyring_of(store, needed=with_key)
    files = file_store.folder(store.folder)
    with store.reading(checked=False) as connection, PartWriter(out, moment) as archive:
        contents.one_snapshot(connection)
        _require_continued(connection, known)
        manifest = PartManifest(
            known.of_set,
            len(known.parts) + 1,
            known.parts[-1]["sha256"] if known.parts else "",
            contents.begun(connection, revision, moment, ring),
        )
        tables = contents.tables_of(connection, contents.names_of(connection, revision))
        named = contents.files_named(connection, tables)
        there = set(known.files)
        progress = Progress(contents.count_of(connection, tables) + len(set(named) - there), seen)
        blocks = set(known.blocks)
        for table in tables:
            archive.table(manifest, table.name, _keyed(connection, table, progress), blocks)
        if revision == database.SCHEMA:
            contents.walk(connection, manifest.contents)
        for sha256 in sorted(set(named) - there):
            try:
                with file_store.opened(files, sha256) as source:
                    manifest.contents.files[sha256] = archive.file(sha256, source)
            except (NotFound, Damaged, Malformed):
                manifest.contents.missing.append(sha256)
            progress.step()
        manifest.gone = sorted(there - set(named))
        if with_key:
            manifest.contents.key = archive.key(encryption.key_file(store.folder).read_bytes())
        archive.manifest(manifest)
    known.blocks = sorted(blocks)
    known.files = sorted((there - set(manifest.gone)) | set(manifest.contents.files))
    return manifest


def _keyed(
    connection: Connection, table: sa.Table, progress: Progress
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    names = [column.name for column in table.primary_key.columns]
    for row in contents.rows_of(connection, table, progress):
        yield tuple(row[name] for name in names), row


def _require_continued(connection: Connection, known: Memory) -> None:
    """The record here goes on from where it was at the last part."""
    if not known.ends:
        return
    office = TABLES["office"]
    for key, (seq, digest) in known.ends.items():
        query = sa.select(LEDGER.c.hash).join(office, office.c.id == LEDGER.c.office_id)
        here = connection.execute(query.where(office.c.key == key, LEDGER.c.seq == seq)).scalar()
        if seq and here != digest:
            raise Conflict(
                N_(
                    "The record of '{office}' does not continue the last backup, which ends with entry {seq}."
                ),
                field="to",
                office=key,
                seq=seq,
                way_on=N_(
                    "If an older backup was restored here, begin a new set: --base. Else entries were cut off or rewritten: keep both as they are."
                ),
            )


def _send(source: BinaryIO, out: Any, recipients: list[str]) -> None:
    if recipients:
        age_files.encrypt(source, out, recipients)
    else:
        shutil.copyfileobj(source, out, 1 << 20)


def _all(out: BinaryIO, data: bytes) -> None:
    out.write(data)


class _Digest:
    """Length and SHA-256 of what goes through it."""

    def __init__(self) -> None:
        self._digest, self.size = hashlib.sha256(), 0
        self._out: BinaryIO | None = None

    def over(self, out: BinaryIO) -> _Digest:
        """From now on it goes to this file."""
        self._digest, self.size, self._out = hashlib.sha256(), 0, out
        return self

    def write(self, part: bytes) -> int:
        assert self._out is not None
        self._out.write(part)
        self._digest.update(part)
        self.size += len(part)
        return len(part)

    def hex(self) -> str:
        """The SHA-256."""
        return self._digest.hexdigest()

"""Members of the zip archives of backups: written with their digests, and read as if whoever wrote them were
an enemy. Nothing is ever unpacked under a name that an archive gives: members are asked for one by one.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from workflow.base.errors import Damaged, Environment, Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.patterns import later

MANIFEST, KEY, WEB_KEY = "manifest.json", "key.json", "web.key.json"
SHA256 = later(r"[0-9a-f]{64}")
TABLE = later(r"[a-z][a-z0-9_]{0,62}")
FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError)
# The most of a hostile archive that is held in memory at once: its manifest, its key file, one row.
_LONGEST = {MANIFEST: 256 * 1024 * 1024, KEY: 1024 * 1024, WEB_KEY: 1024 * 1024}
_LONGEST_LINE = 256 * 1024 * 1024
_PART = 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One member: its length in bytes, its SHA-256 and, for a table, its number of rows."""

    size: int
    sha256: str
    rows: int = 0


class Writer:
    """An archive that is being written to an open file."""

    def __init__(self, out: BinaryIO, moment: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w", allowZip64=True)
        self._moment = moment.timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self._zip.close()

    def file(self, sha256: str, source: BinaryIO) -> Part:
        """Write a file; what letters and scans are made of does not shrink, so it is stored as it is."""
        return self.member(f"files/{sha256}", _chunks(source), zipfile.ZIP_STORED)

    def key(self, data: bytes) -> Part:
        """Write the key file."""
        return self.member(KEY, [data])

    def json(self, name: str, table: dict[str, Any]) -> None:
        """Write a manifest, which ends the archive."""
        self.member(name, [json.dumps(table, ensure_ascii=False, indent=1).encode() + b"\n"])

    def member(self, name: str, parts: Iterable[bytes], method: int = zipfile.ZIP_DEFLATED) -> Part:
        """Write one member, as its parts come."""
        info = zipfile.ZipInfo(name, self._moment)
        info.compress_type = method
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for part in parts:
                digest.update(part)
                size += len(part)
                member.write(part)
        return Part(size, digest.hexdigest())


class Members:
    """The members of an archive that is read. NotFound if there is no such file, Malformed if it is no
    backup, Damaged if it broke. `shown` is its name for people, where it lies elsewhere.
    """

    def __init__(self, path: Path, shown: str = "") -> None:
        self.shown = shown or str(path)
        try:
            self._file = path.open("rb")
        except OSError as fault:
            raise NotFound(
                N_("The backup {path} cannot be read: {detail}"),
                field="archive",
                path=self.shown,
                detail=fault.strerror or str(fault),
            ) from None
        try:
            self._open()
            self.manifest_bytes = self._read_manifest()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._members = {info.filename: info for info in self._zip.infolist()}
            unique = len(self._members) == len(self._zip.infolist())
        except (*FAULTS, OSError) as fault:
            raise no_backup(self.shown, str(fault)) from None
        if not unique or MANIFEST not in self._members:
            raise no_backup(self.shown, MANIFEST)

    def _read_manifest(self) -> bytes:
        self._require_sound(MANIFEST, self._members[MANIFEST].file_size)
        with self.sound(), self._zip.open(MANIFEST) as member:
            return member.read()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def require(self, parts: dict[str, int]) -> None:
        """Exactly these members, of these lengths, beside the manifest: no bomb is even begun."""
        for name in {MANIFEST, *parts} ^ set(self._members):
            raise self.damaged(name)
        for name, size in parts.items():
            self._require_sound(name, size)

    def _require_sound(self, name: str, size: int) -> None:
        info = self._members[name]
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise no_backup(self.shown, name)
        if info.file_size != size or size > _LONGEST.get(name, size):
            raise self.damaged(name)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member, none of them compared with anything yet."""
        with self.sound(name), self._zip.open(name) as member:
            lines = io.BufferedReader(cast(io.RawIOBase, member), _PART)
            while line := lines.readline(_LONGEST_LINE):
                yield line

    def row(self, name: str, line: bytes) -> dict[str, Any]:
        """A row of a table."""
        with self.sound(name):
            row = json.loads(line)
        if not isinstance(row, dict) or not line.endswith(b"\n"):
            raise self.damaged(name)
        return row

    def bytes(self, name: str, sha256: str) -> Iterator[bytes]:
        """The bytes of a member in parts; Damaged after the last if it is not what was written."""
        digest = hashlib.sha256()
        with self.sound(name), self._zip.open(name) as member:
            while chunk := member.read(_PART):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != sha256:
            raise self.damaged(name)

    @contextmanager
    def sound(self, name: str = MANIFEST) -> Iterator[None]:
        """What breaks within the block is told as damage of this member."""
        try:
            yield
        except FAULTS:
            raise self.damaged(name) from None
        except OSError as fault:
            if fault.errno in (None, errno.EINVAL):
                raise self.damaged(name) from None  # a place that is not in the file
            raise Environment(
                N_("The backup {path} cannot be read: {detail}"),
                field="archive",
                path=self.shown,
                detail=fault.strerror or str(fault),
            ) from None

    def damaged(self, name: str) -> Damaged:
        """The error for a member that is not what was written."""
        return Damaged(
            N_("The backup {path} is damaged: '{member}' is not what was written."),
            field="archive",
            path=self.shown,
            member=name[:200],
            way_on=N_("Nothing was restored. Take another backup."),
        )


def no_backup(shown: str, detail: str) -> Malformed:
    """The error for a file that is no backup."""
    return Malformed(
        N_("{path} is not a backup of disclosure, or not a whole one: {detail}"),
        field="archive",
        path=shown,
        detail=detail[:200],
        way_on=N_("Give a file that 'disclosure backup' wrote."),
    )


def row_line(row: dict[str, Any]) -> bytes:
    """A row of a table as a line."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


# --- what a manifest may say ---------------------------------------------------------------------------


def read_part(value: Any, name: str, form: re.Pattern[str]) -> Part:
    """A member as a manifest describes it; ValueError or TypeError where it does not."""
    part = Part(**value)
    require_wholes(part.size, part.rows)
    require_texts(part.sha256)
    if not form.fullmatch(name) or not SHA256.fullmatch(part.sha256):
        raise ValueError(name[:80])
    return part


def require_texts(*values: Any) -> None:
    """All of these are texts; else TypeError."""
    if not all(isinstance(value, str) for value in values):
        raise TypeError("text")


def require_wholes(*values: Any) -> None:
    """All of these are whole numbers that a database takes; else TypeError."""
    if not all(type(value) is int and 0 <= value < 2**63 for value in values):
        raise TypeError("number")


def _plain(value: Any) -> str:
    return str(value.isoformat())


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(_PART):
        yield chunk

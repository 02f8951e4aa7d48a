"""The file of a backup: one zip archive with everything of a database, and a manifest that says what that is.

    manifest.json         what is in it: schema, row counts, sizes, SHA-256, the head of each office's chain
    tables/NAME.jsonl     one row a line, in the order of the primary key
    files/SHA256          attachments and letters
    key.json              the key file, only where it was asked for

It is of no particular database, and can be read without this program. Nothing is ever unpacked under a name
that an archive gives: members are asked for one by one, and one that the manifest does not name is an error.
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
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from workflow.base.errors import Damaged, Environment, Malformed, NotFound
from workflow.base.messages import N_

FORMAT, VERSION = "disclosure backup", 1
MANIFEST, KEY = "manifest.json", "key.json"
# The most of a hostile archive that is held in memory at once: its manifest, its key file, one row.
_LONGEST = {MANIFEST: 256 * 1024 * 1024, KEY: 1024 * 1024}
_LONGEST_LINE = 256 * 1024 * 1024
_PART = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError)


@dataclass(frozen=True)
class Part:
    """One member: its length in bytes, its SHA-256 and, for a table, its number of rows."""

    size: int
    sha256: str
    rows: int = 0


@dataclass
class Manifest:
    """What an archive holds."""

    schema: str
    created_at: str
    database: str
    tables: dict[str, Part] = field(default_factory=dict)
    offices: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, Part] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    key: Part | None = None
    index_mark: str | None = None

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(part.rows for part in self.tables.values())

    def parts(self) -> dict[str, Part]:
        """Every member but the manifest, by its name in the archive."""
        named = {f"tables/{name}.jsonl": part for name, part in self.tables.items()}
        named |= {f"files/{sha256}": part for sha256, part in self.files.items()}
        return named | ({KEY: self.key} if self.key else {})


class Writer:
    """An archive that is being written to an open file."""

    def __init__(self, out: BinaryIO, moment: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w", allowZip64=True)
        self._moment = moment.timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self._zip.close()

    def rows(self, name: str, rows: Iterable[dict[str, Any]]) -> Part:
        """Write a table, row by row."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain)
                yield text.encode() + b"\n"

        part = self._write(f"tables/{name}.jsonl", lines(), zipfile.ZIP_DEFLATED)
        return Part(part.size, part.sha256, count)

    def file(self, sha256: str, source: BinaryIO) -> Part:
        """Write a file; what letters and scans are made of does not shrink, so it is stored as it is."""
        return self._write(f"files/{sha256}", _chunks(source), zipfile.ZIP_STORED)

    def key(self, data: bytes) -> Part:
        """Write the key file."""
        return self._write(KEY, [data], zipfile.ZIP_DEFLATED)

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest, which ends the archive."""
        table = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
        data = json.dumps(table, ensure_ascii=False, indent=1).encode() + b"\n"
        self._write(MANIFEST, [data], zipfile.ZIP_DEFLATED)

    def _write(self, name: str, parts: Iterable[bytes], method: int) -> Part:
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


class Reader:
    """An archive that is read. NotFound if there is no such file, Malformed if it is no backup, Damaged if it
    broke.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as fault:
            raise NotFound(
                N_("The backup {path} cannot be read: {detail}"),
                field="archive",
                path=str(path),
                detail=fault.strerror or str(fault),
            ) from None
        try:
            self._open()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._members = {info.filename: info for info in self._zip.infolist()}
            unique = len(self._members) == len(self._zip.infolist())
        except (*_FAULTS, OSError) as fault:
            raise _no_backup(self.path, str(fault)) from None
        if not unique or MANIFEST not in self._members:
            raise _no_backup(self.path, MANIFEST)
        self._check_member(MANIFEST, self._members[MANIFEST].file_size)
        with self._sound(), self._zip.open(MANIFEST) as member:
            data = member.read()
        self.manifest = _read_manifest(self.path, data)
        parts = self.manifest.parts()
        for name in {MANIFEST, *parts} ^ set(self._members):
            raise self._damaged(name)
        for name, part in parts.items():
            self._check_member(name, part.size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self._zip.close()
        self._file.close()

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table; Damaged at the latest after the last, if it is not what was written."""
        name, part = f"tables/{table}.jsonl", self.manifest.tables[table]
        digest, count = hashlib.sha256(), 0
        with self._sound(name), self._zip.open(name) as member:
            lines = io.BufferedReader(cast(io.RawIOBase, member), _PART)
            while line := lines.readline(_LONGEST_LINE):
                digest.update(line)
                count += 1
                row = json.loads(line)
                if not isinstance(row, dict) or not line.endswith(b"\n"):
                    raise self._damaged(name)
                yield row
        if (digest.hexdigest(), count) != (part.sha256, part.rows):
            raise self._damaged(name)

    def file(self, sha256: str) -> Iterator[bytes]:
        """The bytes of a file in parts; Damaged after the last if it is not what was written."""
        return self._bytes(f"files/{sha256}", self.manifest.files[sha256])

    def key(self) -> bytes | None:
        """The key file, if the archive has it."""
        return b"".join(self._bytes(KEY, self.manifest.key)) if self.manifest.key else None

    def _bytes(self, name: str, part: Part) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with self._sound(name), self._zip.open(name) as member:
            while chunk := member.read(_PART):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != part.sha256:
            raise self._damaged(name)

    def _check_member(self, name: str, size: int) -> None:
        """The declared length is the true one, and the member is one that a backup has: no bomb is even
        begun.
        """
        info = self._members[name]
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _no_backup(self.path, name)
        if info.file_size != size or size > _LONGEST.get(name, size):
            raise self._damaged(name)

    @contextmanager
    def _sound(self, name: str = MANIFEST) -> Iterator[None]:
        try:
            yield
        except _FAULTS:
            raise self._damaged(name) from None
        except OSError as fault:
            if fault.errno in (None, errno.EINVAL):
                raise self._damaged(name) from None  # a place that is not in the file
            raise Environment(
                N_("The backup {path} cannot be read: {detail}"),
                field="archive",
                path=str(self.path),
                detail=fault.strerror or str(fault),
            ) from None

    def _damaged(self, name: str) -> Damaged:
        return Damaged(
            N_("The backup {path} is damaged: '{member}' is not what was written."),
            field="archive",
            path=str(self.path),
            member=name[:200],
            way_on=N_("Nothing was restored. Take another backup."),
        )


def _no_backup(path: Path, detail: str) -> Malformed:
    return Malformed(
        N_("{path} is not a backup of disclosure, or not a whole one: {detail}"),
        field="archive",
        path=str(path),
        detail=detail[:200],
        way_on=N_("Give a file that 'disclosure backup' wrote."),
    )


def _read_manifest(path: Path, data: bytes) -> Manifest:
    try:
        table = json.loads(data)
        if (table.pop("format"), table.pop("version")) != (FORMAT, VERSION) or set(table) != _NAMES:
            raise ValueError("format")
        _texts(
            table["schema"],
            table["created_at"],
            table["database"],
            table["index_mark"] or "",
            *table["missing"],
        )
        made = Manifest(
            **{
                **table,
                "tables": {name: _part(part, name, _TABLE) for name, part in table["tables"].items()},
                "files": {name: _part(part, name, _SHA256) for name, part in table["files"].items()},
                "key": _part(table["key"], "0" * 64, _SHA256) if table["key"] else None,
            }
        )
        for office in made.offices:
            _texts(office["key"], office["name"], office["hash"])
            _wholes(office["id"], office["seq"])
    except (*_FAULTS, KeyError, TypeError, AttributeError) as fault:
        raise _no_backup(path, f"{MANIFEST}: {fault}") from None
    return made


def _part(value: Any, name: str, form: re.Pattern[str]) -> Part:
    part = Part(**value)
    _wholes(part.size, part.rows)
    _texts(part.sha256)
    if not form.fullmatch(name) or not _SHA256.fullmatch(part.sha256):
        raise ValueError(name[:80])
    return part


def _texts(*values: Any) -> None:
    if not all(isinstance(value, str) for value in values):
        raise TypeError("text")


def _wholes(*values: Any) -> None:
    if not all(type(value) is int and 0 <= value < 2**63 for value in values):
        raise TypeError("number")


def _plain(value: Any) -> str:
    return str(value.isoformat())


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(_PART):
        yield chunk


_NAMES = {one.name for one in fields(Manifest)}

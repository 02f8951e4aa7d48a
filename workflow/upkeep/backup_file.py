"""The file of a backup: one zip archive with everything of a database, and a manifest that says what that is.

    manifest.json         what is in it: schema, row counts, sizes, SHA-256, the head of each office's chain
    tables/NAME.jsonl     one row a line, in the order of the primary key
    files/SHA256          attachments and letters
    key.json              the key file, only where it was asked for
    web.key.json          the keys of the public counter, with it, where there are any

It is of no particular database, and can be read without this program. A member that the manifest does not
name is an error. What a restore needs of it (`Source`) a backup in parts gives too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from workflow.upkeep import backup_zip
from workflow.upkeep.backup_zip import FAULTS, KEY, MANIFEST, SHA256, TABLE, WEB_KEY, Members, Part

FORMAT, VERSION = "disclosure backup", 1
_LATER = "web_key"


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
    # Left out where there is none, so that an older program reads the backup.
    web_key: Part | None = None

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(part.rows for part in self.tables.values())

    def parts(self) -> dict[str, int]:
        """The length of every member but the manifest, by its name in the archive."""
        named = {f"tables/{name}.jsonl": part.size for name, part in self.tables.items()}
        named |= {f"files/{sha256}": part.size for sha256, part in self.files.items()}
        named |= {WEB_KEY: self.web_key.size} if self.web_key else {}
        return named | ({KEY: self.key.size} if self.key else {})


class Source(Protocol):
    """A backup that is read, in one file or in many. Everything that it gives is compared with its manifest:
    Damaged, at the latest after the last row or byte, where it is not what was written.
    """

    shown: str

    @property
    def manifest(self) -> Manifest:
        """What is in it."""

    @property
    def size(self) -> int:
        """Its length in bytes."""

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table."""

    def file(self, sha256: str) -> Iterator[bytes]:
        """The bytes of a file in parts."""

    def key(self) -> bytes | None:
        """The key file, if the backup has it."""

    def web_key(self) -> bytes | None:
        """The keys of the public counter, if the backup has them."""

    def about(self) -> dict[str, Any]:
        """What there is to say of it beside what is in it."""


class Writer(backup_zip.Writer):
    """A backup that is being written to an open file."""

    def rows(self, name: str, rows: Iterable[dict[str, Any]]) -> Part:
        """Write a table, row by row."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                yield backup_zip.row_line(row)

        part = self.member(f"tables/{name}.jsonl", lines())
        return Part(part.size, part.sha256, count)

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest, which ends the archive."""
        told = {name: value for name, value in asdict(manifest).items() if name != _LATER or value}
        self.json(MANIFEST, {"format": FORMAT, "version": VERSION, **told})


class Reader:
    """A backup in one file that is read. NotFound if there is no such file, Malformed if it is no backup,
    Damaged if it broke.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.shown = path, str(path)
        self._members = Members(path)
        try:
            self.manifest = _read_manifest(self.shown, self._members.manifest_bytes)
            self._members.require(self.manifest.parts())
        except BaseException:
            self._members.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self._members.close()

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.path.stat().st_size

    def about(self) -> dict[str, Any]:
        """Nothing more."""
        return {}

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table; Damaged at the latest after the last, if it is not what was written."""
        name, part = f"tables/{table}.jsonl", self.manifest.tables[table]
        digest, count = hashlib.sha256(), 0
        for line in self._members.lines(name):
            digest.update(line)
            count += 1
            yield self._members.row(name, line)
        if (digest.hexdigest(), count) != (part.sha256, part.rows):
            raise self._members.damaged(name)

    def file(self, sha256: str) -> Iterator[bytes]:
        """The bytes of a file in parts; Damaged after the last if it is not what was written."""
        return self._members.bytes(f"files/{sha256}", self.manifest.files[sha256].sha256)

    def key(self) -> bytes | None:
        """The key file, if the archive has it."""
        part = self.manifest.key
        return b"".join(self._members.bytes(KEY, part.sha256)) if part else None

    def web_key(self) -> bytes | None:
        """The keys of the public counter, if the archive has them."""
        part = self.manifest.web_key
        return b"".join(self._members.bytes(WEB_KEY, part.sha256)) if part else None


def _read_manifest(shown: str, data: bytes) -> Manifest:
    try:
        table = json.loads(data)
        if (table.pop("format"), table.pop("version")) != (FORMAT, VERSION) or set(table) | {
            _LATER
        } != _NAMES:
            raise ValueError("format")
        return read_contents(table)
    except (*FAULTS, KeyError, TypeError, AttributeError) as fault:
        raise backup_zip.no_backup(shown, f"{MANIFEST}: {fault}") from None


def read_contents(table: dict[str, Any]) -> Manifest:
    """A manifest out of what was read as JSON; one of many errors where it is none."""
    backup_zip.require_texts(
        table["schema"], table["created_at"], table["database"], table["index_mark"] or "", *table["missing"]
    )
    made = Manifest(
        **{
            **table,
            "tables": {
                name: backup_zip.read_part(part, name, TABLE) for name, part in table["tables"].items()
            },
            "files": {
                name: backup_zip.read_part(part, name, SHA256) for name, part in table["files"].items()
            },
            **{
                name: backup_zip.read_part(table[name], "0" * 64, SHA256) if table.get(name) else None
                for name in ("key", _LATER)
            },
        }
    )
    for office in made.offices:
        backup_zip.require_texts(office["key"], office["name"], office["hash"])
        backup_zip.require_wholes(office["id"], office["seq"])
    return made


_NAMES = {one.name for one in fields(Manifest)}

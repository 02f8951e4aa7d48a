"""One part of a set: a zip archive with what was not in the parts before, and a manifest of everything.

    manifest.json          the set, the number of the part, SHA-256 of the part before, tables as blocks
    blocks/SHA256.jsonl    rows of a table, one a line
    files/SHA256           attachments and letters
    key.json               the key file, only where it was asked for

A table is the blocks that the manifest names, one after another, wherever in the set they lie. Where a block
ends hangs on the rows alone, so that rows added or changed make few new blocks.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from workflow.upkeep import backup_zip
from workflow.upkeep.backup_file import Manifest, read_contents
from workflow.upkeep.backup_zip import FAULTS, KEY, MANIFEST, SHA256, TABLE, Members, Part

FORMAT, VERSION = "disclosure backup part", 1
# One row in so many ends its block; none has more rows or bytes than these.
_ENDS, _MOST_ROWS, _MOST_BYTES = 128, 1024, 8 * 1024 * 1024


class Block(NamedTuple):
    """Rows of a table: SHA-256, length in bytes, number of rows."""

    sha256: str
    size: int
    rows: int


@dataclass
class PartManifest:
    """What a part says. `contents` is the whole database; of its files only those that are in this part."""

    of_set: str
    number: int
    previous: str
    contents: Manifest
    blocks: dict[str, list[Block]] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def members(self) -> dict[str, int]:
        """The length of every member but the manifest."""
        sizes = {one.sha256: one.size for blocks in self.blocks.values() for one in blocks}
        named = {block_name(sha256): sizes[sha256] for sha256 in self.held}
        return named | replace(self.contents, tables={}).parts()


class PartWriter(backup_zip.Writer):
    """A part that is being written. `known` are the blocks that the set has already."""

    def table(
        self, manifest: PartManifest, name: str, rows: Iterable[tuple[Any, dict[str, Any]]], known: set[str]
    ) -> None:
        """Write what is new of a table; the rows with their primary keys, in order."""
        digest, size, count = hashlib.sha256(), 0, 0
        made = manifest.blocks[name] = []
        for lines in _blocks(rows):
            data = b"".join(lines)
            digest.update(data)
            size += len(data)
            count += len(lines)
            block = Block(hashlib.sha256(data).hexdigest(), len(data), len(lines))
            made.append(block)
            if block.sha256 not in known:
                self.member(block_name(block.sha256), [data])
                manifest.held.append(block.sha256)
                known.add(block.sha256)
        manifest.contents.tables[name] = Part(size, digest.hexdigest(), count)

    def manifest(self, manifest: PartManifest) -> None:
        """Write the manifest, which ends the part."""
        self.json(MANIFEST, {"format": FORMAT, "version": VERSION, **asdict(manifest)})


class PartReader:
    """A part that is read; errors as those of a backup in one file."""

    def __init__(self, path: Path, shown: str) -> None:
        self.shown = shown
        self.members = Members(path, shown)
        self.size = path.stat().st_size
        try:
            self.manifest = _read_manifest(shown, self.members.manifest_bytes)
            self.members.require(self.manifest.members())
        except BaseException:
            self.members.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.members.close()


def block_name(sha256: str) -> str:
    """The member that holds a block."""
    return f"blocks/{sha256}.jsonl"


def _blocks(rows: Iterable[tuple[Any, dict[str, Any]]]) -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    size = 0
    for key, row in rows:
        line = backup_zip.row_line(row)
        lines.append(line)
        size += len(line)
        ends = zlib.crc32(repr(key).encode()) % _ENDS == 0
        if ends or len(lines) == _MOST_ROWS or size >= _MOST_BYTES:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _read_manifest(shown: str, data: bytes) -> PartManifest:
    try:
        table = json.loads(data)
        if (table.pop("format"), table.pop("version")) != (FORMAT, VERSION):
            raise ValueError("format")
        made = PartManifest(**{**table, "contents": read_contents(table["contents"])})
        _check(made)
    except (*FAULTS, KeyError, TypeError, AttributeError) as fault:
        raise backup_zip.no_backup(shown, f"{MANIFEST}: {fault}") from None
    return made


def _check(made: PartManifest) -> None:
    backup_zip.require_texts(made.of_set, made.previous, *made.held, *made.gone)
    backup_zip.require_wholes(made.number)
    if made.blocks.keys() != made.contents.tables.keys():
        raise ValueError("blocks")
    made.blocks = {name: [Block(*one) for one in blocks] for name, blocks in made.blocks.items()}
    for name, blocks in made.blocks.items():
        for one in blocks:
            backup_zip.read_part({"size": one.size, "sha256": one.sha256, "rows": one.rows}, name, TABLE)
    if not all(SHA256.fullmatch(one) for one in (*made.held, *made.gone)):
        raise ValueError("digest")
    # What is in the part are blocks of its tables, each once.
    known = {one.sha256 for blocks in made.blocks.values() for one in blocks}
    if len(set(made.held)) != len(made.held) or not known.issuperset(made.held):
        raise ValueError("held")
    if KEY in made.contents.files:
        raise ValueError(KEY)

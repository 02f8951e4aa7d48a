"""A set read as one backup: its parts brought to this machine, opened, and each compared with the link to it
in the part after.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from workflow.base import whole_files
from workflow.base.errors import Damaged, DisclosureError, Malformed, NotFound
from workflow.base.messages import N_
from workflow.upkeep import trial
from workflow.upkeep.backup_file import Reader, Source
from workflow.upkeep.backup_zip import KEY, Part
from workflow.upkeep.parts import age_files, opening, part_names
from workflow.upkeep.parts.age_files import Secrets
from workflow.upkeep.parts.part_file import Block, PartReader, block_name
from workflow.upkeep.parts.part_names import PartName
from workflow.upkeep.parts.targets import SFTP, Target


@contextmanager
def opened(place: str | Path, beside: Path, secrets: Secrets) -> Iterator[Source]:
    """The backup of a name: a file; a part, with those before it; the newest in a folder or on another
    machine. What is encrypted is opened in a throw-away place in the folder `beside`.

    NotFound where there is none, Damaged where a part is missing or was exchanged, Conflict where nothing
    that was given opens it.
    """
    where, name = _taken_apart(place)
    if name is None and not str(where).startswith(SFTP) and not Path(where).is_dir():
        with Reader(Path(where)) as source:
            yield source
        return
    with opening.opened(where) as target:
        last = part_names.read(name) if name else newest(target)
        whole = None if str(where).startswith(SFTP) or name else _newest_whole(Path(where))
        if whole and (last is None or whole[0] >= last.made_at.timestamp()):
            with Reader(whole[1]) as source:
                yield source
            return
        if last is None:
            raise NotFound(
                N_("There is no backup in {path}."),
                field="backup",
                path=target.shown,
                way_on=N_("Take one: disclosure backup {path}"),
            )
        with trial.throw_away(beside) as folder, whole_files.explained(folder), ExitStack() as stack:
            yield SetReader(
                _parts(target, last, folder, secrets, stack), f"{target.shown.rstrip('/')}/{last}"
            )


def newest(target: Target) -> PartName | None:
    """The newest part of the newest set in a target; None where there is none."""
    return max((part for name in target.sizes() if (part := part_names.read(name))), default=None)


def newest_file(folder: Path) -> Path | None:
    """The newest backup in one file in a folder, by the moment that it says itself; None without one."""
    found = _newest_whole(folder)
    return found[1] if found else None


def _newest_whole(folder: Path) -> tuple[float, Path] | None:
    found: list[tuple[float, Path]] = []
    for path in sorted(folder.glob("*.zip")):
        try:
            with Reader(path) as source:
                made = datetime.fromisoformat(source.manifest.created_at).timestamp()
                found.append((made, path))
        except (DisclosureError, ValueError):
            continue  # another archive, or a part; of a backup that broke it is told where it is named
    return max(found, default=None)


def _taken_apart(place: str | Path) -> tuple[str | Path, str | None]:
    """A place, and the name of the part in it where one was named."""
    text = str(place)
    above, _, last = text.rpartition("/")
    if part_names.read(last) is None:
        return place, None
    return (above if text.startswith(SFTP) else Path(text).parent), last


def _parts(
    target: Target, last: PartName, folder: Path, secrets: Secrets, stack: ExitStack
) -> list[PartReader]:
    """The parts of a set up to this one, the last first brought: each names the one before it."""
    there = [part for name in target.sizes() if (part := part_names.read(name))]
    keys = _keys(target, last, secrets) if last.sealed else []
    found: list[PartReader] = []
    wanted = ""
    for number in range(last.number, 0, -1):
        named = [last] if number == last.number else _of_number(there, last, number)
        plain = folder / f"{number}.zip"
        name = _brought(target, named, wanted, plain, keys)
        if name is None:
            raise _broken(target, last, number, missing=not named)
        reader = PartReader(plain, f"{target.shown.rstrip('/')}/{name}")
        stack.callback(reader.close)
        if (reader.manifest.of_set, reader.manifest.number) != (last.of_set, number):
            raise _broken(target, last, number, missing=False)
        wanted = reader.manifest.previous
        if bool(wanted) != (number > 1):
            raise _broken(target, last, number, missing=False)
        found.append(reader)
    return found[::-1]


def _of_number(there: list[PartName], last: PartName, number: int) -> list[PartName]:
    return [one for one in there if (one.of_set, one.number) == (last.of_set, number)]


def _brought(
    target: Target, named: list[PartName], wanted: str, plain: Path, keys: list[Any]
) -> PartName | None:
    """Bring the one of these files that has the digest that is wanted (any, of the last), and open it."""
    for name in named:
        stored = plain.with_suffix(".stored")
        with stored.open("w+b") as out:
            digest = _Through(out)
            target.read(str(name), digest)  # type: ignore[arg-type]
            if wanted and digest.hex() != wanted:
                continue
            if not name.sealed:
                stored.replace(plain)
                return name
            out.seek(0)
            with plain.open("wb") as opened_out:
                age_files.decrypt(out, opened_out, keys, f"{target.shown.rstrip('/')}/{name}")
        stored.unlink()
        return name
    return None


def _keys(target: Target, last: PartName, secrets: Secrets) -> list[Any]:
    """The private keys that were given; else that of the set, opened by the passphrase."""
    if secrets.files:
        return age_files.keys_of(secrets.files)
    name = part_names.key_of(last.of_set)
    if name not in target.sizes() or secrets.passphrase is None:
        raise Malformed(
            N_("The backup {path} is encrypted."),
            field="identity",
            path=f"{target.shown.rstrip('/')}/{last}",
            way_on=N_("Give a file with a private key: --identity FILE"),
        )
    data = io.BytesIO()
    target.read(name, data)
    return [age_files.opened_key(data.getvalue(), secrets.passphrase(), name)]


def _broken(target: Target, last: PartName, number: int, *, missing: bool) -> Damaged:
    name = f"disclosure-{last.of_set}.{number:04d}"
    message = (
        N_("The part {name} of the backup is missing in {target}.")
        if missing
        else N_("The part {name} in {target} is not the one that the next part names: damaged or exchanged.")
    )
    return Damaged(
        message,
        field="archive",
        name=name,
        target=target.shown,
        way_on=N_(
            "Nothing was restored. Put that part back; or name an earlier part, which needs none after it."
        ),
    )


class SetReader:
    """The parts of a set as one backup."""

    def __init__(self, parts: list[PartReader], shown: str) -> None:
        self.shown = shown
        self._parts = parts
        self._last = parts[-1].manifest
        self._blocks = {sha: part for part in parts for sha in part.manifest.held}
        self._files: dict[str, PartReader] = {}
        files: dict[str, Part] = {}
        for part in parts:
            for gone in part.manifest.gone:
                files.pop(gone, None)
            for sha256, about in part.manifest.contents.files.items():
                files[sha256], self._files[sha256] = about, part
        self._key = next((part for part in reversed(parts) if part.manifest.contents.key), None)
        self.manifest = replace(
            self._last.contents, files=files, key=self._key.manifest.contents.key if self._key else None
        )

    @property
    def size(self) -> int:
        """The length of all parts, opened, in bytes."""
        return sum(part.size for part in self._parts)

    def about(self) -> dict[str, Any]:
        """The set and how many parts of it were read."""
        return {"set": self._last.of_set, "parts": len(self._parts)}

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, block by block."""
        whole, count = hashlib.sha256(), 0
        for block in self._last.blocks[table]:
            part = self._blocks.get(block.sha256)
            if part is None:
                raise self._parts[-1].members.damaged(block_name(block.sha256))
            for line in self._lines(part, block):
                whole.update(line)
                count += 1
                yield part.members.row(block_name(block.sha256), line)
        about = self.manifest.tables[table]
        if (whole.hexdigest(), count) != (about.sha256, about.rows):
            raise self._parts[-1].members.damaged(f"tables/{table}")

    def _lines(self, part: PartReader, block: Block) -> Iterator[bytes]:
        name = block_name(block.sha256)
        digest, rows = hashlib.sha256(), 0
        for line in part.members.lines(name):
            digest.update(line)
            rows += 1
            yield line
        if (digest.hexdigest(), rows) != (block.sha256, block.rows):
            raise part.members.damaged(name)

    def file(self, sha256: str) -> Iterator[bytes]:
        """The bytes of a file in parts."""
        return self._files[sha256].members.bytes(f"files/{sha256}", sha256)

    def key(self) -> bytes | None:
        """The key file, where a part has it: the newest."""
        if self._key is None or self.manifest.key is None:
            return None
        return b"".join(self._key.members.bytes(KEY, self.manifest.key.sha256))

    def web_key(self) -> bytes | None:
        """None: parts hold no keys of the public counter."""
        return None


class _Through:
    """Writes on, and reckons the SHA-256."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._digest = out, hashlib.sha256()

    def write(self, part: bytes) -> int:
        self._digest.update(part)
        return self._out.write(part)

    def hex(self) -> str:
        """The SHA-256."""
        return self._digest.hexdigest()

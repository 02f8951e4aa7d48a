"""Attachments and letters, kept by what they hold: the name of a file is the SHA-256 of its bytes.

The same file handed in twice is kept once, and nothing is ever overwritten. Each reading computes the digest
again: a file that is not what was handed in is never shown as if it were.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workflow.base import variables, whole_files
from workflow.base.errors import Damaged, Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.patterns import later

LIMIT = 100 * 1024 * 1024
_DEFAULT_NAME = "disclosure-files"
_INCOMING = "incoming"
_PART = 1024 * 1024
_ABANDONED = 24 * 3600
_DIGEST = later(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Kept:
    """A file in the store: its digest (hex SHA-256) and its length in bytes."""

    sha256: str
    size: int


def folder(beside: Path) -> Path:
    """Where files are kept: DISCLOSURE_FILES, else in the folder `beside` (that of the database)."""
    named = variables.given("DISCLOSURE_FILES")
    return Path(named) if named else beside / _DEFAULT_NAME


def put(store: Path, source: Path | bytes | Iterator[bytes], *, limit: int = LIMIT) -> Kept:
    """Take a file (or bytes, or parts of them as they come) into the store.

    Malformed if it is no readable file or longer than `limit` bytes, Environment if the disk takes no more;
    the store is then as it was.
    """
    if isinstance(source, bytes):
        return _take(store, iter([source]), "", limit)
    if isinstance(source, Iterator):
        return _take(store, source, "", limit)
    with _regular(source) as file:
        return _take(store, _parts(file, source), source.name, limit)


@contextmanager
def _regular(source: Path) -> Iterator[BinaryIO]:
    try:
        # Not blocking, so that a pipe is refused and not waited for.
        handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as fault:
        raise _unreadable(source, fault) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Malformed(N_("{path} is not a file."), path=str(source), field="attachment")
    with os.fdopen(handle, "rb") as file:
        yield file


def _take(store: Path, parts: Iterator[bytes], name: str, limit: int) -> Kept:
    _sweep(store / _INCOMING)
    digest, size = hashlib.sha256(), 0
    with whole_files.draft(store / _INCOMING) as new:
        for part in parts:
            size += len(part)
            if size > limit:
                raise Malformed(
                    N_("'{name}' is longer than the {limit} bytes that a file may have."),
                    name=name,
                    limit=limit,
                    field="attachment",
                )
            digest.update(part)
            new.write(part)
        kept = Kept(digest.hexdigest(), size)
        target = _place(store, kept.sha256)
        # A kept file that rotted is mended by the good copy at hand; a good one is left alone.
        if not _is_whole(target, kept.sha256):
            target.parent.mkdir(mode=0o700, exist_ok=True)
            whole_files.sync_folder(store)
            new.keep(target, replace=True)
    return kept


@contextmanager
def opened(store: Path, sha256: str) -> Iterator[BinaryIO]:
    """A kept file, verified, at its start; NotFound if there is none, Damaged if it is not what was handed
    in.
    """
    path = _place(store, sha256)
    try:
        file = path.open("rb")
    except OSError:
        raise NotFound(
            N_("The file {sha256} is not in {path}."),
            sha256=sha256,
            path=str(store),
            way_on=N_("Put it back from a backup, or name the right folder by DISCLOSURE_FILES."),
        ) from None
    with file:
        if _digest(file) != sha256:
            raise Damaged(
                N_("The file {sha256} is not what was handed in."),
                sha256=sha256,
                way_on=N_("Put it back from a backup, or take the original in again."),
            )
        file.seek(0)
        yield file


def verify(store: Path, sha256: str) -> None:
    """Read a kept file once and compare it with its digest; errors as opened()."""
    with opened(store, sha256):
        pass


def read(store: Path, sha256: str) -> bytes:
    """The bytes of a kept file, verified; errors as opened()."""
    with opened(store, sha256) as file:
        return file.read()


def remove(store: Path, sha256: str) -> bool:
    """Take a file out of the store for good; whether it was there."""
    try:
        _place(store, sha256).unlink()
    except FileNotFoundError:
        return False
    return True


def every(store: Path) -> Iterator[str]:
    """The digests of all files kept, in order; none of them is verified."""
    for shelf in sorted(store.glob("[0-9a-f][0-9a-f]")):
        for path in sorted(shelf.iterdir()):
            if _DIGEST.fullmatch(shelf.name + path.name):
                yield shelf.name + path.name


def _place(store: Path, sha256: str) -> Path:
    # Digests come from the database, but also from the command line: nothing else may become a path.
    if not _DIGEST.fullmatch(sha256):
        raise Malformed(N_("'{sha256}' is not a SHA-256."), sha256=sha256[:80], field="sha256")
    return store / sha256[:2] / sha256[2:]


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := file.read(_PART):
        digest.update(part)
    return digest.hexdigest()


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return _digest(file) == sha256
    except OSError:
        return False


def _parts(file: BinaryIO, source: Path) -> Iterator[bytes]:
    while True:
        try:
            part = file.read(_PART)
        except OSError as fault:
            raise _unreadable(source, fault) from None
        if not part:
            return
        yield part


def _unreadable(source: Path, fault: OSError) -> Malformed:
    return Malformed(
        N_("The file {path} cannot be read: {detail}"),
        path=str(source),
        detail=fault.strerror or str(fault),
        field="attachment",
    )


def _sweep(incoming: Path) -> None:
    # What a killed process left half written belongs to nobody; what is young may be another's at work.
    with suppress(OSError):
        for path in incoming.iterdir():
            if path.stat().st_mtime < time.time() - _ABANDONED:
                path.unlink()

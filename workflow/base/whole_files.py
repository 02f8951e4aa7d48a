"""Files written whole or not at all: written beside their final place, synced to disk, then moved into place.

A process killed at any moment, or a full disk, leaves the old file. What the machine refuses (no space, no
permission, a read-only disk) is an Environment error that names the folder.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from workflow.base.errors import Environment, Malformed
from workflow.base.messages import N_

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}


class Draft:
    """A file that is being written; it is deleted unless it is kept."""

    def __init__(self, out: BinaryIO, path: Path) -> None:
        self.out = out
        self.path = path

    def write(self, part: bytes) -> None:
        """Add to the end."""
        self.out.write(part)

    def keep(self, target: Path, *, replace: bool) -> None:
        """Sync it to disk and give it its final name, on the same disk; FileExistsError if taken and not
        `replace`.
        """
        self.out.flush()
        os.fsync(self.out.fileno())
        if replace:
            self.path.replace(target)
        else:
            # Linking fails if the name is taken, renaming does not: of two writers at the same time only one
            # succeeds.
            try:
                target.hardlink_to(self.path)
            except OSError as fault:
                if fault.errno not in _NO_LINKS:
                    raise
                # No hard links here: create the name, then replace it.
                os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                self.path.replace(target)
        sync_folder(target.parent)


def private_folder(folder: Path) -> None:
    """Make a folder and all that is missing on the way to it, each for its owner alone; FileExistsError where
    a file stands in its place.
    """
    missing = [folder]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def draft(folder: Path) -> Iterator[Draft]:
    """A draft in `folder`, which is created if needed; readable by its owner alone."""
    with explained(folder):
        try:
            private_folder(folder)
        except FileExistsError:
            # A file stands where the folder should be; not to be confused with a target name that is taken.
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
        handle, name = tempfile.mkstemp(prefix=".new-", dir=folder)
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                yield Draft(out, path)
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def write(path: Path, data: bytes, *, replace: bool) -> None:
    """Write a file of mode 0600 whole; FileExistsError if it is there and not `replace`. Only a file is
    replaced.
    """
    if replace and os.path.exists(path) and not os.path.isfile(path):  # neither fails
        # A device would be replaced by the file too, where the user may do that: /dev/null would be gone.
        raise Malformed(
            N_("{path} is a folder or a device, and no file that could be written."),
            field="out",
            path=str(path),
            way_on=N_("Name a file."),
        )
    with draft(path.parent) as new:
        new.write(data)
        new.keep(path, replace=replace)


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, whole, in place of what is there."""
    write(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(), replace=True)


def sync_folder(folder: Path) -> None:
    """Sync a folder to disk: without it a crash could lose a file that was already synced."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """What the machine refuses within the block is told as an Environment error that names the folder."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as fault:
        if fault.errno in _FULL:
            raise Environment(
                N_("There is no room left in {path}; nothing was written."),
                path=str(folder),
                way_on=N_("Make room on that disk, or raise the quota, then repeat."),
            ) from None
        raise Environment(
            N_("{path} cannot be written: {detail}"),
            path=str(folder),
            detail=fault.strerror or str(fault),
            way_on=N_("Check the owner and the rights of that folder, then repeat."),
        ) from None

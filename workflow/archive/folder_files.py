"""The files of an archive folder: written whole beside it, and put in its place at once."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from workflow.base import whole_files
from workflow.base.errors import Environment, Refused
from workflow.base.messages import N_

SUMS, MANIFEST, EXTRACT = "SHA256SUMS", "volume.json", "ledger.jsonl"


_ABANDONED = 3600


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def refuse_strange(out: Path) -> None:
    """What is there has to be a folder that this program made, or nothing."""
    if not out.exists() and not out.is_symlink():
        return
    if out.is_dir() and not out.is_symlink() and (not any(out.iterdir()) or (out / MANIFEST).is_file()):
        return
    raise Refused(
        N_("{path} is there already, and is no archive folder; nothing is put over it."),
        rule="house:file",
        field="out",
        path=str(out),
        way_on=N_("Name a folder that is not there yet."),
    )


def is_same(out: Path, sums: str) -> bool:
    """Whether the folder holds exactly this already, each file as it should be."""
    with suppress(OSError):
        if (out / SUMS).read_text(encoding="utf-8") != sums:
            return False
        names = {SUMS, *(line.split("  ", 1)[1] for line in sums.splitlines())}
        if {path.name for path in out.iterdir()} != names:
            return False
        return all(
            hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
            for digest, name in (line.split("  ", 1) for line in sums.splitlines())
        )
    return False


def write(out: Path, contents: dict[str, bytes]) -> None:
    """The folder whole at its place, or the old one still there: made beside it, brought to disk, then
    renamed.
    """
    parent = out.parent
    try:
        whole_files.private_folder(parent)
        _sweep(parent, out.name)
        draft = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=parent))
        try:
            for name, data in contents.items():
                # For its owner alone, wherever it is taken afterwards.
                handle = os.open(draft / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            whole_files.sync_folder(draft)
            _swap(draft, out)
            whole_files.sync_folder(parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as fault:
        message = (
            N_("There is no room left in {path}; nothing was written.")
            if fault.errno in _FULL
            else N_("{path} cannot be written: {detail}")
        )
        raise Environment(
            message,
            field="out",
            path=str(parent),
            detail=fault.strerror or str(fault),
            way_on=N_("Put that right, then: disclosure work"),
        ) from None


def _swap(draft: Path, out: Path) -> None:
    if not out.exists():
        draft.rename(out)
        return
    # A folder cannot replace a non-empty one: for a moment the old one has another name.
    old = out.with_name(f".{out.name}.old-{draft.name.rpartition('-')[2]}")
    out.rename(old)
    try:
        draft.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _sweep(parent: Path, name: str) -> None:
    """Clear up after a killed process: an old folder returns to its place if that is empty, drafts are
    deleted.
    """
    for old in sorted(parent.glob(f".{name}.old-*")):
        if (parent / name).exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(parent / name)
    for draft in parent.glob(f".{name}.new-*"):
        # A recent one may belong to a process that is at work.
        with suppress(OSError):
            if draft.stat().st_mtime < time.time() - _ABANDONED:
                shutil.rmtree(draft, ignore_errors=True)

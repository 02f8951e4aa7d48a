"""Files of private keys: written once, never overwritten, readable by their owner alone; and read back."""

from __future__ import annotations

from pathlib import Path

from workflow.base import whole_files
from workflow.base.errors import Conflict, Damaged, Environment
from workflow.base.messages import N_


def create(path: Path, data: bytes, way_on: str) -> None:
    """Write a new key; Conflict where there is one, which is never overwritten."""
    try:
        whole_files.write(path, data, replace=False)
    except FileExistsError:
        raise Conflict(N_("There is a key file already: {path}"), path=str(path), way_on=way_on) from None


def read(path: Path, way_on: str) -> bytes:
    """What a key file holds; Environment where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Environment(
            N_("The key file {path} cannot be read: {detail}"),
            path=str(path),
            detail=fault.strerror or str(fault),
            way_on=way_on,
        ) from None


def damaged(path: Path | str) -> Damaged:
    """The error of a file that holds no such key."""
    return Damaged(
        N_("The key file {path} is not what was written."),
        path=str(path),
        way_on=N_("Put back the copy that was kept of it."),
    )

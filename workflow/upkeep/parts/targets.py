"""Where the parts of a set are kept: a folder, or a folder on another machine (see sftp.py)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol

from workflow.base import whole_files
from workflow.base.errors import Environment
from workflow.base.messages import N_

Fill = Callable[[BinaryIO], None]
SFTP = "sftp://"


class Target(Protocol):
    """A place with files, each of which is there whole or not at all."""

    shown: str

    def sizes(self) -> dict[str, int]:
        """The files that are there, with their lengths in bytes."""

    def write(self, name: str, fill: Fill) -> None:
        """Write a file, in place of one that is there; `fill` is given the open file."""

    def read(self, name: str, out: BinaryIO) -> None:
        """Copy a file to an open one."""

    def remove(self, name: str) -> None:
        """Take a file away."""


class Folder:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, path: Path) -> None:
        self.path, self.shown = path, str(path)

    def sizes(self) -> dict[str, int]:
        """The files that are there, with their lengths in bytes."""
        try:
            return {one.name: one.stat().st_size for one in self.path.iterdir() if one.is_file()}
        except OSError as fault:
            raise unreachable(self.shown, fault.strerror or str(fault)) from None

    def write(self, name: str, fill: Fill) -> None:
        """Write a file whole, in place of one that is there."""
        with whole_files.draft(self.path) as new:
            fill(new.out)
            new.keep(self.path / name, replace=True)

    def read(self, name: str, out: BinaryIO) -> None:
        """Copy a file to an open one."""
        try:
            with (self.path / name).open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)
        except OSError as fault:
            raise unreachable(str(self.path / name), fault.strerror or str(fault)) from None

    def remove(self, name: str) -> None:
        """Take a file away."""
        (self.path / name).unlink(missing_ok=True)


def unreachable(shown: str, detail: str) -> Environment:
    """The error for a place that cannot be read."""
    return Environment(
        N_("{path} cannot be read: {detail}"),
        field="to",
        path=shown,
        detail=detail,
        way_on=N_("Is the disk mounted, the machine on? The folder has to be there, and yours."),
    )

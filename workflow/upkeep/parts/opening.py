"""The target of a name: a folder, or sftp://… on another machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.upkeep.parts import sftp
from workflow.upkeep.parts.targets import SFTP, Folder, Target


@contextmanager
def opened(place: str | Path) -> Iterator[Target]:
    """The target of a name; Environment where it is not reached."""
    if isinstance(place, str) and place.startswith(SFTP):
        with sftp.opened(place) as remote:
            yield remote
    else:
        # However it was typed: the memory of the set goes by this name.
        yield Folder(Path(place).absolute())

"""What this machine remembers of a set that it writes: its parts, and what is in them already.

It is what a new part is compared with; the target itself may hold nothing that can be read without a secret.
Where it is lost, the next backup begins a new set.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from workflow.base import whole_files
from workflow.base.errors import Conflict, Damaged
from workflow.base.messages import N_
from workflow.base.shown_url import shown
from workflow.storage.database import Store

_FOLDER = "disclosure-backups"


@dataclass
class Memory:
    """A set: to whom it is encrypted (nobody where it is plain), where each office's chain ended at its last
    part, its parts (name, size, sha256, made_at), and the digests of its blocks and files.
    """

    of_set: str
    target: str
    recipients: list[str]
    ends: dict[str, list[Any]] = field(default_factory=dict)
    parts: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def place(store: Store, target: str) -> Path:
    """Where the memory of the set in a target lies: one for each database and target."""
    what = f"{shown(store.url)}\n{target}"
    return store.folder / _FOLDER / f"{hashlib.sha256(what.encode()).hexdigest()[:16]}.json"


def load(path: Path) -> Memory | None:
    """What is remembered; None where there is nothing, Damaged where it cannot be read."""
    try:
        table = json.loads(path.read_bytes())
        if set(table) != {one.name for one in fields(Memory)}:
            raise ValueError
        return Memory(**table)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise Damaged(
            N_("What was remembered of the backups in {path} cannot be read."),
            path=str(path),
            way_on=N_("Delete that file: the next backup then begins a new set."),
        ) from None


def keep(path: Path, memory: Memory) -> None:
    """Remember, in place of what was remembered."""
    whole_files.write(path, json.dumps(asdict(memory), ensure_ascii=False).encode(), replace=True)


def every(store: Store) -> Iterator[Memory]:
    """All sets that this machine writes of a database."""
    for path in sorted((store.folder / _FOLDER).glob("*.json")):
        memory = load(path)
        if memory is not None and path == place(store, memory.target):
            yield memory


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one backup to a target at a time; Conflict for a second."""
    whole_files.private_folder(path.parent)
    handle = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(
                N_("Another backup to this place is under way."),
                field="to",
                way_on=N_("Wait until it has ended."),
            ) from None
        yield
    finally:
        os.close(handle)

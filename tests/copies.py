"""What an office of the tests looked like before: whoever founds the same one, or walks the same road in one
that nothing else has touched, gets a copy of what came out the first time in this process.

Only for tests that ask for it (`repeated_roads`), and on SQLite. Founding takes 15 ms and a road to a filed
case 90; a copy takes 2. A copy is taken where everything that bears on the outcome is the same: what is in
the database, the tables of the law and of the process, what is patched, the settings in the environment, the
language, the key.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest

from workflow import calendar, law
from workflow.base import dates, messages
from workflow.procedure import transitions
from workflow.storage import encryption, file_store
from workflow.storage.database import Store
from workflow.storage.database_url import sqlite_path

# Where in SQLite's index of the log the number of its last page stands, and how much tells one state of the
# database from another: https://www.sqlite.org/walformat.html#the_wal_index_header
_LAST_PAGE, _HEAD = slice(16, 20), 48
# Where things lie differs from test to test and bears on nothing.
_PLACES = {"DISCLOSURE_HOME", "DISCLOSURE_KEY_FILE", "DISCLOSURE_FILES", "DISCLOSURE_DATABASE_URL"}

Print = tuple[Any, ...]
# All that patch something; what each has patched, it knows itself.
_patching: WeakSet[pytest.MonkeyPatch] = WeakSet()


def _watched(name: str) -> None:
    patch = getattr(pytest.MonkeyPatch, name)

    @wraps(patch)
    def watched(self: pytest.MonkeyPatch, *given: Any, **more: Any) -> None:
        _patching.add(self)
        patch(self, *given, **more)

    setattr(pytest.MonkeyPatch, name, watched)


_watched("setattr")
_watched("setitem")


def patched() -> Hashable:
    """What is another one than it would be, beside the environment."""
    found = set()
    for one in _patching:
        for target, name, _ in one._setattr:
            found.add((id(target), name, _known(getattr(target, name, None))))
        for target, key, _ in one._setitem:
            if target is not os.environ:
                found.add((id(target), str(key), _known(target.get(key))))
    return frozenset(found)


def _known(value: Any) -> int:
    _held[id(value)] = value
    return id(value)


@dataclass(frozen=True)
class Copy:
    """A database as it was left, with the files beside it, the key, what was said and the clock's tick."""

    database: Path
    files: dict[str, bytes]
    key: bytes | None
    said: Any
    tick: int

    @property
    def history(self) -> Hashable:
        """What is the same for all who have got a copy."""
        return self.database.name


_kept: dict[Hashable, Copy] = {}
# Tables and what is patched are told apart by what they are; what is held here is never another one at the
# same address.
_held: dict[int, Any] = {}
# Where copies lie, while they are wanted.
_folder: list[Path] = []
# Whose tests the copies are of.
_of: list[str] = []
_names = count()


@contextmanager
def wanted(folder: Path, of: str) -> Iterator[None]:
    """Make and take copies meanwhile; they are kept in this folder, until those of another module begin."""
    folder.mkdir(exist_ok=True)
    if _of != [of]:
        for copy in _kept.values():
            copy.database.unlink(missing_ok=True)
        _kept.clear()
        _held.clear()
        _of[:] = [of]
    _folder.append(folder)
    try:
        yield
    finally:
        _folder.pop()


def fingerprint(path: Path) -> Print:
    """What tells whether anything was committed to the database since, by whomever."""
    with path.open("rb") as file:
        head = file.read(100)
    state = path.stat()
    log = b""
    index = path.with_name(f"{path.name}-shm")
    if index.exists():
        with index.open("rb") as file:
            log = file.read(_HEAD)
        if not any(log[_LAST_PAGE]):
            log = b""
    return (head, state.st_size, state.st_mtime_ns, log)


def around() -> Hashable:
    """What bears on the outcome beside the database."""
    tables = (law.bundled(), calendar.known(), transitions.bundled())
    settings = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("DISCLOSURE_") and name not in _PLACES
    }
    return (
        tuple(map(_known, tables)),
        patched(),
        tuple(sorted(settings.items())),
        messages.language(),
        dates.today(),
    )


def found(store: Store, what: Hashable, founding: Callable[[], Any]) -> Hashable:
    """Found an office in an empty database, or copy one that was founded like it; the history that it has
    now, None where it has none that can be repeated.
    """
    path = sqlite_path(store.url)
    if not _folder or path is None or not path.exists() or path.with_name(f"{path.name}-shm").exists():
        founding()
        return None
    key = encryption.key_file(store.folder)
    held = key.read_bytes() if key.exists() else None
    step = (hashlib.sha256(path.read_bytes()).digest(), held, what, around())
    copy = _kept.get(step)
    if copy is None:
        founding()
        store.close()
        copy = _kept[step] = _copied(path, {}, key.read_bytes(), None, 0)
    else:
        shutil.copyfile(copy.database, path)
        path.chmod(0o600)
        if held is None:
            assert copy.key is not None
            key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            key.touch(mode=0o600)
            key.write_bytes(copy.key)
    return copy.history


def again(store: Store, step: Hashable, walking: Callable[[], tuple[Any, int]]) -> Copy:
    """What this step from a history leads to: by walking, or by a copy of what it led to before. `walking`
    gives what it says and how far the clock is then.
    """
    path = sqlite_path(store.url)
    assert path is not None
    step = (step, around())
    copy = _kept.get(step)
    files = file_store.folder(store.folder)
    if copy is None:
        before = _files(files)
        said, tick = walking()
        new = {name: data for name, data in _files(files).items() if name not in before}
        copy = _kept[step] = _copied(path, new, None, said, tick)
        return copy
    _into(copy.database, path)
    for name, data in copy.files.items():
        target = files / name
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(data)
            target.chmod(0o400)
    return copy


def _files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file()) if folder.exists() else ()
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def _copied(path: Path, files: dict[str, bytes], key: bytes | None, said: Any, tick: int) -> Copy:
    target = _folder[0] / f"{next(_names)}.db"
    _into(path, target)
    return Copy(target, files, key, said, tick)


def _into(source: Path, target: Path) -> None:
    # Not by copying the file: others may have the target open, and what is in the source's log belongs to it.
    one, other = sqlite3.connect(source), sqlite3.connect(target)
    try:
        one.backup(other)
    finally:
        one.close()
        other.close()

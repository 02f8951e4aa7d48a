"""What an office of the tests looked like before: whoever founds the same one, or walks the same road in one
that nothing else has touched, gets a copy of what came out the first time in this process.

Only for tests that ask for it (`repeated_roads`). On SQLite founding takes 15 ms and a road to a filed case
90, on PostgreSQL twice as much and as much again on the server; a copy takes 2 and 10. A copy is taken where
everything that bears on the outcome is the same: what is in the database, the tables of the law and of the
process, what is patched, the settings in the environment, the language, the key.
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

from tests import postgres, rows
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


class OnSqlite:
    """The database of an office in a file; what is kept of it is another file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def state(self) -> Print | None:
        """What tells whether anything was committed to the database since, by whomever."""
        with self.path.open("rb") as file:
            head = file.read(100)
        found = self.path.stat()
        log = b""
        if self._index.exists():
            with self._index.open("rb") as file:
                log = file.read(_HEAD)
            if not any(log[_LAST_PAGE]):
                log = b""
        return (head, found.st_size, found.st_mtime_ns, log)

    def unused(self) -> Hashable:
        """What is the same for all databases that are as empty as this one; None if it is in use."""
        if not self.path.exists() or self._index.exists():
            return None
        return hashlib.sha256(self.path.read_bytes()).digest()

    def kept(self) -> Path:
        """What it is now."""
        target = _folder[0] / f"{next(_numbers)}.db"
        _into(self.path, target)
        return target

    def put(self, content: Path, _: Path | None) -> None:
        """Make it what another one was."""
        if self._index.exists():
            _into(content, self.path)
        else:
            shutil.copyfile(content, self.path)
            self.path.chmod(0o600)

    @property
    def _index(self) -> Path:
        # There as long as anybody has the database open.
        return self.path.with_name(f"{self.path.name}-shm")


class OnPostgres:
    """The database of an office on a server of the tests; what is kept of it are its rows."""

    def __init__(self, server: postgres.Server, name: str) -> None:
        self.server = server
        self.name = name

    def state(self) -> Print | None:
        """What tells whether anything was written on the server since, by whomever."""
        state = self.server.state(self.name)
        return None if state is None else (state,)

    def unused(self) -> Hashable:
        """What is the same for all databases that are as empty as this one; None if it may not be empty."""
        return self.server.unused(self.name)

    def kept(self) -> rows.Rows:
        """What is in it now."""
        return rows.taken(self.server.keeper(self.name))

    def put(self, content: rows.Rows, before: rows.Rows | None) -> None:
        """Put what was in another one in place of what is in it now (nothing where nothing is told)."""
        rows.put(self.server.keeper(self.name), content, before or rows.Rows())


def database(url: str) -> OnSqlite | OnPostgres | None:
    """The database that a URL leads to, if copies can be made of it."""
    if path := sqlite_path(url):
        return OnSqlite(path)
    behind = postgres.behind(url)
    return OnPostgres(*behind) if behind else None


@dataclass(frozen=True, eq=False)
class Copy:
    """A database as it was left, with the files beside it, the key, what was said and the clock's tick. Who
    has got the same copy, has the same history.
    """

    database: Any
    files: dict[str, bytes]
    key: bytes | None
    said: Any
    tick: int


_kept: dict[Hashable, Copy] = {}
# Tables and what is patched are told apart by what they are; what is held here is never another one at the
# same address.
_held: dict[int, Any] = {}
# Where copies lie, while they are wanted.
_folder: list[Path] = []
# Whose tests the copies are of.
_of: list[str] = []
_numbers = count()


@contextmanager
def wanted(folder: Path, of: str) -> Iterator[None]:
    """Make and take copies meanwhile; they are kept in this folder, until those of another module begin."""
    folder.mkdir(exist_ok=True)
    if _of != [of]:
        for copy in _kept.values():
            if isinstance(copy.database, Path):
                copy.database.unlink(missing_ok=True)
        _kept.clear()
        _held.clear()
        _of[:] = [of]
    _folder.append(folder)
    try:
        yield
    finally:
        _folder.pop()


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


def found(store: Store, what: Hashable, founding: Callable[[], Any]) -> Copy | None:
    """Found an office in an empty database, or copy one that was founded like it; the history that it has
    now, None where it has none that can be repeated.
    """
    place = database(store.url) if _folder else None
    empty = place and place.unused()
    if place is None or empty is None:
        founding()
        return None
    key = encryption.key_file(store.folder)
    held = key.read_bytes() if key.exists() else None
    step = (empty, held, what, around())
    copy = _kept.get(step)
    if copy is None:
        founding()
        store.close()
        copy = _kept[step] = Copy(place.kept(), {}, key.read_bytes(), None, 0)
    else:
        place.put(copy.database, None)
        if held is None:
            assert copy.key is not None
            key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            key.touch(mode=0o600)
            key.write_bytes(copy.key)
    return copy


def again(store: Store, before: Copy, step: Hashable, walking: Callable[[], tuple[Any, int]]) -> Copy:
    """What this step leads to from what the database is now, which is a copy: by walking, or by a copy of
    what it led to before. `walking` gives what it says and how far the clock is then.
    """
    place = database(store.url)
    assert place is not None
    step = (before, step, around())
    copy = _kept.get(step)
    files = file_store.folder(store.folder)
    if copy is None:
        there = _files(files)
        said, tick = walking()
        new = {name: data for name, data in _files(files).items() if name not in there}
        copy = _kept[step] = Copy(place.kept(), new, None, said, tick)
        return copy
    place.put(copy.database, before.database)
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


def _into(source: Path, target: Path) -> None:
    # Not by copying the file: others may have the target open, and what is in the source's log belongs to it.
    one, other = sqlite3.connect(source), sqlite3.connect(target)
    try:
        one.backup(other)
    finally:
        one.close()
        other.close()

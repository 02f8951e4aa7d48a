"""Whether the program's files are still those that the service has loaded."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator

from workflow.service.client import TREE

PARTS = ("workflow", "letters", "migrations", "cli.py")
ENDINGS = (".py", ".toml", ".html", ".css", ".mo", ".svg", ".socket", ".service")


class Files:
    """The program's modules and tables with size and moment of change, as they were when this was made."""

    def __init__(self, tree: str = TREE) -> None:
        self._tree = tree
        self._seen = {path: _stamp(path) for path in _paths(tree)}
        self._folders = self._changes()
        self._watch = Watch((tree, *self._folders))
        self._known = False

    def changed(self) -> bool:
        """True if a file was changed, removed or added since. Files are looked at one by one only where
        something stirred in their folders."""
        if self._watch.stirred():
            self.look()
        return self._known

    def look(self) -> None:
        """Look at every file, as where changes are not told (a tree on another machine's disk)."""
        self._known = self._known or self._differs()
        self._watch.over((self._tree, *self._folders))

    def _changes(self) -> dict[str, int]:
        return {folder: os.stat(folder).st_mtime_ns for folder in _folders(self._tree)}

    def _differs(self) -> bool:
        try:
            if any(_stamp(path) != stamp for path, stamp in self._seen.items()):
                return True
            now = self._changes()
            if now != self._folders:
                # __pycache__ and scratch files change a folder too: only then the names are looked at.
                if set(_paths(self._tree)) != set(self._seen):
                    return True
                self._folders = now
        except OSError:
            return True
        return False


class Watch:
    """Told by the kernel (inotify) that something in folders was written, made, moved or deleted."""

    # IN_MODIFY, ATTRIB, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE, DELETE_SELF, MOVE_SELF
    _EVENTS = 0x2 | 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800

    def __init__(self, folders: Iterable[str]) -> None:
        self._kernel = ctypes.CDLL(None, use_errno=True)
        try:
            self._fd = int(self._kernel.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        except AttributeError:
            self._fd = -1
        self.over(folders)

    def over(self, folders: Iterable[str]) -> None:
        """Watch these folders too; one that is watched already stays so."""
        for folder in folders if self._fd >= 0 else ():
            if self._kernel.inotify_add_watch(self._fd, os.fsencode(folder), self._EVENTS) < 0:
                os.close(self._fd)
                self._fd = -1
                return

    def stirred(self) -> bool:
        """Whether anything was told since this was last asked; True where nothing can be told."""
        if self._fd < 0:
            return True
        found = False
        try:
            while os.read(self._fd, 65536):
                found = True
        except BlockingIOError:
            return found
        except OSError:
            return True
        return found


def _stamp(path: str) -> tuple[int, int]:
    about = os.stat(path)
    return about.st_size, about.st_mtime_ns


def _folders(tree: str) -> Iterator[str]:
    """Every folder of the program, those without a file of it too: one may come."""
    for part in PARTS:
        for folder, below, _ in os.walk(os.path.join(tree, part)):
            below[:] = sorted(name for name in below if name != "__pycache__")
            yield folder


def _paths(tree: str) -> Iterator[str]:
    for part in PARTS:
        top = os.path.join(tree, part)
        if os.path.isfile(top):
            yield top
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                if name.endswith(ENDINGS):
                    yield os.path.join(folder, name)

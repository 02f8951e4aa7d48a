"""Whether the program's files are still those that the service has loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator

from workflow.service.client import TREE

PARTS = ("workflow", "letters", "migrations", "cli.py")
ENDINGS = (".py", ".toml", ".html", ".css", ".mo", ".svg", ".socket", ".service")


class Files:
    """The program's modules and tables with size and moment of change, as they were when this was made."""

    def __init__(self, tree: str = TREE) -> None:
        self._tree = tree
        self._seen = {path: _stamp(path) for path in _paths(tree)}
        self._folders = self._changes()

    def _changes(self) -> dict[str, int]:
        return {
            folder: os.stat(folder).st_mtime_ns for folder in {os.path.dirname(path) for path in self._seen}
        }

    def changed(self) -> bool:
        """True if a file was changed, removed or added since."""
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


def _stamp(path: str) -> tuple[int, int]:
    about = os.stat(path)
    return about.st_size, about.st_mtime_ns


def _paths(tree: str) -> Iterator[str]:
    for part in PARTS:
        top = os.path.join(tree, part)
        if os.path.isfile(top):
            yield top
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                if name.endswith(ENDINGS):
                    yield os.path.join(folder, name)

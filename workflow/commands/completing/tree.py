"""What of the program the shell offers, as it was last made: read from the cache folder, made anew where the
program has changed.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from typing import Any

from workflow.base import places

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PARTS = ("workflow", "letters", "cli.py")
ENDINGS = (".py", ".toml")
TREE, SOUNDS = "tree", "readings"
# What a service holds for the processes that it forks.
_held: dict[str, dict[str, Any]] = {}


def hold() -> None:
    """Keep everything in this process: for a service, which ends by itself when the program has changed."""
    _held.update({TREE: read(), SOUNDS: sounds()})


def read() -> dict[str, Any]:
    """Commands, options and values as `build.made` has them."""
    if TREE in _held:
        return _held[TREE]
    kept = _path(TREE)
    found = _load(kept)
    if found and found[0] == _mark(found[1]):
        made: dict[str, Any] = found[2]
        return made
    from workflow.commands.completing import build

    # Marked before it is made: what changes meanwhile has it made again.
    files = list(_files())
    mark = _mark(files)
    made = build.made()
    _keep(kept, (mark, files, made))
    return made


def sounds() -> dict[str, str]:
    """Every Chinese character with its readings."""
    if SOUNDS in _held:
        return _held[SOUNDS]
    kept = _path(SOUNDS)
    found = _load(kept)
    if found:
        return dict(found)
    from workflow.commands.completing import build

    made = build.sounds()
    _keep(kept, made)
    return made


def unpacked(part: bytes) -> Any:
    """A part of the tree that lies packed in it."""
    return marshal.loads(part)  # noqa: S302  (as the whole)


def _path(name: str) -> str:
    # Another installation of the same user has commands of its own.
    of = f"-{zlib.crc32(ROOT.encode()):08x}" if name == TREE else ""
    return os.path.join(places.cache("completion"), f"{name}-{sys.hexversion:x}{of}")


def _files() -> Any:
    """The files that the tree is made of, and their folders (a file that comes or goes changes one)."""
    for part in PARTS:
        top = os.path.join(ROOT, part)
        if os.path.isfile(top):
            yield top
        for folder, _folders, names in os.walk(top):
            found = [os.path.join(folder, name) for name in sorted(names) if name.endswith(ENDINGS)]
            if found:
                yield from (folder, *found)


def _mark(paths: list[str]) -> list[tuple[int, int]] | None:
    """Size and moment of change of each file; None where one is gone."""
    try:
        return [(about.st_size, about.st_mtime_ns) for about in map(os.stat, paths)]
    except OSError:
        return None


def _load(path: str) -> Any:
    try:
        with open(path, "rb") as source:
            return marshal.load(source)  # noqa: S302  (written by this program, for this user alone)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _keep(path: str, made: Any) -> None:
    """Keep it whole or not at all; where nothing can be kept, it is made at every tab."""
    fresh = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(fresh, "wb") as out:
            marshal.dump(made, out)
        os.replace(fresh, path)
    except OSError:
        return

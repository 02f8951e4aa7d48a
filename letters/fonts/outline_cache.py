"""Redrawn outlines, remembered: in this process, and in the user's cache folder for the next one.

What is kept depends on the outline alone; without the cache (read-only home, full disk) a letter takes longer and
comes out the same, byte for byte.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path

from letters.fonts import outlines
from letters.fonts.subset import Private

_known: dict[bytes, bytes] = {}
_new: dict[bytes, bytes] = {}
_loaded: list[bool] = []


def _file() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "disclosure" / f"outlines-{outlines.VERSION}.sqlite"


def _key(char_string: bytes, private: Private) -> bytes:
    return blake2b(private.raw + b"|" + char_string, digest_size=16).digest()


def _sum(key: bytes, light: bytes) -> int:
    return zlib.crc32(light, zlib.crc32(key))


def _load() -> None:
    """Everything that was kept (some hundred kilobytes), once a process; what is damaged is left out."""
    if _loaded:
        return
    _loaded.append(True)
    with suppress(sqlite3.Error, OSError):
        file = _file()
        if not file.exists():
            return
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=1)) as store:
            rows = store.execute("SELECT key, light, sum FROM outline")
            _known.update({key: light for key, light, check in rows if _sum(key, light) == check})


def lighten(char_string: bytes, private: Private) -> bytes:
    """As outlines.lighten, remembered."""
    _load()
    key = _key(char_string, private)
    found = _known.get(key)
    if found is None:
        found = _known[key] = _new[key] = outlines.lighten(char_string, private)
    return found


def keep() -> None:
    """Put what is new into the cache folder; whatever goes wrong costs time only."""
    if not _new:
        return
    rows = [(key, light, _sum(key, light)) for key, light in _new.items()]
    _new.clear()
    with suppress(sqlite3.Error, OSError):
        _insert(rows)


def _insert(rows: Iterable[tuple[bytes, bytes, int]]) -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=1)) as store, store:
        store.execute(
            "CREATE TABLE IF NOT EXISTS outline (key BLOB PRIMARY KEY, light BLOB, sum INTEGER) WITHOUT ROWID"
        )
        store.executemany("INSERT OR IGNORE INTO outline VALUES (?, ?, ?)", rows)

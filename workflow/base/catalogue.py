"""A compiled catalogue of messages (GNU's .mo), read where it is asked: a command shows a few of its
thousands, and the library's reader takes them all apart before the first.
"""

from __future__ import annotations

import struct
from bisect import bisect_left

_MAGIC = 0x950412DE


class Catalogue:
    """The translations of one language; without a file, messages stay as they are written in the code."""

    def __init__(self, raw: bytes = b"") -> None:
        """`raw` is a whole file as scripts/catalogues.py makes it, its messages sorted. ValueError for
        another.
        """
        self._raw, self._count = raw, 0
        self._found: dict[str, str] = {}
        if raw:
            try:
                magic, _, self._count, ids, texts = struct.unpack_from("<5I", raw)
                # Length and place of each message, and of each translation.
                self._ids = struct.unpack_from(f"<{2 * self._count}I", raw, ids)
                self._texts = struct.unpack_from(f"<{2 * self._count}I", raw, texts)
            except struct.error:
                magic = 0
            if magic != _MAGIC:
                raise ValueError("no catalogue")

    def gettext(self, message: str) -> str:
        """The translation of a message; the message where there is none."""
        found = self._found.get(message)
        if found is None:
            found = self._found[message] = self._look_up(message)
        return found

    def _look_up(self, message: str) -> str:
        raw, ids, key = self._raw, self._ids if self._count else (), message.encode("utf-8", "surrogatepass")

        def at(place: int) -> bytes:
            start = ids[2 * place + 1]
            return raw[start : start + ids[2 * place]]

        place = bisect_left(range(self._count), key, key=at)
        if place == self._count or at(place) != key:
            return message
        start = self._texts[2 * place + 1]
        return raw[start : start + self._texts[2 * place]].decode()

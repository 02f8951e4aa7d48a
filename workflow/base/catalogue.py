"""A compiled catalogue of messages (GNU's .mo), read where it is asked: a command shows a few of its
thousands, and the library's reader takes them all apart before the first.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

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
            magic, _, self._count, ids, texts = _numbers(raw, 0, 5)
            if magic != _MAGIC:
                raise ValueError("no catalogue")
            # Length and place of each message, and of each translation.
            self._ids = _numbers(raw, ids, 2 * self._count)
            self._texts = _numbers(raw, texts, 2 * self._count)

    def gettext(self, message: str) -> str:
        """The translation of a message; the message where there is none."""
        found = self._found.get(message)
        if found is None:
            found = self._found[message] = self._look_up(message)
        return found

    def _look_up(self, message: str) -> str:
        raw, key = self._raw, message.encode("utf-8", "surrogatepass")
        first, last = 0, self._count
        while first < last:
            place = (first + last) // 2
            start = self._ids[2 * place + 1]
            found = raw[start : start + self._ids[2 * place]]
            if found == key:
                start = self._texts[2 * place + 1]
                return raw[start : start + self._texts[2 * place]].decode()
            if found < key:
                first = place + 1
            else:
                last = place
        return message


def _numbers(raw: bytes, start: int, count: int) -> Sequence[int]:
    """So many numbers of four bytes, the lowest first, as they lie in the file; ValueError if it ends
    before.
    """
    part = memoryview(raw)[start : start + 4 * count]
    if len(part) < 4 * count:
        raise ValueError("no catalogue")
    if sys.byteorder == "little":
        return part.cast("I")
    return [int.from_bytes(part[at : at + 4], "little") for at in range(0, len(part), 4)]

"""The memory of this process as the kernel sees it, and what the kernel is asked to do with it (on Linux)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# What madvise(2) calls MADV_HUGEPAGE, MADV_POPULATE_READ and _WRITE (Linux 5.14), MADV_COLLAPSE (Linux 6.1).
LARGE_PAGES, POPULATE_READ, POPULATE_WRITE, COLLAPSE = 14, 22, 23, 25

_LARGE = Path("/sys/kernel/mm/transparent_hugepage")
# After so many acts a process is one that goes on; its memory is looked at again when it has done twice as
# many.
_MANY = 50

Ranges = list[tuple[int, int]]


def mapped(wanted: Callable[[str, str], bool]) -> Ranges:
    """The memory whose rights and name are wanted, by first address and bytes."""
    found = []
    with open("/proc/self/maps", encoding="ascii", errors="replace") as lines:
        for line in lines:
            words = line.split()
            if wanted(words[1], words[5] if len(words) > 5 else ""):
                first, end = (int(word, 16) for word in words[0].split("-"))
                found.append((first, end - first))
    return found


def is_written(rights: str, name: str) -> bool:
    """Whether memory with these rights and this name is the process's own, to be written."""
    # The stack grows by itself, and what the kernel lends (vvar, vdso) is not ours.
    return rights == "rw-p" and (not name.startswith("[") or name == "[heap]")


def adviser() -> Callable[[int, int, int], bool]:
    """A function that asks the kernel for something (first address, bytes, one of the numbers above); it says
    whether that was done.
    """
    # Every command that opens a database loads this module; few ask.
    import ctypes

    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return lambda first, length, how: madvise(first, length, how) == 0


def gather() -> None:
    """Have the memory that this process writes in large pages.

    Each act touches some 4,000 pages of memory that many imports have scattered. The processor keeps the
    addresses of about 2,000, of few processes at once: where several work, each has to look them up anew
    whenever its turn comes. In large pages they are some tens. A system that has none, or whose owner wants
    none, is only slower.
    """
    try:
        size = int((_LARGE / "hpage_pmd_size").read_text())
        if "[never]" in (_LARGE / "enabled").read_text():
            return
        ranges = mapped(lambda rights, name: is_written(rights, name) and name in ("", "[heap]"))
    except (OSError, ValueError):
        return
    advise = adviser()
    for first, length in ranges:
        start, end = -(-first // size) * size, (first + length) // size * size
        if start < end:
            advise(start, end - start, LARGE_PAGES)
            advise(start, end - start, COLLAPSE)


class _Work:
    """How many acts this process has done, and after how many its memory is gathered next."""

    done, due = 0, _MANY


def worked() -> None:
    """Count an act of this process; who has done many will do more, and gathers its memory."""
    _Work.done += 1
    if _Work.done >= _Work.due:
        _Work.due *= 2
        # The act is done: that this is not is no fault of it.
        with suppress(Exception):
            gather()

"""Memory that a command writes or reads, made a process's own before the command comes.

A forked process shares its parent's memory, and each page is copied when it is first written; the code of
libraries it finds page by page, as it needs it: thousands of faults in a command of a few milliseconds. Which
pages those are is learned once from a process that tried the usual commands; a spare process then has the
kernel bring them in one go. Only addresses are used: what stands in the pages is that of the parent, and a
system that cannot do this is only slower.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from workflow.base import memory
from workflow.base.memory import Ranges

# In /proc/PID/pagemap: the page is there, and no other process has it.
_PRESENT, _EXCLUSIVE = 1 << 63, 1 << 56
# Neighbours this near are copied along: a call costs more than a page.
_NEAR = 2
# After so many runs of pages, about a millisecond, it is asked whether that is enough.
_BETWEEN = 50


class Pages(NamedTuple):
    """Memory by first address and bytes: what is written, and what is read from files (libraries)."""

    written: Ranges
    read: Ranges


def learn(attempt: Callable[[], None]) -> Pages:
    """Which memory of this process a process forked from it writes and reads in an attempt; empty where the
    system does not tell.
    """
    mine, files = memory.mapped(memory.is_written), memory.mapped(_is_of_file)
    hears, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(hears)
            attempt()
            found = ((0, _own(mine)), (1, _present(files)))
            said = b"".join(struct.pack("QQQ", kind, *one) for kind, ranges in found for one in ranges)
            with open(tells, "wb") as out:
                out.write(said)
        finally:
            os._exit(0)
    os.close(tells)
    with open(hears, "rb") as heard:
        said = heard.read()
    os.waitpid(pid, 0)
    pages = Pages([], [])
    for kind, first, length in struct.iter_unpack("QQQ", said[: len(said) // 24 * 24]):
        pages[kind].append((first, length))
    return pages


def make_own(pages: Pages, enough: Callable[[], bool] = lambda: False) -> bool:
    """Bring these pages now, as many as there is time for until `enough`; False where the kernel does not do
    that.
    """
    advise = memory.adviser()
    # Each page is brought, or copied, as reading or writing it would.
    asked = ((memory.POPULATE_WRITE, pages.written), (memory.POPULATE_READ, pages.read))
    runs = [(*one, how) for how, ranges in asked for one in ranges]
    done = True
    for number, run in enumerate(runs):
        if number % _BETWEEN == 0 and enough():
            break
        done = advise(*run) and done
    return done


def _is_of_file(rights: str, name: str) -> bool:
    return rights in ("r-xp", "r--p") and name.startswith("/")


def _own(within: Ranges) -> Iterator[tuple[int, int]]:
    """The runs of pages in these ranges that this process has for itself alone."""
    return _pages(within, _PRESENT | _EXCLUSIVE)


def _present(within: Ranges) -> Iterator[tuple[int, int]]:
    """The runs of pages in these ranges that this process has found already."""
    return _pages(within, _PRESENT)


def _pages(within: Ranges, marks: int) -> Iterator[tuple[int, int]]:
    size = os.sysconf("SC_PAGESIZE")
    with open("/proc/self/pagemap", "rb", buffering=0) as pagemap:
        for first, length in within:
            pagemap.seek(first // size * 8)
            about = pagemap.read(length // size * 8)
            marked = [n for n, (bits,) in enumerate(struct.iter_unpack("Q", about)) if bits & marks == marks]
            for start, end in _runs(marked):
                yield first + start * size, (end - start) * size


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as runs (first, after the last)."""
    start = end = -1
    for number in numbers:
        if start >= 0 and number - end > _NEAR:
            yield start, end
            start = -1
        start, end = (number if start < 0 else start), number + 1
    if start >= 0:
        yield start, end

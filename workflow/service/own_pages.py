"""Memory that a command writes, made a process's own before the command comes.

A forked process shares its parent's memory, and each page is copied when it is first written: thousands of
faults in a command of a few milliseconds. Which pages those are is learned once from a process that tried the
usual commands; a spare process then has the kernel copy them in one go. Only addresses are used: what stands
in the pages is that of the parent, and a system that cannot do this is only slower.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Callable, Iterator

# MADV_POPULATE_WRITE (Linux 5.14): copy the pages as a write to each of them would.
_POPULATE_WRITE = 23
# In /proc/PID/pagemap: the page is there, and no other process has it.
_PRESENT, _EXCLUSIVE = 1 << 63, 1 << 56
# Neighbours this near are copied along: a call costs more than a page.
_NEAR = 2

Ranges = list[tuple[int, int]]


def learn(attempt: Callable[[], None]) -> Ranges:
    """Which memory of this process (first address, bytes) a process forked from it writes in an attempt;
    empty where the system does not tell.
    """
    mine = _writable()
    hears, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(hears)
            attempt()
            said = b"".join(struct.pack("QQ", *one) for one in _own(mine))
            with open(tells, "wb") as out:
                out.write(said)
        finally:
            os._exit(0)
    os.close(tells)
    with open(hears, "rb") as heard:
        said = heard.read()
    os.waitpid(pid, 0)
    found = list(struct.iter_unpack("QQ", said[: len(said) // 16 * 16]))
    return [(first, length) for first, length in found]


def make_own(ranges: Ranges) -> bool:
    """Copy the pages of these ranges now; False where the kernel does not do that."""
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    done = [madvise(first, length, _POPULATE_WRITE) == 0 for first, length in ranges]
    return all(done)


def _writable() -> Ranges:
    """The private writable memory of this process."""
    found = []
    with open("/proc/self/maps", encoding="ascii", errors="replace") as lines:
        for line in lines:
            words = line.split()
            # The stack grows by itself, and what the kernel lends (vvar, vdso) is not ours.
            if words[1] == "rw-p" and not (
                len(words) > 5 and words[5].startswith("[") and words[5] != "[heap]"
            ):
                first, end = (int(word, 16) for word in words[0].split("-"))
                found.append((first, end - first))
    return found


def _own(within: Ranges) -> Iterator[tuple[int, int]]:
    """The runs of pages in these ranges that this process has for itself alone."""
    size = os.sysconf("SC_PAGESIZE")
    with open("/proc/self/pagemap", "rb", buffering=0) as pagemap:
        for first, length in within:
            pagemap.seek(first // size * 8)
            about = pagemap.read(length // size * 8)
            written = [
                number
                for number, (bits,) in enumerate(struct.iter_unpack("Q", about))
                if bits & _PRESENT and bits & _EXCLUSIVE
            ]
            for start, end in _runs(written):
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

"""A spare process has for its own what usual commands write, and finds in it what its parent had."""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
from pathlib import Path

from workflow.service import own_pages

PAGE = os.sysconf("SC_PAGESIZE")
PAGES = 400


def _in_child(work: object) -> int:
    """The exit status of a forked process that did the work: at most 255."""
    pid = os.fork()
    if pid == 0:
        status = 99
        try:
            status = work()  # type: ignore[operator]
        finally:
            os._exit(min(status, 255))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _written(memory: ctypes.Array[ctypes.c_char], value: bytes) -> int:
    """How many faults it takes to write into each page."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for at in range(0, len(memory), PAGE):
        memory[at] = value
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_what_an_attempt_wrote_is_copied_before_it_is_written() -> None:
    memory = ctypes.create_string_buffer(b"x" * PAGES * PAGE, PAGES * PAGE)
    pages = own_pages.learn(lambda: _written(memory, b"y"))
    assert memory.raw == b"x" * PAGES * PAGE
    first, last = ctypes.addressof(memory), ctypes.addressof(memory) + len(memory)
    inside = sum(length for start, length in pages.written if first - PAGE <= start < last)
    assert inside >= (PAGES - 2) * PAGE

    def spare() -> int:
        assert own_pages.make_own(pages)
        kept = memory.raw == b"x" * PAGES * PAGE
        return _written(memory, b"z") if kept else 98

    assert _in_child(lambda: _written(memory, b"z")) >= 200
    assert _in_child(spare) < 50


def test_memory_that_is_gone_is_no_fault() -> None:
    assert not own_pages.make_own(own_pages.Pages([(PAGE, PAGE)], []))
    assert own_pages.make_own(own_pages.Pages([], []))


def test_an_attempt_that_fails_teaches_nothing() -> None:
    def fails() -> None:
        raise ValueError("broken")

    assert own_pages.learn(fails) == own_pages.Pages([], [])


def test_what_an_attempt_read_of_a_file_is_there_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "library").write_bytes(b"x" * PAGES * PAGE)
    with open(tmp_path / "library", "rb") as file:
        memory = mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ)

    def read() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        assert sum(memory[at] for at in range(0, len(memory), PAGE)) == PAGES * ord("x")
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    pages = own_pages.learn(read)

    def spare() -> int:
        assert own_pages.make_own(pages)
        return read()

    # The kernel brings neighbours along: a fault for 16 pages.
    without = _in_child(read)
    assert without >= PAGES // 32
    # A few are of the interpreter itself.
    assert _in_child(spare) <= without // 4

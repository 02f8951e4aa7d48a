"""A spare process has for its own what usual commands write, and finds in it what its parent had."""

from __future__ import annotations

import ctypes
import os
import resource

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
    ranges = own_pages.learn(lambda: _written(memory, b"y"))
    assert memory.raw == b"x" * PAGES * PAGE
    first, last = ctypes.addressof(memory), ctypes.addressof(memory) + len(memory)
    inside = sum(length for start, length in ranges if first - PAGE <= start < last)
    assert inside >= (PAGES - 2) * PAGE

    def spare() -> int:
        assert own_pages.make_own(ranges)
        kept = memory.raw == b"x" * PAGES * PAGE
        return _written(memory, b"z") if kept else 98

    assert _in_child(lambda: _written(memory, b"z")) >= 200
    assert _in_child(spare) < 50


def test_memory_that_is_gone_is_no_fault() -> None:
    assert not own_pages.make_own([(PAGE, PAGE)])
    assert own_pages.make_own([])


def test_an_attempt_that_fails_teaches_nothing() -> None:
    def fails() -> None:
        raise ValueError("broken")

    assert own_pages.learn(fails) == []

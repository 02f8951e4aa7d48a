"""Who does many acts has its memory in large pages; a system without them changes nothing."""

from __future__ import annotations

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import Place
from workflow.base import memory

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTE = 1 << 20


def _has_large_pages() -> bool:
    """Whether this system makes large pages when it is asked (Linux 6.1, unless its owner wants none)."""
    import ctypes

    try:
        if "[never]" in Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text():
            return False
    except OSError:
        return False
    with mmap.mmap(-1, 8 * MEGABYTE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as some:
        some[:] = b"x" * len(some)
        start = ctypes.addressof(ctypes.c_char.from_buffer(some))
        at = -(-start // (2 * MEGABYTE)) * 2 * MEGABYTE
        return memory.adviser()(at, 2 * MEGABYTE, memory.COLLAPSE)


@pytest.mark.skipif(not _has_large_pages(), reason="this system makes no large pages")
def test_memory_is_gathered_and_is_what_it_was() -> None:
    code = (
        "from workflow.base import memory\n"
        "def large():\n"
        "    lines = open('/proc/self/smaps_rollup').read().splitlines()\n"
        "    return sum(int(line.split()[1]) for line in lines if line.startswith('AnonHugePages'))\n"
        "kept = [bytes([n % 256]) * 5000 for n in range(20_000)]\n"
        "before = large()\n"
        "memory.gather()\n"
        "print(before, large(), all(one == bytes([n % 256]) * 5000 for n, one in enumerate(kept)))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after, same = said.stdout.split()
    # In kB, of some 100 MB.
    assert int(after) > int(before) + 50 * 1024
    assert same == "True"


def test_it_is_gathered_after_many_acts_and_again_after_twice_as_many(
    quick: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered: list[int] = []
    monkeypatch.setattr(memory._Work, "done", 0)
    monkeypatch.setattr(memory._Work, "due", 50)
    monkeypatch.setattr(memory, "gather", lambda: gathered.append(memory._Work.done))
    for _ in range(210):
        with quick.store.writing():
            pass
    with pytest.raises(ZeroDivisionError), quick.store.writing():
        raise ZeroDivisionError
    assert gathered == [50, 100, 200]
    assert memory._Work.done == 210


def test_an_act_is_done_where_memory_cannot_be_gathered(
    quick: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory._Work, "due", memory._Work.done + 1)
    monkeypatch.setattr(memory, "gather", lambda: 1 / 0)
    with quick.store.writing():
        pass


@pytest.mark.parametrize("said", [None, "", "always madvise [never]\n"])
def test_a_system_without_large_pages_is_asked_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    if said is not None:
        (tmp_path / "enabled").write_text(said)
        (tmp_path / "hpage_pmd_size").write_text("2097152\n" if said else "")
    monkeypatch.setattr(memory, "_LARGE", tmp_path)
    monkeypatch.setattr(memory, "adviser", lambda: pytest.fail("asked"))
    memory.gather()

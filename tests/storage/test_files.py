"""Attachments: kept once under their digest, verified when read, whole or not there."""

from __future__ import annotations

import hashlib
import os
import resource
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workflow.base import whole_files
from workflow.base.errors import Damaged, Environment, Malformed, NotFound
from workflow.storage import file_store

CONTENT = "申请公开轮渡收费标准".encode()
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "files"


def _all(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_folder_is_beside_the_database_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_store.folder(tmp_path).parent == tmp_path
    monkeypatch.setenv("DISCLOSURE_FILES", "/elsewhere")
    assert file_store.folder(tmp_path) == Path("/elsewhere")


def test_bytes_and_files_come_back(store: Path, tmp_path: Path) -> None:
    source = tmp_path / "申请.txt"
    source.write_bytes(CONTENT)
    assert (
        file_store.put(store, source) == file_store.put(store, CONTENT) == file_store.Kept(SHA, len(CONTENT))
    )
    assert file_store.read(store, SHA) == CONTENT
    assert len(_all(store)) == 1
    assert list(file_store.every(store)) == [SHA]


def test_a_kept_file_is_for_its_owner(store: Path) -> None:
    below = store / "of" / "an office"
    file_store.put(below, CONTENT)
    for path in (store, *store.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_a_large_file_is_streamed_whole(store: Path, tmp_path: Path) -> None:
    source = tmp_path / "large.bin"
    source.write_bytes(os.urandom(3 * 1024 * 1024 + 17))
    kept = file_store.put(store, source)
    assert file_store.read(store, kept.sha256) == source.read_bytes()


def test_the_empty_file_is_a_file(store: Path) -> None:
    assert file_store.read(store, file_store.put(store, b"").sha256) == b""


@pytest.mark.parametrize("as_path", [True, False])
def test_too_long_is_refused_and_nothing_left(store: Path, tmp_path: Path, as_path: bool) -> None:
    source = tmp_path / "long.txt"
    source.write_bytes(CONTENT)
    with pytest.raises(Malformed):
        file_store.put(store, source if as_path else CONTENT, limit=len(CONTENT) - 1)
    assert _all(store) == []
    file_store.put(store, source if as_path else CONTENT, limit=len(CONTENT))


def test_what_is_no_readable_file_is_refused(store: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for source in (tmp_path, tmp_path / "none", tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(Malformed):
            file_store.put(store, source)
    assert not store.exists() or _all(store) == []


@pytest.mark.parametrize("change", [b"", CONTENT + b".", b"X" + CONTENT[1:]])
def test_a_file_that_is_not_what_was_handed_in_is_damaged(store: Path, change: bytes) -> None:
    file_store.put(store, CONTENT)
    (kept,) = _all(store)
    kept.write_bytes(change)
    with pytest.raises(Damaged):
        file_store.read(store, SHA)


def test_the_original_mends_a_damaged_file(store: Path) -> None:
    file_store.put(store, CONTENT)
    (kept,) = _all(store)
    kept.write_bytes(b"rotten")
    file_store.put(store, CONTENT)
    assert file_store.read(store, SHA) == CONTENT


@pytest.mark.parametrize("name", ["", "../../etc/passwd", SHA.upper(), SHA[:-1], SHA + "\n", "e" * 63 + "/"])
def test_only_a_digest_becomes_a_path(store: Path, name: str) -> None:
    with pytest.raises(Malformed):
        file_store.read(store, name)


def test_an_unknown_digest(store: Path) -> None:
    with pytest.raises(NotFound):
        file_store.read(store, SHA)


def test_many_at_once(store: Path) -> None:
    threads = [threading.Thread(target=file_store.put, args=(store, CONTENT)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file_store.read(store, SHA) == CONTENT
    assert len(_all(store)) == 1


def test_what_a_killed_process_left_is_swept_after_a_day(store: Path) -> None:
    file_store.put(store, CONTENT)
    old, young = store / "incoming" / ".new-old", store / "incoming" / ".new-young"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    file_store.put(store, b"another")
    assert not old.exists()
    assert young.exists()
    assert sorted(file_store.every(store)) == sorted([SHA, hashlib.sha256(b"another").hexdigest()])


# --- the disk says no ----------------------------------------------------------------------------------

_FULL = """
import sys
from pathlib import Path
from workflow.base import errors
from workflow.storage import file_store
try:
    file_store.put(Path(sys.argv[1]), bytes(300_000))
except errors.Environment as fault:
    print(fault.way_on)
    sys.exit(fault.exit_code)
"""


def _no_room() -> None:
    # The kernel itself refuses to write more than this into a file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_no_room_leaves_the_store_as_it_was(store: Path) -> None:
    file_store.put(store, CONTENT)
    root = Path(__file__).parent.parent.parent
    run = subprocess.run(
        [sys.executable, "-B", "-c", _FULL, store],
        cwd=root,
        preexec_fn=_no_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 6, run.stderr
    assert "room" in run.stdout
    assert len(_all(store)) == 1


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"")
    with pytest.raises(Environment):
        file_store.put(tmp_path / "files", CONTENT)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_at_any_step_leaves_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(*(("os.fsync", fail) if step == "fsync" else (Path, "replace", fail)))
        with pytest.raises(Environment):
            file_store.put(store, CONTENT)
    assert _all(store) == []


def test_writing_whole_replaces_or_refuses(tmp_path: Path) -> None:
    path = tmp_path / "one"
    whole_files.write(path, b"1", replace=False)
    with pytest.raises(FileExistsError):
        whole_files.write(path, b"2", replace=False)
    assert path.read_bytes() == b"1"
    whole_files.write(path, b"3", replace=True)
    assert path.read_bytes() == b"3"
    assert list(tmp_path.iterdir()) == [path]


def test_writing_replaces_a_file_and_nothing_else(tmp_path: Path) -> None:
    """A folder or a device is not overwritten: who may do it would lose /dev/null."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(Malformed) as caught:
            whole_files.write(path, b"x", replace=True)
        assert caught.value.field == "out"
        assert str(path) in caught.value.text
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(Environment):
        whole_files.write(tmp_path / ("n" * 300), b"x", replace=True)

"""A key file that does not belong to the database: nothing is sealed, shared or kept with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import Place
from tests.counter import disclosure
from workflow.storage import case_keys, encryption


@pytest.fixture
def astray(quick: Place, home: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An office in whose place of the key file that of another database lies."""
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    quick.receive()
    key = encryption.key_file(quick.store.folder)
    key.unlink()
    encryption.create(key)
    return quick


AS = ("--as", "head")


@pytest.mark.parametrize(
    "words",
    [
        (
            "receive",
            "--name",
            "李四",
            "--request",
            "预算",
            "--channel",
            "in_person",
            "--on",
            "2026-03-02",
            "--as",
            "registrar",
        ),
        ("backup", "all.zip", "--with-key", *AS),
        ("backup", "--to", "parts", "--unencrypted", "--with-key", *AS),
        ("key", "split", "--needed", "2", "--person", "甲", "--person", "乙", "--out", ".", *AS),
        ("key", "rotate", *AS),
        ("show", "2026-0001", *AS),
        ("next", "2026-0001", *AS),
        ("register", "2026-0001", "--on", "2026-03-02", "--as", "registrar"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_another_database_s_key_is_refused_everywhere(
    astray: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts").mkdir()
    before = encryption.key_file(astray.store.folder).read_bytes()
    said = disclosure(*words)
    assert said.code == 6, said.out + said.err
    assert "does not belong to this database" in said.err
    assert not (tmp_path / "all.zip").exists()
    assert list((tmp_path / "parts").iterdir()) == []
    assert encryption.key_file(astray.store.folder).read_bytes() == before


def test_another_key_of_the_same_name_is_not_taken_for_damage(astray: Place) -> None:
    """Nobody is sent to a backup for a file that lies in the wrong place."""
    path = encryption.key_file(astray.store.folder)
    held = json.loads(path.read_text())
    with astray.store.reading() as connection:
        wrapped = connection.execute(select(case_keys.KEYS.c.wrapped)).scalar_one()
    held["keys"] = {wrapped.split(".")[1]: next(iter(held["keys"].values()))}
    held["current"] = next(iter(held["keys"]))
    path.write_text(json.dumps(held))
    said = disclosure("show", "2026-0001", *AS)
    assert said.code == 6, said.out + said.err
    assert "does not belong to this database" in said.err


def test_a_backup_without_key_says_nothing_of_that_key(astray: Place, tmp_path: Path) -> None:
    """It is the same backup as without any key file: opened by the right one."""
    assert disclosure("backup", tmp_path / "all.zip", *AS).code == 0
    said = disclosure("restore", tmp_path / "all.zip", "--check")
    assert said.code != 0
    assert "Traceback" not in said.err

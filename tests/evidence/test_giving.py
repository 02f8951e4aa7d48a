"""Checkpoints that a schedule gives out: to a medium and by mail, and what doctor says of them."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests import builders, mailserver
from tests.builders import TODAY, Place
from tests.counter import disclosure
from workflow.base import dates
from workflow.base.errors import Damaged, Environment
from workflow.evidence import checkpoints, giving, keys, notes
from workflow.upkeep import recovery_checks


@pytest.fixture
def place(quick: Place) -> Place:
    keys.create(keys.place(quick.store.folder))
    return quick


def told(place: Place) -> list[tuple[str, str]]:
    """What doctor says of places that got checkpoints: its level, and of which place."""
    return [
        (one.level, one.params["place"])
        for one in recovery_checks.check_checkpoints(place.store.url)
        if "place" in one.params
    ]


def test_a_medium_gets_one_after_another(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = tmp_path / "medium"
    with pytest.raises(Environment):
        giving.to_folder(place.desk("head"), medium)
    medium.mkdir()
    first = giving.to_folder(place.desk("head"), medium)
    place.receive()
    second = giving.to_folder(place.desk("head"), medium)
    assert sorted(medium.iterdir()) == sorted([first, second])
    key = checkpoints.public_key(place.desk("head"))
    assert notes.read(second.read_text(encoding="utf-8")).signed_by(key) is not None
    assert told(place) == [("ok", str(medium))]
    # The schedule stays away while the record goes on.
    place.receive()
    monkeypatch.setattr(dates, "today", lambda: TODAY + timedelta(days=31))
    assert told(place) == [("ok", str(medium))]
    monkeypatch.setattr(dates, "today", lambda: TODAY + timedelta(days=32))
    assert told(place) == [("warning", str(medium))]


def test_a_medium_shows_a_record_that_was_put_back(place: Place, tmp_path: Path) -> None:
    medium, old = tmp_path / "medium", tmp_path / "old.db"
    medium.mkdir()
    place.store.close()
    path = Path(place.store.url.removeprefix("sqlite:///"))
    shutil.copy(path, old)
    place.receive(name="张三")
    giving.to_folder(place.desk("head"), medium)
    place.store.close()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copy(old, path)
    with pytest.raises(Damaged):  # fewer entries than lie there
        giving.to_folder(place.desk("head"), medium)
    place.receive(name="李四")
    with pytest.raises(Damaged):  # as many, and others
        giving.to_folder(place.desk("head"), medium)
    assert len(list(medium.iterdir())) == 1


def test_an_address_gets_each_one_once(sqlite_url: str, home: Path, tmp_path: Path) -> None:
    with mailserver.running(tmp_path, "starttls") as server:
        place = builders.found(sqlite_url, mail=server.table())
        keys.create(keys.place(place.store.folder))
        words = ("evidence", "checkpoint", "--mail", "archive@example.cn", "--as", "head", "--db", sqlite_url)
        assert disclosure(*words, "--json").json["mailed"] == "archive@example.cn"
        assert disclosure(*words, "--json").json["mailed"] is None
        (message,) = server.got
        (attached,) = message.iter_attachments()
        note = notes.read(attached.get_payload(decode=True).decode())
        assert note.signed_by(checkpoints.public_key(place.desk("head"))) is not None
        assert disclosure(*words, "--out", "x").code == 2
        place.store.close()

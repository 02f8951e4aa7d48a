"""The outer database, on SQLite and on PostgreSQL: kept for good before it is confirmed, once, in order."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from workflow.base import dates
from workflow.base.errors import Conflict
from workflow.web.public import outer_database
from workflow.web.public.store import OuterStore, Sealing

AT = datetime(2026, 9, 1, 17, 30, tzinfo=UTC)


def form(token: str, mark: str, papers: list[int], at: datetime) -> Sealing:
    """An application as it is kept."""
    return Sealing("application", token, mark, "place", dates.stamp(at), papers, sealed)


@pytest.fixture
def store(blank_url: str) -> Iterator[OuterStore]:
    made = OuterStore(blank_url)
    yield made
    made.close()


def sealed(receipt: str) -> bytes:
    return b"sealed " + receipt.encode()


def test_a_form_is_kept_once_and_taken_off_when_it_was_collected(store: OuterStore) -> None:
    store.keep_paper("t1", 1, b"one", AT)
    store.keep_paper("t1", 2, b"two", AT)
    kept = [store.submit(form("t1", "m", [1], AT + timedelta(hours=later))) for later in (0, 1)]
    (made, first), (again, second) = [one for one in kept if one is not None]
    assert (first, second) == (True, False)
    # After midnight in China it is the next day.
    assert made.receipt == again.receipt == "W20260902-000001"
    with pytest.raises(Conflict):
        store.submit(form("t1", "another text", [1], AT))
    (waits,) = store.waiting()
    assert waits.sealed == b"sealed W20260902-000001"
    assert [(no, bytes(data)) for no, data in store.papers("t1")] == [(1, b"one")]
    assert store.waiting(after=waits.id) == []
    store.collected(waits.id, AT)
    store.collected(waits.id, AT)
    assert (store.waiting(), store.papers("t1")) == ([], [])
    assert [one.receipt for one in store.of_code("place")] == [made.receipt]


def test_papers_of_forms_that_were_never_confirmed_are_dropped(store: OuterStore) -> None:
    store.keep_paper("old", 1, b"x", AT)
    store.keep_paper("kept", 1, b"x", AT)
    store.submit(form("kept", "m", [1], AT))
    store.keep_paper("new", 1, b"x", AT + timedelta(days=2))
    assert [store.papers_of(token) for token in ("old", "kept", "new")] == [[], [1], [1]]
    # What is gone is not confirmed, and what was confirmed is not changed.
    assert store.submit(form("old", "m", [1], AT)) is None
    with pytest.raises(Conflict):
        store.keep_paper("kept", 1, b"other", AT)
    assert store.papers("kept") == [(1, b"x")]


def test_room_is_what_the_disk_and_the_emptied_pages_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk full of papers that nobody confirmed is used again, though the file does not shrink."""
    store = OuterStore(str(tmp_path / "outer.db"))
    many = 12
    for n in range(many):
        store.keep_paper(f"t{n}", 1, b"x" * 100_000, AT)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    monkeypatch.setattr(outer_database, "ROOM", 1_000_000)
    assert not store.has_room()
    later, runs = AT + timedelta(hours=25), 0
    while not store.has_room():
        store.drop_unconfirmed(later)
        runs += 1
    assert 1 < runs < many
    store.close()


def test_the_same_form_at_the_same_moment_has_one_receipt(store: OuterStore) -> None:
    found: list[str] = []

    def send() -> None:
        made = store.submit(form("t", "m", [], AT))
        found.append(made[0].receipt if made else "")

    threads = [threading.Thread(target=send) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(store.waiting()) == 1


def test_rows_only_become_newer_and_their_letters_go_with_them(store: OuterStore) -> None:
    def row(*letters: str) -> str:
        return json.dumps({"letters": [{"sha256": one} for one in letters]})

    store.publish("place", 5, row("a", "b"), {"a": b"A", "b": b"B", "strange": b"S"})
    for version in (5, 4):
        with pytest.raises(Conflict):
            store.publish("place", version, row(), {})
    assert bytes(store.letter("place", "a") or b"") == b"A"
    assert store.letter("place", "strange") is None
    store.publish("place", 6, row("b"), {})
    assert store.letter("place", "a") is None
    assert bytes(store.letter("place", "b") or b"") == b"B"
    assert store.published("nobody") is None

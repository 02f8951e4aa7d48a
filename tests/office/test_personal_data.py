"""No way to personal data but by a role that may look at it, and on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.archive import folder
from workflow.base.errors import Refused
from workflow.jobs import queue
from workflow.storage.models import TABLES

LEDGER = TABLES["ledger"]


@pytest.fixture
def place(home: Path) -> Iterator[Place]:
    made = builders.found(f"sqlite:///{home / 'disclosure.db'}")
    yield made
    made.store.close()


@pytest.mark.parametrize(
    "words",
    [
        ("posting", "make", "--out", "x"),
        ("posting", "print", "2026-001", "--out", "x"),
        ("posting", "drop", "2026-001"),
        ("fetch", "1", "a.txt", "--out", "x"),
        ("archive", "make", "1", "--out", "x"),
        ("reveal", "1", "--reason", "x"),
    ],
    ids=" ".join,
)
def test_an_auditor_gets_it_no_other_way(place: Place, tmp_path: Path, words: tuple[str, ...]) -> None:
    number = place.bring("dispatched")
    out = [
        str(tmp_path / "x") if word == "x" and words[n - 1] == "--out" else word
        for n, word in enumerate(words)
    ]
    said = disclosure(
        *(number if word == "1" else word for word in out), "--as", "auditor", "--db", place.store.url
    )
    assert said.code in (1, 3), said.err
    assert not (tmp_path / "x").exists()
    assert "平安路" not in said.out + said.err


def test_what_is_fetched_is_on_record(place: Place, tmp_path: Path) -> None:
    paper = tmp_path / "a.txt"
    paper.write_text("平安路12号")
    number = place.receive().case.number
    assert (
        disclosure("attach", number, "--file", paper, "--as", "registrar", "--db", place.store.url).code == 0
    )
    said = disclosure(
        "fetch", number, "a.txt", "--out", tmp_path / "b.txt", "--as", "registrar", "--db", place.store.url
    )
    assert said.code == 0, said.err
    with place.store.reading() as connection:
        row = connection.execute(sa.select(LEDGER).order_by(LEDGER.c.seq.desc())).first()
    assert row is not None
    assert (row.event, row.actor) == ("personal_data_taken", "registrar")


def test_the_folder_of_a_filing_waits_for_who_may_look_into_it(place: Place) -> None:
    """The work that a filing put down is done by the program itself or by such an officer, not by whoever
    happens to do what waits."""
    place.bring("filed")
    (work,) = (one for one in queue.waiting(place.desk("archivist")) if one.kind == folder.KIND)
    with pytest.raises(Refused) as refused:
        queue.do(place.desk("auditor"), work)
    assert refused.value.rule == "house:privacy"
    assert work.id in {one.id for one in queue.waiting(place.desk("archivist"))}
    assert not folder.place(place.desk("archivist"), "2026-0001").exists()

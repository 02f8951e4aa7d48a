"""The commands of test_faults.py on PostgreSQL, killed before any step, or without their connection from then
on: one of them here, at two of its steps, all of them with FAULTS=long (make faults)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests import postgres
from tests.faults import harness
from tests.faults.harness import END, ServerOffice
from tests.faults.test_faults import DEEDS, LONG, fill, goes_on, killed_before_any_step, points

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def prepared(
    postgres_server: postgres.Server, _postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerOffice]:
    """The office of test_faults.py, on PostgreSQL."""
    name = postgres_server.create(_postgres_template, "prepared")
    office = ServerOffice(tmp_path_factory.mktemp("prepared"), server=postgres_server, name=name)
    fill(office)
    yield office
    for made in ("prepared", "whole", "killed", "rehearsed"):
        postgres_server.drop(made)


@pytest.mark.parametrize("name", [*DEEDS] if LONG else ["a list"])
def test_killed_before_any_step(prepared: ServerOffice, tmp_path: Path, name: str) -> None:
    killed_before_any_step(prepared, tmp_path, DEEDS[name])


@pytest.mark.parametrize("name", [*DEEDS] if LONG else ["posting"])
def test_the_connection_is_dropped_before_any_step(
    prepared: ServerOffice, postgres_server: postgres.Server, tmp_path: Path, name: str
) -> None:
    """It is said, never a traceback; what was done is there wholly or not at all, and the same command goes
    on."""
    words = DEEDS[name]
    if LONG:
        harness.rehearse(prepared, tmp_path / "rehearsed", words)
    ended, wanted = harness.undisturbed(prepared.copy(tmp_path / "whole"), words)
    for at in points(ended.steps):
        office = prepared.copy(tmp_path / "killed")
        dropped = harness.run(
            office, words, at=at, what=partial(postgres_server.run, f"{END} WHERE datname = 'killed'")
        )
        assert dropped.code not in (None, harness.CRASHED, 70), (
            at,
            (office.folder / "said.txt").read_text("utf-8"),
        )
        harness.verified(office)
        goes_on(office, words, wanted, done=harness.summary(office) == wanted)


@pytest.mark.skipif(not LONG, reason="make faults")
def test_a_restore_killed(prepared: ServerOffice, postgres_server: postgres.Server, tmp_path: Path) -> None:
    """One commit: there is nothing of it, or all; again, and it is done."""
    (tmp_path / "empty").mkdir()
    empty = ServerOffice(
        tmp_path / "empty", server=postgres_server, name=postgres_server.create(name="empty")
    )
    words = ["restore", str(prepared.folder / "kept.zip")]
    harness.rehearse(empty, tmp_path / "rehearsed", words)
    whole = harness.run(empty.copy(tmp_path / "whole"), words)
    assert whole.code == 0
    for at in points(whole.steps):
        killed = empty.copy(tmp_path / "killed")
        assert harness.run(killed, words, at=at, what=harness.die).code is None
        assert harness.run(killed, words).code in (0, 4)
        harness.verified(killed)
    postgres_server.drop("empty")

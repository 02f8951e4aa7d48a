"""Recovery to a moment on PostgreSQL, by its own tools as docs/operations.md describes it: a base backup, the
archived log, and a server that replays it up to a moment. Two servers are started for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders, postgres
from tests.builders import Place
from workflow.base.errors import Damaged
from workflow.evidence import checkpoints, keys
from workflow.storage.database import Store
from workflow.upkeep import verify_noted, verify_record

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def archive() -> Iterator[Path]:
    folder = postgres.new_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(archive: Path) -> Iterator[postgres.Server]:
    try:
        running = postgres.start(
            ("archive_mode=on", f"archive_command=test ! -f {archive}/%f && cp %p {archive}/%f")
        )
    except postgres.Missing as missing:
        pytest.skip(str(missing))
    yield running
    running.stop()


def heads(place: Place) -> tuple[int, str]:
    with place.store.reading() as connection:
        row = connection.exec_driver_sql("SELECT seq, hash FROM chain_head").one()
    return int(row[0]), str(row[1])


def test_back_to_the_moment_before_a_mistake(
    server: postgres.Server, archive: Path, home: Path, tmp_path: Path
) -> None:
    name = server.create()
    place = builders.found(server.url(name))
    place.receive()
    base = postgres.new_folder()
    made = postgres.run_program(
        "pg_basebackup",
        *("--pgdata", base / "data", "--host", server.folder, "--port", "5432", "--username", "postgres"),
        *("--checkpoint", "fast", "--no-sync"),
        at=base,
    )
    assert made.returncode == 0, made.stderr
    place.receive()
    keys.create(keys.place(place.store.folder))
    signed = checkpoints.make(place.desk("head"))
    wanted = heads(place)
    with place.store.reading() as connection:
        moment = str(connection.exec_driver_sql("SELECT clock_timestamp()").scalar())
    for _ in range(2):
        place.receive()
    lost = checkpoints.make(place.desk("head"))
    place.store.close()
    server.run("SELECT pg_switch_wal()")
    server.stop()

    (base / "data" / "recovery.signal").touch()
    owner = (base / "data").stat()
    os.chown(base / "data" / "recovery.signal", owner.st_uid, owner.st_gid)
    recovered = postgres.serve(
        base,
        (
            "archive_mode=off",
            f"restore_command=cp {archive}/%f %p",
            f"recovery_target_time={moment}",
            "recovery_target_action=promote",
        ),
    )
    try:
        again = Place(Store(recovered.url(name)))
        assert heads(again) == wanted
        office = again.desk().office
        assert verify_record.verify(again.store, office, with_files=True).refused == []
        # What was signed before the moment is all there; what was signed after it is told as lost.
        for note, there in ((signed, True), (lost, False)):
            (tmp_path / "c.txt").write_text(str(note), "utf-8")
            with again.store.reading() as connection:
                if there:
                    verify_noted.checkpoint(again.store, connection, office, tmp_path / "c.txt")
                else:
                    with pytest.raises(Damaged):
                        verify_noted.checkpoint(again.store, connection, office, tmp_path / "c.txt")
        # And work goes on.
        assert again.receive().case.number == "2026-0003"
        again.store.close()
    finally:
        recovered.stop()

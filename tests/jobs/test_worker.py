"""Workers on PostgreSQL: what the outbox asks for is done by whoever is there, once, whoever dies in
between.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders, postgres, preloaded
from tests.counter import disclosure
from tests.jobs.test_pressing import letters, recorded, registered, require_all_made_once, spoil
from tests.stopping import Stops, go_on
from workflow.jobs import worker
from workflow.storage.database import Store
from workflow.storage.models import TABLES

ROOT = Path(__file__).resolve().parent.parent.parent
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'disclosure.work'"


@pytest.fixture
def place(request: pytest.FixtureRequest, home: Path) -> Any:
    server = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("_postgres_template"))
    try:
        place = builders.found(server.url(name))
        worker.set_up(place.store)
        yield place
        place.store.close()
    finally:
        server.drop(name)


@pytest.fixture
def blank(postgres_server: postgres.Server, home: Path) -> Iterator[str]:
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


def jobs(place: builders.Place) -> int:
    with place.store.reading() as connection:
        return int(connection.exec_driver_sql(JOBS).scalar_one())


def started(place: builders.Place, *words: str, stops: Stops | None = None) -> subprocess.Popen[str]:
    return preloaded.Family(
        [sys.executable, "-m", "cli", "worker", "--lang", "en", *words],
        cwd=ROOT,
        text=True,
        env={
            **os.environ,
            "DISCLOSURE_DATABASE_URL": place.store.url,
            **(stops.environment if stops else {}),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_on_sqlite_it_says_what_to_use(sqlite_url: str, home: Path) -> None:
    builders.found(sqlite_url)
    for words in ((), ("--once",), ("--setup",), ("--jobs", "2", "--once")):
        said = disclosure("worker", *words, "--db", sqlite_url, "--json")
        assert said.code == 6
        assert "disclosure letter render --all-due" in said.fault["advice"]
        assert "PostgreSQL" in said.fault["message"]


@pytest.mark.postgres
def test_the_tables_of_the_queue_are_made_once(blank: str, tmp_path: Path) -> None:
    office = tmp_path / "office.toml"
    office.write_text(builders.toml_of(builders.office_file()), encoding="utf-8")
    assert disclosure("init", "--office", office, "--db", blank).code == 0
    store = Store(blank)
    assert worker.is_set_up(store)
    assert disclosure("worker", "--setup", "--db", blank, "--json").json == {"made": False}
    assert disclosure("upgrade", "--db", blank).code == 0
    with store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE procrastinate_jobs CASCADE")
        for kind in ("job_status", "job_event_type", "job_to_defer_v1"):
            connection.exec_driver_sql(f"DROP TYPE procrastinate_{kind} CASCADE")
    said = disclosure("worker", "--once", "--db", blank, "--json")
    assert (said.code, "disclosure worker --setup" in said.fault["advice"]) == (6, True)
    store.close()


@pytest.mark.postgres
def test_what_waits_is_done_and_its_jobs_are_gone(place: builders.Place) -> None:
    registered(place, 3)
    told: list[tuple[str, dict[str, Any]]] = []
    worker.run(place.store, once=True, told=lambda what, facts: told.append((what, facts)))
    assert [what for what, _ in told] == ["done"] * 3
    assert {facts["id"] for _, facts in told} == {letter.id for letter in letters(place)}
    require_all_made_once(place, 3)
    assert jobs(place) == 0
    # The entries are the program's own, whoever acted before.
    with place.store.reading() as connection:
        table = TABLES["ledger"]
        made = connection.execute(sa.select(table.c.actor).where(table.c.event == "letter_made")).scalars()
        assert set(made) == {"system"}


@pytest.mark.postgres
def test_a_piece_at_fault_waits_and_the_others_go_on(place: builders.Place) -> None:
    registered(place, 3)
    spoiled = letters(place)[0]
    spoil(place, spoiled.id, "nothing")
    told: list[str] = []
    worker.run(place.store, once=True, told=lambda what, _: told.append(what))
    assert sorted(told) == ["done", "done", "fault"]
    assert len(recorded(place)) == 2
    with place.store.reading() as connection:
        table = TABLES["outbox"]
        row = connection.execute(sa.select(table).where(table.c.done_at.is_(None))).one()
    assert (row.ref, row.attempts) == (spoiled.id, 1)
    assert row.last_error
    assert jobs(place) == 1
    # Mended, it is tried again when its pause is over, by its job or, before that, by the officer.
    spoil(place, spoiled.id, spoiled.content)
    assert disclosure("work", "--as", "registrar", "--db", place.store.url).code == 0
    with place.store.writing() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    worker.run(place.store, once=True)
    require_all_made_once(place, 3)
    assert jobs(place) == 0


@pytest.mark.postgres
def test_a_job_that_was_lost_or_comes_twice_does_no_harm(place: builders.Place) -> None:
    import asyncio

    registered(place, 2)
    app = worker.application(place.store)

    async def relayed() -> int:
        async with app.open_async():
            return await worker._defer(app, place.store)

    assert asyncio.run(relayed()) == 2
    # Each row has its job: the relay looks again and adds none.
    assert asyncio.run(relayed()) == 0
    with place.store.writing() as connection:
        connection.exec_driver_sql(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT max(id) FROM procrastinate_jobs)"
        )
    assert asyncio.run(relayed()) == 1
    worker.run(place.store, once=True)
    require_all_made_once(place, 2)
    with place.store.reading() as connection:
        done = list(connection.execute(sa.select(TABLES["outbox"].c.id)).scalars())
    assert [worker.do(place.store, row) for row in done] == [None, None]
    require_all_made_once(place, 2)


def until_three_are_recorded(place: builders.Place, run: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while len(recorded(place)) < 3:
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.postgres
def test_a_worker_that_is_killed_is_replaced_by_another(place: builders.Place, tmp_path: Path) -> None:
    registered(place, 10)
    stops = Stops(tmp_path / "stop", before=4)
    first = started(place, stops=stops)
    try:
        until_three_are_recorded(place, first)
        stops.await_all([first.pid])
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate()
    before = len(recorded(place))
    assert before == 3
    # What was not recorded has its job; and what was, if it was killed before the queue could be told.
    assert 10 - before <= jobs(place) <= 10 - before + 1
    # What the dead one was at is stalled when it has given no sign of life for a second: more have passed.
    with place.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 seconds'"
        )
    two = [started(place, "--once", "--stalled-after", "1") for _ in range(2)]
    for one in two:
        out, err = one.communicate(timeout=60)
        assert (one.returncode, err) == (0, ""), out
    require_all_made_once(place, 10)
    assert jobs(place) == 0


@pytest.mark.postgres
def test_several_processes_are_told_to_stop_and_finish_what_they_are_at(
    place: builders.Place, tmp_path: Path
) -> None:
    registered(place, 14)
    stops = Stops(tmp_path / "stop", before=3)
    run = started(place, "--jobs", "2", "--json", stops=stops)
    until_three_are_recorded(place, run)
    workers = [int(pid) for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()]
    stops.await_all(workers)
    run.terminate()
    stops.await_signal(workers, signal.SIGTERM)
    go_on(workers)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, "")
    made = recorded(place)
    assert len(made) == len(set(made)) == out.count('"done"')
    # Two each before it was told to stop, and the one that it was at.
    assert 6 <= len(made) < 14
    case = place.receive(name="以后").case.number
    place.act("registrar", "register", case, builders.RECEIVED + timedelta(days=1))
    # What was left goes on as if nothing had been.
    run = started(place, "--jobs", "2", "--once")
    out, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, "")
    require_all_made_once(place, 15)

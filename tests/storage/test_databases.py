"""The databases of the tests: empty, isolated, and with production settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import postgres


def _execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def _tables(url: str) -> list[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return sa.inspect(connection).get_table_names()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(blank_url: str, turn: int) -> None:
    assert _tables(blank_url) == []
    _execute(blank_url, "CREATE TABLE kept (turn integer)", f"INSERT INTO kept VALUES ({turn})")
    assert _tables(blank_url) == ["kept"]


def test_a_connection_left_open_does_not_matter(blank_url: str) -> None:
    engine = sa.create_engine(blank_url)
    connection = engine.connect()
    connection.execute(sa.text("SELECT 1"))


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_of_the_newest_schema_is_open_for_use(database_url: str, turn: int) -> None:
    from workflow.storage.database import Store

    store = Store(database_url)
    store.check()
    store.close()
    _execute(database_url, "CREATE TABLE kept (turn integer)")
    assert "alembic_version" in _tables(database_url)


@pytest.mark.postgres
def test_postgresql_writes_to_disk_and_listens_on_no_network(postgres_server: postgres.Server) -> None:
    engine = sa.create_engine(postgres_server.url("postgres"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        for setting, value in {"fsync": "on", "synchronous_commit": "on", "listen_addresses": ""}.items():
            assert connection.execute(sa.text(f"SHOW {setting}")).scalar() == value


def _lives(pid: str) -> bool:
    # What has ended, and whose new parent has not asked how, has no words any more.
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.postgres
def test_a_killed_run_leaves_no_server(postgres_server: postgres.Server) -> None:
    code = (
        "import sys, time; from tests import postgres; server = postgres.start();"
        "print(server.process.pid, server.folder, flush=True); time.sleep(60)"
    )
    root = Path(__file__).parent.parent.parent
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pid, folder = run.stdout.readline().split()
        run.kill()
    until = time.monotonic() + 20
    while (there := _lives(pid)) and time.monotonic() < until:
        time.sleep(0.01)
    if there:
        os.kill(int(pid), signal.SIGKILL)
    assert not there
    postgres.start().stop()
    assert not Path(folder).exists(), "the next run clears up after it"


@pytest.mark.postgres
def test_a_name_that_is_free_again_is_given_to_one_database(postgres_server: postgres.Server) -> None:
    """Whatever was dropped twice, or had a name that a test chose, is no name for the next that comes."""
    for name in (postgres_server.create(), postgres_server.create(name="chosen")):
        postgres_server.drop(name)
        postgres_server.drop(name)
    made = [postgres_server.create() for _ in range(3)]
    assert len({*made, "chosen"}) == 4
    for name in made:
        postgres_server.drop(name)


@pytest.mark.postgres
def test_a_connection_that_is_used_again_is_as_new(
    postgres_server: postgres.Server, _postgres_template: str, lines_kept: None
) -> None:
    name = postgres_server.lend(_postgres_template)
    engine = sa.create_engine(postgres_server.url(name))
    ask = sa.text(
        "SELECT pg_backend_pid(), current_setting('lock_timeout'), to_regclass('pg_temp.kept'),"
        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')"
    )

    def asked() -> tuple[object, ...]:
        with engine.connect() as connection:
            return tuple(connection.execute(ask).one())

    process, *before = asked()
    with engine.connect() as connection:
        for left in (
            "SET lock_timeout = 1234",
            "CREATE TEMPORARY TABLE kept (n integer)",
            "SELECT pg_advisory_lock(7)",
        ):
            connection.execute(sa.text(left))
        connection.commit()
    assert asked()[1:] != tuple(before)
    engine.dispose()
    assert asked() == (process, *before)
    # One in the middle of a transaction is not kept, and neither is one that the server has ended.
    given, more = engine.dialect.create_connect_args(engine.url)
    engine.dispose()
    line = engine.dialect.connect(*given, **more)
    line.cursor().execute("SELECT 1")
    line.close()
    another, *_ = asked()
    engine.dispose()
    postgres_server.run(f"SELECT pg_terminate_backend({another})")
    third, *rest = asked()
    assert (len({process, another, third}), rest) == (3, before)
    engine.dispose()
    postgres_server.give_back(name, _postgres_template)


@pytest.mark.postgres
def test_no_connection_stays_to_a_database_that_is_no_longer_lent(
    postgres_server: postgres.Server, _postgres_template: str, lines_kept: None
) -> None:
    """None keeps a database from being dropped, or copied."""
    name = postgres_server.lend(_postgres_template)
    engine = sa.create_engine(postgres_server.url(name), poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    other = postgres_server.create(template=name)
    late = engine.connect()
    postgres_server.drop(name)
    late.close()
    postgres_server.drop(other)

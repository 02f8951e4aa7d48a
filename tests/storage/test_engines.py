"""Engines made ahead, for the commands that a service runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from workflow.base.errors import Environment
from workflow.storage import database_faults, engines
from workflow.storage.database import Store
from workflow.storage.fixed_words import fixed
from workflow.storage.tables import TABLES


@pytest.fixture(autouse=True)
def _none_ahead() -> Iterator[None]:
    engines._ahead.clear()
    yield
    engines._ahead.clear()


def test_an_engine_made_ahead_touches_no_database_and_opens_the_one_that_is_meant(tmp_path: Path) -> None:
    meant, other = tmp_path / "a.db", tmp_path / "b.db"
    engines.prepare(f"sqlite:///{meant}")
    assert not list(tmp_path.iterdir())
    for path in (meant, other):
        with Store(str(path)).writing(checked=False) as connection:
            connection.exec_driver_sql(f"CREATE TABLE {path.stem} (n INTEGER)")
    assert meant.exists()
    with Store(str(meant)).reading(checked=False) as connection:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
        told = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    assert (found, told) == (["a"], 2)
    assert engines.engine(f"sqlite:///{meant}") is engines.engine(f"sqlite:///{meant}")
    assert engines.engine(f"sqlite:///{other}") is not engines.engine(f"sqlite:///{meant}")


@pytest.mark.parametrize(
    "place", ["postgresql://nobody@127.0.0.1:9/x", "sqlite:///x.db?uri=true", "sqlite:///x.db"]
)
def test_nothing_else_is_made_ahead(place: str) -> None:
    engines.prepare(place)
    assert not engines._ahead


def test_engines_of_one_database_share_what_they_compiled(database_url: str) -> None:
    first, again = Store(database_url), Store(database_url)
    for store in (first, again):
        with store.reading() as connection:
            assert connection.execute(sa.select(sa.literal(1))).scalar() == 1
    assert again.engine is not first.engine
    assert again.engine.dialect is first.engine.dialect
    # PostgreSQL's dialect knows what it found in its database; SQLite's knows nothing.
    on_sqlite = database_url.startswith("sqlite")
    another = Store(f"{database_url}{'' if on_sqlite else '&application_name='}another")
    assert (another.engine.dialect is first.engine.dialect) == on_sqlite
    for store in (first, again):
        store.close()


@pytest.mark.postgres
def test_each_connection_is_told_how_long_it_waits_and_takes_part_in_transactions(
    postgres_server: Any, _postgres_template: str, home: Path
) -> None:
    name = postgres_server.lend(_postgres_template)
    url = postgres_server.url(name)
    for _ in range(2):
        # The second engine has the dialect of the first one.
        store = Store(url)
        with store.reading() as one, store.reading() as other:
            for connection in (one, other):
                told = [
                    connection.exec_driver_sql(f"SHOW {setting}").scalar()
                    for setting in ("lock_timeout", "idle_in_transaction_session_timeout")
                ]
                assert told == [f"{engines.BUSY_MS // 1000}s", f"{6 * engines.BUSY_MS // 60000}min"]
        with pytest.raises(ZeroDivisionError), store.writing() as connection:
            connection.execute(sa.insert(TABLES["database_mark"]).values(name="x", value="y"))
            raise ZeroDivisionError
        with store.reading() as connection:
            assert not connection.execute(sa.select(TABLES["database_mark"])).all()
        store.close()
    postgres_server.give_back(name, _postgres_template)


@pytest.mark.postgres
def test_what_a_dialect_knows_is_not_asked_again(
    postgres_server: Any, _postgres_template: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    name = postgres_server.lend(_postgres_template)
    first, again = Store(postgres_server.url(name)), Store(postgres_server.url(name))
    with first.reading():
        pass
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def heard(cursor: Any, query: Any, *given: Any, **more: Any) -> Any:
        asked.append(str(query).partition(" ")[0])
        return execute(cursor, query, *given, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", heard)
    with again.reading():
        assert asked == ["SET", "SELECT"]
    dialect = again.engine.dialect
    assert (dialect.default_schema_name, dialect.server_version_info >= (13,)) == ("public", True)
    for store in (first, again):
        store.close()
    postgres_server.give_back(name, _postgres_template)


@pytest.mark.postgres
def test_who_only_looked_leaves_statements_prepared(
    postgres_server: Any, _postgres_template: str, home: Path
) -> None:
    """The driver drops what it has prepared after a rollback: who looks something up ends without one."""
    name = postgres_server.lend(_postgres_template)
    store = Store(postgres_server.url(name))
    prepared = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%chain_head%'")
    for _ in range(8):
        with store.reading() as connection:
            connection.execute(sa.select(TABLES["chain_head"].c.seq)).all()
    with store.reading() as connection:
        assert connection.execute(prepared).scalar() == 1
    with pytest.raises(ZeroDivisionError), store.reading():
        raise ZeroDivisionError
    with store.reading() as connection:
        assert connection.execute(prepared).scalar() == 1
    store.close()
    postgres_server.give_back(name, _postgres_template)


def test_what_is_closed_leaves_no_log(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "a.db"))
    with store.writing(checked=False) as connection:
        connection.exec_driver_sql("CREATE TABLE a (n INTEGER)")
    assert (tmp_path / "a.db-wal").exists()
    engines.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
    with store.reading(checked=False) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM a").scalar() == 0


def test_a_lock_is_waited_for_as_long_as_said(tmp_path: Path) -> None:
    for ahead in (True, False):
        if ahead:
            engines.prepare(f"sqlite:///{tmp_path / 'a.db'}")
        with Store(str(tmp_path / ("a.db" if ahead else "b.db"))).reading(checked=False) as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == engines.BUSY_MS


def test_a_full_disk_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite calls it an I/O error, even where it would only read."""
    (tmp_path / "a.db").write_bytes(b"no database" * 100)
    with pytest.raises(Environment, match="failed"):
        Store(str(tmp_path / "a.db")).check()
    monkeypatch.setattr(database_faults, "_ROOM", 1 << 62)
    with pytest.raises(Environment, match="is full"):
        Store(str(tmp_path / "a.db")).check()


def test_words_of_tables_stand_in_the_statement() -> None:
    query = sa.select(TABLES["case_file"].c.id).where(
        TABLES["case_file"].c.state.in_(fixed(["received", "a.b"]))
    )
    assert "IN ('received', 'a.b')" in str(query)
    assert not query.compile().params
    with pytest.raises(ValueError, match="no words of a table"):
        fixed(["'; --"])

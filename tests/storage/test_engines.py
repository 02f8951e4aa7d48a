"""Engines made ahead, for the commands that a service runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from workflow.storage import engines
from workflow.storage.database import Store


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


@pytest.mark.parametrize("place", ["postgresql://nobody@127.0.0.1:9/x", "sqlite:///x.db?uri=true"])
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


def test_what_is_closed_leaves_no_log(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "a.db"))
    with store.writing(checked=False) as connection:
        connection.exec_driver_sql("CREATE TABLE a (n INTEGER)")
    assert (tmp_path / "a.db-wal").exists()
    engines.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
    with store.reading(checked=False) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM a").scalar() == 0

"""Case numbers for the shell, on both databases; a database that cannot answer is silent."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests import builders
from workflow.upkeep import completion


def test_numbers_newest_first(database_url: str, home: Path) -> None:
    place = builders.found(database_url)
    first, second = place.receive(name="张三").case.number, place.receive(name="李四").case.number
    assert completion.numbers(database_url, "") == [(second, "李四"), (first, "张三")]
    assert completion.numbers(database_url, first) == [(first, "张三")]
    assert completion.numbers(database_url, "%") == []


def test_a_database_that_is_not_there_completes_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert completion.numbers(f"sqlite:///{path}", "2026") == []
    assert not path.exists()


def test_another_schema_completes_to_nothing(sqlite_url: str, home: Path) -> None:
    place = builders.found(sqlite_url)
    place.receive()
    place.store.close()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert completion.numbers(sqlite_url, "") == []

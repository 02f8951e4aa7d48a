"""Rows of cases put straight into the tables of a new database, in what no comparison depends on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.world import OFFICE

Values = dict[str, Any]


@contextmanager
def founded(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of a new office in a new folder, to be filled; in the end the planner counts its rows."""
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    folder.mkdir()
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")
    founding.init(store, *office_file.checked(OFFICE))
    store.close()
    connection = sqlite3.connect(folder / "disclosure.db")
    try:
        connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
        yield connection
        connection.commit()
        connection.execute("ANALYZE")
    finally:
        connection.close()


def put(connection: sqlite3.Connection, table: str, rows: Iterable[Values]) -> None:
    """Rows into a table, each with the values that it has."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        ([row.get(name) for name in names] for row in rows),
    )


def case(n: int, kinds: tuple[str, ...], done: str | None, **more: Any) -> Values:
    """A case by its number: open, or done on a day; most applicants are of the first kind."""
    return {
        "id": n,
        "number": f"B-{n:07d}",
        "version": 9,
        "state": "filed" if done else "in_hand",
        "open": int(not done),
        "round": 1,
        "regulations": "ogi2019",
        "channel": "post",
        "applicant_name": "张三",
        "applicant_kind": kinds[0] if n % 8 else kinds[n // 8 % 6],
        "applicant_mark": f"m{n}",
        "request": "某项目审批文件",
        "counted_on": done,
        "entries": 12,
        "recorded_at": "2025-01-01T00:00:00Z",
        "reply_provisional": 0,
        **more,
    }


def remedy(n: int, office: int, opened: str, decided: str | None, outcome: str) -> Values:
    """A reconsideration against the reply to a case."""
    return {
        "office_id": office,
        "case_id": n,
        "no": 1,
        "kind": "reconsideration",
        "brought_by": "applicant",
        "opened_on": opened,
        "decided_on": decided,
        "outcome": outcome,
        "against_round": 1,
    }

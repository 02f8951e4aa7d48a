"""The annual report over a million cases, against the grouped SQL alone.

The cases are rows of a city's kinds and results, spread over four years; a twentieth is still open. The floor
sends the same groups to the database as plain SQL; ours makes the report of them, its sums, and table 4.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, clocked, in_turns
from benchmarks.world import OFFICE, World

# Fewer for a look in between: BENCH_CASES=100000.
CASES = int(os.environ.get("BENCH_CASES", "1000000"))
LIMIT = 1.5
YEAR = 2025
GROUPS = (
    "SELECT applicant_kind, count(*) FROM case_file WHERE office_id = 1 AND received_on BETWEEN '2025-01-01' AND '2025-12-31' GROUP BY 1",
    "SELECT applicant_kind, count(*) FROM case_file WHERE office_id = 1 AND received_on < '2025-01-01' AND (counted_on IS NULL OR counted_on >= '2025-01-01') GROUP BY 1",
    "SELECT applicant_kind, count(*) FROM case_file WHERE office_id = 1 AND received_on <= '2025-12-31' AND (counted_on IS NULL OR counted_on > '2025-12-31') GROUP BY 1",
    "SELECT report_row, applicant_kind, count(*) FROM case_file WHERE office_id = 1 AND counted_on BETWEEN '2025-01-01' AND '2025-12-31' GROUP BY 1, 2",
    "SELECT kind, outcome, count(*) FROM remedy WHERE office_id = 1 AND decided_on BETWEEN '2025-01-01' AND '2025-12-31' GROUP BY 1, 2",
    "SELECT kind, count(*) FROM remedy WHERE office_id = 1 AND opened_on <= '2025-12-31' AND (decided_on IS NULL OR decided_on > '2025-12-31') GROUP BY 1",
    "SELECT count(*), sum(fee_amount) FROM case_file WHERE office_id = 1 AND fee_notified_on BETWEEN '2025-01-01' AND '2025-12-31'",
    "SELECT count(*), sum(fee_amount) FROM case_file WHERE office_id = 1 AND fee_paid_on BETWEEN '2025-01-01' AND '2025-12-31'",
)


def report(world: World, rounds: int) -> Iterator[Figure]:
    """What `report annual` counts, on the wall."""
    from workflow.reports.annual import counts
    from workflow.storage.database import Store

    folder = world.folder / "report"
    _fill(folder)
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")
    plain = sqlite3.connect(folder / "disclosure.db")

    def ours() -> None:
        with store.reading() as connection:
            counts.count(connection, 1, "江州市", YEAR)

    def floor() -> None:
        for query in GROUPS:
            plain.execute(query).fetchall()

    taken = in_turns({"ours": lambda: clocked(ours), "floor": lambda: clocked(floor)}, rounds)
    plain.close()
    store.close()
    yield Figure("annual report", taken["ours"].wall, LIMIT, taken["floor"].wall, note=f"{CASES} cases")


def _fill(folder: Path) -> None:
    from workflow import law
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    folder.mkdir()
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")
    founding.init(store, *office_file.checked(OFFICE))
    store.close()
    form = law.bundled().report_format(YEAR)
    kinds, rows = form.columns[:-1], form.results
    with closing(sqlite3.connect(folder / "disclosure.db")) as connection:
        connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
        names = [row[1] for row in connection.execute("PRAGMA table_info(case_file)")]
        connection.executemany(
            f"INSERT INTO case_file ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            (_row(n, names, kinds, rows) for n in range(1, CASES + 1)),
        )
        connection.executemany(
            "INSERT INTO remedy (office_id, case_id, no, kind, brought_by, opened_on, decided_on, outcome, against_round)"
            " VALUES (1, ?, 1, 'reconsideration', 'applicant', ?, ?, 'upheld', 1)",
            ((n, _day(n), _day(n + 90) if n % 5 else None) for n in range(10, CASES, 10)),
        )
        connection.commit()
        connection.execute("ANALYZE")


def _day(n: int) -> str:
    return (date(2022, 6, 1) + timedelta(days=n % 1450)).isoformat()


def _row(n: int, names: list[str], kinds: Any, rows: Any) -> list[Any]:
    counted = _day(n) if n % 20 else None
    values = {
        "id": n,
        "office_id": 1,
        "number": f"B-{n:07d}",
        "version": 9,
        "state": "filed" if counted else "in_hand",
        "open": int(not counted),
        "round": 1,
        "regulations": "ogi2019",
        "channel": "post",
        "applicant_name": "张三",
        "applicant_kind": kinds[0] if n % 8 else kinds[n // 8 % 6],
        "applicant_mark": f"m{n}",
        "request": "某项目审批文件",
        "received_on": (date.fromisoformat(_day(n)) - timedelta(days=18)).isoformat(),
        "counted_on": counted,
        "report_row": rows[n % len(rows)] if counted else None,
        "last_on": _day(n),
        "entries": 12,
        "recorded_at": "2025-01-01T00:00:00Z",
        "reply_provisional": 0,
        "fee_notified_on": _day(n) if n % 400 == 0 else None,
        "fee_amount": 270 if n % 400 == 0 else None,
    }
    return [values.get(name) for name in names]

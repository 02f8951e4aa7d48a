"""The annual report over a million cases, against the grouped SQL alone.

The cases are rows of a city's kinds and results, spread over four years; a twentieth is still open. The floor
sends the same groups to the database as plain SQL; ours makes the report of them, its sums, and table 4.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks import rows
from benchmarks.measure import Figure, clocked, in_turns
from benchmarks.world import World

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

    form = law.bundled().report_format(YEAR)
    kinds, results = form.columns[:-1], form.results
    with rows.founded(folder) as connection:
        rows.put(connection, "case_file", (_case(n, kinds, results) for n in range(1, CASES + 1)))
        rows.put(
            connection,
            "remedy",
            (
                rows.remedy(n, 1, _day(n), _day(n + 90) if n % 5 else None, "upheld")
                for n in range(10, CASES, 10)
            ),
        )


def _day(n: int) -> str:
    return (date(2022, 6, 1) + timedelta(days=n % 1450)).isoformat()


def _case(n: int, kinds: tuple[str, ...], results: Sequence[str]) -> rows.Values:
    done = _day(n) if n % 20 else None
    return rows.case(
        n,
        kinds,
        done,
        office_id=1,
        received_on=(date.fromisoformat(_day(n)) - timedelta(days=18)).isoformat(),
        report_row=results[n % len(results)] if done else None,
        last_on=_day(n),
        fee_notified_on=_day(n) if n % 400 == 0 else None,
        fee_amount=270 if n % 400 == 0 else None,
    )

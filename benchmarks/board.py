"""The board over a hundred organs and 10^5 cases, against the same counts as plain SQL.

The cases are rows put straight into the tables: spread over three years, a twentieth still open, some
overdue, a tenth contested. The floor sends the same groups as text; ours makes the figures of them, and the
page.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks import rows
from benchmarks.measure import Figure, clocked, in_turns
from benchmarks.world import OFFICE, World

CASES = int(os.environ.get("BENCH_CASES", "100000"))
ORGANS = 100
# Milliseconds in which the first page of a month is there; times the floor for a month and for a year.
PAGE, LIMIT = 300, 3.0
TODAY = date(2026, 11, 20)
MONTH, YEAR = ("2026-10-01", "2026-10-31"), ("2026-01-01", "2026-11-20")
_KNOWN = "id NOT IN (SELECT id FROM case_file WHERE state IN ('void', 'unconfirmed'))"
GROUPS = (
    f"SELECT office_id, count(*) FROM case_file WHERE received_on BETWEEN :a AND :b AND {_KNOWN} AND office_id IN ({{ids}}) GROUP BY 1",
    f"SELECT office_id, count(*) FROM case_file WHERE received_on <= :b AND (counted_on IS NULL OR counted_on > :b) AND {_KNOWN} AND office_id IN ({{ids}}) GROUP BY 1",
    f"SELECT office_id, sum(reply_clock IN ('running', 'paused') AND reply_due < '2026-11-20'), sum(reply_clock IN ('running', 'paused') AND reply_due BETWEEN '2026-11-20' AND '2026-11-27'), sum(reply_clock IN ('paused', 'stopped')) FROM case_file WHERE open = 1 AND {_KNOWN} AND office_id IN ({{ids}}) GROUP BY 1",
    f"SELECT office_id, count(*), sum(replied_on = finished_on AND reply_start IS NOT NULL), sum(replied_on = finished_on AND reply_start IS NOT NULL AND reply_clock = 'met'), sum(replied_on = finished_on AND reply_start IS NOT NULL AND reply_clock <> 'met'), sum(extended_on IS NOT NULL), sum(corrected_on IS NOT NULL) FROM case_file WHERE finished_on BETWEEN :a AND :b AND {_KNOWN} AND office_id IN ({{ids}}) GROUP BY 1",
    "SELECT office_id, report_row, count(*) FROM case_file WHERE counted_on BETWEEN :a AND :b AND office_id IN ({ids}) GROUP BY 1, 2",
    "SELECT office_id, kind, outcome, count(*) FROM remedy WHERE decided_on BETWEEN :a AND :b AND office_id IN ({ids}) GROUP BY 1, 2, 3",
    "SELECT office_id, kind, count(*) FROM remedy WHERE opened_on <= :b AND (decided_on IS NULL OR decided_on > :b) AND office_id IN ({ids}) GROUP BY 1, 2",
    "SELECT office_id, stars, count(*) FROM web_item WHERE stars IS NOT NULL AND on_day BETWEEN :a AND :b AND office_id IN ({ids}) GROUP BY 1, 2",
    f"SELECT office_id, reply_start, replied_on, left_out, count(*) FROM case_file WHERE finished_on BETWEEN :a AND :b AND replied_on = finished_on AND reply_start IS NOT NULL AND {_KNOWN} AND office_id IN ({{ids}}) GROUP BY 1, 2, 3, 4",
)


def board(world: World, rounds: int) -> Iterator[Figure]:
    """The figures of a month and of a year, and the first page as it is sent."""
    from starlette.testclient import TestClient

    from workflow.office.seat import Seat
    from workflow.reports.board import board as boards
    from workflow.storage.database import Store
    from workflow.web.board import app

    folder = world.folder / "board"
    fill(folder)
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")
    plain = sqlite3.connect(folder / "disclosure.db")
    ids = ", ".join(str(n) for n in range(1, ORGANS + 1))
    seat = Seat(store, OFFICE["officer"][0]["key"], OFFICE["key"], today=lambda: TODAY)

    def floor(first: str, last: str) -> None:
        for query in GROUPS:
            plain.execute(query.format(ids=ids), {"a": first, "b": last}).fetchall()

    def ours(first: str, last: str) -> None:
        boards.make(seat, boards.span(seat, first=first, last=last))

    for name, days in (("a month", MONTH), ("the year", YEAR)):
        runs = {
            "ours": lambda days=days: clocked(lambda: ours(*days)),
            "floor": lambda days=days: clocked(lambda: floor(*days)),
        }
        taken = in_turns(runs, rounds)
        yield Figure(
            f"board: {name}",
            taken["ours"].wall,
            LIMIT,
            taken["floor"].wall,
            note=f"{ORGANS} organs, {CASES} cases",
        )
    with TestClient(app.make(lambda: seat, "secret")) as browser:

        def page() -> None:
            assert browser.get("/secret/?month=2026-10").status_code == 200

        taken = in_turns({"page": lambda: clocked(page)}, rounds)
    yield Figure("board: its first page", taken["page"].wall, PAGE, note="milliseconds, and no ratio")
    plain.close()
    store.close()


def fill(folder: Path, cases: int = CASES, organs: int = ORGANS) -> None:
    """A database of a government: the first office is above all the others."""
    from workflow import law

    form = law.bundled().report_format(TODAY.year)
    kinds, results = form.columns[:-1], form.results
    with rows.founded(folder) as connection:
        profile = json.loads(connection.execute("SELECT profile FROM office").fetchone()[0])
        for n in range(2, organs + 1):
            told = {**profile, "key": f"organ{n}", "name": f"第{n}局", "superior": OFFICE["key"]}
            connection.execute(
                "INSERT INTO office (id, key, name, profile, created_at) VALUES (?, ?, ?, ?, '')",
                (n, told["key"], told["name"], json.dumps(told)),
            )
        rows.put(connection, "case_file", (_case(n, kinds, results, organs) for n in range(1, cases + 1)))
        rows.put(
            connection,
            "remedy",
            (
                rows.remedy(
                    n,
                    n % organs + 1,
                    _day(n),
                    _day(n, 60) if n % 50 else None,
                    "upheld" if n % 3 else "corrected",
                )
                for n in range(10, cases, 10)
            ),
        )


def _day(n: int, after: int = 0) -> str:
    return (TODAY - timedelta(days=1 + n * 7919 % 1095 - after)).isoformat()


def _case(n: int, kinds: tuple[str, ...], results: Sequence[str], organs: int) -> rows.Values:
    received = _day(n)
    took = 8 + n % 25
    done = n % 20 != 0 and date.fromisoformat(received) + timedelta(days=took) < TODAY
    replied = _day(n, took) if done else None
    clock = ("met" if took < 30 else "late") if done else ("stopped" if n % 60 == 0 else "running")
    return rows.case(
        n,
        kinds,
        replied,
        office_id=n % organs + 1,
        received_on=received,
        finished_on=replied,
        replied_on=replied,
        reply_start=received,
        reply_due=(TODAY + timedelta(days=n // 20 % 40 - 4)).isoformat(),
        reply_clock=clock,
        corrected_on=received if n % 9 == 0 else None,
        extended_on=received if n % 7 == 0 else None,
        left_out=f"{_day(n, 3)}/{_day(n, 7)}" if n % 30 == 0 else None,
        report_row=results[n % len(results)] if done else None,
        last_on=received,
    )

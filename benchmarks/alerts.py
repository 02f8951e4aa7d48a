"""Alerts where 50,000 of a million cases are open, against the same open cases in a database that holds no
other.

The open cases are copies of cases that officers brought where they are by real acts: overdue, due, waiting
for others, issued, dispatched. The others were filed long ago, each with its clocks, those that run on for
the applicant among them. Both databases have the same open cases under the same numbers; each round asks
both, each time the other first.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import PYTHON, Figure, clocked, in_turns
from benchmarks.recompute import CASES, OPEN
from benchmarks.world import APPLICATION, OFFICE, World

LIMIT = 1.3
# Limit of the ratio of peak memory, with many cases against few.
MEMORY = 1.1
TODAY = date(2026, 9, 1)
FILED: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("register", "registrar", 0, {}),
    ("assign", "registrar", 1, {"unit": "jsgz", "handler": "handler"}),
    ("accept", "handler", 1, {}),
    ("draft", "handler", 3, {"outcome": "granted", "means": "邮寄纸质复印件"}),
    ("submit", "handler", 4, {}),
    ("pass_review", "reviewer", 4, {}),
    ("pass_review", "approver", 5, {}),
    ("issue", "handler", 7, {}),
    ("dispatch", "registrar", 7, {"served_by": "post"}),
    ("serve", "registrar", 9, {"proof": "签收回执"}),
    ("file", "archivist", 10, {}),
)
# Open cases: days since receipt, and how many of the steps above they have gone.
OPENED = (
    (1, 0),
    (3, 1),
    (6, 3),
    (10, 3),
    (14, 4),
    (17, 4),
    (20, 5),
    (24, 6),
    (27, 3),
    (28, 7),
    (29, 4),
    (30, 1),
    (33, 8),
    (40, 9),
    (44, 4),
)


def alerts(world: World, rounds: int) -> Iterator[Figure]:
    """What finding all alerts of the office costs, each put into words as data."""
    folders = {name: _filled(world.folder / f"alerts-{name}", name == "many") for name in ("many", "few")}
    desks = {name: _desk(folder) for name, folder in folders.items()}
    found = {name: _count(desk) for name, desk in desks.items()}
    assert found["many"] == found["few"] > 0, found
    taken = in_turns(
        {name: lambda desk=desk: clocked(lambda: _count(desk)) for name, desk in desks.items()}, rounds
    )
    many, few = taken["many"], taken["few"]
    note = f"{found['many']} alerts of {OPEN} open among {CASES}; on the wall {many.wall / 1000:.2f} s, {few.wall / 1000:.2f} s"
    yield Figure("alerts, processor time", many.processor, LIMIT, few.processor, note=note)
    memory = {name: _memory(folder) for name, folder in folders.items()}
    note = f"disclosure alerts --csv, {OPEN} open cases"
    yield Figure("alerts, memory", memory["many"], MEMORY, memory["few"], unit="MB", note=note)


def _count(desk: Any) -> int:
    """The alerts of the whole office, one after the other."""
    from workflow.reports.alerts import report

    with report.opened(desk, whole=True) as opened:
        return sum(1 for alert in opened.alerts() if alert.as_json())


def _memory(folder: Path) -> float:
    """The most memory that the command took, in MB."""
    words = ["alerts", "--all", "--on", str(TODAY), "--as", "approver", "--csv", str(folder / "alerts.csv")]
    environment = {**os.environ, "DISCLOSURE_DATABASE_URL": f"sqlite:///{folder / 'disclosure.db'}"}
    # Reported by the command itself: the system's figure for a child includes its parent's memory.
    code = f"import cli; cli.main({words!r}, standalone_mode=False)"
    told = "print([line for line in open('/proc/self/status') if line.startswith('VmHWM')][0].split()[1])"
    script = f"try:\n  {code}\nexcept SystemExit: pass\n{told}"
    said = subprocess.run([PYTHON, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return int(said.stdout.split()[-1]) / 1024


# --- the databases


def _desk(folder: Path, officer: str = "approver") -> Any:
    from workflow.casework.desk import Desk
    from workflow.storage.database import Store

    moment = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")
    return Desk(store, officer, now=lambda: moment, today=lambda: TODAY)


def _filled(folder: Path, with_closed: bool) -> Path:
    """A database with the open cases, and with all that were filed before them."""
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    folder.mkdir()
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")
    founding.init(store, *office_file.checked(OFFICE))
    store.close()
    officers: Any = OFFICE["officer"]
    desks = {str(one["key"]): _desk(folder, str(one["key"])) for one in officers}
    filed = _brought(desks, 150, len(FILED))
    opened = [_brought(desks, days, steps) for days, steps in OPENED]
    for desk in desks.values():
        desk.store.close()
    with closing(sqlite3.connect(folder / "disclosure.db")) as connection:
        connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
        connection.row_factory = sqlite3.Row
        if with_closed:
            _copies(connection, filed, 1000, CASES - OPEN)
        share = OPEN // len(opened)
        for place, case_id in enumerate(opened):
            _copies(connection, case_id, 10_000_000 + place * share, share - 1)
        connection.execute("UPDATE outbox SET done_at = created_at")
        connection.commit()
        connection.execute("ANALYZE")
    return folder


def _brought(desks: dict[str, Any], days: int, steps: int) -> int:
    """A case received so many days ago that has gone so many steps; its id."""
    from workflow.casework import application
    from workflow.jobs import queue

    received = TODAY - timedelta(days=days)
    raw = {**APPLICATION, "signed_on": received, "request": "扶持项目名单", "items": ["扶持项目名单"]}
    done = desks["registrar"].receive(application.checked(raw))
    letters: list[int] = []
    for event, officer, after, facts in FILED[:steps]:
        if event in ("dispatch", "file"):
            queue.settle(desks["registrar"], letters)
        done = desks[officer].act(done.case.number, event, dict(facts), on=received + timedelta(days=after))
        letters += [letter["id"] for letter in done.letters]
    return int(done.case_id)


def _copies(connection: sqlite3.Connection, case_id: int, first: int, count: int) -> None:
    """So many copies of a case and its clocks; alerts look at nothing else."""
    many = f"WITH RECURSIVE many(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM many WHERE n < {first + count - 1}) "
    for table, new in (
        ("case_file", {"id": "n", "number": "'C-' || n"}),
        ("clock", {"id": "NULL", "case_id": "n"}),
    ):
        names = [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(new.get(name, f"old.{name}") for name in names)
        key = "id" if table == "case_file" else "case_id"
        connection.execute(
            f"{many} INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM many, {table} AS old"
            f" WHERE old.{key} = {case_id}"
        )

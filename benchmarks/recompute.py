"""A notice comes in while 50,000 of a million cases are open: computing anew, against writing the changed
rows alone.

The open cases are copies of cases that officers brought where they are by real acts, with a chain of entries
that holds; every tenth has an extension and has to be folded again. The others are rows that were filed long
ago. The floor is handed the rows as they are to be written and writes them back to what they were: as many
rows, the same statements, lots and commits. So both sides can be run again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, clocked, medians
from benchmarks.world import APPLICATION, OFFICE, World

# Fewer for a look in between: BENCH_CASES=100000.
CASES = int(os.environ.get("BENCH_CASES", "1000000"))
OPEN = CASES // 20
LOT = 500
LIMIT = 3.0
TEMPLATES = 10


def recompute(world: World, rounds: int) -> Iterator[Figure]:
    """What `disclosure recompute --apply` costs, in processor time."""
    from workflow.storage import tree
    from workflow.upkeep import recompute as ours
    from workflow.upkeep import recompute_write

    desk = filled(world.shared / "many")
    moves = {change.case_id: change.moves for change in ours.plan(desk)}
    with desk.store.reading() as connection:
        before = str(connection.exec_driver_sql("SELECT calendar FROM clock WHERE case_id = 1").scalar())
    taken, floor = [], []
    for _ in range(rounds):
        taken.append(clocked(lambda: recompute_write.apply(desk, ours.plan(desk))))
        rows = _rows(desk, moves)
        floor.append(clocked(lambda rows=rows: _write(desk, rows, before)))  # type: ignore[misc]
        # The floor writes no tree beside the chain; the next round goes on from one.
        with desk.store.writing() as writing:
            tree.build(writing, desk.office.id)
    both, least = medians(taken), medians(floor)
    note = f"{len(moves)} of {CASES} cases move, {both.wall / 1000:.1f} s"
    yield Figure("recompute, processor time", both.processor, LIMIT, least.processor, note=note)


# --- the database


def filled(folder: Path) -> Any:
    """The desk of an officer of an office with many cases, after the notice has come in; made once a run."""
    from workflow import calendar
    from workflow.casework.desk import Desk
    from workflow.office import founding, office_file
    from workflow.storage import tree
    from workflow.storage.database import Store

    year = calendar.known().announced_until.year
    today, moment = date(year, 12, 28), datetime(year, 12, 28, 4, tzinfo=UTC)
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")

    def sits(key: str) -> Any:
        return Desk(store, key, now=lambda: moment, today=lambda: today)

    if folder.exists():
        return sits("registrar")
    folder.mkdir()
    founding.init(store, *office_file.checked(OFFICE))
    ids = _templates(sits("registrar"), sits("approver"))
    office_id = sits("registrar").office.id
    store.close()
    with closing(sqlite3.connect(folder / "disclosure.db")) as connection:
        connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
        connection.row_factory = sqlite3.Row
        _copy_open(connection, office_id, ids)
        _copy_closed(connection)
        connection.execute("INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?, ?)", _notice(year + 1, today))
        connection.commit()
        connection.execute("ANALYZE")
    with store.writing() as writing:
        tree.build(writing, office_id)
    store.close()
    return sits("registrar")


def _templates(registrar: Any, approver: Any) -> list[int]:
    """Cases received on days of December, the last of them extended; their ids."""
    from workflow.casework import application

    made = []
    for number in range(TEMPLATES):
        day = registrar.today() - timedelta(days=16 - number)
        done = registrar.receive(
            application.checked(
                {**APPLICATION, "signed_on": day, "request": f"第{number}件", "items": [f"第{number}项信息"]}
            )
        )
        made.append(done.case_id)
    approver.act(
        done.case.number, "extend", {"reasons": "涉及多个年度的档案，需要核对"}, on=registrar.today()
    )
    return made


def _copy_open(connection: sqlite3.Connection, office_id: int, ids: list[int]) -> None:
    """Copies of the templates in turn, until so many are open, with entries at the end of the chain."""
    from workflow.cases.entry import Entry
    from workflow.storage import entry_hash

    def rows(table: str, column: str, number: int) -> list[dict[str, Any]]:
        return [
            dict(row) for row in connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (number,))
        ]

    templates = [
        (rows("case_file", "id", i)[0], rows("clock", "case_id", i), rows("ledger", "case_id", i))
        for i in ids
    ]
    seq, last = connection.execute("SELECT seq, hash FROM chain_head").fetchone()
    for start in range(len(ids), OPEN, LOT):
        made: dict[str, list[dict[str, Any]]] = {"case_file": [], "clock": [], "ledger": []}
        for number in range(start, min(start + LOT, OPEN)):
            case, clocks, entries = templates[number % len(ids)]
            case_id = number + 1
            made["case_file"].append({**case, "id": case_id, "number": f"{case['number'][:4]}-{case_id:07d}"})
            made["clock"] += [{**clock, "id": None, "case_id": case_id} for clock in clocks]
            for row in entries:
                seq += 1
                entry = Entry(
                    row["n"],
                    row["event"],
                    row["track"],
                    row["on_day"],
                    row["recorded_at"],
                    row["actor"],
                    row["source"],
                    row["dest"],
                    row["article"],
                    {},
                )
                found = entry_hash.digest(office_id, seq, case_id, entry, row["payload"], last)
                made["ledger"].append(
                    {**row, "id": None, "seq": seq, "case_id": case_id, "prev_hash": last, "hash": found}
                )
                last = found
        for table, copies in made.items():
            names = ", ".join(f":{name}" for name in copies[0])
            connection.executemany(f"INSERT INTO {table} ({names.replace(':', '')}) VALUES ({names})", copies)
    connection.execute("UPDATE chain_head SET seq = ?, hash = ?, peaks = NULL", (seq, last))


def _copy_closed(connection: sqlite3.Connection) -> None:
    """The others: filed, each with the clocks that a case begins with, met or ended."""
    many = (
        f"WITH RECURSIVE many(n) AS (SELECT {OPEN + 1} UNION ALL SELECT n + 1 FROM many WHERE n < {CASES}) "
    )
    changed = {
        "case_file": {
            "id": "n",
            "number": "'2020-' || n",
            "state": "'filed'",
            "open": "0",
            "reply_clock": "'met'",
        },
        "clock": {"id": "NULL", "case_id": "n", "state": "'met'"},
    }
    for table, new in changed.items():
        names = [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(new.get(name, f"old.{name}") for name in names)
        where = "old.id = 1" if table == "case_file" else "old.case_id = 1"
        connection.execute(
            f"{many} INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM many, {table} AS old WHERE {where}"
        )


def _notice(year: int, promulgated: date) -> tuple[Any, ...]:
    """An invented notice: the holidays fixed by law, and two more days off after New Year's Day."""
    from workflow.calendar import Festival, Notice, fixed_holidays, importing

    off = {day for day, _, _ in fixed_holidays.holidays(year)} | {date(year, 1, n) for n in range(2, 7)}
    notice = Notice(
        id=str(year),
        year=year,
        title="",
        number="测试用",
        status="M",
        promulgated=promulgated,
        promulgated_status="M",
        source="",
        festivals=(Festival("元旦", tuple(sorted(off)), ()),),
        amends=False,
    )
    return (
        str(year),
        year,
        "测试用",
        str(promulgated),
        importing.as_toml(notice),
        f"{promulgated}T00:00:00Z",
        "approver",
    )


# --- the floor


def _rows(desk: Any, moves: dict[int, Any]) -> list[dict[str, list[dict[str, Any]]]]:
    """What computing anew wrote, lot by lot, and so that it is taken back: the same rows, ready to be
    written.
    """
    from sqlalchemy import select

    from workflow.storage.tables import TABLES

    table = TABLES["ledger"]
    with desk.store.reading() as connection:
        written = (
            connection.execute(select(table).order_by(table.c.seq.desc()).limit(len(moves))).mappings().all()
        )
    lots = []
    for start in range(0, len(written), LOT):
        entries = [
            {**row, "id": None, "seq": row["seq"] + len(written), "n": row["n"] + 1}
            for row in reversed(written[start : start + LOT])
        ]
        lots.append(
            {
                "ledger": [{name: value for name, value in row.items() if name != "id"} for row in entries],
                "clock": [
                    {"b_id": move.id, "b_due": move.before, "b_provisional": move.was_provisional}
                    for row in entries
                    for move in moves[row["case_id"]]
                ],
                "case": [
                    {"b_id": row["case_id"], "b_due": move.before, "b_provisional": move.was_provisional}
                    for row in entries
                    for move in moves[row["case_id"]]
                    if move.rule == "reply.limit"
                ],
            }
        )
    return lots[::-1]


def _write(desk: Any, lots: list[dict[str, list[dict[str, Any]]]], before: str) -> None:
    """The changed rows alone: a transaction a lot, a statement a table."""
    from sqlalchemy import bindparam, insert, update

    from workflow.storage.tables import TABLES

    ledger, clock, case, head = (TABLES[name] for name in ("ledger", "clock", "case_file", "chain_head"))
    due, provisional = bindparam("b_due"), bindparam("b_provisional")
    for lot in lots:
        with desk.store.writing() as connection:
            connection.execute(insert(ledger), lot["ledger"])
            last = lot["ledger"][-1]
            connection.execute(update(head).values(seq=last["seq"], hash=last["hash"]))
            moved = {"due": due, "provisional": provisional, "calendar": before}
            connection.execute(
                update(clock).where(clock.c.id == bindparam("b_id")).values(moved), lot["clock"]
            )
            counted = {
                "version": case.c.version + 1,
                "entries": case.c.entries + 1,
                "recorded_at": desk.moment(),
            }
            reply = {**counted, "reply_due": due, "reply_provisional": provisional}
            connection.execute(update(case).where(case.c.id == bindparam("b_id")).values(reply), lot["case"])

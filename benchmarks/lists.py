"""A dry run of a list of 100,000 applications, against reading the workbook with the library alone.

Ours looks at every cell, row and person and asks what the act would ask; the floor makes plain rows of the
sheet. Both are counted in the processor's time, in turns, each in a process of its own: from where it has
loaded what it needs (what that takes is the matter of `start`), with all of the process that reads the
workbook for ours. Memory is that of both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.measure import PYTHON, Figure
from benchmarks.world import OFFICE, OFFICER, World

# Fewer for a look in between: BENCH_ROWS=10000.
ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
LIMIT = 3.0
SECONDS, MEGABYTES = 60.0, 300.0
HEADS = (
    "序号",
    "申请人姓名",
    "申请人类型",
    "收到日期",
    "申请方式",
    "联系电话",
    "通讯地址",
    "申请公开内容",
    "备注",
)
WAYS = ("邮寄", "当面", "网上", "信函", "EMS")
READ = """import json, sys, time, python_calamine
start = time.process_time()
python_calamine.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python()
print(json.dumps({"seconds": time.process_time() - start}))"""


def lists(world: World, rounds: int) -> Iterator[Figure]:
    """Dry runs of a list; the whole one once."""
    folder = world.folder / "lists"
    folder.mkdir()
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    url = f"sqlite:///{folder / 'disclosure.db'}"
    store = Store(url)
    founding.init(store, *office_file.checked(OFFICE))
    store.close()
    path = folder / "list.xlsx"
    _write(path, ROWS)
    sides = {"ours": [PYTHON, "-m", "benchmarks.lists", str(path)], "floor": [PYTHON, "-c", READ, str(path)]}
    told: dict[str, list[dict[str, float]]] = {"ours": [], "floor": []}
    for number in range(rounds):
        for side in [*sides][:: -1 if number % 2 else 1]:
            told[side].append(_told(sides[side], url))
    ours, floor = (median(one["seconds"] for one in told[side]) for side in ("ours", "floor"))
    yield Figure("list, dry run", ours * 1000, LIMIT, floor * 1000, note=f"{ROWS} rows")
    yield Figure("list, whole", max(one["seconds"] for one in told["ours"]), SECONDS, unit="s")
    most = max(one["megabytes"] for one in told["ours"])
    yield Figure("list, memory", most, MEGABYTES, unit="MB", note="with the process that reads")


def _told(command: list[str], url: str) -> dict[str, float]:
    """What a process says of itself."""
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "DISCLOSURE_DATABASE_URL": url},
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _write(path: Path, rows: int) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet, day = book.add_worksheet("登记表"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["某局2025年政府信息公开申请登记表"])
    sheet.write_row(1, 0, HEADS)
    for n in range(rows):
        on = date(2025, 1, 1) + timedelta(days=n % 360)
        sheet.write_row(n + 2, 0, [n + 1, f"{'赵钱孙李周吴郑王'[n % 8]}某{n % 9973}", "个人"])
        sheet.write_datetime(n + 2, 3, datetime(on.year, on.month, on.day), day)  # noqa: DTZ001
        told = [
            WAYS[n % 5],
            f"139{n:08d}",
            f"江州市平安路{n % 500}号",
            f"第{n}号地块的征收补偿方案和评估报告",
            "x",
        ]
        sheet.write_row(n + 2, 4, told)
    book.close()


def _run(path: Path) -> None:
    """One dry run in a process of its own, and what it took."""
    import resource
    import time

    from workflow.casework.desk import Desk
    from workflow.intake import lists as intake
    from workflow.storage.database import Store

    store = Store(os.environ["DISCLOSURE_DATABASE_URL"])
    desk = Desk(store, OFFICER, today=lambda: date(2026, 9, 1))
    start = time.process_time()
    outcome = intake.enter(desk, path, intake.Way(dry_run=True))
    read = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() - start + read.ru_utime + read.ru_stime
    if outcome.refused:
        raise SystemExit(outcome.refused[0].faults[0].error.text)
    held = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"rows": len(outcome.results), "seconds": seconds, "megabytes": sum(held) / 1024}))


if __name__ == "__main__":
    _run(Path(sys.argv[1]))

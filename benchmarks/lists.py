"""A dry run of a list of 100,000 applications, against reading the workbook with the library alone.

Ours looks at every cell, row and person and asks what the act would ask; the floor makes plain rows of the
sheet. Both are counted in the processor's time of all their processes, in turns; the whole list is gone
through once more for the time and the memory of the command with the process that reads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.measure import PYTHON, Figure, in_turns, process
from benchmarks.world import OFFICE, OFFICER, World

# Fewer for a look in between: BENCH_ROWS=10000.
ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
# Not held; see docs/performance.md for what is between.
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
READ = "import sys, python_calamine as c; c.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python()"


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
    part, whole = folder / "part.xlsx", folder / "whole.xlsx"
    _write(part, max(ROWS // 5, 1))
    _write(whole, ROWS)
    command = [PYTHON, "-m", "benchmarks.lists", str(part)]
    taken = in_turns(
        {
            "ours": process(command, DISCLOSURE_DATABASE_URL=url),
            "floor": process([PYTHON, "-c", READ, str(part)]),
        },
        rounds,
        warm=0,
    )
    yield Figure("list, dry run", taken["ours"].processor, LIMIT, taken["floor"].processor)
    told = json.loads(
        subprocess.run(
            [*command[:-1], str(whole)],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "DISCLOSURE_DATABASE_URL": url},
        ).stdout
    )
    yield Figure("list, whole", told["seconds"], SECONDS, unit="s", note=f"{told['rows']} rows")
    yield Figure("list, memory", told["megabytes"], MEGABYTES, unit="MB", note="with the process that reads")


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

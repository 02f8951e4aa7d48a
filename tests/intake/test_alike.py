"""Rows that are known by their kind come to what they come to when each is read by itself."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.base.test_sheets import xlsx
from tests.builders import Place
from workflow.intake import lists, results
from workflow.intake.alike import Alike

pytestmark = pytest.mark.usefixtures("repeated_roads", "workbooks_forked")

NAMES = ["张三", "李四", "王五", "赵某12", "诸葛亮亮", "等三", "张共", "合计", "申请人", "某公司", "平安中心"]
NAMES += [
    "无",
    "同上",
    "张三、李四",
    "张 三",
    "王\n五",
    "张?三",
    "欧阳 娜",
    "江州市平安有限公司",
    "",
    "ｱ三",
    "张三㐂",
]
CELLS: dict[str, list[Any]] = {
    "序号": ["1", "2", "", "合计", "注：略", "第1页", "一", "申请人"],
    "申请人": NAMES,
    "类型": ["个人", "个人", "公民", "企业", "单位", "", "不知道", "无"],
    "收到日期": ["2026-03-02", "2026年3月2日", "3月2日", "2026-13-02", "", "2026-03-02 17:30", "2030-01-01"],
    "申请方式": ["邮寄", "信函", "当面", "网上", "飞鸽", "", "平信"],
    "身份证号": [
        *("", "11010519491231002X", "110105194912310021"),
        *("1.10105E+17", "护照E12345678", "44052418800101001X"),
    ],
    "电话": ["", "13900000001", "0571-88000000", "无", "139 0000", "13900000001\n13900000002", "见附件"],
    "地址": ["", "江州市平安路1号", "江州市 平安路 2号", "同上", "/", "Ａ座3楼", "a座3楼"],
    "申请内容": [
        *("征收补偿方案", "评估报告\n及附件", "评估 报告", "无", ""),
        *("x" * 600, "预算\u200b表", "评估报告\u0007", "ABC表", "abc表"),
    ],
}


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def tried(place: Place, path: Path) -> tuple[Any, ...]:
    outcome = lists.enter(place.desk("registrar"), path, lists.Way(dry_run=True))
    told = [
        (
            one.row,
            one.name,
            one.status,
            [(fault.cell, fault.error.text) for fault in one.faults],
            one.remarks,
            one.cells,
        )
        for one in outcome.results
    ]
    return told, outcome.passed_over, outcome.remarks


def by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row is read by itself."""
    monkeypatch.setattr(
        Alike, "looked", lambda _, block: ((None, None, (), 0) for _ in range(len(block.numbers)))
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_row_comes_to_the_same_by_its_kind_and_by_itself(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    pick = random.Random(seed)
    heads = [
        head
        for head in CELLS
        if seed == 0 or head in ("申请人", "收到日期", "申请方式", "申请内容") or pick.random() < 0.7
    ]
    pick.shuffle(heads)
    rows = []
    for number in range(450):
        usual = pick.random() < 0.6
        told = [
            CELLS[head][0] if usual and pick.random() < 0.8 else pick.choice(CELLS[head]) for head in heads
        ]
        if usual:
            told[heads.index("申请内容")] = f"第{number % 200}号地块"
        rows.append(told)
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["某局登记表"], heads, *rows])
    quick = tried(place, path)
    by_itself(monkeypatch)
    assert quick == tried(place, path)
    assert sum(1 for one in quick[0] if one[2] == "in order") > 60


def test_an_office_that_has_cases_is_told_of_repeats_all_the_same(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = ["申请人", "类型", "收到日期", "申请方式", "电话", "申请内容"]
    rows = [
        ["张三", "个人", "2026-03-02", "邮寄", 13900000000 + n, f"第{n}号地块的补偿方案"] for n in range(3)
    ]
    path = xlsx(tmp_path / "first.xlsx", [heads, *rows])
    assert not lists.enter(place.desk("registrar"), path).refused
    again = xlsx(
        tmp_path / "again.xlsx", [heads, *rows, *[[*one[:5], f"{one[5]}、报告"] for one in rows], rows[0]]
    )
    quick = tried(place, again)
    by_itself(monkeypatch)
    assert quick == tried(place, again)
    assert [one[2] for one in quick[0]] == ["known"] * 3 + ["in order"] * 3 + ["refused"]
    assert all(one[4] for one in quick[0][3:6])


def test_most_rows_of_a_usual_list_are_known_by_their_kind(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = ["序号", "申请人", "类型", "收到日期", "申请方式", "身份证号", "电话", "申请内容"]
    rows = [
        [
            n,
            f"张某{n}",
            "个人",
            "2026-03-02",
            "邮寄",
            "11010519491231002X",
            13900000000 + n,
            f"第{n}号 地块\n方案",
        ]
        for n in range(300)
    ]
    read: list[int] = []
    whole = lists.Reader.read
    monkeypatch.setattr(lists.Reader, "read", lambda self, row: read.append(row.number) or whole(self, row))  # type: ignore[func-returns-value]
    outcome = lists.enter(
        place.desk("registrar"), xlsx(tmp_path / "list.xlsx", [heads, *rows]), lists.Way(dry_run=True)
    )
    assert outcome.count("in order") == 300
    # The rows of the first block were looked at together, before any of them was known.
    assert len(read) <= 3
    assert results.counted(outcome)

"""Lists that come back from the post office: headings under any name, days with a time, words for what became
of a piece.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.base.test_sheets import ods, xls, xlsx
from workflow.base.errors import Malformed
from workflow.delivery import post_lists
from workflow.procedure import mail_numbers

pytestmark = pytest.mark.usefixtures("workbooks_forked")

NEEDED = (("tracking",), ("status",), ("on",))
ROWS: list[list[Any]] = [
    ["江州市邮政局投递情况表", "", "", ""],
    ["运单号", "当前状态", "妥投时间", "投递情况"],
    ["1234567890123", "已妥投-单位收发室", "2026-11-12 10:33:21", "收发室"],
    ["合计", "1件", "", ""],
]


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_a_list_of_the_post_is_read_as_it_comes(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / f"a.{write.__name__}", ROWS)
    (row,) = post_lists.read(path, NEEDED)
    assert row == (
        3,
        {
            "tracking": "1234567890123",
            "status": "已妥投-单位收发室",
            "on": "2026-11-12 10:33:21",
            "detail": "收发室",
        },
    )


@pytest.mark.parametrize("title", ["邮件条码号", "给据邮件号码", "挂号条码", "EMS 运单号", "* 邮件单号"])
def test_the_column_of_numbers_under_further_titles(tmp_path: Path, title: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        f"处理动作;备注;处理时间;{title}\n妥投;;2026/11/12 10:33;XA12345678911\n".encode("gb18030")
    )
    ((_, row),) = post_lists.read(path, NEEDED)
    assert row["tracking"] == "XA12345678911"


def test_the_day_of_posting_is_not_that_of_delivery(tmp_path: Path) -> None:
    rows = [["邮件号", "状态", "收寄时间"], ["XA12345678911", "妥投", "2026-11-12"]]
    with pytest.raises(Malformed):
        list(post_lists.read(xlsx(tmp_path / "a.xlsx", rows), NEEDED))


@pytest.mark.parametrize(
    "text", ["'XA12345678911", '="XA12345678911"', "ＸＡ１２３４５６７８９１１", "xa 1234 5678 911\u200b"]
)
def test_a_number_as_a_spreadsheet_spoils_it(text: str) -> None:
    assert mail_numbers.number(text) == "XA12345678911"


def test_a_list_without_a_column_that_is_needed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as caught:
        list(
            post_lists.read(xlsx(tmp_path / "a.xlsx", [["运单号", "妥投时间"], ["1", "2026-11-12"]]), NEEDED)
        )
    assert caught.value.field == "file"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("delivered", "delivered"),
        ("妥投", "delivered"),
        ("已妥投-单位收发室", "delivered"),
        ("已签收，他人代收", "delivered"),
        ("退回", "returned"),
        ("退回妥投", "returned"),
        ("已签收(退回寄件人)", "returned"),
        ("拒收", "returned"),
        ("运输中", "underway"),
        ("未妥投", "underway"),
        ("正在投递", "underway"),
        ("到达投递局", "underway"),
        ("已投递至代收点", "waiting"),
        ("存放驿站，待取", "waiting"),
        ("丰巢柜", "waiting"),
        ("未签收", "underway"),
        ("待签收", "underway"),
        ("签收失败", "underway"),
        ("投递未成功", "underway"),
        ("无法妥投", "underway"),
        ("未能签收，安排再投", "underway"),
        ("退回途中", "underway"),
        ("Not delivered", "underway"),
        ("正在退回寄件人", "underway"),
        ("拒绝签收", "returned"),
        ("收件人拒绝签收，退回", "returned"),
        ("未签收，逾期退回", "returned"),
        ("签收人：本人签收", "delivered"),
        ("代理人签收", "delivered"),
    ],
)
def test_what_became_of_a_piece(text: str, said: str) -> None:
    assert post_lists.status(text) == said


def test_what_says_nothing_is_refused() -> None:
    with pytest.raises(Malformed):
        post_lists.status("飞走")

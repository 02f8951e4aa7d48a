"""An office is founded by question and answer at a terminal: explained, checked at once, kept, resumed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cli
from tests.counter import disclosure
from tests.sitting import Sitting
from workflow.base import messages, terminal
from workflow.commands.asking import kept

Sit = Callable[[], Sitting]
FIRST = [
    "清江县住房和城乡建设局",
    "Q J",
    "qj-zjj",
    "",
    "zfgzbm",
    "县级",
    "清建〔2026〕",
    "清建公开复",
    "清建公开复",
    "",
]
SECOND = ["清江县人民路18号", "1234", "212000", "电话", "0511-80000001", "", "清江县人民法院", ""]
ABOVE = ["清江县人民政府"]
STAFF = ["", "办公室", "ban", "", "沈某", "shen", "", "", "林某", "", "承办人,审核人", "1", ""]


@pytest.fixture
def sit(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sit]:
    def sits() -> Sitting:
        return Sitting(lambda: cli.main(["init", "--plain"], prog_name="disclosure"))

    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    yield sits
    messages.use(None)
    terminal.use(False)


def test_what_is_wrong_is_said_at_once_and_an_interrupted_founding_goes_on(sit: Sit, home: Path) -> None:
    at = sit()
    shown = at.answer(*FIRST)
    assert "印在每份文书的抬头" in shown
    assert "例如：清建公开复" in shown
    for fault in ("小写字母", "此处必须填写", "只写代字本身", "不得"):
        assert fault in shown
    at.type("\x03")
    assert "尚未建库" in at.end()
    assert at.status == 1
    assert stat.S_IMODE(os.stat(kept.path()).st_mode) == 0o600
    at = sit()
    assert "清江县住房和城乡建设局" in at.asks()
    shown = at.answer("是", *SECOND)
    assert "邮政编码是六位数字" in shown
    assert "电话只有数字" in shown
    shown = at.answer(*ABOVE, *STAFF)
    assert "将建立" in shown
    assert "尚无人担任" not in shown
    shown = at.answer("否", "邮政编码", "212001", "是")
    assert at.status == 0, shown
    assert "存证密钥" in shown
    assert not Path(kept.path()).exists()
    office = disclosure("office", "show", "--as", "shen", "--json").json
    assert (office["postcode"], office["notice_code"]) == ("212001", "清建公开告")
    people = disclosure("officer", "list", "--office", "qj-zjj", "--json").json
    assert [one["key"] for one in people] == ["shen", "lm"]
    key = disclosure("evidence", "key", "--as", "shen").out
    assert key.startswith("disclosure/qj-zjj/")
    again = ("evidence", "key", "--create", "--as", "shen")
    assert disclosure(*again).code == 4
    next(home.rglob("evidence.key.pem")).unlink()
    assert disclosure(*again).out not in ("", key)


def test_going_back_and_leaving_out(sit: Sit) -> None:
    at = sit()
    shown = at.answer("清江县某局", "<", "清江县住房和城乡建设局", "")
    assert shown.count("机关全称") == 2
    at.type("\x04")
    at.end()
    assert at.status == 1
    assert kept.read() == {"name": "清江县住房和城乡建设局"}

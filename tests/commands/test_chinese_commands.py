"""Commands by their Chinese names, values and days as officers write them."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from tests.counter import disclosure
from workflow.base.errors import Malformed
from workflow.commands import chinese_names

OFFICE = Path(__file__).parent.parent.parent / "docs" / "demo" / "jiangnan.toml"


def test_every_command_has_a_chinese_name_and_every_name_one_command() -> None:
    acts = cli._chinese_acts()
    names = chinese_names.by_name(acts)
    assert {said for said, _ in acts.values()} | set(cli.COMMANDS) == set(names.values())
    assert set(chinese_names._table()["names"]) == set(cli.COMMANDS)
    assert set(chinese_names._table()["acts"]) <= set(acts)
    first = next(iter(acts))
    with pytest.raises(Malformed):
        chinese_names.by_name({**acts, first: (acts[first][0], "台账")})


@pytest.mark.parametrize(
    "said", ["收件", "登记", "分办", "承办", "拟稿", "送审", "通过", "退回", "编号", "寄出"]
)
def test_help_by_a_chinese_name(said: str) -> None:
    assert disclosure(said, "--help").code == 0


def test_a_mistyped_name_proposes_the_nearest() -> None:
    assert "登记" in disclosure("登计", "1").err
    assert "register" in disclosure("registr", "1").err


@pytest.fixture
def office(home: Path) -> Path:
    assert disclosure("初始化", "--office", OFFICE).code == 0
    return home


def test_a_case_is_entered_in_the_officer_s_own_words(office: Path) -> None:
    made = disclosure(
        "收件",
        "--as",
        "zhao",
        "--name",
        "某厂",
        "--channel",
        "邮寄",
        "--kind",
        "企业",
        "--request",
        "预算",
        "--on",
        "2026年3月2日",
        "--json",
    )
    assert made.code == 0, made.err
    for form in ("1", "2026-1", "2026-0001", "〔2026〕1号", "（2026）第1号", "2026年1号", "某厂"):
        shown = disclosure("查看", form, "--as", "zhao", "--json")
        assert shown.code == 0, (form, shown.err)
        assert shown.json["number"] == "2026-0001"
    assert shown.json["channel"] == "post"
    assert disclosure("查看", "2026-2", "--as", "zhao").code == 3
    refused = disclosure(
        "收件", "--as", "zhao", "--name", "某厂", "--channel", "飞鸽", "--request", "x", "--json"
    )
    assert refused.code == 2
    assert refused.fault["field"] == "channel"

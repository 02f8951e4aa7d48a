"""Commands by their Chinese names, values and days as officers write them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import cli
from tests.counter import disclosure
from workflow import law
from workflow.base import caller, chinese_names, messages, names, typed_words
from workflow.base.errors import Malformed
from workflow.commands import (
    all_commands,
    choosing,
    options,
    wiring,  # noqa: F401  (the words of the day)
)
from workflow.reports.views.field_names import field_name
from workflow.service import client

OFFICE = Path(__file__).parent.parent.parent / "docs" / "demo" / "jiangnan.toml"


def test_every_command_has_a_chinese_name_and_every_name_one_command() -> None:
    acts = all_commands.chinese_acts()
    names = chinese_names.by_name(acts)
    assert {said for said, _ in acts.values()} | set(all_commands.COMMANDS) == set(names.values())
    assert set(chinese_names._table()["names"]) == set(all_commands.COMMANDS)
    assert set(chinese_names._table()["acts"]) <= set(acts)
    first = next(iter(acts))
    with pytest.raises(Malformed):
        chinese_names.by_name({**acts, first: (acts[first][0], "台账")})


def _groups(command: click.Command) -> Iterator[options.Group]:
    context = click.Context(command)
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        found = command.get_command(context, name)
        assert found is not None
        if isinstance(found, options.Group):
            yield found
        yield from _groups(found)


def test_every_command_within_a_group_has_a_chinese_name_that_is_taken() -> None:
    found = list(_groups(cli.main))
    assert {one.name for one in found} == set(chinese_names._table()["below"])
    for one in found:
        context = click.Context(one)
        names = one.called(context)
        assert set(names.values()) == set(one.commands)
        for name, said in names.items():
            assert one.get_command(context, name) is one.commands[said], (one.name, name)
    with pytest.raises(Malformed):
        chinese_names.below("fee", ["by-item", "by-page", "case", "by-hour"])


def test_help_shows_the_chinese_names_within_a_group() -> None:
    assert "approval 呈批单" in disclosure("内部文书", "--help").out
    assert "呈批单" not in disclosure("paper", "--help", "--lang", "en").out
    assert disclosure("文书", "本机关范本", "采用", "--help").out.count("accept") > 0
    assert disclosure("内部文书", "呈批单", "--help").code == 0


def test_the_service_does_not_run_what_is_about_it_by_either_name() -> None:
    alone = {"service", "worker"}
    names = chinese_names.by_name(all_commands.chinese_acts())
    assert {*alone, *(name for name, said in names.items() if said in alone)} == set(client.ALONE)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("分案", "1"), "分案办理（split）"),
        (("分案办", "1"), "分案办理（split）"),
        (("reg", "1"), "register"),
        (("paper", "呈批"), "呈批单（approval）"),
        (("letter", "chek"), "check"),
    ],
)
def test_a_part_of_a_name_proposes_a_command_and_takes_none(words: tuple[str, ...], meant: str) -> None:
    refused = disclosure(*words)
    assert refused.code == 2
    assert meant in refused.err


def test_initials_and_pinyin_of_a_whole_name_are_taken_where_they_mean_one_command() -> None:
    for words in (("dj",), ("dengji",)):
        assert "disclosure register 2026-0001" in disclosure(*words, "--help").out
    for words in (("nbws", "cpd"), ("paper", "chengpidan")):
        assert "呈批单：拟办意见" in disclosure(*words, "--help").out
    several: dict[str, set[str]] = {}
    for name, said in chinese_names.by_name(all_commands.chinese_acts()).items():
        for spelling in typed_words.spellings(name):
            several.setdefault(spelling, set()).add(said)
    spelling, meant = next((one, said) for one, said in several.items() if len(said) > 1)
    refused = disclosure(spelling, "1")
    assert refused.code == 2
    assert all(one in refused.err for one in meant)


def test_at_a_terminal_it_is_asked_which_command_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(choosing, "can_ask", lambda: True)
    monkeypatch.setattr(choosing, "_chosen", lambda fault: asked.append(fault.choices) or "approval")
    assert "呈批单：拟办意见" in disclosure("内部文书", "chengpi", "--help").out
    assert asked == [{"approval": "呈批单（approval）", "change": "change"}]


@pytest.mark.parametrize(
    "said", ["收件", "登记", "分办", "承办", "拟稿", "送审", "通过", "退回", "编号", "寄出"]
)
def test_help_by_a_chinese_name(said: str) -> None:
    assert disclosure(said, "--help").code == 0


def test_a_mistyped_name_proposes_the_nearest() -> None:
    assert "登记" in disclosure("登计", "1").err
    assert "register" in disclosure("registr", "1").err


def test_an_option_of_another_command_proposes_the_one_that_is_meant() -> None:
    said = disclosure("alerts", "--officer", "li").err
    assert "--mine" in said
    assert "--office" not in said.replace("--officer", "")
    assert "--as" in disclosure("register", "1", "--officer", "li").err


def test_the_field_of_an_error_is_named_in_chinese_with_what_is_typed() -> None:
    with messages.speaking("zh_CN"):
        assert field_name("severance") == "区分处理的情况（severance）"
        assert field_name("channel") == "申请渠道（channel）"
        # Several acts mean different things by it.
        assert field_name("days") == "days"
        assert field_name("count", "notify-fee") == "页数或者件数（count）"
        assert field_name("severance", "draft") == field_name("severance")
        # What many commands take, each for a meaning of its own.
        assert field_name("to", "amend") == "更正为（to）"
        assert field_name("name") == "名称（name）"
        assert field_name("kind") == "类别（kind）"
    with messages.speaking("en"):
        assert field_name("severance") == "severance"


def test_help_as_people_type_it() -> None:
    assert disclosure("help", "登记").out == disclosure("登记", "--help").out != ""
    assert disclosure("帮助").out == disclosure("--help").out


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


RECEIVED = ("收件", "--as", "zhao", "--channel", "当面", "--on", "2026年3月2日")


def test_figures_alone_are_a_running_number_and_no_part_of_another(office: Path) -> None:
    facts = ("--name", "李四2号楼业委会", "--phone", "0511-80001234", "--request", "2026年度预算")
    assert disclosure(*RECEIVED, *facts).code == 0
    for form in (
        "1",
        "0001",
        "1号",
        "第1号",
        "１",
        "２０２６－１",
        "2026—1",
        "051180001234",
        "0511 8000 1234",
        "业委会",
    ):
        for command in ("下一步", "期限", "记录", "查看"):
            assert disclosure(command, form, "--as", "zhao").code == 0, (command, form)
    for figures in ("2", "02", "2026", "202", "20260001", "8000"):
        refused = disclosure("登记", figures, "--as", "zhao", "--json")
        assert (refused.code, refused.fault["field"]) == (3, "case"), figures
    assert disclosure("查看", "1", "--as", "zhao", "--json").json["state"] == "received"


@pytest.mark.parametrize(
    ("kind", "said", "codes"),
    [
        ("channel", "当面", ["in_person"]),
        ("channel", "网上", ["online"]),
        ("channel", "EMS", ["post"]),
        ("channel", "挂号信", ["post"]),
        ("channel", "平邮", ["post_unsigned"]),
        ("channel", "邮箱", ["email"]),
        ("applicant", "公民", ["natural_person"]),
        ("applicant", "公司", ["commercial_enterprise"]),
        ("applicant", "律所", ["legal_service"]),
        ("served_by", "当面", ["hand"]),
        ("served_by", "ems", ["post"]),
        ("outcome", "不公开", ["withheld"]),
        ("outcome", "bcz", ["not_held"]),
        ("ground", "symm", ["trade_secret"]),
        ("ground", "grys", ["personal_privacy"]),
        # A registered letter, and part of the name of another: it is asked about, not chosen.
        ("channel", "信函", ["post_unsigned", "post"]),
        ("channel", "飞鸽", []),
    ],
)
def test_words_of_the_day_are_taken_and_never_chosen_from(kind: str, said: str, codes: list[str]) -> None:
    known = {
        "channel": law.bundled().channels(),
        "outcome": ["granted", "withheld", "partial", "not_held"],
        "ground": ["trade_secret", "personal_privacy", "process_information"],
        "applicant": names.bundled()["applicant"],
        "served_by": names.bundled()["served_by"],
    }
    words = names.both("outcome" if kind == "ground" else kind, known[kind])
    assert typed_words.matches(said, words) == codes


def test_names_that_hold_a_mark_of_lists_are_kept_apart() -> None:
    words = {"a": {"zh": "信访、投诉", "en": "a"}, "b": {"zh": "更正", "en": "b"}}
    with messages.speaking("zh_CN"):
        assert typed_words.described(words, words) == "信访、投诉；更正"
    with messages.speaking("en"):
        assert typed_words.described(words, words) == "a, b"


def test_units_officers_outcomes_and_choices_by_name(office: Path) -> None:
    lines = [
        "收件 --as 赵登记 --name 张三 --channel dm --request 预算 --on 2026-03-02",
        "登记 1 --as zdj --on 2026-03-02",
        "分办 1 --as 赵登记 --unit 技术改造处 --on 2026-03-02",
        "承办 1 --as qcb --on 2026-03-03",
        "拟稿 1 --as 钱承办 --outcome 予以公开 --reasons 依申请提供 --on 2026-03-04",
    ]
    for line in lines:
        made = disclosure(*line.split())
        assert made.code == 0, (line, made.err)
    shown = disclosure("查看", "1", "--as", "zhao", "--json").json
    assert (shown["channel"], shown["unit"], shown["handler"]) == ("in_person", "jsgz", "qian")
    assert disclosure("list", "--as", "某某").code == 3


def test_a_login_that_resembles_a_name_is_nobody_s(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCLOSURE_OFFICER", raising=False)
    monkeypatch.setattr(caller, "_served", caller.Caller(1234, "zdj"))
    assert disclosure("list").code == 2

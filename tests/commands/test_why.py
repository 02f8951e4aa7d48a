"""Help that teaches: rules, provisions and refusals explained; commands in groups by the officer's day."""

from __future__ import annotations

import shlex
import stat
from datetime import date
from pathlib import Path

import click
import pytest

import cli
from letters.check import rules
from tests.builders import Place
from tests.counter import disclosure
from workflow import law
from workflow.base import chinese_names, last_refusal, messages, names
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.commands import all_commands
from workflow.procedure import act_tables
from workflow.reports.law import why
from workflow.reports.views import command_names, fault_text

ON = date(2026, 9, 1)
ASKED = [
    *rules.rules(),
    *act_tables.bundled()["words"]["guard"],
    *(f"house:{name}" for name in act_tables.bundled()["process"]["house"]),
    *names.bundled()["clock"],
    *law.bundled().parameters(),
    *(one.id for one in (*law.bundled().outcomes(ON), *law.bundled().grounds(ON))),
]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_rule_guard_clock_value_and_outcome_is_explained(lang: str) -> None:
    with messages.speaking(lang):
        for asked in ASKED:
            told = why.of(asked, ON)
            assert told.title, asked
            assert told.provisions or told.looked_at, asked
            assert all(told.lines()), asked


def test_advice_names_acts_by_the_words_of_the_reader() -> None:
    fault = Refused(
        "No.",
        way_on="Hand it in: disclosure submit 1, then disclosure letter-posted 1; see disclosure show 1",
    )
    with messages.speaking("zh_CN"):
        told = fault_text.fault_lines(fault)[-1]
        assert "disclosure 送审 1, then disclosure 告知书发出 1; see disclosure 查看 1" in told
        assert command_names.as_typed("disclosure submit-later 1") == "disclosure submit-later 1"
        assert command_names.as_typed("disclosure office set amend") == "disclosure 机关 设置 amend"
        assert command_names.as_typed("disclosure why last") == "disclosure 为什么 上次"
        for name in all_commands.COMMANDS:
            word = command_names.as_typed(f"(disclosure {name})").strip("()").split()[1]
            assert chinese_names.command(word, all_commands.chinese_acts()) == name
        for act in all_commands.acts().values():
            word = command_names.as_typed(f"disclosure {act['command']} 1").split()[1]
            assert chinese_names.command(word, all_commands.chinese_acts()) == act["command"]
    with messages.speaking("en"):
        assert "disclosure submit 1" in fault_text.fault_lines(fault)[-1]
        assert command_names.as_typed("disclosure show 1") == "disclosure show 1"
    with messages.speaking("zh_CN"):
        assert "disclosure submit 1" in fault_text.fault_json(fault)["error"]["advice"], "scripts keep codes"


def test_every_example_that_is_given_can_be_typed() -> None:
    examples = {line for asked in ASKED for line in why.of(asked, ON).examples}
    assert len(examples) > 50
    for line in sorted(examples):
        words = shlex.split(line)
        assert words[0] == "disclosure"
        with click.Context(cli.main, info_name="disclosure") as above:
            command = cli.main.get_command(above, words[1])
            assert command is not None, line
            rest = words[2:]
            if isinstance(command, click.Group):
                command = command.get_command(above, rest.pop(0))
                assert command is not None, line
            command.make_context(words[1], rest, parent=above)


@pytest.mark.parametrize(
    "asked",
    [
        "第三十三条第二款",
        "条例第33条第2款",
        "《中华人民共和国政府信息公开条例》第三十三条第二款",
        "ogi2019:33.2",
    ],
)
def test_a_provision_in_any_of_its_forms(asked: str) -> None:
    said = disclosure("why", asked, "--lang", "zh_CN")
    assert said.code == 0, said.err
    for part in (
        "第三十三条第二款",
        "20个工作日内予以答复",
        "延期",
        "disclosure 法律 查看 reply.limit",
        "延长答复的最长期限",
    ):
        assert part in said.out


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        *[(one, "第三十六条") for one in ("36", "第36条", "36条", "三十六条", "条例36")],
        *[(one, "第三十六条第（一）项") for one in ("36(1)", "36（一）", "36条一项", "三十六条第一项")],
        *[(one, "第三十三条第二款") for one in ("33(2)", "33.2", "33条2款")],
    ],
)
def test_a_bare_article_is_one_of_the_regulations(asked: str, place: str) -> None:
    with messages.speaking("zh_CN"):
        assert why.of(asked, ON).title == f"《中华人民共和国政府信息公开条例》{place}"


def test_a_bare_article_of_another_instrument() -> None:
    with messages.speaking("zh_CN"):
        assert why.of("行诉法46", ON).title == "《中华人民共和国行政诉讼法》第四十六条"
        for none in ("99", "36(9)"):
            with pytest.raises(NotFound):
                why.of(none, ON)


def test_a_provision_of_a_text_that_was_replaced_is_that_of_today() -> None:
    assert "六十日内提出行政复议申请" in disclosure("why", "行政复议法第二十条", "--lang", "zh_CN").out
    assert disclosure("why", "行政复议法第九百条").code == 3
    assert disclosure("why", "某某办法第一条").code == 3
    assert disclosure("why", "").code == 3


@pytest.mark.parametrize(
    ("asked", "on", "name"),
    [
        ("第二十四条", "2013-06-03", "15个工作日内予以答复"),
        ("第三十三条", "2019-05-15", "《中华人民共和国政府信息公开条例》第三十三条"),
        ("法释〔2025〕8号第十条第二款第（四）项", "2025-06-01", "申请人重复申请公开已经予以公开的政府信息"),
        ("法释[2026]3号第二条", "2026-05-01", "行政行为的内容和实施主体"),
        ("8号第十一条", "2025-06-01", "二十个工作日内公开"),
        ("保密法第二十条", "2026-01-01", "绝密级不超过三十年"),
        ("行诉法第四十六条", "2026-01-01", "六个月内提出"),
        ("复议法第九条", "2023-12-31", "自知道该具体行政行为之日起"),
        ("复议法第二十条", "2024-01-01", "自知道或者应当知道该行政行为之日起"),
        ("国办函〔2021〕132号第二条", "2024-01-01", "指导意见"),
    ],
)
def test_a_text_is_known_by_its_number_its_day_and_what_lawyers_call_it(
    asked: str, on: str, name: str
) -> None:
    said = disclosure("why", asked, "--on", on, "--lang", "zh_CN")
    assert said.code == 0, said.err
    assert name in said.out


@pytest.mark.parametrize(
    ("asked", "title", "part"),
    [
        ("归档", "归档", "办结案卷须完整归档备查。"),
        ("file", "归档", ""),
        ("通过", "审核通过", "起草与审核分离，保证答复合法。"),
        ("审核分离", "起草与审核分离，保证答复合法。", "审核通过"),
        ("不是起草人", "本人不是起草人", ""),
        ("国办公开办函〔2016〕235号", "《送达问题的解释》", "国办公开办函〔2016〕235号"),
        ("行政复议法", "行政复议法", "六十日内提出行政复议申请"),
    ],
)
def test_an_act_words_of_a_rule_and_the_number_of_a_text(asked: str, title: str, part: str) -> None:
    with messages.speaking("zh_CN"):
        told = why.of(asked, ON)
        said = "\n".join(told.lines())
        assert title in told.title
        assert part in said


@pytest.mark.parametrize("asked", ["解释第一条", "实施条例第三十条", "6号第一条"])
def test_a_name_of_several_texts_is_none(asked: str) -> None:
    assert disclosure("why", asked, "--on", "2026-07-01").code == 3


def test_a_refusal_names_the_command_that_explains_it(quick: Place) -> None:
    assert quick.store.folder
    Path(str(quick.store.folder)).mkdir(parents=True, exist_ok=True)
    number = quick.bring("head_review")
    given = ("--as", "handler", "--db", quick.store.url, "--lang", "zh_CN")
    folder = Path(last_refusal.places.data())
    folder.mkdir(parents=True, exist_ok=True)
    refused = disclosure("通过", number, *given)
    assert refused.code == 1
    assert "详情：disclosure 为什么 上次" in refused.err
    kept = folder / last_refusal.NAME
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    told = disclosure("why", "last", "--lang", "zh_CN")
    assert told.code == 0, told.err
    for part in (
        "不能办理",
        "程序核对",
        "审批人",
        "本人不是起草人",
        "如何处理",
        "disclosure 审核通过 2026-0001",
    ):
        assert part in told.out or part == "不能办理", (part, told.out)
    assert "why" not in disclosure("通过", number, *given, "--json").err
    assert disclosure("为什么", "上次", "--lang", "zh_CN").out == told.out


def test_without_a_data_folder_nothing_is_kept_and_the_rule_is_named(quick: Place) -> None:
    number = quick.bring("received")
    refused = disclosure("assign", number, "--unit", "ban", "--as", "registrar", "--db", quick.store.url)
    if not Path(last_refusal.places.data()).exists():
        assert "disclosure 为什么 ogi2019:45.1" in refused.err
        assert disclosure("why", "last").code == 3


# --- groups


def test_help_lists_every_command_once_by_the_officer_s_day() -> None:
    acts = all_commands.acts()
    found = chinese_names.groups(all_commands.COMMANDS, acts)
    listed = [name for _title, commands, events in found for name in (*commands, *events)]
    assert sorted(listed) == sorted([*all_commands.COMMANDS, *acts])
    rest = chinese_names._table()["rest"].values()
    assert not [row for row in found if row[0] in rest], "put the new command in a group"
    for lang, first, then in (
        ("zh_CN", "每天先看：", "收件登记："),
        ("en", "First in the morning:", "Receipt and"),
    ):
        said = disclosure("--help", "--lang", lang).out
        assert said.index(first) < said.index(then)


def test_a_command_stands_in_one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    table = chinese_names._table()
    broken = {**table, "group": [*table["group"], {"zh": "x", "en": "x", "commands": ["today"]}]}
    monkeypatch.setattr(chinese_names, "_table", lambda: broken)
    with pytest.raises(Malformed):
        chinese_names.groups(all_commands.COMMANDS, all_commands.acts())

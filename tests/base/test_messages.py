"""Two languages: every message and every name in both, and the command line speaks the one that is asked
for.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import cli
from scripts import catalogues, docs
from workflow import law
from workflow.base import messages, screen, text_width, typed_text
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import translate
from workflow.base.names import Named
from workflow.commands import maintenance, metavars, parameter_types, prompting
from workflow.procedure import act_forms, transitions

ROOT = Path(__file__).resolve().parent.parent.parent
CHINESE = catalogues.LOCALE / "zh_CN" / "LC_MESSAGES" / "disclosure.po"
ASKED = ("DISCLOSURE_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
HAN = re.compile(r"[\u4e00-\u9fff]")
# What is typed or drawn is the same in both languages.
SAME = re.compile(r"^(sudo |pip |chmod |sh |Python |\{|\W*\{on\})")

catalogues.compile_all()


@pytest.fixture(autouse=True)
def _own_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ASKED:
        monkeypatch.delenv(name, raising=False)
    messages.use(None)
    yield
    messages.use(None)


def run(*args: str, **env: str) -> Result:
    """The command line as it is typed, in an environment that names no language but the given one."""
    return CliRunner().invoke(
        cli.main, list(args), env={**dict.fromkeys(ASKED), **env}, prog_name="disclosure"
    )


# --- the catalogue -------------------------------------------------------------------------------------


def test_every_message_is_translated_with_its_placeholders_and_nothing_is_left_over() -> None:
    assert catalogues.faults() == []


def test_no_translation_is_fuzzy_or_obsolete() -> None:
    for line in CHINESE.read_text(encoding="utf-8").splitlines():
        assert not line.startswith("#~"), line
        assert "fuzzy" not in line or not line.startswith("#,"), line


def test_translations_are_chinese() -> None:
    for message, chinese in catalogues.read(CHINESE).items():
        if message and not SAME.match(message):
            assert HAN.search(chinese), message


def test_chinese_sentences_have_chinese_marks() -> None:
    for message, chinese in catalogues.read(CHINESE).items():
        if message:
            assert not re.search(r"[\u4e00-\u9fff][,;!?]|[\u4e00-\u9fff]\.$", chinese), chinese


def test_commands_named_in_a_message_are_named_in_its_translation() -> None:
    known = {context.command.name for context in docs.contexts()}
    for message, chinese in catalogues.read(CHINESE).items():
        for name in re.findall(r"(?:: |'|\()disclosure ([a-z-]+)", message):
            assert name in known, message
            assert name in chinese, message


def test_english_is_what_the_code_says(language: Callable[[str], None]) -> None:
    language("en")
    assert translate("There is no case '{ref}'.", ref="x") == "There is no case 'x'."
    language("zh_CN")
    assert translate("There is no case '{ref}'.", ref="x") == "没有案件“x”。"


def test_texts_of_the_tables_are_messages(language: Callable[[str], None]) -> None:
    language("zh_CN")
    with pytest.raises(Refused) as fault:
        law.bundled().value("fee.payment", on=date(2015, 1, 1))
    assert "2020年管理办法之前没有信息处理费" in fault.value.text


def test_babel_is_told_the_same_messages_of_a_table() -> None:
    path = ROOT / "workflow" / "law" / "durations.toml"
    with path.open("rb") as file:
        told = {text for _, _, text, _ in catalogues.from_table(file, None, None, None)}
    assert told
    # Messages of the tables come first; those of the code need not be looked for.
    of_tables = takewhile(lambda one: ".toml" in one[1], catalogues.marked())
    assert told <= {message for message, place in of_tables if place.endswith("durations.toml")}


def test_a_message_never_fails_itself() -> None:
    assert translate("{a} and {b}", a=1) == "{a} and {b}"
    assert Malformed("'{field}' has to be text.", field="x").text == "“x”应为文字。"
    assert str(Malformed("{unknown} {field}", field="x")) == "{unknown} x"


# --- names ---------------------------------------------------------------------------------------------


def names() -> Iterator[tuple[str, str, str]]:
    """(where, Chinese, English) of every name that a table gives in both languages."""
    for kind, entries in transitions.bundled().names.items():
        for key, entry in entries.items():
            yield f"{kind} {key}", entry["zh"], entry["en"]
    for spec in act_forms.specs().values():
        yield spec.command, spec.zh, spec.en
        for item in spec.fields:
            yield f"{spec.command} {item.option}", item.zh, item.en
    from letters.content import kinds

    for kind in kinds.all():
        yield f"letter {kind.code}", kind.zh, kind.en
    tables = law.bundled().tables
    heads_of = {"outcomes": "outcome", "grounds": "ground", "channels": "channel", "organs": "roles"}
    for table, heads in heads_of.items():
        for key, entry in tables[table][heads].items():
            yield f"{heads} {key}", entry["zh"], entry["en"]
    for key, entry in tables["settings"]["setting"].items():
        yield f"setting {key}", entry["zh"], entry["en"]
    for key, entry in tables["durations"]["parameter"].items():
        yield f"value {key}", entry["zh"], entry["en"]


def test_every_name_is_there_in_both_languages() -> None:
    for where, zh, en in names():
        assert HAN.search(zh), where
        assert en.strip(), where
        assert not HAN.search(en.replace("第", "")), where


def test_every_state_role_and_track_of_the_process_has_a_name() -> None:
    found = transitions.bundled()
    for row in found.rows:
        assert row.event in found.names["event"]
        assert {row.source, row.dest} <= set(found.names["state"])
        assert set(row.roles) <= set(found.names["role"])
        assert row.track in found.names["track"]


def test_every_event_that_is_recorded_has_a_name() -> None:
    """Acts; that of everything else that a test records is asked by a fixture (tests/conftest.py)."""
    known = transitions.bundled().names["event"]
    assert set(act_forms.specs()) <= set(known)


def test_no_two_events_of_a_track_share_a_name() -> None:
    found = transitions.bundled()
    for lang in ("zh", "en"):
        for track in dict.fromkeys(row.track for row in found.rows):
            given_names = [found.names["event"][event][lang] for event in found.events(track)]
            assert len(set(given_names)) == len(given_names)


def test_every_choice_has_a_name() -> None:
    known = transitions.bundled().names["choice"]
    for spec in act_forms.specs().values():
        for item in spec.fields:
            assert set(item.choice) <= set(known), spec.command


def test_everything_that_an_outcome_or_a_ground_needs_has_a_name() -> None:
    tables = law.bundled().tables
    needed = {
        need
        for table, heads in (("outcomes", "outcome"), ("grounds", "ground"))
        for entry in tables[table][heads].values()
        for need in entry["needs"]
    }
    assert needed <= set(transitions.bundled().names["need"])


@pytest.mark.parametrize(
    ("named", "zh", "en"),
    [
        (Named("event", "extend"), "延期", "extension"),
        (Named("role", "registrar", "handler"), "登记员、承办人", "registrar, handler"),
        (Named("outcome", "withheld"), "不予公开", "withheld"),
        (Named("outcome", "trade_secret"), "涉及第三方商业秘密", "a third party's trade secret"),
        (Named("channel", "post"), "邮寄（签收）", "post, signed for"),
        (
            Named("regulations", "ogi2008"),
            "政府信息公开条例（2008）",
            "Regulations on Open Government Information (2008)",
        ),
        (
            Named("organ", "superior_government"),
            "上一级人民政府",
            "the people's government of the next higher level",
        ),
        (
            Named("choice", "agree", "object", typed=True),
            "同意公开、不同意公开",
            "agree (agrees), object (objects)",
        ),
        (Named("event", "no_such"), "no_such", "no_such"),
        (Named("no_such", "a", "b"), "a、b", "a, b"),
    ],
)
def test_a_named_key_is_put_into_words_when_it_is_shown(named: Named, zh: str, en: str) -> None:
    with messages.speaking("zh_CN"):
        assert str(named) == zh
    with messages.speaking("en"):
        assert f"{named}" == en


# --- which language ------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(len(ASKED)))
def test_the_first_variable_that_is_set_decides(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for later in ASKED[place:]:
        monkeypatch.setenv(later, "zh_CN.UTF-8")
    monkeypatch.setenv(ASKED[place], "en_GB.UTF-8")
    assert messages.from_environment() == "en"
    monkeypatch.setenv(ASKED[place], "zh_CN.UTF-8")
    for later in ASKED[place + 1 :]:
        monkeypatch.setenv(later, "en_GB.UTF-8")
    assert messages.from_environment() == "zh_CN"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("zh", "zh_CN"),
        ("zh_TW.Big5", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("en", "en"),
        ("EN_us", "en"),
        ("de:en:zh", "en"),
        ("de:zh_CN", "zh_CN"),
        ("", "zh_CN"),
        ("C", "zh_CN"),
        ("C.UTF-8", "zh_CN"),
        ("POSIX", "zh_CN"),
        ("fr_FR.UTF-8", "zh_CN"),
        ("english", "zh_CN"),
        (":", "zh_CN"),
    ],
)
def test_the_language_of_a_locale(value: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", value)
    assert messages.from_environment() == expected


def test_chinese_where_the_environment_names_none_of_ours() -> None:
    assert messages.from_environment() == "zh_CN"
    assert "用法" in run("--help").stdout
    assert "用法" in run("--help", LANG="fr_FR.UTF-8").stdout


@pytest.mark.parametrize(
    "args",
    [["--lang", "en", "list", "--help"], ["list", "--help", "--lang", "en"], ["list", "--lang=en", "--help"]],
)
def test_the_option_comes_before_the_environment_wherever_it_stands(args: list[str]) -> None:
    shown = run(*args, DISCLOSURE_LANG="zh_CN", LANG="zh_CN.UTF-8").stdout
    assert shown.startswith("Usage: disclosure list")
    assert not HAN.search(shown)


def test_an_error_before_the_command_speaks_the_language_of_the_option() -> None:
    assert "There is no option" in run("list", "--bogus", "--lang", "en").stderr
    assert "没有选项" in run("--lang", "zh_CN", "list", "--bogus", LANG="en").stderr


def test_speaking_ends_with_its_block() -> None:
    messages.use("en")
    with messages.speaking("zh_CN"):
        assert messages.language() == "zh_CN"
    assert messages.language() == "en"
    with pytest.raises(Malformed), messages.speaking("zh_CN"):
        typed_text.clean_text(1, "x")
    assert messages.language() == "en"


# --- a refused act, through the command line -----------------------------------------------------------


@pytest.fixture
def case(home: Path) -> str:
    """The number of a case that was just received, in an office of its own."""
    made = run("init", "--office", str(ROOT / "docs" / "demo" / "jiangnan.toml"))
    assert made.exit_code == 0, made.stderr
    args = ("--channel", "post", "--name", "张三", "--request", "某项目名单", "--on", "2026-03-02")
    done = run("receive", "--as", "zhao", *args, "--json")
    assert done.exit_code == 0, done.stderr
    number: str = json.loads(done.stdout)["case"]
    return number


def test_a_refused_act_says_why_in_both_languages(case: str) -> None:
    zh = run("register", case, "--as", "qian", "--lang", "zh_CN")
    en = run("register", case, "--as", "qian", "--lang", "en")
    assert (zh.exit_code, en.exit_code) == (1, 1)
    assert zh.stderr.splitlines() == [
        "不能办理：钱承办 不能办理“登记”，该事项由登记员办理。",
        "  依据：《中华人民共和国政府信息公开条例》第四十五条",
        "  下一步：请由具有该职责的人员办理。",
        "  详情：disclosure 为什么 上次",
    ]
    assert en.stderr.splitlines() == [
        "Refused: 钱承办 may not do this (registration); it is for: registrar.",
        "  Rule: Regulations on Open Government Information (2019), Art. 45",
        "  Next: Let an officer with that role do it.",
        "  Why: disclosure why last",
    ]


@pytest.mark.parametrize(
    ("args", "zh", "en"),
    [
        (
            ["accept", "--as", "qian"],
            "申请处于“已收件”状态，不能办理“接收承办”。",
            "'acceptance by the unit' is not possible while the application is: received.",
        ),
        (
            ["register", "--as", "zhao", "--on", "2026-03-01"],
            "2026-03-01 早于 2026-03-02，即此前事项（收件）的日期。",
            "2026-03-01 lies before 2026-03-02, the day of the act that it follows (receipt).",
        ),
        (
            ["opinion-given", "--as", "qian", "--no", "4", "--answer", "agree"],
            "没有序号为 4 的征求意见。",
            "has no consultation no. 4.",
        ),
        (
            ["opinion-given", "--as", "qian", "--no", "1", "--answer", "maybe"],
            "“maybe”不在可选范围内：同意公开、不同意公开、部分同意",
            "'maybe' is not one of: agree (agrees), object (objects), partly (agrees in part)",
        ),
        (
            ["amend", "--as", "zhao", "--field", "received-on", "--to", "2026-03-02", "--reason", "x"],
            "“收到日期”的记录已经是“2026-03-02”。",
            "'day of receipt' is recorded as 2026-03-02 already.",
        ),
    ],
)
def test_refusals_name_things_in_words(case: str, args: list[str], zh: str, en: str) -> None:
    command, *rest = args
    assert zh in run(command, case, *rest, "--lang", "zh_CN").stderr
    assert en in run(command, case, *rest, "--lang", "en").stderr


def test_history_has_names_for_a_person_and_ids_for_a_program(case: str) -> None:
    assert "收件" in run("history", case, "--as", "zhao", "--lang", "zh_CN").stdout
    assert "receipt" in run("history", case, "--as", "zhao", "--lang", "en").stdout
    for lang in messages.LANGUAGES:
        (entry,) = json.loads(run("history", case, "--as", "zhao", "--json", "--lang", lang).stdout)
        assert (entry["event"], entry["dest"]) == ("receive", "received")


def test_a_fault_as_json_is_in_the_language_too(case: str) -> None:
    fault = json.loads(run("show", "0000", "--as", "zhao", "--json", "--lang", "zh_CN").stderr)["error"]
    assert (fault["kind"], fault["message"], fault["exit_code"]) == ("not_found", "没有案件“0000”。", 3)


# --- the command line itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "zh", "en"),
    [
        (["list", "--bogus"], "没有选项“--bogus”。", "There is no option '--bogus'."),
        (["list", "--limt", "3"], "您要用的可能是：--limit", "Perhaps you mean: --limit"),
        (["recieve"], "您要用的可能是：receive", "Perhaps you mean: receive"),
        (["nothing-like-it"], "没有命令“nothing-like-it”。", "There is no command 'nothing-like-it'."),
        (["law", "shwo"], "您要用的可能是：show", "Perhaps you mean: show"),
        (["show"], "缺少“登记编号”。", "'CASE' is missing."),
        (["letter", "sign", "1"], "缺少“--key”。", "'--key' is missing."),
        (["show", "a", "b"], "此处不应再有内容：b", "Nothing is expected here: b"),
        (["register", "a", "--on"], "选项“--on”须带值。", "The option '--on' needs a value."),
        (["list", "--open=3"], "选项“--open”不带值。", "The option '--open' takes no value."),
        (["list", "--limit", "0"], "应为：不小于 1 的整数。", "a whole number of at least 1"),
        (
            ["fee", "by-page", "x"],
            "“页数”的值不能使用，应为：0 至 1000000000 的整数。",
            "a whole number from 0 to 1000000000",
        ),
        (
            ["report", "frequent", "--likeness", "2"],
            "应为：0.2 至 1.0 之间的数。",
            "a number from 0.2 to 1.0",
        ),
        (["register", "a", "--expect", "x"], "应为：整数。", "it has to be a whole number."),
        (["--lang", "fr", "list"], "应为：下列之一：zh_CN、en。", "one of: zh_CN, en"),
        ([], "缺少命令。", "A command is missing."),
    ],
)
def test_errors_of_usage(args: list[str], zh: str, en: str) -> None:
    for lang, text in (("zh_CN", zh), ("en", en)):
        said = run(*args, DISCLOSURE_LANG=lang)
        if not args:
            said = run("--lang", lang)
        assert said.exit_code == 2
        assert said.stdout == ""
        assert text in said.stderr
        assert said.stderr.splitlines()[1:], "what to do next is missing"


def test_an_error_of_usage_as_json() -> None:
    fault = json.loads(run("show", "--json", LANG="en").stderr)["error"]
    assert fault["kind"] == "usage"
    assert fault["exit_code"] == 2
    assert fault["message"] == "'CASE' is missing."
    assert fault["advice"] == "See how it is used with: disclosure show --help"


def test_without_any_word_the_help_is_shown() -> None:
    said = run()
    assert said.exit_code == 2
    assert "每天先看：" in said.output


def test_a_question_that_is_broken_off_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_: Any, **__: Any) -> None:
        raise click.Abort

    monkeypatch.setattr(maintenance.doctor, "callback", broken_off)
    assert "已中止。" in run("doctor").stderr
    assert run("doctor").exit_code == 1


@pytest.mark.parametrize("context", docs.contexts(), ids=lambda context: context.command_path)
def test_every_help_page_is_in_chinese(context: click.Context) -> None:
    messages.use("zh_CN")
    context.terminal_width = 100
    text = context.get_help()
    assert text.startswith("用法： disclosure")
    for english in ("Usage", "Options", "Commands", "Show", "Example", "default", "required", "TEXT", "ARGS"):
        assert english not in text, english
    assert all(text_width.width(line) <= 100 for line in text.splitlines() if "disclosure" not in line)
    for parameter in context.command.get_params(context):
        if isinstance(parameter, click.Option):
            record = parameter.get_help_record(context)
            assert record is not None
            assert HAN.search(record[1]), record


def test_every_word_for_a_value_is_known() -> None:
    messages.use("en")
    for context in docs.contexts():
        shown = [context.command.get_usage(context)]
        valued = (one for one in context.command.get_params(context) if not getattr(one, "is_flag", False))
        shown += [one.make_metavar(context) for one in valued]
        for word in re.findall(r"[A-Z]{2,}", " ".join(shown)):
            known = word in metavars.WORDS or word in ("CN", "URL", "ID", "IP")
            assert known, (context.command_path, word)


def test_values_are_of_types_whose_faults_have_words_of_ours() -> None:
    ours = (
        click.Choice,
        click.IntRange,
        click.FloatRange,
        type(click.INT),
        type(click.STRING),
        type(click.BOOL),
        type(click.UNPROCESSED),
        parameter_types.File,
        parameter_types.FileName,
        parameter_types.Folder,
        parameter_types.OutPlace,
        parameter_types.OneOf,
        parameter_types.Place,
    )
    for context in docs.contexts():
        for parameter in context.command.get_params(context):
            assert type(parameter.type) in ours, (context.command_path, parameter.name)


def test_a_question_is_repeated_until_the_answer_is_one_of_the_choices(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, asked = iter(["maybe", "by-page"]), []
    monkeypatch.setattr(click, "prompt", lambda text, **_: asked.append(text) or next(answers))
    messages.use("zh_CN")
    assert prompting.ask("按件或者按量", ("by_item", "by_page"), "choice") == "by-page"
    assert asked == ["按件或者按量 [按件、按量]"] * 2
    assert "“maybe”不在可选范围内" in capsys.readouterr().err


def test_the_help_of_an_act_loads_no_database() -> None:
    code = "import sys, cli\ntry:\n cli.main(['draft', '--help'])\nexcept SystemExit:\n print(*sys.modules, file=sys.stderr)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "draft" in shown.stdout
    assert not set(shown.stderr.split()) & {"babel", "sqlalchemy", "weasyprint"}


def test_help_loads_neither_babel_nor_what_only_an_act_needs() -> None:
    code = "import sys, cli\ntry:\n cli.main(['--help'])\nexcept SystemExit:\n print(*sys.modules, file=sys.stderr)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LANG": "zh_CN.UTF-8"},
    )
    assert shown.stdout.startswith("用法")
    loaded = set(shown.stderr.split())
    assert not loaded & {
        "babel",
        "locale",
        "shutil",
        "sqlalchemy",
        "workflow.cases.case",
        "workflow.law",
        "weasyprint",
    }


# --- columns -------------------------------------------------------------------------------------------

TEXT = st.text(alphabet="政府信息公开，。（）“”、：abc XY-1/", max_size=120)


@given(text=TEXT, most=st.integers(12, 60))
def test_wrapped_text_keeps_its_words_and_its_width(text: str, most: int) -> None:
    lines = text_width.wrap(text, most)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width.width(line) <= most for line in lines)
    # A long run of marks is broken like any other text.
    if not re.search(r"[，。、：）”“（ ]{8}", text):
        for line in lines[1:]:
            assert line[0] not in "，。、：）”"


def test_a_table_lines_up_chinese_and_latin() -> None:
    (found,) = screen.table(["", "状态"], [["ab", "已收到"], ["政府", "x"]])
    assert found.split("\n") == ["      状态", "ab    已收到", "政府  x"]
    assert screen.table(["a"], []) == []


def test_a_cut_text_ends_in_a_sign_that_it_was_cut() -> None:
    assert text_width.clip("政府信息公开", 12) == "政府信息公开"
    assert text_width.clip("政府信息公开", 11) == "政府信息公…"
    assert text_width.clip(" a\n b ", 10) == "a b"

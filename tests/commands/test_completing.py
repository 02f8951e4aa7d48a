"""The shell completes everything that has a finite answer, in bash, zsh and fish as installed; nobody is
shown more of a person than he may see.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pexpect
import pytest

import cli
from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base import messages
from workflow.commands.completing import (
    answer,
    build,
    finders,
    install,
    line,
    matching,
    parsing,
    shells,
    tree,
)
from workflow.commands.completing.matching import Value

NUMBER = "2026-0001"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for all tests here: what lies in it takes seconds to make."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def cached(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def offered(*words: str) -> dict[str, str]:
    """What the shell offers for the last word, with what is said of it."""
    return {one.text: one.about for one in answer.found(list(words))[1]}


# --- what is kept


def test_another_installation_of_the_same_user_keeps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "cli.py").write_text("", encoding="utf-8")
    for root in (str(ROOT), str(other), str(ROOT)):
        monkeypatch.setattr(tree, "ROOT", root)
        monkeypatch.setattr(build, "made", lambda root=root: {"made in": root})
        assert tree.read() == {"made in": root}
    # A program that changed while the tree was made has it made again.
    monkeypatch.setattr(tree, "ROOT", str(other))
    (other / "cli.py").write_text("# another", encoding="utf-8")

    def changed() -> dict[str, str]:
        (other / "cli.py").write_text("# changed meanwhile", encoding="utf-8")
        return {"made in": "between"}

    monkeypatch.setattr(build, "made", changed)
    assert tree.read() == {"made in": "between"}
    monkeypatch.setattr(build, "made", lambda: {"made in": "peace"})
    assert tree.read() == {"made in": "peace"}


# --- every parameter of every command


def test_of_every_parameter_it_is_said_what_it_takes() -> None:
    known = {"", "file", "day", "month", "setting_value", "amended", *finders.FINDERS, *tree.read()["values"]}
    known |= {*answer.MEANT, *(f"{parsing.SEVERAL}{kind}" for kind in known)}
    unsaid = []

    def look(command: click.Command, path: tuple[str, ...]) -> None:
        context = click.Context(command)
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                look(found, (*path, name))
        for parameter in command.params:
            flag = isinstance(parameter, click.Option) and parameter.is_flag
            kind = "" if flag else build.classified(path, parameter)
            if kind is None or (kind not in known and not kind.startswith("codes:")):
                unsaid.append((" ".join(path), parameter.name, kind))

    look(cli.main, ())
    assert not unsaid, "say in workflow/commands/completing/values.toml what these take"


def test_commands_complete_in_both_languages(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered("拟") == {
        "拟稿": "draft  拟写对一项申请内容的答复（每项一次，可改写；或用 --file 一次给出全部）"
    }
    assert "登记" in offered("dj")
    assert {"register", "reassign", "receive"} <= offered("re").keys()
    assert "show" in offered("机关", "s")
    assert offered("letter", "overrides", "ac").keys() == {"accept"}
    assert offered("文书", "本机关范本", "采") == {
        "采用": "accept  检验文件夹中的范本并予采用；文书记明所用版本"
    }
    assert "呈批单" in offered("内部文书", "")
    assert list(offered("paper", "chengp")) == ["呈批单"]
    assert "--item" in offered("ng", "--")
    # It is called as an act is, and is none.
    assert "见证" in offered("evidence", "acc")["accept"]
    assert "--served-by" in offered("dispatch", "--ser")
    assert "--state" not in offered("list", "--state", "drafting", "--")
    assert not offered("nothing", "")
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    messages.use(None)
    assert offered("draf")["draft"].startswith("Draft the answer")


def test_values_complete_by_name_code_and_initials(place: Place) -> None:
    assert offered("draft", "1", "--outcome", "予以公") == {"予以公开": "granted"}
    assert offered("draft", "1", "--outcome", "yygk") == {"予以公开": "granted"}
    assert offered("draft", "1", "--outcome", "gran") == {"granted": "予以公开"}
    assert offered("draft", "1", "--outcome=gran") == {"--outcome=granted": "予以公开"}
    assert "partial" not in offered("draft", "1", "--outcome", "p"), "the letter says that, not an item"
    assert "商业秘密" in "".join(offered("draft", "1", "--ground", ""))
    assert "邮寄（签收）" in offered("receive", "--channel", "")
    assert offered("process", "chart", "--format", "") == {"图形（SVG）": "svg", "文字（Mermaid）": "mermaid"}
    assert "received-on" in offered("amend", "1", "--field", "rec")
    assert offered("office", "set", "settings.binding", "ser") == {"service": "常驻服务"}
    assert list(offered("amend", "1", "--field", "received-on", "--to", "今")) == ["今天"]
    assert "邮寄（签收）" in offered("amend", "1", "--field", "申请方式", "--to", "")
    assert not offered("amend", "1", "--field", "request", "--to", "")
    assert "检索情况=" in offered("draft", "1", "--extra", "")
    assert answer.found(["draft", "1", "--extra", "sea"])[0] == "open"
    assert answer.found(["receive", "--file", ""])[0] == "files"
    assert list(offered("note", "1", "--on", "今")) == ["今天"]
    assert not offered("note", "1", "--text", "")


def test_what_is_finite_has_chinese_names(place: Place) -> None:
    number = place.bring("registered")
    name = place.case(number).applicant["name"]
    assert number in offered("show", "00")
    assert number in offered("show", "0001")
    assert "纸质件" in offered("receive", "--form", "")
    rules = offered("deadline", "")
    assert rules["答复期限"] == "reply"
    assert all(not rule.isascii() for rule in rules)
    assert offered("deadline", "reply", "--told", "未") == {"未告知": "no"}
    assert offered("register", "--where", "状") == {"状态=": "state="}
    assert answer.found(["register", "--where", "状"])[0] == "open"
    assert offered("register", "--where", "状态=已登") == {"状态=已登记": "registered"}
    assert offered("register", "--where", "unit=法") == {"unit=法规处": "fa"}
    assert offered("office", "set", "休息日收到的电子邮件", "当") == {"当日收到": "same_day"}
    assert list(offered("note", number, "--expect", "")) == ["2"]
    assert "1" in offered("amend", name, "--as", "registrar", "--field", "name", "--no", "")


def test_several_values_with_commas_complete_one_by_one(place: Place) -> None:
    assert "登记员" in offered("officer", "add", "x", "--roles", "")
    how, found = answer.found(["officer", "add", "x", "--roles", "登记员,审"])
    assert how == "open"
    assert {one.text for one in found} == {"登记员,审核人", "登记员,审批人"}
    assert "登记员，登记员" not in offered("officer", "add", "x", "--roles", "登记员，")
    assert "登记编号,收到日期" in offered("roll", "--columns", "登记编号,收到")


def test_what_a_word_of_a_list_means_and_what_a_figure_is(place: Place) -> None:
    assert offered("intake", "x.csv", "--column", "来件日=on") == {"来件日=on": "收到日期"}
    assert offered("intake", "x.csv", "--value", "ch").keys() == {"channel:"}
    assert "channel:专人送达=in_person" in offered("intake", "x.csv", "--value", "channel:专人送达=")
    assert offered("board", "list", "jz", "overd") or offered("board", "list", "jz", "")
    assert "r1_granted,total" in offered("report", "annual", "2026", "--cell", "r1_granted,")
    assert len(offered("board", "--month", "")) == 13


def test_what_is_offered_is_taken(place: Place) -> None:
    head = ("--as", "head")
    for words in (
        ("deadline", "答复期限", "--from", "2026-03-02"),
        ("deadline", "起诉期限", "--from", "2026-03-02", "--told", "未告知"),
        ("office", "set", "休息日收到的电子邮件", "当日收到", *head),
        ("office", "set", "行政层级", "县级", *head),
        ("letter", "numbers", "--series", "答复书", *head),
        ("why", "personal_data"),
        ("why", "承办人文字中没有身份证号"),
    ):
        said = disclosure(*words)
        assert said.code == 0, (words, said.err)
    assert disclosure("office", "show", "--json", *head).json["settings"]["email_rest_day"] == "same_day"
    shown = disclosure("office", "show", *head).out
    assert "休息日收到的电子邮件：当日收到" in shown
    assert not set("{}[]_") & set(shown)


def test_what_the_office_has(place: Place) -> None:
    number = place.bring("dispatched")
    assert offered("assign", number, "--unit", "") == {"办公室": "ban", "法规处": "fa"}
    assert offered("assign", number, "--unit", "fg") == {"法规处": "fa"}
    assert set(offered("assign", number, "--handler", "")) == {"handler某", "other某"}
    assert "archivist某" in offered("show", number, "--as", "")
    letters = offered("void-letter", "1", "--letter", "")
    newest, about = next(iter(letters.items()))
    assert newest.endswith("号")
    assert "答复书" in about
    assert "P2" in letters
    assert offered("amend", number, "--entry", "1")["1"] == "收件  2026-03-02"
    assert offered("roll", "--year", "") == {"2026": ""}
    assert offered("draft", number, "--item", "")["1"].startswith("2025年度")


def test_parts_and_versions_of_a_draft(place: Place) -> None:
    number = place.bring("drafting", request="全部合同\n预算表")
    for part in ("已公开的", "未公开的"):
        said = ("--item", "1", "--part", part, "--outcome", "granted", "--means", "随函邮寄纸质复印件")
        assert disclosure("draft", number, *said, "--as", "handler", "--on", "2026-03-05").code == 0
    assert set(offered("draft", number, "--item", "1", "--part", "")) == {"已公开的", "未公开的"}
    assert list(offered("letter", "edit", number, "--part", "未")) == ["未公开的"]
    assert not offered("draft", number, "--item", "2", "--part", "")
    seen = list(offered("letter", "versions", number, "--diff", ""))
    assert seen == [str(no) for no in range(1, len(seen) + 1)]
    assert len(seen) >= 2
    assert list(offered("letter", "versions", number, "--diff", "1", "2")) == ["2"]
    assert not offered("draft", number, "--as", "nobody", "--part", "")


def test_forms_that_wait_and_applications_of_an_organ_below(place: Place) -> None:
    number = place.receive().case.number
    row = "(1, 1, 't', 'W20260302-000012', 'withdraw', 0, '2026-03-02', 'waiting', '')"
    columns = "(office_id, case_id, token, receipt, kind, no, on_day, step, taken_at)"
    with sqlite3.connect(place.store.url.removeprefix("sqlite:///")) as connection:
        connection.execute(f"INSERT INTO web_item {columns} VALUES {row}")
    assert offered("web", "settle", "W") == {"W20260302-000012": f"{number}  撤回申请"}
    below = place.organ_below()
    theirs = below.receive(name="赵某某").case.number
    key = below.desk().office.key
    seen = offered("urge", key, "--as", "registrar", "--office", "jz", "")
    assert list(seen) == [theirs]
    assert "赵" not in seen[theirs]
    assert not offered("urge", "jz", "--office", "jz", "")


def test_cases_that_an_act_can_be_done_on(place: Place) -> None:
    registered, drafting = place.bring("registered"), place.bring("drafting")
    filed = place.bring("filed")
    assert list(offered("show", "")) == [drafting, registered, filed], "open ones first, then the newest"
    assert list(offered("draft", "")) == [drafting]
    assert list(offered("拟稿", "2026-")) == [drafting]
    assert list(offered("note", "")) == [drafting, registered, filed]
    assert list(offered("show", "1")) == ["2026-0001"]
    assert list(offered("archive", "make", "")) == [filed]
    assert not offered("show", "2025")


def test_nobody_is_shown_a_person_whom_he_may_not_see(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.receive(name="欧阳明日", phone="13800001111")
    place.receive(name="江州环保协会", kind="public_welfare_org")
    own, company = "2026-0001", "2026-0002"
    assert offered("show", "")[own] == "欧**  已收件"
    assert offered("show", "")[company] == "江州环保协会  已收件"
    assert own in offered("show", "欧阳")
    for who in ("auditor", "nobody"):
        seen = offered("show", "--as", who, "")
        assert seen[own] == "已收件", who
        assert not offered("show", "--as", who, "欧阳"), who
        assert not offered("write-to", own, "--as", who, "--person", ""), who
        assert "欧" not in str(offered("list", "--as", who, "--handler", ""))
    assert offered("write-to", own, "--person", "") == {"1": "欧**"}
    assert "欧阳明日" not in str(
        [offered("show", ""), offered("show", "欧"), offered("amend", own, "--no", "")]
    )
    monkeypatch.delenv("DISCLOSURE_OFFICER")
    assert offered("show", "")[company] == "已收件", "nobody in particular is told no name"


def test_of_two_offices_only_ones_own(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.receive()
    builders.found(place.store.url, key="yz")
    assert not offered("show", ""), "registrar is an officer of both"
    assert list(offered("show", "--office", "jz", "")) == ["2026-0001"]
    assert not offered("show", "--office", "yz", "")
    monkeypatch.delenv("DISCLOSURE_OFFICER")
    assert not offered("show", ""), "nobody in particular is told of neither"


def test_whoever_the_service_vouches_for_is_who_his_login_says(place: Place) -> None:
    place.receive(name="欧阳明日")
    with sqlite3.connect(place.store.url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE officer SET login = 'mallory' WHERE key = 'auditor'")
    how = {"login": "mallory", "bound": True}
    seen = answer.found(["show", "--as", "registrar", ""], **how)[1]  # type: ignore[arg-type]
    assert [one.about for one in seen] == ["已收件"]
    assert not answer.found(["show", "--as", "registrar", ""], login="stranger", bound=True)[1]


def test_without_a_database_or_with_another_ones(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.receive()
    path = place.store.url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert not offered("show", "")
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert not offered("show", "")
    assert offered("draft", "1", "--outcome", "yygk"), "what stands in the program needs none"


def test_on_either_database(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same statements on either database."""
    made = builders.found(database_url)
    number = made.bring("dispatched")
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    assert offered("show", "") == {number: "张*  已发出"}
    for words in (
        ("assign", number, "--unit", ""),
        ("assign", number, "--handler", ""),
        ("void-letter", number, "--letter", ""),
        ("amend", number, "--entry", ""),
        ("roll", "--year", ""),
        ("write-to", number, "--person", ""),
        ("draft", number, "--item", ""),
    ):
        assert offered(*words), words
    for words in (
        ("posting", "show", ""),
        ("mail", "retry", ""),
        ("fetch", number, ""),
        ("defend", number, "--no", ""),
        ("opinion-given", number, "--no", ""),
    ):
        assert not offered(*words), words
    made.store.close()


# --- what is typed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("disclosure ", ["disclosure", ""]),
        ("disclosure sh", ["disclosure", "sh"]),
        ("disclosure show '张 三", ["disclosure", "show", "张 三"]),
        ('a "b\\"c" d\\ e', ["a", 'b"c', "d e"]),
        ("a ''", ["a", ""]),
    ],
)
def test_a_line_as_words(typed: str, words: list[str]) -> None:
    assert line.words(typed) == words


def test_better_matches_come_alone() -> None:
    values = [
        Value("granted", "予以公开", "granted", "yu yi gong kai"),
        Value("partial", "部分公开", "", "bu fen/bin gong kai"),
    ]
    for typed, sound in (("yuy", "yuyigongkai"), ("yuyigongkai", "yuyigongkai"), ("bubing", "bubingongkai")):
        assert [one.sound for one in matching.offers(values, typed, chinese=True, spoken=True)] == [sound]
    assert not matching.offers(values, "yuyo", chinese=True, spoken=True)
    assert [one.text for one in matching.offers(values, "公开", chinese=True, spoken=True)] == [
        "予以公开",
        "部分公开",
    ]
    assert [one.text for one in matching.offers(values, "bf", chinese=True, spoken=False)] == ["partial"]
    assert not matching.offers(values, "xyz", chinese=True, spoken=True)


def test_bash_gets_what_it_puts_behind_its_last_break(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(typed: str, kind: str = "9") -> list[str]:
        monkeypatch.setenv("COMP_LINE", typed)
        monkeypatch.setenv("COMP_TYPE", kind)
        return shells.answer("bash", *answer.found(shells.words("bash")[1:])).splitlines()

    assert told("disclosure draft 1 --outcome=gr") == ["values", "granted"]
    assert told("disclosure roll --columns num") == ["open", "number"]
    assert told("disclosure note 1 --on 今") == ["values", "今天"]
    assert told("disclosure draft 1 --outcome gr", "63") == ["values", "granted"]
    assert told("disclosure assign 1 --unit ", "63") == ["values", "办公室（ban）", "法规处（fa）"]


def test_the_language_is_the_callers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the process said before."""
    monkeypatch.setenv("_DISCLOSURE_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", "disclosure\ndraft\n1\n--outcome\ngranted")
    for lang, about in (("zh_CN", "予以公开"), ("en", "granted")):
        messages.use("en" if lang == "zh_CN" else "zh_CN")
        monkeypatch.setenv("DISCLOSURE_LANG", lang)
        assert answer.main() == 0
        assert about in capsys.readouterr().out
    messages.use(None)


def test_a_fault_is_no_word_on_the_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_DISCLOSURE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_LINE", "disclosure show --db nonsense://x ")
    assert answer.main() == 1
    monkeypatch.setenv("_DISCLOSURE_COMPLETE", "tcsh_complete")
    assert answer.main() == 1
    assert capsys.readouterr() == ("", "")


# --- installing, and the shells themselves


@pytest.fixture
def user(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home, in which `disclosure` is on the path; one case is being drafted."""
    # Before the folders change: the faces of letters lie in the user's own.
    assert place.bring("drafting") == NUMBER
    home = tmp_path / "user"
    (home / "bin").mkdir(parents=True)
    for name, value in {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "ZDOTDIR": str(home),
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DISCLOSURE_SERVICE": "off",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
    }.items():
        monkeypatch.setenv(name, value)
    command = home / "bin" / "disclosure"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nfrom workflow.service.client import main\nsys.exit(main())\n",
        encoding="utf-8",
    )
    command.chmod(0o755)
    return home


def test_installing_twice_changes_nothing(user: Path) -> None:
    (user / ".bashrc").write_text("alias ll='ls -l'\n", encoding="utf-8")
    assert disclosure("completion", "bash", "--install", "--json").json["changed"] is True
    first = (user / ".bashrc").read_text(encoding="utf-8")
    assert first.startswith("alias ll='ls -l'\n")
    assert first.count(install.MARK) == 1
    assert disclosure("completion", "bash", "--install", "--json").json["changed"] is False
    assert (user / ".bashrc").read_text(encoding="utf-8") == first
    said = disclosure("completion", "fish", "--install", "--json").json
    assert said["read_by"] == ""
    assert Path(said["script"]).read_text(encoding="utf-8") == shells.script("fish")
    assert disclosure("completion", "zsh").out.strip() == shells.script("zsh").strip()


def test_bash_itself(user: Path) -> None:
    """As bash does at a tab: the function that the installed script has named for the command is run."""
    disclosure("completion", "bash", "--install")

    def tab(typed: str) -> list[str]:
        asks = (
            f". {user}/.bashrc; COMP_LINE='{typed}'; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9; "
            "complete -p disclosure >/dev/null && _disclosure_completion disclosure; "
            "printf '%s\\n' \"${COMPREPLY[@]}\""
        )
        done = subprocess.run(["bash", "-c", asks], capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.split()

    assert tab("disclosure draft ") == [NUMBER]
    assert tab("disclosure 拟") == ["拟稿"]
    assert tab("disclosure draft 1 --outcome yygk") == ["予以公开"]


def typed(shell: list[str], lines: str, expected: str) -> str:
    """Type into a shell at a terminal until it shows what is expected."""
    child = pexpect.spawn(shell[0], shell[1:], encoding="utf-8", timeout=30, dimensions=(40, 120))
    try:
        child.expect_exact("READY>")
        child.send(lines)
        child.expect_exact(expected)
        return str(child.before + child.after)
    finally:
        child.close(force=True)


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_itself(user: Path) -> None:
    disclosure("completion", "zsh", "--install")
    (user / ".zshenv").write_text("skip_global_compinit=1\n", encoding="utf-8")
    with (user / ".zshrc").open("a", encoding="utf-8") as rc:
        rc.write("PS1='READY>'\n")
    assert NUMBER in typed(["zsh", "-i"], "disclosure draft \t", NUMBER)
    assert "拟稿" in typed(["zsh", "-i"], "disclosure 拟\t", "拟稿")
    shown = typed(["zsh", "-i"], "disclosure assign 1 --unit \t", "-- fa")
    assert "办公室  -- ban" in shown
    typed(["zsh", "-i"], "disclosure draft 1 --outcome yygk\t", "予以公开")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_itself(user: Path) -> None:
    """As fish does at a tab: what it would offer for a line."""
    disclosure("completion", "fish", "--install")

    def tab(line: str) -> str:
        done = subprocess.run(
            ["fish", "-c", f"complete -C '{line}'"], capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    assert tab("disclosure draft ") == f"{NUMBER}\t张* 拟稿中\n"
    assert tab("disclosure 拟").startswith("拟稿\tdraft")
    assert "法规处\tfa" in tab("disclosure assign 1 --unit ")
    assert "予以公开" in tab("disclosure draft 1 --outcome yygk")

"""The guided way at a real terminal: whole cases, and what is typed wrongly on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import prompt_toolkit.shortcuts  # noqa: F401  (once for all that sit down)
import pytest

import cli
from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from tests.sitting import Sitting
from workflow.base import messages, terminal
from workflow.base.text_width import width
from workflow.casework.desk import Desk
from workflow.casework.opened import open_case
from workflow.commands.asking import lines
from workflow.commands.asking import steps as asking
from workflow.drafting import phrase_book
from workflow.jobs import queue
from workflow.procedure import act_forms
from workflow.reports.views import steps as reported
from workflow.storage.database import Store

Sit = Callable[..., Sitting]


@pytest.fixture
def office(_sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    path = tmp_path / "office.db"
    shutil.copyfile(_sqlite_template, path)
    made = builders.found(f"sqlite:///{path}", today=builders.day("2026-03-02"))
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    yield made
    made.store.close()


@pytest.fixture
def sit(office: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sit]:
    """An officer sits down; letters are as if made, and the day is the office's."""
    settle = queue.settle

    def desk_of(officer: str | None, key: str | None, db: str | None) -> Desk:
        return Desk(Store(office.store.url), None, office.key, now=office.now, today=lambda: office.today)

    def sits(officer: str, *words: str, lang: str = "zh_CN", **more: Any) -> Sitting:
        def run() -> None:
            messages.use(lang)
            monkeypatch.setattr("workflow.commands.guided.desk_of", desk_of)
            monkeypatch.setattr(
                "workflow.jobs.queue.settle", lambda desk, *a, **k: builders.as_if_made(desk) or []
            )
            monkeypatch.setenv("DISCLOSURE_OFFICER", officer)
            monkeypatch.setenv("DISCLOSURE_DATABASE_URL", office.store.url)
            cli.main([*words, "--lang", lang], prog_name="disclosure")

        return Sitting(run, **more)

    yield sits
    messages.use(None)
    terminal.use(False)
    assert queue.settle is settle


def test_acts_that_follow_one_another_are_taken_in_one_line(office: Place, sit: Sit) -> None:
    at = sit("registrar", "--plain", "--as", "registrar")
    assert "收件、登记、分办" in at.asks()
    asked = ["邮寄", "", "李四", "", "", "", "", "", "某项目环评批复", "", "", ""]
    at.answer("sjdjfb", *asked, "办公室")
    shown = at.answer("", "是")
    assert "--register --assign 办公室" in shown
    at.answer("<", "<")
    number = "2026-0001"
    assert office.case(number).state == "assigned"
    at = sit("handler", "do", number, "--plain")
    shown = at.answer("接收承办、拟稿、送审", "yygk", "邮寄纸质复印件", "", "", "否")
    assert office.case(number).state == "assigned"
    shown = at.answer("接收承办、拟稿、送审", "yygk", "邮寄纸质复印件", "", "", "是", "<")
    assert "邮寄纸质复印件 --accept --submit" in shown.replace("\n", "")
    # Six acts, and the receipt that the program made.
    assert entries(office, number) == 7
    assert office.case(number).state == "section_review"


def test_what_cannot_follow_yet_is_left_off_the_line(office: Place, sit: Sit) -> None:
    number = office.receive(items=["合同正文", "合同价格"], request=None).case.number
    office.today = builders.day("2026-03-05")
    office.walk(number, builders.ROADS["in_hand"])
    at = sit("handler", "do", number)
    shown = at.answer("拟稿、送审", "1", "yygk", "邮寄纸质复印件", "", "")
    assert "本次不办：送审" in shown
    at.answer("是", "<")
    assert office.case(number).state == "drafting"


def test_a_granted_application_from_registration_to_the_post(office: Place, sit: Sit) -> None:
    number = office.receive().case.number
    at = sit("registrar", "do", number)
    assert "1  登记（通常的下一步" in at.asks()
    at.answer("", "")
    at.answer("是")
    at.answer("分办", "ban", "", "")
    at.answer("是")
    at.answer("<")
    assert at.status == 0
    at = sit("handler", "do", number)
    at.answer("", "", "y")
    at.answer("拟稿")
    at.answer("yygk")
    at.answer("邮寄纸质复印件")
    at.answer("", "")
    at.answer("y")
    at.answer("songshen")
    at.answer("", "y", "<")
    at = sit("reviewer", "do", number)
    assert "提供的形式和途径：邮寄纸质复印件" in at.asks(), "who passes a draft has read it"
    at.answer("", "同意", "", "y", "<")
    at = sit("head", "do", number)
    assert "）：同意" in at.asks()
    at.answer("", "", "", "y", "<")
    at = sit("handler", "do", number)
    at.answer("", "", "", "y", "<")
    at = sit("registrar", "do", number)
    at.answer("", "yj", "", "", "y", "<")
    assert office.case(number).state == "dispatched"


def test_a_rare_act_is_taken_by_its_name_without_being_listed(office: Place, sit: Sit) -> None:
    number = office.bring("section_review", on=builders.day("2026-02-25"))
    at = sit("reviewer", "do", number)
    assert "退回" not in at.asks().split("办理什么")[1]
    at.answer("退回", "请写明份数", "", "是", "<")
    assert office.case(number).state == "drafting"


def test_reasons_of_the_library_are_offered_shown_and_taken(office: Place, sit: Sit) -> None:
    reasons = str(builders.REFUSE["reasons"])
    phrase_book.add(
        office.desk("handler"), reasons, outcome="withheld", ground="internal_affairs", name="车辆"
    )
    number = office.bring("in_hand", on=builders.day("2026-02-25"))
    at = sit("handler", "do", number)
    at.asks()
    at.answer("拟稿")
    at.answer("bygk")
    assert "1  车辆" in at.answer("内部事务")
    assert reasons[:20] in at.answer("1").replace("\n", "")
    at.answer("y")
    at.answer("经逐页审查，不能作区分处理")
    at.answer("", "")
    at.answer("y")
    at.answer("<")
    assert office.case(number).draft[1, ""].reasons == reasons


def entries(office: Place, number: str) -> int:
    """How many entries the case has."""
    with office.store.reading() as connection:
        return len(open_case(office.desk(), connection, number).entries)


@pytest.mark.parametrize("manner", [(), ("--plain",)], ids=["proposals", "plain"])
def test_what_is_broken_off_or_pasted_leaves_the_case_as_it_was(
    office: Place, sit: Sit, manner: tuple[str, ...]
) -> None:
    number = office.receive().case.number
    before = entries(office, number)
    pasted = "\x1b[200~请明确年度\n并说明用途\x1b[201~" if not manner else "请明确年度\n并说明用途\n"
    at = sit("registrar", "do", number, *manner, patience=lines.PATIENCE)
    assert "需要补正的事项" in at.answer("要求补正")
    at.type(pasted)
    assert "一行也没有采用" in at.next()
    # The end of input in the middle of the act.
    at.type("\x04")
    assert "案件保持原样" in at.end()
    assert at.status == 1
    at = sit("registrar", "do", number, *manner)
    at.answer("")
    at.type("\x03")
    assert "案件保持原样" in at.end()
    assert at.status == 1
    assert entries(office, number) == before


def test_what_cannot_be_read_is_asked_again_and_a_refusal_says_why(office: Place, sit: Sit) -> None:
    number = office.receive().case.number
    at = sit("registrar", "do", "张三", columns=40)
    shown = at.answer("zz", "yq", "请明确年度", "", "2月30日", "2026-03-01", "2026-03-02", "否", "<")
    assert "这里没有“zz”" in shown
    assert "不是日历上的日期" in shown
    assert "确认写入吗" in shown
    assert "案件保持原样" in shown
    assert all(width(line) <= 40 for line in shown.splitlines())
    assert office.case(number).state == "received"


def test_alone_it_shows_what_waits_and_takes_a_new_application(office: Place, sit: Sit) -> None:
    first = office.receive().case.number
    at = sit("registrar", "--plain")
    assert first in at.asks()
    assert "待登记的申请" in at.shown()
    shown = at.answer("收件", "邮寄", "", "李四", "", "", "", "", "", "某项目环评批复", "", "", "", "y")
    assert "disclosure 收件" in shown
    assert "李四" in shown
    at.answer("<", "lisi", "<", "")
    assert at.status == 0
    assert office.row_count() == 2


def test_a_mistake_is_corrected_and_a_step_taken_back(office: Place, sit: Sit) -> None:
    office.today = builders.day("2026-03-04")
    number = office.bring("assigned")
    at = sit("registrar", "do", number)
    at.asks()
    shown = at.answer("更多", "更正", "收到日期", "2026-02-27", "来函日戳看错", "否")
    assert "2026-03-02 → 2026-02-27" in shown
    shown = at.answer("更多", "更正", "收到日期", "2026-02-27", "来函日戳看错", "是")
    assert f"disclosure 更正 {number} --field received-on" in shown
    assert office.case(number).received_on == builders.day("2026-02-27")
    shown = at.answer("更多", "撤回上一步", "分错了", "是")
    assert f"disclosure 撤回上一步 {number} --reason 分错了" in shown
    at.answer("<")
    assert office.case(number).received_on == builders.day("2026-03-02")


@pytest.mark.parametrize("state", ["received", "in_hand", "served"])
def test_every_act_that_is_open_to_an_officer_is_offered(office: Place, state: str) -> None:
    office.today = builders.day("2026-06-01")
    number = office.bring(state)
    for officer in ("registrar", "handler", "head"):
        desk = office.desk(officer)
        found, _people = reported.of_case(desk, number, everything=True)
        mine = {one.event for one in (*found.first, *found.rest) if one.mine and one.ready}
        offered = {one.event for one in (*found.first, *found.rest) if asking._possible(one)}
        # To correct and to take back stand behind "more"; the others follow acts, or are looks and upkeep.
        assert mine - offered <= {
            *("amend", "undo", "reveal", "joined", "separated", "recompute", "letter_signed", "mailed"),
            "answer_jointly",
        }
        assert offered <= set(act_forms.specs())


def test_alone_without_a_database_it_shows_the_help(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    at = Sitting(lambda: cli.main([], prog_name="disclosure"))
    assert "disclosure [选项] 命令" in at.end()


def test_without_a_terminal_nothing_is_asked(office: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", office.store.url)
    said = disclosure("do", "--as", "registrar")
    assert said.code == 2
    assert "disclosure 下一步" in said.err
    assert disclosure("do", "--as", "registrar", "--json").json == []
    alone = disclosure()
    assert "disclosure [选项] 命令" in alone.out + alone.err


def test_a_correction_and_the_reply_in_english(office: Place, sit: Sit) -> None:
    number = office.receive().case.number

    def of(officer: str, *answers: str) -> str:
        at = sit(officer, "do", number, lang="en")
        shown = at.answer(*answers, "<")
        assert at.status == 0, shown
        return shown

    asked = ["ask-correction", "Which year is meant?", "", "", "y"]
    shown = of("registrar", "", "", "y", *asked, "letter-posted", "P3", "", "", "", "y")
    assert "the usual step" in shown
    assert f"disclosure ask-correction {number} --matters 'Which year is meant?'" in shown
    assert office.case(number).state == "correction_asked"
    office.today = builders.day("2026-03-09")
    of("registrar", "corrected", "征收补偿方案，2025年度", "", "", "y", "assign", "ban", "handler", "", "y")
    assert office.due(number) == builders.day("2026-04-07")
    of(
        "handler",
        "accept",
        "",
        "y",
        "draft",
        "granted",
        "a paper copy by post",
        "",
        "",
        "y",
        "submit",
        "",
        "y",
    )
    for officer in ("reviewer", "head"):
        of(officer, "pass", "agreed", "", "y")
    of("handler", "issue", "post", "", "y")
    shown = of("registrar", "dispatch", "post", "", "", "y")
    assert "goes out" in shown
    assert office.case(number).state == "dispatched"


def test_a_third_party_and_a_partly_refused_request_plainly(office: Place, sit: Sit) -> None:
    number = office.receive(items=["合同正文", "合同价格"], request=None).case.number
    office.today = builders.day("2026-03-05")
    office.walk(number, builders.ROADS["in_hand"])

    def of(officer: str, *answers: str) -> str:
        at = sit(officer, "do", number, "--plain")
        shown = at.answer(*answers, "<")
        assert at.status == 0, shown
        return shown

    consulted = ["zqdsfyj", "甲公司", "items", "2", "", "", "y"]
    opinion = ["收到意见", "不同意", "涉及本公司的报价", "", "y"]
    shown = of("handler", *consulted, *opinion)
    assert "发往：甲公司，邮寄" in shown
    given = ["拟稿", "1", "yygk", "邮寄纸质复印件", "", "", "y"]
    kept = [
        "拟稿",
        "2",
        "bygk",
        "商业秘密",
        "价格条款属于第三方的商业秘密",
        "仅价格一栏不予公开",
        "",
        "",
        "y",
    ]
    shown = of("handler", *given, *kept, "送审", "", "y")
    assert "--extra severance=" in shown
    for officer in ("reviewer", "legal", "head"):
        of(officer, "审核通过", "同意", "", "y")
    of("handler", "编号印发", "", "", "y")
    shown = of("registrar", "发出答复", "邮寄", "", "", "y")
    assert office.case(number).state == "dispatched"
    assert office.case(number).replies[0].outcome == "partial"

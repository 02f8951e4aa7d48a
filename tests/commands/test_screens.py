"""What an officer reads: every screen fits its width in both languages, names people and things, and says
what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pexpect
import pyte
import pytest
from sqlalchemy import select

from letters.check import finding
from tests import builders, terminals
from tests.builders import Place
from tests.counter import disclosure
from tests.reports.test_explain import text_of
from workflow.base import messages, terminal
from workflow.base.text_width import width
from workflow.cases.entry import Entry
from workflow.casework import check_lines
from workflow.procedure import act_table_checks, next_steps, step_order, transitions, usual_steps
from workflow.procedure.fold import fold
from workflow.reports.views import history_text, steps
from workflow.storage import case_entries
from workflow.storage.tables import TABLES

CASES = TABLES["case_file"]
ROOT = Path(__file__).parent.parent.parent
RETURNED = "答复没有区分处理，请就附件三另行说明理由，并核对第三方的书面意见。" * 2
LONG = "关于城东片区2025年度征收补偿方案及其附件、评估报告、会议纪要和有关请示批复"

# Commands that only look, on the cases of the office below.
LOOKING = [
    "list",
    "list --open --overdue",
    *(
        f"{word} {n}"
        for word in ("show", "clocks", "history", "next", "letters", "explain")
        for n in range(1, 8)
    ),
    "history 1 --full",
    "next 1 --all",
    "next 3 --all",
    "next",
    "next --all",
    "roll",
    "roll --columns all",
    "search 补偿方案",
    "alerts --all",
    "today",
    "today --as handler",
    "today --on 2026-03-30",
    "remedies",
    "remedies 3 --ways",
    "report annual 2026",
    "report annual 2026 --cell r1_granted,natural_person",
    "report performance --year 2026",
    "report frequent --year 2026 --at-least 2",
    "letter list",
    "letter show D4d",
    "letter check 7 --on 2026-03-09",
    "letter versions 1",
    "letter numbers",
    "posting list",
    "mail list",
    "office show",
    "office list",
    "officer list",
    "retention review",
    "calendar show 2026",
    "calendar check",
    "law at 2026-03-01",
    "why 第三十六条",
    "why house:review",
    "why reply.limit",
    "--help",
    "extend --help",
    "letter --help",
    "law show reply.limit",
    "law status",
    "deadline reply --from 2026-03-02",
    "fee by-item 31",
]


@pytest.fixture(scope="module")
def office(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Cases in several states, with texts that have to be seen."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("screens")
        patch.setenv("DISCLOSURE_HOME", str(folder / "data"))
        patch.setenv("DISCLOSURE_KEY_FILE", str(folder / "key.json"))
        patch.setenv("DISCLOSURE_FILES", str(folder / "files"))
        patch.setenv("DISCLOSURE_OFFICER", "registrar")
        path = folder / "disclosure.db"
        path.write_bytes(_sqlite_template.read_bytes())
        patch.setenv("DISCLOSURE_DATABASE_URL", f"sqlite:///{path}")
        place = builders.found(f"sqlite:///{path}")
        paper = folder / "申请表.pdf"
        paper.write_bytes(b"%PDF")
        returned = place.bring("section_review", request=LONG)
        place.act("reviewer", "return_draft", returned, "2026-03-07", reasons=RETURNED)
        place.act("handler", "note", returned, "2026-03-07", text="电话告知申请人办理进度")
        place.act("registrar", "attach", returned, "2026-03-07", file=[str(paper)])
        place.desk("registrar").amend(returned, "applicant-name", "章三", "身份证件上为章")
        consulted = place.bring("in_hand")
        place.act("handler", "consult_third_party", consulted, "2026-03-05", name="甲公司")
        contested = place.bring("served")
        place.act("legal", "open_reconsideration", contested, "2026-05-05", body="江南省人民政府")
        place.bring("received")
        place.bring("filed")
        place.bring("dispatched")
        # Passed under the law of the day on which the screens are looked at.
        place.bring("head_review", variant="head_review of a refusal", on=date(2026, 8, 20))
        yield place
        place.store.close()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("line", LOOKING)
def test_no_line_is_wider_than_the_screen(
    line: str, lang: str, office: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (80, 40):
        monkeypatch.setenv("COLUMNS", str(room))
        said = disclosure("--lang", lang, *line.split())
        assert said.code in (0, 1, 6, 7), said.err
        assert [one for one in (said.out + said.err).splitlines() if width(one) > room] == []


# What no Chinese screen shows unless it is asked for: a key, a checksum, a stamp of UTC, a login.
CODE = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\b[0-9a-f]{64}\b|\d{4}-\d\d-\d\dT[\d:.]+Z|\b(registrar|handler|reviewer)\b(?!某)"
)
# Where the tables of the law and the office's file are looked at by their keys; `letter check` names its
# rules, which are typed to set one aside.
KEYS = ("law ", "office show", "officer list", "letter check", "letter show", "report annual 2026 --cell")


@pytest.mark.parametrize(
    "line", [line for line in LOOKING if not line.startswith(KEYS) and "--help" not in line]
)
def test_a_chinese_screen_shows_no_code_no_checksum_and_no_stamp(line: str, office: Place) -> None:
    said = disclosure("--lang", "zh_CN", *line.split())
    assert [found[0] for found in CODE.finditer(said.out + said.err)] == []


def test_plainly_nothing_is_a_mark_alone(office: Place) -> None:
    for line in ("show 3", "clocks 3", "next 3", "alerts --all", "list", "history 1"):
        said = disclosure(*line.split(), "--plain", "--lang", "zh_CN")
        for one in said.out.splitlines():
            assert not one.strip() or re.search(r"[0-9\u4e00-\u9fff]", one), (line, one)
        assert not re.search("[▶◐⏸✓■●○×◆▲✕]", said.out), line


# --- what was said is seen


def test_the_case_is_told_on_one_screen(office: Place) -> None:
    said = disclosure("show", "1", "--lang", "zh_CN").out
    for part in (
        "拟稿中",
        "下一步：",
        "disclosure 拟稿 2026-0001",
        "handler某（办公室）",
        "reviewer某（办公室）",
        RETURNED,
        "电话告知申请人办理进度",
        "邮寄纸质复印件",
        "政府信息公开申请登记回执",
        "申请表.pdf",
        "答复期限",
    ):
        assert part in said, part
    assert "甲公司" in disclosure("show", "2").out
    said = disclosure("show", "3", "--lang", "zh_CN").out
    for part in ("江南省人民政府", "送达 2026-03-11", "jz公复〔2026〕1号", "审核意见", "head某"):
        assert part in said, part


def test_the_draft_is_seen_as_it_was_on_an_earlier_day(office: Place) -> None:
    said = disclosure("show", "1", "--as-of", "2026-09-01", "--lang", "zh_CN").out
    assert "邮寄纸质复印件" in said
    assert "下一步" not in said


def test_the_history_names_people_and_both_values(office: Place) -> None:
    short, full = (disclosure("history", "1", *more, "--lang", "zh_CN").out for more in ([], ["--full"]))
    for part in (
        "reviewer某（办公室）",
        "张三 → 章三",
        "身份证件上为章",
        "退回理由",
        "内容：电话告知申请人办理进度",
    ):
        assert part in short, part
    assert RETURNED not in short
    assert RETURNED in full
    assert "2026-09-01 09:00" in full
    # Personal data is for `reveal`, with a reason.
    assert "320500199001010017" not in full
    assert "平安路" not in full


# --- what comes next


@pytest.mark.parametrize("number", range(1, 8))
def test_what_comes_next_is_told_in_eight_lines(
    number: int, office: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for officer in ("registrar", "handler", "head"):
        said = disclosure("next", str(number), "--as", officer, "--lang", "zh_CN").out
        assert 2 <= len(said.splitlines()) <= next_steps_lines(), said


def next_steps_lines() -> int:
    from workflow.reports.views import steps

    return steps.MOST


@pytest.mark.parametrize(
    ("number", "command"),
    [
        (1, "disclosure 拟稿 2026-0001"),
        (3, "disclosure 提交答辩 2026-0003 --no 1"),
        (4, "disclosure 登记 2026-0004"),
        (6, "disclosure 送达 2026-0006 --proof 〈"),
        (7, "disclosure 审核通过 2026-0007"),
    ],
)
def test_the_usual_step_comes_first_with_its_command(number: int, command: str, office: Place) -> None:
    said = disclosure("next", str(number), "--lang", "zh_CN").out.splitlines()
    assert said[1].startswith("下一步：")
    assert said[2].strip().startswith(command)
    # What is told can be typed.
    word = command.split()[1]
    assert disclosure(word, "--help").code == 0


@pytest.mark.parametrize("officer", ["registrar", "handler", "reviewer", "head", "archivist"])
def test_the_list_asks_only_for_what_comes_first(officer: str, office: Place) -> None:
    desk = office.desk(officer)
    whole = []
    with office.store.reading() as connection:
        for row in connection.execute(select(CASES).order_by(CASES.c.reply_due, CASES.c.id)):
            case = fold(case_entries.entries(connection, row.id), number=row.number)
            found = next_steps.options(case, desk.officer.actor, desk.context, desk.today())
            first = [one for one in step_order.sorted_out(found)[0] if one.mine and one.ready]
            whole += [(row.number, first)] if first else []
    assert [(one.case.number, one.first) for one in steps.mine(desk)] == whole
    undated = list(steps.mine(desk, 1))
    assert [one.case.number for one in undated] == [number for number, _ in whole]
    assert [one.first for one in undated][:1] == [first for _, first in whole][:1]


def test_nothing_to_be_done_is_said(office: Place) -> None:
    assert "没有需要办理的事项" in disclosure("next", "5", "--lang", "zh_CN").out
    assert disclosure("next", "--as", "auditor", "--lang", "zh_CN").out == "没有等您办理的案件。\n"


def test_an_officer_is_told_of_the_cases_in_which_it_is_his_turn(office: Place) -> None:
    head = disclosure("next", "--as", "head", "--lang", "zh_CN").out
    assert "2026-0007" in head
    assert "2026-0001" not in head
    assert "disclosure 审核通过 2026-0007" in head
    # The archivist is not shown what is filed already.
    assert "2026-0005" not in disclosure("next", "--as", "archivist").out


def test_every_state_in_which_something_waits_has_its_usual_step() -> None:
    table = transitions.bundled()
    without = [state for state in table.states("case") if not usual_steps.usual("case", state)]
    assert without == ["passed_on", "filed", "void"]
    for track in act_table_checks.TRACKS:
        for state in table.states(track):
            events = {row.event for row in table.from_state(track, state)}
            for returned in (False, True):
                assert set(usual_steps.usual(track, state, returned=returned)) <= events
    assert usual_steps.usual("case", "drafting", returned=True) == ("draft",)


def test_a_period_that_is_over_makes_another_step_the_usual_one(quick: Place) -> None:
    waiting = quick.bring("correction_asked")
    quick.made()
    desk = quick.desk("registrar")

    def first(on: timedelta) -> str:
        found = next_steps.options(
            quick.case(waiting), desk.officer.actor, desk.context, builders.RECEIVED + on
        )
        return step_order.sorted_out(found)[0][0].event

    # What lies here has to leave first.
    assert first(timedelta(days=3)) == "letter_posted"
    for letter in ("P2", "P3"):
        quick.act(
            "registrar", "letter_posted", waiting, builders.RECEIVED + timedelta(days=3), letter=[letter]
        )
    assert first(timedelta(days=3)) == "correct"
    quick.act("registrar", "notice_reached", waiting, builders.RECEIVED + timedelta(days=3), letter="P3")
    assert first(timedelta(days=60)) == "lapse_correction"


# --- today


def test_today_tells_what_is_due_sent_back_to_be_sent_and_awaited(office: Place) -> None:
    registrar = disclosure("today", "--on", "2026-03-30", "--lang", "zh_CN").out
    for part in (
        "【今日到期（",
        "答复期限",
        "【待发出的文书（",
        "政府信息公开征求第三方意见书",
        "【等待他方的事项",
    ):
        assert part in registrar, part
    handler = disclosure("today", "--as", "handler", "--on", "2026-03-30", "--lang", "zh_CN").out
    assert "【退回的拟稿（1）】" in handler
    assert "reviewer某：答复没有区分处理" in handler
    # What he handed in lies with others.
    assert "负责人审批" in handler
    late = disclosure("today", "--lang", "zh_CN").out
    assert "【已逾期（" in late
    assert "逾期" in late
    plain = disclosure("today", "--as", "handler", "--on", "2026-03-30", "--json").json
    assert [row["case"] for row in plain["sections"]["returned"]] == ["2026-0001"]
    assert plain["sections"]["returned"][0]["detail"].endswith(RETURNED)


def test_a_day_on_which_nothing_is_due_says_so(quick: Place) -> None:
    said = disclosure("today", "--as", "auditor", "--db", quick.store.url, "--lang", "zh_CN")
    assert "没有到期、待发出、待登记送达或者等待答复的事项" in said.out


def test_the_page_of_today_is_printed(office: Place, tmp_path: Path) -> None:
    for name in ("today.html", "today.pdf"):
        assert disclosure("today", "--out", tmp_path / name, "--lang", "zh_CN").code == 0
    html = (tmp_path / "today.html").read_text(encoding="utf-8")
    assert "今日待办" in html
    assert "2026-0004" in html
    assert "2026-0004" in text_of(tmp_path / "today.pdf")
    assert disclosure("today", "--out", tmp_path / "today.docx").code == 2


# --- filters by name


@pytest.mark.parametrize(
    "line",
    [
        ("list", "--state", "拟稿中"),
        ("list", "--state", "ngz"),
        ("list", "--unit", "办公室", "--handler", "handler某", "--state", "in-hand"),
        ("roll", "--state", "拟稿", "--unit", "办公室", "--channel", "邮寄（签收）", "--kind", "自然人"),
        ("roll", "--outcome", "予以公开", "--handler", "handler某"),
        ("search", "补偿方案", "--state", "已送达", "--kind", "申请"),
        ("alerts", "--kind", "已逾期", "--clock", "答复期限", "--unit", "办公室"),
        ("alerts", "--kind", "征求意见逾期", "--handler", "handler某"),
        ("explain", "1", "--rule", "答复期限"),
        ("letter", "show", "延期答复告知书"),
        ("letter", "show", "补正告知"),
        ("today", "--unit", "办公室"),
        ("report", "performance", "--year", "2026", "--unit", "办公室"),
    ],
)
def test_what_is_filtered_by_is_taken_by_its_name(line: tuple[str, ...], office: Place) -> None:
    said = disclosure(*line, "--lang", "zh_CN")
    assert said.code in (0, 7), said.err
    assert said.out.strip()


def test_the_name_finds_what_the_key_finds(office: Place) -> None:
    for by_name, by_key in (
        (("list", "--state", "拟稿中"), ("list", "--state", "drafting")),
        (("roll", "--outcome", "予以公开"), ("roll", "--outcome", "granted")),
        (("alerts", "--all", "--kind", "已逾期"), ("alerts", "--all", "--kind", "overdue")),
    ):
        assert disclosure(*by_name, "--json").out == disclosure(*by_key, "--json").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("list", "--state", "已"), "可以是"),
        (("list", "--state", "飞"), "不在可选范围内"),
        (("alerts", "--kind", "期"), "可以是"),
        (("letter", "show", "告知书"), "可以是"),
    ],
)
def test_what_can_mean_several_is_listed(line: tuple[str, ...], said: str, office: Place) -> None:
    refused = disclosure(*line, "--lang", "zh_CN")
    assert refused.code == 2
    assert said in refused.err


def test_a_letter_of_the_case_is_named_in_words(quick: Place) -> None:
    number = quick.bring("correction_asked")
    quick.made()
    given = ("--as", "registrar", "--db", quick.store.url, "--on", "2026-03-05")
    said = disclosure("letter-posted", number, "--letter", "补正告知书", *given)
    assert said.code == 0, said.err
    said = disclosure("notice-reached", number, "--letter", "补正告知", *given)
    assert said.code == 0, said.err
    assert [one.letter for one in quick.case(number).notices if one.reached] == ["P3"]


# --- what acts say


ACTS = [
    ("received", "registrar", "登记 {n} --on 2026-03-02"),
    ("registered", "registrar", "分办 {n} --unit 办公室 --on 2026-03-03"),
    ("assigned", "handler", "接收承办 {n} --on 2026-03-03"),
    ("in_hand", "handler", "拟稿 {n} --outcome 予以公开 --means 邮寄复印件 --on 2026-03-05"),
    (
        "in_hand",
        "handler",
        "征求第三方意见 {n} --name 江南省某某环境工程技术咨询有限责任公司 --on 2026-03-05",
    ),
    ("in_hand", "handler", "收费通知 {n} --basis by_page --count 57 --on 2026-03-05"),
    ("in_hand", "head", "延期 {n} --reasons 信息量大，需要逐份审查并征求有关单位意见 --on 2026-03-05"),
    ("drafting", "handler", "送审 {n} --on 2026-03-06"),
    ("section_review", "reviewer", "退回 {n} --reasons 应当区分处理 --on 2026-03-06"),
    ("section_review", "reviewer", "通过 {n} --on 2026-03-06"),
    ("approved", "registrar", "编号 {n} --on 2026-03-09"),
    ("registered", "registrar", "备注 {n} --text 电话告知申请人进度 --on 2026-03-05"),
    ("served", "legal", "reconsideration {n} --body 江南省人民政府 --on 2026-05-05"),
]


@pytest.mark.parametrize(("state", "officer", "line"), ACTS)
def test_what_an_act_says_fits_and_names_things(
    state: str, officer: str, line: str, quick: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room, lang in ((80, "zh_CN"), (80, "en"), (40, "zh_CN")):
        monkeypatch.setenv("COLUMNS", str(room))
        words = line.format(n=quick.bring(state)).split()
        said = disclosure(*words, "--later", "--as", officer, "--db", quick.store.url, "--lang", lang)
        told = said.out + said.err
        assert told.strip()
        assert [one for one in told.splitlines() if width(one) > room] == []
        if lang == "zh_CN":
            assert [found[0] for found in CODE.finditer(told)] == []


# --- at a real terminal


def test_the_main_screens_at_a_terminal_of_80_by_24(office: Place) -> None:
    for room, line in (
        *((80, line) for line in ("show 1", "history 1 --full", "today")),
        *((40, line) for line in ("show 1", "list")),
    ):
        shown = screen_of(line, room)
        assert not any("Traceback" in one for one in shown), shown
        assert any(one.strip() for one in shown), line


def screen_of(line: str, room: int) -> list[str]:
    """What stands on the screen when a command has ended."""
    with terminals.typed(*line.split(), rows=24, columns=room, PAGER="cat", DISCLOSURE_LANG="zh_CN") as child:
        child.expect(pexpect.EOF)
    said = child.before or ""
    # A counter that moves is drawn over itself, with sequences of its own.
    for one in said.replace("\r", "").splitlines():
        assert "\x1b" in one or width(one) <= room, (line, one)
    screen = pyte.Screen(room, 24)
    pyte.Stream(screen).feed(said)
    return list(screen.display)


def test_longer_output_goes_through_the_pager_and_plainly_it_does_not(office: Place, tmp_path: Path) -> None:
    mark = tmp_path / "pager"
    mark.write_text("#!/bin/sh\necho PAGED\ncat >/dev/null\n", encoding="utf-8")
    mark.chmod(0o755)

    def run(*words: str) -> str:
        with terminals.typed(*words, rows=24, columns=80, PAGER=str(mark)) as child:
            child.expect(pexpect.EOF)
        return child.before or ""

    assert "PAGED" in run("show", "3")
    for plainly in ("--plain", "--json"):
        said = run("show", "3", plainly)
        assert said.strip()
        assert "PAGED" not in said


def test_an_entry_of_a_consultation_leaves_the_case_where_it_was() -> None:
    def entry(n: int, event: str, track: str, dest: str) -> Entry:
        return Entry(n, event, track, date(2026, 3, 2), "", "qian", "", dest, "ogi2019:32", {})

    told = [
        entry(1, "accept", "case", "in_hand"),
        entry(2, "opinion_given", "consultation", "answered"),
        entry(3, "draft", "case", "drafting"),
    ]
    assert history_text._standing(told) == ["in_hand", "in_hand", "drafting"]


@pytest.mark.parametrize(("lang", "words"), [("zh_CN", "符合："), ("en", "met: ")])
def test_plainly_no_sign_says_how_it_stands_with_a_rule(lang: str, words: str) -> None:
    try:
        terminal.use(True)
        with messages.speaking(lang):
            assert check_lines._status(finding.PASSED) == words
            assert not set("✓✗?!") & set("".join(map(check_lines._status, rules_of_status())))
    finally:
        terminal.use(False)


def rules_of_status() -> tuple[str, ...]:
    """Every way in which it can stand with a rule."""
    return (finding.PASSED, finding.FAILED, finding.WARNED, finding.OVERRIDDEN, finding.IDLE)

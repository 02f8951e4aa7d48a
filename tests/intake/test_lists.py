"""Lists as offices keep them: titles, notes, sums, names and values of their own, days in any form,
interrupted runs.
"""

from __future__ import annotations

import csv
import json
import re
import signal
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pexpect
import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from tests import builders, preloaded, terminals
from tests.base.test_sheets import ods, xls, xlsx
from tests.builders import Place
from tests.counter import Said, disclosure
from tests.thorough import examples
from workflow import law
from workflow.base import tables
from workflow.base.sheets import day_forms, headings
from workflow.casework import application, given_persons
from workflow.intake import entered, entering, list_heading, lists, row_read, rows, spoken_words, words
from workflow.procedure import transitions
from workflow.storage.models import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads", "workbooks_forked")

HEADS = [
    "序号",
    "申请人姓名",
    "申请人类型",
    "收到日期",
    "申请方式",
    "身份证号",
    "联系电话",
    "通讯地址",
    "申请公开内容",
    "备注",
]
MARCH_2 = date(2026, 3, 2)
AFTERNOON = datetime(2026, 3, 2, 17, 30)  # noqa: DTZ001


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def intake(*words_: str | Path) -> Said:
    return disclosure("intake", *words_, "--json")


def row(name: str = "张三", **given: Any) -> list[Any]:
    made = {
        "序号": 1,
        "申请人姓名": name,
        "申请人类型": "个人",
        "收到日期": MARCH_2,
        "申请方式": "邮寄",
        "身份证号": None,
        "联系电话": None,
        "通讯地址": None,
        "申请公开内容": f"{name}申请的征收补偿方案",
        "备注": "x",
    }
    return list({**made, **given}.values())


# --- the tables


def test_every_word_means_something_that_is_there() -> None:
    table = tables.read(spoken_words.TABLE)
    assert {row_read.SAME.get(key, key) for key in table["column"]} == set(application.KNOWN) - {
        *("item", "applicants", "contact")
    }
    assert {*table["agent"], *table["person"]} <= set(given_persons.AGENT)
    assert set(table["value"]["channel"]) == set(law.bundled().channels())
    assert set(table["value"]["kind"]) == set(transitions.bundled().names["applicant"])
    assert set(table["by_name"]) - {"unsure"} <= set(table["value"]["kind"])


def test_no_word_means_two_things() -> None:
    table = tables.read(spoken_words.TABLE)
    for group in (table["column"], *table["value"].values()):
        seen: dict[str, str] = {}
        for key, names in group.items():
            for name in names:
                assert seen.setdefault(words.headings.whole(name), key) == key, name
    columns = {words.headings.whole(one) for names in table["column"].values() for one in names}
    assert not columns & {words.headings.whole(one) for one in table["unused"]["words"]}


# --- a list as an office keeps it


@pytest.fixture
def usual(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "填表说明"
    book.active.append(["请在第二个工作表填写"])
    page = book.create_sheet("2026年3月")
    page.append(["某局2026年3月政府信息公开申请登记表"])
    page.merge_cells("A1:J1")
    page.append(
        [
            " 序号",
            "*申请人\n姓名",
            "申请人类型（必填）",
            "收到日期",
            "申请方式：",
            "身份证号",
            "联系电话",
            "通讯地址",
            "申请公开内容",
            "备注",
        ]
    )
    page.append(row("张三 ", 收到日期="2026.3.2", 身份证号=4.401011990010113e17, 联系电话=13912345678))
    page.append(row("李\u3000四", 收到日期="2026年3月2日", 申请方式="EMS", 身份证号="11010519491231002X"))
    page.append(
        row(
            "王五",
            收到日期=46083,
            申请方式="当面",
            身份证号="１１０１０５１９４９１２３１００２Ｘ",
            申请人类型="企业",
        )
    )
    page.append(row("赵六\n", 收到日期=AFTERNOON, 申请方式="现场提交", 身份证号=4.40101e17))
    page.append(row("甲科技有限公司", 申请人类型=None, 收到日期="２０２６/3/2", 申请方式="网上"))
    page.append(row("钱七", 收到日期="3月2日", 申请方式="信函"))
    page.append(row("孙八", 收到日期="20260302", 申请方式="平台"))
    page.append(row("周九", 收到日期="2026.03.02 ", 申请方式="传真"))
    page.append(row("吴十", 收到日期=None, 申请方式="挂号信"))
    page.append(["合计", "9件"])
    page.append(["注：以上由收发室登记"])
    path = tmp_path / "三月.xlsx"
    book.save(path)
    return path


def test_a_usual_list_is_entered_but_for_what_nobody_could_read(
    place: Place, usual: Path, tmp_path: Path
) -> None:
    tried = intake(usual, "--dry-run")
    said = intake(usual, "--faults", tmp_path / "退回.xlsx")
    assert (tried.code, said.code) == (1, 1)
    done = said.json
    assert tried.json["in_order"] == len(done["entered"]) == 8
    assert {one["row"]: one["faults"][0]["cell"] for one in done["refused"]} == {11: "D11"}
    assert done["unused"] == ["序号", "备注"]
    assert [one["row"] for one in done["passed_over"]] == [12, 13]
    notes = " ".join(one["text"] for one in done["notes"])
    assert "4.40101199001011E+17" in notes
    assert "年份" in notes
    cases = [place.case(one["case"]) for one in done["entered"]]
    assert {case.received_on for case in cases} == {MARCH_2}
    assert [case.applicant["name"] for case in cases] == [
        "张三",
        "李四",
        "王五",
        "赵六",
        "甲科技有限公司",
        "钱七",
        "孙八",
        "周九",
    ]
    assert [case.state for case in cases] == [*["received"] * 7, "unconfirmed"], "a fax waits for its sender"
    assert [case.channel for case in cases] == [
        "post",
        "post",
        "in_person",
        "in_person",
        "online",
        "post",
        "online",
        "fax",
    ]
    assert [case.applicant["kind"] for case in cases][2::2] == [
        "commercial_enterprise",
        "commercial_enterprise",
        "natural_person",
    ]
    known = [place.desk().reveal(case.number, "核对")[1].get("id_number") for case in cases]
    assert known == [None, "11010519491231002X", "11010519491231002X", None, None, None, None, None]
    back = openpyxl.load_workbook(tmp_path / "退回.xlsx").worksheets[0]
    assert [cell.value for cell in back[1]][1::8] == ["*申请人 姓名", "备注"]
    assert back.cell(1, 11).value == "未登记原因"
    assert (back["B2"].value, "D11" in back["K2"].value) == ("吴十", True)


def test_what_was_given_back_is_mended_and_handed_in(place: Place, usual: Path, tmp_path: Path) -> None:
    intake(usual, "--faults", tmp_path / "退回.xlsx")
    book = openpyxl.load_workbook(tmp_path / "退回.xlsx")
    book.worksheets[0]["D2"] = "2026-03-03"
    book.save(tmp_path / "退回.xlsx")
    done = intake(tmp_path / "退回.xlsx").json
    assert [one["row"] for one in done["entered"]] == [2]
    assert "未登记原因" in done["unused"]


def test_all_faults_of_all_rows_at_once_with_their_cells_in_the_officers_language(
    place: Place, tmp_path: Path
) -> None:
    bad = [
        row("张三", 收到日期="3/2/2026", 申请方式="飞鸽", 申请人类型="外星人", 申请公开内容=None),
        row("", 收到日期="2026-02-30"),
    ]
    refused = intake(xlsx(tmp_path / "a.xlsx", [HEADS, *bad]), "--dry-run").json["refused"]
    assert [[fault["cell"] for fault in one["faults"]] for one in refused] == [
        ["C2", "D2", "E2", "I2"],
        ["D3", "B3"],
    ]
    for one in refused:
        for fault in one["faults"]:
            assert any("\u4e00" <= char <= "\u9fff" for char in fault["message"].split(":", 1)[1]), fault
    shown = disclosure("intake", tmp_path / "a.xlsx", "--dry-run")
    assert "申请方式" in shown.out
    assert "C2" in shown.out


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_the_kinds_of_workbooks(place: Place, tmp_path: Path, write: Any) -> None:
    cells = [[cell or "" for cell in line] for line in (HEADS, row("张三"), row("李四"))]
    done = intake(write(tmp_path / f"a.{write.__name__}", cells)).json
    assert [one["row"] for one in done["entered"]] == [2, 3]


def test_no_day_is_ever_filled_in(place: Place, tmp_path: Path) -> None:
    """A formula without a value, an error, an empty cell, a month, a list without a column for it."""
    days = ["=DATE(2026,3,2)", None, "2026年3月", "待定", "昨天"]
    path = xlsx(tmp_path / "a.xlsx", [HEADS, *(row(f"张{n}", 收到日期=day) for n, day in enumerate(days))])
    done = intake(path)
    assert (done.code, done.json["entered"]) == (1, [])
    assert [one["faults"][0]["cell"] for one in done.json["refused"]] == ["D2", "D3", "D4", "D5", "D6"]
    (tmp_path / "b.csv").write_text("申请人,申请方式,申请内容\n张三,当面,某信息\n", encoding="utf-8")
    assert intake(tmp_path / "b.csv").json["entered"] == []


def test_the_day_of_the_application_is_not_taken_for_that_of_receipt_unseen(
    place: Place, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(
        "序号,受理编号,申请人姓名,申请日期,申请方式,申请内容,答复日期,答复结果,备注\n"
        "1,2026-001,张三,2026/3/2,信函,某批复,2026/3/20,予以公开,\n",
        encoding="utf-8",
    )
    tried = intake(path, "--dry-run")
    assert (tried.code, tried.json["in_order"]) == (0, 1)
    assert "申请日期" in tried.json["remarks"][0]
    assert tried.json["unused"] == ["序号", "受理编号", "答复日期", "答复结果", "备注"]
    refused = intake(path)
    assert (refused.code, refused.fault["field"]) == (1, "on")
    assert "--column 申请日期=on" in refused.fault["advice"]
    assert intake(path, "--column", "申请日期=on").json["entered"]


@freeze_time("2026-03-12 04:00:00")
def test_hidden_rows_are_entered_with_a_remark_and_struck_rows_are_not(place: Place, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [HEADS, row("张三"), row("李四")])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[2].hidden = True
    for cell in book.active[3]:
        cell.font = Font(strike=True)
    book.save(path)
    done = intake(path).json
    assert [one["row"] for one in done["entered"]] == [2]
    assert {one["row"] for one in done["notes"]} == {2}
    assert [one["row"] for one in done["refused"]] == [3]


def test_the_kind_of_an_organisation_is_asked_for_not_guessed(place: Place, tmp_path: Path) -> None:
    names = {
        "乙律师事务所": "legal_service",
        "丙有限公司": "commercial_enterprise",
        "丁大学": None,
        "张三丰": "natural_person",
    }
    path = xlsx(tmp_path / "a.xlsx", [HEADS, *(row(name, 申请人类型=None) for name in names)])
    done = intake(path).json
    found = {
        case.applicant["name"]: case.applicant["kind"]
        for case in (place.case(one["case"]) for one in done["entered"])
    }
    assert found == {name: kind for name, kind in names.items() if kind}
    assert [one["faults"][0]["field"] for one in done["refused"]] == ["kind"]


def test_words_of_the_office_are_said_once_and_remembered(place: Place, tmp_path: Path) -> None:
    heads = ["来访群众", "来件日", "路子", "要什么"]
    path = xlsx(tmp_path / "a.xlsx", [heads, ["张三", MARCH_2, "专人送达", "某信息"]])
    assert intake(path).code == 2
    told = [
        "--column",
        "来访群众=name",
        "--column",
        "来件日=on",
        "--column",
        "路子=channel",
        "--column",
        "要什么=request",
    ]
    unknown = intake(path, *told)
    assert unknown.json["refused"][0]["faults"][0]["cell"] == "C2"
    assert intake(path, "--value", "channel:专人送达=in_person").json["entered"]
    again = xlsx(tmp_path / "b.xlsx", [heads, ["李四", MARCH_2, "专人送达", "某信息"]])
    assert intake(again).json["entered"]
    assert intake(again, "--column", "来件日=nothing").fault["field"] == "column"
    assert intake(again, "--value", "来件日").fault["field"] == "value"


def test_an_unknown_column_or_value_is_asked_about_once(place: Place, tmp_path: Path) -> None:
    """At a terminal; a wrong answer is asked again, '-' leaves a column out, and the office is not asked
    twice.
    """
    heads = ["申请人", "收到日期", "路子", "要的东西", "经办窗口号"]
    first = xlsx(tmp_path / "a.xlsx", [heads, ["张三", MARCH_2, "专人送达", "某信息", "3"]])

    def run(path: Path, answers: list[tuple[str, str]]) -> str:
        with terminals.typed("intake", str(path), columns=300) as terminal:
            for question, answer in answers:
                terminal.expect(question)
                terminal.sendline(answer)
            terminal.expect(pexpect.EOF)
            return str(terminal.before)

    run(
        first,
        [
            ("路子", "channel"),
            ("要的东西", "不知道"),
            ("要的东西", "申请内容"),
            ("经办窗口号", "-"),
            ("专人送达", "当面"),
        ],
    )
    number = "2026-0001"
    assert place.row_count() == 1
    assert (place.case(number).channel, place.case(number).request) == ("in_person", "某信息")
    second = xlsx(tmp_path / "b.xlsx", [heads, ["李四", MARCH_2, "专人送达", "某信息", "4"]])
    assert "已登记1件" in run(second, [])


# --- nothing twice


def test_a_list_and_its_rows_are_entered_once(place: Place, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [HEADS, row("张三"), row("李四")])
    assert len(intake(path).json["entered"]) == 2
    refused = intake(path)
    assert (refused.code, refused.fault["kind"]) == (1, "refused")
    # The list of the next month holds those of this one.
    longer = intake(xlsx(tmp_path / "b.xlsx", [HEADS, row("张三"), row("李四"), row("王五")]))
    assert longer.code == 0
    assert [one["case"] for one in longer.json["known"]] == ["2026-0001", "2026-0002"]
    assert [one["row"] for one in longer.json["entered"]] == [4]
    assert len(intake(path, "--again").json["entered"]) == 2


def test_rows_are_known_again_in_either_database(
    database_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in builders.at_the_counter(database_url, home, monkeypatch):
        path = xlsx(tmp_path / "a.xlsx", [HEADS, row("张三"), row("李四")])
        assert len(intake(path).json["entered"]) == 2
        assert intake(path).code == 1
        again = intake(xlsx(tmp_path / "b.xlsx", [HEADS, row("张三"), row("王五")])).json
        assert ([one["row"] for one in again["known"]], [one["row"] for one in again["entered"]]) == (
            [2],
            [3],
        )
        assert intake(path, "--column", "经办=-").code == 1
        assert place.row_count() == 3


def test_a_row_that_stands_twice_is_one(place: Place, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [HEADS, row("张三"), row("张三", 序号=2)])
    for more in (["--dry-run"], []):
        done = intake(path, *more).json
        assert [one["row"] for one in done["refused"]] == [3]


@freeze_time("2026-03-12 04:00:00")
def test_the_name_alone_makes_no_same_person(place: Place, tmp_path: Path) -> None:
    """Two persons of one name with two numbers are two; one who gave no number may be either."""
    same = {"申请公开内容": "同一份征收补偿方案"}
    numbers = ["11010519491231002X", "440524188001010014", None]
    path = xlsx(tmp_path / "a.xlsx", [HEADS, *(row("张三", 身份证号=number, **same) for number in numbers)])
    done = intake(path).json
    repeats = [one["row"] for one in done["notes"] if re.search(r"2026-\d{4}", one["text"])]
    assert repeats == [4, 4]


@pytest.mark.parametrize(
    ("how", "at", "old"), [(signal.SIGINT, 21, False), (signal.SIGTERM, 55, True), (signal.SIGKILL, 55, True)]
)
def test_an_interrupted_run_goes_on_where_it_stopped(
    place: Place, tmp_path: Path, how: signal.Signals, at: int, old: bool
) -> None:
    """Rows of an old register are committed many at a time: what was killed in between is entered anew."""
    path = xlsx(tmp_path / "a.xlsx", [HEADS, *(row(f"张{n}") for n in range(60))])
    report = tmp_path / "r.csv"
    more = ["--history"] if old else []
    program = (
        "import os, sys\nfrom tests.counter import disclosure\nfrom workflow.casework import incoming\n"
        "real, count = incoming.enter, 0\n"
        "def enter(*a, **k):\n    global count\n    count += 1\n"
        f"    if count == {at}: os.kill(os.getpid(), {int(how)})\n    return real(*a, **k)\n"
        "incoming.enter = enter\n"
        f"said = disclosure('intake', sys.argv[1], '--report', sys.argv[2], '--json', *{more!r})\n"
        "print(said.out)\nsys.exit(said.code)\n"
    )
    told = preloaded.run([sys.executable, "-c", program, path, report])
    cases = TABLES["case_file"]

    def count() -> int:
        with place.store.reading() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one())

    if how == signal.SIGKILL:
        assert count() == (entering.LOT if old else at - 1)
    else:
        assert told.returncode == 130, told.stderr
        assert json.loads(told.stdout)["stopped"]
        assert count() == at
        with report.open(encoding="utf-8-sig", newline="") as source:
            assert len(list(csv.reader(source))) == 1 + at
    done = intake(path, "--report", report, *more)
    assert done.code == 0
    assert count() == 60
    assert len(done.json["known"]) + len(done.json["entered"]) == 60
    with place.store.reading() as connection:
        numbers = connection.execute(sa.select(cases.c.number).order_by(cases.c.number)).scalars().all()
    assert numbers == [f"2026-{n:04d}" for n in range(1, 61)]
    assert intake(path, *more).code == 1


def test_two_who_enter_the_same_list_at_once_enter_no_row_twice(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert intake(xlsx(tmp_path / "a.xlsx", [HEADS, row("张三"), row("李四")])).code == 0
    path = xlsx(tmp_path / "b.xlsx", [HEADS, row("李四"), row("张三"), row("王五")])
    # What this run was told before the other one's commit.
    told: list[dict[str, str]] = [{}]
    real = entered.known
    monkeypatch.setattr(entered, "known", lambda *given: told.pop() if told else real(*given))
    said = intake(path)
    assert said.code == 4
    assert "他人同时录入" in said.err
    assert "继续" in said.err
    assert place.row_count() == 2


# --- any order of columns, any mixture of forms of days


DAY_FORMS = [
    "2026-03-02",
    "2026/3/2",
    "2026.3.2",
    "2026年3月2日",
    "二〇二六年三月二日",
    "20260302",
    "２０２６－０３－０２",
    "2026-03-02 09:30",
    "46083",
]


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.permutations(HEADS),
    st.lists(st.sampled_from(DAY_FORMS), min_size=3, max_size=3),
    st.integers(0, 3),
    st.sampled_from(["csv", "xlsx"]),
)
def test_order_and_forms_change_nothing(
    place: Place, tmp_path: Path, heads: list[str], forms: list[str], titles: int, kind: str
) -> None:
    plain = [dict(zip(HEADS, row(f"张{n}", 收到日期=form), strict=True)) for n, form in enumerate(forms)]
    lines = (
        [[f"标题{n}"] for n in range(titles)]
        + [heads]
        + [[one[head] or "" for head in heads] for one in plain]
    )
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="utf-8")
    else:
        xlsx(path, lines)
    outcome = lists.enter(place.desk(), path, lists.Way(dry_run=True))
    assert not outcome.refused
    with lists.reader.opened(path) as sheets:
        vocabulary = words.Vocabulary(place.desk())
        found = list_heading.heading(path, sheets, vocabulary, None)
        read = rows.Reader(
            found, vocabulary, day_forms.Way(headings.year_of(found), "", found.sheet.from_1904)
        )
        made = [read.read(one).application for one in found.rows()]
    assert made == [
        application.checked(
            {
                "name": f"张{n}",
                "kind": "natural_person",
                "on": MARCH_2,
                "channel": "post",
                "request": f"张{n}申请的征收补偿方案",
            }
        )
        for n in range(3)
    ]


# --- hostile lists


def test_what_is_shown_of_a_list_holds_no_control_characters(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [
        "申请人,收到日期,申请方式,申请内容,\x1b]0;x\x07列",
        "张三,\x1b[2J明天,\x1b[31m飞鸽,x,y",
        "\x9b31m李四,2026-03-02,当面,x,y",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    shown = disclosure("intake", path, "--dry-run")
    assert shown.code == 1
    assert not any(
        (ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160 for char in shown.out + shown.err
    )


def test_a_styled_empty_column_far_away_refuses_nothing(place: Place, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [HEADS, row("张三")])
    book = openpyxl.load_workbook(path)
    for line in range(1, 2000):
        book.active.cell(line, 16000).font = Font(bold=True)
    book.save(path)
    assert intake(path).json["entered"]


# --- the form


def test_the_form_is_a_list_that_is_understood(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "登记表.xlsx"
    assert disclosure("intake", "template", "--out", out).code == 0
    assert disclosure("intake", "template", "--out", out, "--json").fault["field"] == "out"
    book = openpyxl.load_workbook(out)
    page = book.worksheets[0]
    assert len(page.data_validations.dataValidation) >= 7
    assert book.worksheets[1].sheet_state == "hidden"
    heads = {cell.value.lstrip("*"): cell.column for cell in page[1]}
    given_ = {
        "申请人": "张三",
        "申请人类别": "自然人",
        "申请渠道": "邮寄（签收）",
        "收到日期": MARCH_2,
        "申请内容": "某信息",
        "证件号码": "11010519491231002X",
    }
    for name, value in given_.items():
        page.cell(2, heads[name]).value = value
    book.save(out)
    done = intake(out)
    assert (done.code, done.json["unused"]) == (0, [])
    assert len(done.json["entered"]) == 1

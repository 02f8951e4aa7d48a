"""Old registers: what became of applications of former years, on its days, and nothing that is not told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.base.test_sheets import xlsx
from tests.builders import Place
from tests.counter import Said, disclosure
from workflow import law
from workflow.base import names, tables
from workflow.casework.opened import open_case
from workflow.intake import past, spoken_words, words
from workflow.procedure import act_forms, act_tables, transitions
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "workbooks_forked")

HEADS = [
    *(
        "登记编号",
        "申请人姓名",
        "收到日期",
        "登记日期",
        "申请方式",
        "申请公开内容",
        "延期告知日期",
        "办理结果",
    ),
    *("不予公开理由", "答复文号", "答复日期", "答复方式", "送达日期", "归档日期", "复议日期", "复议机关"),
    *("复议结果", "复议决定日期", "诉讼日期", "法院", "诉讼结果", "判决日期", "备注"),
]
GIVEN: dict[str, Any] = {
    "申请人姓名": "张三",
    "收到日期": "2023-03-06",
    "申请方式": "邮寄",
    "申请公开内容": "征收补偿方案",
}
GRANTED = {"办理结果": "予以公开", "答复日期": "2023-03-20"}


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def register(folder: Path, *rows: dict[str, Any], name: str = "旧.xlsx") -> Path:
    told = [[{**GIVEN, **row}.get(head) for head in HEADS] for row in rows]
    path = folder / name
    xlsx(path, [["某局2023年登记册"], HEADS, *told])
    return path


def intake(*typed: str | Path) -> Said:
    return disclosure("intake", *typed, "--history", "--json")


def faults(said: Said, row: int) -> list[tuple[str, str]]:
    found = next(one for one in said.json["refused"] if one["row"] == row)
    return [(one["cell"], one["field"]) for one in found["faults"]]


# --- the tables


def test_every_word_of_old_registers_means_something_and_one_thing() -> None:
    table, choices = tables.read(spoken_words.TABLE), transitions.bundled().names["choice"]
    laws = law.bundled().tables
    for key in table["value"]["outcome"]:
        outcome, _, ground = key.partition(".")
        assert outcome in laws["outcomes"]["outcome"], key
        assert not ground or ground in laws["grounds"]["ground"], key
    grounds = {key.partition(".")[2] for key in table["value"]["outcome"] if "." in key}
    assert grounds == set(laws["grounds"]["ground"]) - {"special_need"}
    assert set(table["value"]["served_by"]) | set(table["value"]["result"]) <= set(choices)
    assert set(table["history"]) <= set(names.bundled()["column"])
    seen: dict[str, str] = {}
    columns = {
        key: [one for one in said if one not in table["unclear"]["words"]]
        for key, said in table["column"].items()
    }
    for key, said in {**columns, **table["history"]}.items():
        for one in said:
            assert seen.setdefault(words.headings.whole(one), key) == key, one


def test_every_fact_that_is_taken_over_is_one_of_the_act() -> None:
    facts = {one["name"] for one in act_tables.acts()["take_over"]["adds"]}
    assert {*past._FACTS, *past._FEES, *past._DAYS} <= facts


# --- what becomes of a row


def test_a_closed_case_stands_as_the_register_says(place: Place, tmp_path: Path) -> None:
    file = register(
        tmp_path,
        {
            **GRANTED,
            "登记编号": "2023-17",
            "登记日期": "2023-03-07",
            "答复文号": "甲复〔2023〕9号",
            "答复方式": "邮寄",
            "送达日期": "2023-03-22",
            "归档日期": "2024-01-10",
        },
    )
    said = intake(file)
    assert said.code == 0, said
    row = place.row("2023-0001")
    assert (row["state"], row["outcome"], row["report_row"]) == ("filed", "granted", "r1_granted")
    told = ("received_on", "registered_on", "replied_on", "counted_on", "served_on", "filed_on")
    assert [row[name].isoformat() for name in told] == [
        *("2023-03-06", "2023-03-07", "2023-03-20", "2023-03-20", "2023-03-22", "2024-01-10")
    ]
    assert (row["decision_number"], row["reply_clock"]) == ("甲复〔2023〕9号", "met")
    with place.store.reading() as connection:
        entries = open_case(place.desk(), connection, "2023-0001").entries
        assert not connection.execute(sa.select(TABLES["letter"])).all()
    assert [entry.event for entry in entries] == ["receive", "take_over"]
    # Who, from which list, which row: in the ledger.
    payload = entries[1].payload
    assert (entries[1].actor, payload["row"], payload["list"]) == (
        "registrar",
        3,
        builders.sha256(file.read_bytes()).hexdigest(),
    )
    verdict = verify_record.verify(place.store, place.desk().office)
    assert (verdict.refused, verdict.doubtful) == ([], [])


def test_the_register_s_own_days_are_not_computed_again(place: Place, tmp_path: Path) -> None:
    """A fax counts from its confirmation, which no old register tells: what it calls the receipt is that."""
    file = register(
        tmp_path,
        {"申请方式": "传真", **GRANTED},
        {
            "延期告知日期": "2023-03-30",
            "办理结果": "部分公开",
            "不予公开理由": "个人隐私",
            "答复日期": "2023-04-28",
        },
    )
    assert intake(file).code == 0
    assert place.row("2023-0001")["received_on"] == date(2023, 3, 6)
    later = place.row("2023-0002")
    assert (later["extended_on"], later["reply_due"], later["reply_clock"]) == (
        *(date(2023, 3, 30), date(2023, 5, 4)),
        "met",
    )
    assert (later["outcome"], later["grounds"]) == ("partial", "personal_privacy")


def test_open_cases_go_on_and_carry_over(place: Place, tmp_path: Path) -> None:
    file = register(
        tmp_path,
        {"收到日期": "2023-12-25", "登记日期": "2023-12-26"},
        {"收到日期": "2023-12-26", "申请公开内容": "规划图"},
        GRANTED,
    )
    assert intake(file).code == 0
    assert [place.row(f"2023-000{n}")["state"] for n in (1, 2, 3)] == ["registered", "received", "dispatched"]
    place.act("registrar", "assign", "2023-0001", date(2023, 12, 27), unit="ban")
    report = disclosure("report", "annual", "2024", "--json").json["report"]
    assert report["table3"]["carried_over"]["total"] == 2
    # Of the day of service that the register does not have nobody is told for ever.
    assert not [one for one in disclosure("alerts", "--json").json["alerts"] if one["kind"] == "unproved"]


def test_ends_without_a_reply(place: Place, tmp_path: Path) -> None:
    file = register(
        tmp_path,
        {"办理结果": "申请人撤回", "答复日期": "2023-03-10"},
        {"申请公开内容": "规划图", "办理结果": "逾期不补正", "答复日期": "2023-04-10"},
    )
    assert intake(file).code == 0
    assert [(place.row(n)["state"], place.row(n)["report_row"]) for n in ("2023-0001", "2023-0002")] == [
        ("withdrawn", "r6_3_other"),
        ("lapsed", "r6_1_no_correction"),
    ]


def test_remedies_are_recorded_as_such(place: Place, tmp_path: Path) -> None:
    file = register(
        tmp_path,
        {
            "办理结果": "不予公开（内部事务信息）",
            "不予公开理由": "内部事务信息",
            "答复日期": "2023-03-20",
            "送达日期": "2023-03-22",
            "复议日期": "2023-04-10",
            "复议机关": "江南省人民政府",
            "复议结果": "维持",
            "复议决定日期": "2023-06-01",
            "诉讼日期": "2023-06-12",
            "诉讼结果": "驳回诉讼请求",
            "判决日期": "2023-10-09",
        },
    )
    assert intake(file).code == 0
    assert place.row("2023-0001")["report_row"] == "r3_5_internal_affairs"
    remedies = TABLES["remedy"]
    with place.store.reading() as connection:
        found = connection.execute(sa.select(remedies.c.kind, remedies.c.decided_on, remedies.c.outcome))
        assert [tuple(row) for row in found] == [
            ("reconsideration", date(2023, 6, 1), "upheld"),
            ("suit_after_reconsideration", date(2023, 10, 9), "upheld"),
        ]


def test_what_was_contested_before_the_case_was_filed_or_answered(place: Place, tmp_path: Path) -> None:
    """A file is closed when a suit is over; silence is contested before there is a reply."""
    later = {"归档日期": "2023-12-20", "复议日期": "2023-04-10", "复议机关": "江南省人民政府"}
    done = {"复议结果": "维持", "复议决定日期": "2023-06-01"}
    file = register(
        tmp_path,
        {**GRANTED, "送达日期": "2023-03-22", **later, **done},
        {"申请公开内容": "规划图", "办理结果": "予以公开", "答复日期": "2023-06-20", **later, **done},
        {"申请公开内容": "批复", "复议日期": "2023-05-10", "复议机关": "江南省人民政府"},
    )
    said = intake(file)
    assert said.code == 0, said
    assert [place.row(f"2023-000{n}")["state"] for n in (1, 2, 3)] == ["filed", "filed", "received"]
    verdict = verify_record.verify(place.store, place.desk().office)
    assert (verdict.refused, verdict.doubtful) == ([], [])


# --- what does not go together


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"办理结果": "予以公开"}, "replied_on"),
    ({"答复日期": "2023-03-20"}, "replied_on"),
    ({**GRANTED, "答复日期": "2023-03-01"}, "replied_on"),
    ({**GRANTED, "送达日期": "2023-03-10"}, "served_on"),
    ({"办理结果": "不予公开", "答复日期": "2023-03-20"}, "ground"),
    ({"办理结果": "看着办", "答复日期": "2023-03-20"}, "outcome"),
    ({**GRANTED, "复议决定日期": "2023-06-01"}, "review_decided_on"),
    ({**GRANTED, "复议日期": "2023-05-01", "复议决定日期": "2023-06-01"}, "review_result"),
    ({**GRANTED, "答复日期": "三月下旬"}, "replied_on"),
    ({**GRANTED, "收到日期": None}, "on"),
    # The law of 2012 knew no such answer.
    ({"收到日期": "2012-03-06", "办理结果": "无正当理由大量反复申请", "答复日期": "2012-03-20"}, "excessive"),
]


def test_what_is_not_told_is_not_filled_in(place: Place, tmp_path: Path) -> None:
    file = register(tmp_path, *(row for row, _ in UNFIT))
    said = intake(file)
    assert said.code == 1
    assert place.row_count() == 0
    rehearsed = intake(file, "--dry-run")
    for place_, (_, field) in enumerate(UNFIT, 3):
        assert field in [one for _, one in faults(said, place_)], (place_, field)
        assert faults(rehearsed, place_) == faults(said, place_)


def test_the_day_of_closing_is_that_of_the_reply_on_the_office_s_word(place: Place, tmp_path: Path) -> None:
    heads = [*GIVEN, "办理结果", "办结日期"]
    file = tmp_path / "旧.xlsx"
    xlsx(file, [heads, [*GIVEN.values(), "予以公开", "2023-03-20"]])
    assert faults(intake(file), 2)[0][1] == "replied_on"
    assert intake(file, "--column", "办结日期=replied_on").code == 0
    assert place.row("2023-0001")["replied_on"] == date(2023, 3, 20)


def test_an_ordinary_list_knows_nothing_of_old_columns(place: Place, tmp_path: Path) -> None:
    file = register(tmp_path, GRANTED)
    said = disclosure("intake", file, "--json").json
    assert {"答复日期", "办理结果"} <= set(said["unused"])
    assert place.row("2023-0001")["state"] == "received"


# --- one row, one act


def test_a_second_run_enters_nothing_twice_and_mended_rows_follow(place: Place, tmp_path: Path) -> None:
    file = register(tmp_path, GRANTED, {"办理结果": "予以公开"}, {**GRANTED, "登记编号": "2023-2"})
    assert [one["row"] for one in intake(file).json["entered"]] == [3, 5]
    assert [one["row"] for one in intake(file).json["known"]] == [3, 5]
    mended = register(
        tmp_path,
        GRANTED,
        {**GRANTED, "登记编号": "2023-3"},
        {**GRANTED, "登记编号": "2023-2"},
        name="改.xlsx",
    )
    assert [one["row"] for one in intake(mended).json["entered"]] == [4]
    assert place.row_count() == 3


def test_what_the_register_says_is_amended(place: Place, tmp_path: Path) -> None:
    assert intake(register(tmp_path, GRANTED)).code == 0
    # Days that the register did not have are added in the same way.
    new = {"date": "2023-03-21", "text": "甲复〔2023〕12号", "int": "3"}
    for key, row in act_forms.amendable().items():
        if row["event"] == "take_over":
            place.desk().amend("2023-0001", key, new[row["type"]], "录入有误")
    row = place.row("2023-0001")
    assert (row["counted_on"], row["served_on"], row["filed_on"]) == (date(2023, 3, 21),) * 3
    assert (row["decision_number"], row["fee_amount"]) == ("甲复〔2023〕12号", 3)


def test_applications_of_former_years_are_found_as_repeats(place: Place, tmp_path: Path) -> None:
    assert intake(register(tmp_path, GRANTED)).code == 0
    done = place.receive(date(2026, 3, 2), id_number=None, id_type=None, request="征收补偿方案")
    assert "2023-0001" in str(done.notes)

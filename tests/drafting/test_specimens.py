"""The catalogue at the counter, specimens as files, the register sheet; and a new ground by tables alone."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from letters.content import kinds
from tests import builders, other_trees
from tests.builders import Place
from tests.counter import disclosure
from workflow import law
from workflow.casework.opened import open_case
from workflow.drafting import register_facts
from workflow.procedure import transitions
from workflow.upkeep import verify_record

ROOT = Path(__file__).parent.parent.parent
L = law.bundled()


def events(place: Place, number: str) -> list[Any]:
    """What was recorded of a case."""
    with place.store.reading() as connection:
        return open_case(place.desk(), connection, number).entries


def text(path: Path) -> str:
    pages = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    made = builders.found(sqlite_url)
    yield made
    verify_record.verify(made.store, made.desk().office)
    made.store.close()


# --- the catalogue


def test_the_list_has_every_column_for_every_letter() -> None:
    listed = disclosure("letter", "list", "--on", "2026-05-20", "--json").json
    assert [row["code"] for row in listed] == [kind.code for kind in kinds.all()]
    for row in listed:
        assert row["zh"]
        assert row["en"]
        assert row["parts"]
        assert row["template"] in ("letter", "form")
        assert row["grounds"]
        for told in row["grounds"]:
            assert told["remedy"]["kind"] in ("review_first", "review_only", "free", "none")
            assert told["remedy"]["articles"]
        if kinds.get(row["code"]).decides:
            assert row["report"], row["code"]
            assert all(one["zh"] for one in row["report"])
    said = disclosure("letter", "list", "--on", "2026-05-20").out
    assert "《中华人民共和国政府信息公开条例》第十五条、第三十六条第（三）项" in said
    assert "《中华人民共和国行政复议法》" in said
    assert "第二十三条第一款第（四）项" in said
    # Each name in the language of the screen; the English one stands beside the Chinese title of the letter.
    english = disclosure("letter", "list", "--on", "2026-05-20", "--lang", "en").out
    for row in listed:
        assert row["zh"] in said
        assert row["en"] not in said
        assert row["en"] in english


@pytest.mark.parametrize(
    ("on", "there", "gone"),
    [
        ("2013-05-01", {"D4a", "D4e", "D15", "P3"}, {"D12", "D13", "P4", "P10", "P12", "P14"}),
        ("2009-05-01", {"D1", "D4e", "D18"}, {"D4f", "D4g", "D8", "D9"}),
        ("2020-06-01", {"D4e", "D13", "P4"}, {"P12"}),
        ("2021-01-01", {"P12"}, set()),
    ],
)
def test_the_list_of_a_day(on: str, there: set[str], gone: set[str]) -> None:
    codes = {row["code"] for row in disclosure("letter", "list", "--on", on, "--json").json}
    assert there <= codes
    assert not gone & codes


def test_a_letter_says_when_it_may_be_issued_and_what_it_needs() -> None:
    shown = disclosure("letter", "show", "p6", "--on", "2026-05-20", "--json").json
    (event,) = shown["events"]
    assert event["command"] == "consult-third-party"
    assert event["from"] == ["in_hand", "drafting"]
    assert {key: shown["needs"][1][key] for key in ("what", "article")} == {
        "what": "extra.information",
        "article": "ogi2019:32.1",
    }
    shown = disclosure("letter", "show", "D4d", "--on", "2026-05-20", "--json").json
    assert [told["ground"] for told in shown["grounds"]] == [
        "trade_secret",
        "personal_privacy",
        "other_third_party",
    ]
    assert shown["grounds"][0]["needs"] == ["reasons", "third_party_opinion"]
    assert [row["key"] for row in shown["report"]] == ["r3_4_third_party"]
    assert shown["grounds"][0]["remedy"]["kind"] == "review_first"
    for kind in kinds.all():
        assert kind.code in disclosure("letter", "show", kind.code, "--on", "2026-05-20").out


def test_every_letter_belongs_to_the_acts_whose_rows_name_it() -> None:
    """The catalogue and the process table say the same of when a letter is issued."""
    of_process: dict[str, set[str]] = {}
    for row in transitions.bundled().rows:
        for code in row.letters:
            of_process.setdefault(code, set()).add(row.event)
    for kind in kinds.all():
        wanted = of_process.get(kind.code, set())
        if kind.decides and not wanted:
            wanted = of_process["decision"]
        assert set(kind.events) == wanted, kind.code
        assert wanted or kind.command, f"{kind.code} can be had by no act and by no command"


def test_the_rows_of_the_report_exist_in_its_format() -> None:
    known = {row.key for row in L.report_format(2026).rows}
    for kind in kinds.all():
        assert set(kind.report) <= known


# --- specimens


def test_a_specimen_is_written(tmp_path: Path) -> None:
    out = tmp_path / "d4d.pdf"
    said = disclosure(
        "letter", "specimen", "D4", "--ground", "trade-secret", "--on", "2026-05-20", "-o", out, "--json"
    )
    assert said.json["code"] == "D4d"
    assert said.json["remedy"] == "review_first"
    assert "第十五条、第三十二条、第三十六条第（三）项" in text(out)
    said = disclosure("letter", "specimen", "D5", "--format", "ordinary", "--served-by", "email", "-o", out)
    assert said.code == 0
    assert "互联网渠道（https://fuyi.example.invalid）" in text(out)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["D4", "--ground", "other-third-party", "--on", "2013-05-02"], 1, "2019-05-15"),
        (["D4g", "--on", "2011-05-02"], 1, "2011-08-13"),
        (["D12", "--on", "2013-05-02"], 1, "2019-05-15"),
        (["P4", "--on", "2013-05-02"], 1, "Request for reasons"),
        (["P12", "--on", "2020-06-01"], 1, "2021-01-01"),
        (["D13", "--on", "2013-05-02"], 1, "D13"),
        (["D7", "--outcome", "reconfirm", "--on", "2013-05-02"], 1, "2019-05-15"),
        (["D15", "--outcome", "rectification-directed", "--on", "2013-05-02"], 1, "2019-05-15"),
        (["D4"], 3, "trade_secret"),
        (["D4", "--ground", "weather"], 3, "weather"),
        (["D4a", "--ground", "trade-secret"], 1, "state_secret"),
        (["D5", "--ground", "trade-secret"], 1, "trade_secret"),
        (["D1", "--outcome", "withheld"], 1, "granted"),
        (["X1"], 3, "D4a"),
        (["D1", "--on", "2007-01-01"], 1, "2008-05-01"),
        (["D1", "--on", "someday"], 2, "someday"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    words: list[str], code: int, told: str, tmp_path: Path
) -> None:
    out = tmp_path / "x.pdf"
    said = disclosure("letter", "specimen", *words, "-o", out, "--lang", "en")
    assert said.code == code, said.err
    assert told in said.err
    assert not out.exists()


def test_a_folder_that_is_none_leaves_no_half_letter(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    said = disclosure("letter", "specimen", "P2", "-o", tmp_path / "taken" / "x.pdf", "--json")
    assert said.code == 6
    said = disclosure("letter", "specimens", "--out", tmp_path / "taken", "--json")
    assert said.code == 6


def test_all_specimens_of_a_day(tmp_path: Path) -> None:
    made = disclosure("letter", "specimens", "--out", tmp_path / "out", "--on", "2013-05-02", "--json").json
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(files) == len(made) == len({row["path"] for row in made})
    codes = {name.partition("-")[0] for name in files}
    assert {"D1", "D4a", "D4d", "P1", "P13"} <= codes
    assert not {"P4", "P12", "D13"} & codes
    assert all(row["bytes"] > 5000 for row in made)


# --- the register sheet


def test_the_register_sheet_of_a_case(place: Place, tmp_path: Path) -> None:
    number = place.bring("in_hand")
    out = tmp_path / "sheet.pdf"
    said = disclosure("letter", "sheet", number, "-o", out, "--as", "registrar", "--json")
    assert said.code == 0, said.err
    shown = text(out)
    assert f"登记编号{number}" in shown
    assert "办理状态办理中" in shown
    assert "登记（" in shown
    assert "内部登记" in shown
    assert "reveal" not in [entry.event for entry in events(place, number)]


def test_contact_data_stands_on_the_sheet_only_for_a_reason_that_is_recorded(
    place: Place, tmp_path: Path
) -> None:
    number = place.receive(address="清江县人民路99号", phone="13800000000").case.number
    out = tmp_path / "sheet.pdf"
    assert disclosure("letter", "sheet", number, "-o", out, "--as", "registrar").code == 0
    assert "人民路99号" not in text(out)
    assert "13800000000" not in text(out)
    said = disclosure("letter", "sheet", number, "-o", out, "--as", "registrar", "--reason", "存入纸质案卷")
    assert said.code == 0, said.err
    assert "人民路99号" in text(out)
    assert "13800000000" in text(out)
    last = events(place, number)[-1]
    assert (last.event, last.payload["reasons"]) == ("reveal", "存入纸质案卷")


def test_the_sheet_tells_every_stage_of_a_case(place: Place, tmp_path: Path) -> None:
    number = place.bring("in_hand")
    place.walk(
        number,
        [
            ("head", "extend", 2, {"reasons": "信息量大"}),
            ("handler", "consult_third_party", 3, {"name": "甲公司"}),
            ("handler", "opinion_given", 9, {"no": 1, "answer": "agree"}),
            ("handler", "draft", 10, builders.REFUSE),
            ("handler", "submit", 10, {}),
            ("reviewer", "pass_review", 11, {}),
            ("legal", "pass_review", 11, {}),
            ("head", "pass_review", 14, {}),
            ("handler", "issue", 14, {}),
            ("registrar", "dispatch", 15, {"served_by": "post"}),
            ("registrar", "serve", 17, {"proof": "签收回执"}),
            ("legal", "open_reconsideration", 30, {"body": "江南省民政厅", "reference": "江民复〔2026〕3号"}),
        ],
    )
    facts = register_facts.of_case(place.case(number), {"registrar": "陈晨", "reviewer": "高原"})
    reply = place.case(number).replies[0].number
    assert facts == {
        "registered": "2026年3月2日登记，登记人陈晨",
        "extension": "2026年3月4日延长20个工作日；没有登记告知申请人的日期",
        "consulted": "第三方甲公司：2026年3月5日征求，2026年3月11日答复（同意公开）",
        "reviewed": "科室审核高原2026年3月13日通过；法制审核legal2026年3月13日通过；负责人审批head2026年3月16日通过",
        "results": "不予公开（属于内部事务信息）",
        "sent": f"{reply}，2026年3月16日印发，2026年3月17日发出（邮寄），2026年3月19日送达",
        "remedies": "行政复议，江南省民政厅（江民复〔2026〕3号），2026年4月1日收到通知，尚未审结",
    }
    out = tmp_path / "sheet.pdf"
    assert disclosure("letter", "sheet", number, "-o", out, "--as", "registrar").code == 0
    shown = text(out)
    assert "320500199001010017" not in shown
    for part in ("处理结果不予公开", "征求意见第三方甲公司", "行政复议、行政诉讼行政复议，江南省民政厅"):
        assert part in shown, part


# --- the correction of one's own record, as a case


@pytest.mark.parametrize("outcome", ["rectified", "rectification_passed_on"])
def test_a_correction_is_drafted_and_issued_like_any_reply(place: Place, outcome: str) -> None:
    number = place.bring("in_hand")
    extra = ["responsible_organ=江南省市场监督管理局"] if outcome != "rectified" else []
    draft = {"item": 1, "outcome": outcome, "reasons": "录入差错", "extra": extra}
    place.walk(
        number,
        [
            ("handler", "draft", 3, draft),
            ("handler", "submit", 4, {}),
            ("reviewer", "pass_review", 4, {}),
            ("legal", "pass_review", 4, {}),
            ("head", "pass_review", 5, {}),
            ("handler", "issue", 7, {}),
        ],
    )
    reply = place.case(number).reply
    assert reply is not None
    assert (reply.code, reply.outcome) == ("D15", outcome)


def test_which_letter_a_mixed_reply_is(place: Place) -> None:
    """Something given beside what is not there is a partial disclosure, as the annual report counts it."""
    number = place.bring("in_hand", items=["甲方案", "乙方案"])
    place.walk(
        number,
        [
            ("handler", "draft", 3, {"item": 1, "outcome": "granted", "means": "纸质复印件"}),
            ("handler", "draft", 3, {"item": 2, "outcome": "not_held", "extra": ["search=检索了档案室目录"]}),
            ("handler", "submit", 4, {}),
            ("reviewer", "pass_review", 4, {}),
            ("legal", "pass_review", 4, {}),
            ("head", "pass_review", 5, {}),
            ("handler", "issue", 7, {}),
        ],
    )
    reply = place.case(number).reply
    assert reply is not None
    assert (reply.code, reply.outcome) == ("D3", "partial")


def test_the_office_chooses_the_page(place: Place, tmp_path: Path) -> None:
    assert disclosure("office", "set", "letters.format", "handwritten", "--as", "head").code == 2
    assert disclosure("office", "set", "letters.colour", "red", "--as", "head").code == 2
    number = place.bring("received")
    said = disclosure("office", "set", "letters.format", "ordinary", "--as", "head", "--json")
    assert said.code == 0, said.err
    asked = [
        "ask-correction",
        number,
        "--matters",
        "请明确年度",
        "--answer-by",
        "2026-03-20",
        "--on",
        "2026-03-03",
    ]
    made = disclosure(*asked, "--as", "registrar", "--json").json["letters"]
    pages = pypdf.PdfReader(made[0]["path"]).pages
    # Only the ordinary format numbers its first page.
    assert "— 1 —" in pages[0].extract_text()


# --- a new ground is a matter of tables


def test_a_new_ground_needs_no_code(tmp_path: Path) -> None:
    """A copy of the program in which only tables were added to: the ground is listed, drafted for and
    printed.
    """
    for package in ("workflow", "letters"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "cli.py", tmp_path)
    rows = {
        "workflow/law/grounds.toml": """
[ground.archive_restricted]
zh = "属于控制使用的档案"
en = "restricted archives"
letter = "D4h"
report_row = "r3_2_law_forbids"
needs = ["reasons"]
from = 2021-01-01
before = "The Archives Law of 2020 brought it."

[[basis]]
id = "archive_restricted"
article = "archives2020:28"
effective_from = 2021-01-01
status = "C"
""",
        "letters/content/kinds.toml": """
[D4h]
zh = "政府信息公开申请答复书（不予公开：控制使用的档案）"
en = "Reply: withheld, restricted archives"
outcomes = ["withheld"]
grounds = ["archive_restricted"]
rank = 90
""",
        "letters/content/phrases.toml": """
[ground.archive_restricted]
finding = "经审查，{what}属于依法控制使用的档案。"
""",
    }
    for name, added in rows.items():
        with (tmp_path / name).open("a", encoding="utf-8") as out:
            out.write(added)

    day = ["--on", "2026-05-20"]
    listed, made, early = other_trees.typed(
        tmp_path,
        [
            ["letter", "show", "D4h", *day],
            ["letter", "specimen", "D4", "--ground", "archive-restricted", *day, "-o", "x.pdf"],
            ["letter", "specimen", "D4h", "--on", "2020-01-05", "-o", "y.pdf"],
        ],
    )
    assert "第二十八条" in listed.out, listed.err
    assert made.code == 0, made.err
    said = text(tmp_path / "x.pdf")
    assert "属于依法控制使用的档案" in said
    assert "第三十六条第（三）项和《中华人民共和国档案法》第二十八条" in said
    assert "应当自收到本答复书之日起60日内先向某某市人民政府申请行政复议" in said
    assert early.code == 1
    assert "2021-01-01" in early.err


@pytest.mark.parametrize(("code", "on"), [("P5", "0001-01-01"), ("P5", "9999-12-31"), ("P14", "9999-12-31")])
def test_a_day_at_the_end_of_the_calendar(tmp_path: Path, code: str, on: str) -> None:
    said = disclosure("letter", "specimen", code, "--on", on, "-o", tmp_path / "x.pdf", "--json")
    assert said.code == 2
    assert said.fault["field"] == "on"
    assert not list(tmp_path.iterdir())

"""The words of lists: what offices call columns and values, and what cells say that say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.base.test_sheets import xlsx
from tests.builders import Place
from tests.counter import Said, disclosure
from workflow.base import tables
from workflow.base.sheets import headings
from workflow.intake import spoken_words, words

pytestmark = pytest.mark.usefixtures("repeated_roads", "workbooks_forked")


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def tried(path: Path, heads: list[str], *rows: list[Any]) -> Said:
    return disclosure("intake", xlsx(path / "a.xlsx", [heads, *rows]), "--dry-run", "--json")


def faults(said: Said) -> dict[int, list[str]]:
    return {one["row"]: [fault["cell"] for fault in one["faults"]] for one in said.json["refused"]}


TITLES = {
    "申请人姓名/单位": "name",
    "申请人/单位": "name",
    "来信人": "name",
    "申请事由": "request",
    "来文方式": "channel",
    "申请人名称或姓名": "name",
    "公民/法人名称": "name",
    "法人或者其他组织名称": "organisation",
    "收到申请书日期": "on",
    "接件时间": "on",
    "申请接收日期": "on",
    "EMS签收时间": "signed_on",
    "网上收到时间": "system_on",
    "申请提交方式": "channel",
    "来源渠道": "channel",
    "申请公开的信息名称": "request",
    "所需政府信息": "request",
    "政府信息公开申请内容": "request",
    "申请人身份证号": "id_card",
    "身份证件号码": "id_number",
    "身份证/信用代码": "id_number",
    "电话/手机": "phone",
    "申请人联系方式": "phone",
    "申请人通讯地址": "address",
    "邮寄地址及邮编": "address",
    "通讯地址、邮政编码": "address",
    "途径": "channel",
    "事项": "request",
}
# Whose days, answers and telephones these are nobody can tell, or not the applicant's.
NOT_MEANT = [
    "登记日期",
    "受理日期",
    "来信日期",
    "日期",
    "内容",
    "答复内容",
    "公开方式",
    "联系人电话",
    "户籍地址",
    "申请编号",
    "办理结果",
    "政府信息公开申请",
]


def test_titles_go_by_their_form() -> None:
    table = tables.read(spoken_words.TABLE)
    ours = {key: form for key, form in table["form"].items() if key in table["column"]}
    known = headings.Words(table["column"], ours, table["form_others"]["form"])
    assert {title: known.key(title) for title in TITLES} == TITLES
    assert [title for title in NOT_MEANT if known.key(title)] == []


def test_no_form_takes_the_word_of_another_column() -> None:
    table = tables.read(spoken_words.TABLE)
    formed = headings.Words({}, table["form"])
    for key, names in table["column"].items():
        for name in names:
            assert formed.key(name) in (
                None,
                key,
                *(["id_number"] if key in ("id_card", "credit_code") else []),
            ), name
    ours = headings.Words({}, {key: form for key, form in table["form"].items() if key in table["column"]})
    for name in [*table["unused"]["words"], *(one for names in table["history"].values() for one in names)]:
        assert ours.key(name) is None, name
    for key, names in table["history"].items():
        for name in names:
            assert formed.key(name) in (None, key), name


def test_titles_of_old_registers_go_by_their_form() -> None:
    known = headings.Words({}, tables.read(spoken_words.TABLE)["form"])
    titles = {
        "实际答复日期": "replied_on",
        "作出答复时间": "replied_on",
        "答复书发出日期": "replied_on",
        "告知书落款日期": "issued_on",
        "答复结论": "outcome",
        "受理单号": "reference",
        "台账编号": "reference",
    }
    assert {title: known.key(title) for title in titles} == titles
    assert [
        one for one in ("答复期限", "应答复日期", "答复内容", "办理情况", "公开属性") if known.key(one)
    ] == []


@pytest.mark.parametrize(
    ("kind", "text", "means"),
    [
        ("channel", "信函（邮寄）", "post"),
        ("channel", "书面申请（邮寄）", "post"),
        ("channel", "通过邮寄方式", "post"),
        ("channel", "政务服务大厅窗口", "in_person"),
        ("channel", "来人来访", "in_person"),
        ("channel", "信件邮寄", "post"),
        ("channel", "圆通速递", "post"),
        ("channel", "平邮", "post_unsigned"),
        ("channel", "挂号信（平邮）", None),
        ("channel", "江南政务服务网", "online"),
        ("channel", "官网依申请公开栏目", "online"),
        ("channel", "信函传真", None),
        ("channel", "12345热线转办", None),
        ("kind", "外商投资企业", "commercial_enterprise"),
        ("kind", "事业单位", None),
        ("channel", "线上平台申请", "online"),
        ("channel", "当面/邮寄", None),
        ("channel", "邮寄（当面）", None),
        ("channel", "书面", None),
        ("kind", "法人或其他组织-商业企业", "commercial_enterprise"),
        ("kind", "自然人（公民）", "natural_person"),
        ("kind", "法人", None),
        ("outcome", "不予公开（个人隐私）", "withheld.personal_privacy"),
        ("outcome", "不予公开-商业秘密", "withheld.trade_secret"),
        ("outcome", "部分公开（个人隐私）", "partial.personal_privacy"),
        ("outcome", "无法提供：本机关不掌握", "not_held"),
        ("outcome", "三、（一）予以公开", "granted"),
        ("outcome", "不予公开（信息不存在）", None),
        ("outcome", "延期：予以公开", None),
        ("outcome", "无法提供", None),
    ],
)
def test_values_go_by_their_parts(place: Place, kind: str, text: str, means: str | None) -> None:
    assert words.Vocabulary(place.desk(), history=True).value(kind, text) == means


HEADS = [
    "申请人",
    "申请人类别",
    "收到日期",
    "申请方式",
    "申请内容",
    "身份证号",
    "联系电话",
    "代理人",
    "代理人电话",
]


def test_a_heading_that_lacks_a_column_says_which_and_what_is_not_known(place: Place, tmp_path: Path) -> None:
    said = tried(
        tmp_path, ["申请人", "收到日期", "申请方式", "想要的东西"], ["张三", "2026-03-02", "邮寄", "甲"]
    )
    assert said.code == 2
    assert "第1行" in said.err
    assert "想要的东西=request" in said.err


def test_cells_that_say_nothing_are_empty_and_those_of_another_row_are_not_read(
    place: Place, tmp_path: Path
) -> None:
    said = tried(
        tmp_path,
        HEADS,
        ["张三", "个人", "2026-03-02", "邮寄", "甲", "无", "/", "无", "—"],
        ["李四", "个人", "无", "邮寄", "乙", None, None, None, None],
        ["同上", "个人", '"', "邮寄", "丙", None, None, None, None],
        ["不详", "个人", "2026-03-02", "邮寄", "丁", None, None, None, None],
        ["王五", "个人", "2026-03-02", "邮寄", "戊", None, None, None, "13912345678"],
        ["赵六", "个人", "2026-03-02", "邮寄", "己", None, None, "李某、王某", None],
    )
    assert faults(said) == {3: ["C3"], 4: ["A4", "C4"], 5: ["A5"], 6: ["I6"], 7: ["H7"]}
    assert not [one for one in said.json["notes"] if one["row"] == 2 and "号码" in one["text"]]


def test_what_a_county_office_leaves_in_a_list_has_its_cell(place: Place, tmp_path: Path) -> None:
    """The foot of a form in cells of its own and a row of strokes are no entries; what is missing is said in
    the words of a list; a day before any law and one to come have their cell."""
    said = tried(
        tmp_path,
        HEADS,
        ["张三代李四", "个人", "2026-03-02", "邮寄", "甲", None, None, None, None],
        ["张三", "法人", "2026-03-02", "邮寄", "乙", None, None, None, None],
        ["李四", "个人", "1926-03-02", "邮寄", "丙", None, None, None, None],
        ["王五", "个人", "2126-03-02", "邮寄", "丁", None, None, None, None],
        ["赵六", "个人", "2026-03-02", None, None, None, None, None, None],
        [
            "孙七",
            "个人",
            "2026-03-02",
            "邮寄",
            "己",
            "11010519491231002X、440524188001010014",
            None,
            None,
            None,
        ],
        ["———", "/", None, None, None, None, None, None, None],
        ["制表人：", "王某", None, "制表日期：", "2026-03-31", None, None, None, None],
    )
    assert faults(said) == {2: ["A2"], 3: ["B3"], 4: ["C4"], 5: ["C5"], 6: ["D6", "E6"]}
    told = [fault["message"] for one in said.json["refused"] for fault in one["faults"]]
    assert not [text for text in told if "--on" in text or "--item" in text or "channel（" in text]
    assert "没有说明是哪一类单位" in told[1]
    assert [one["row"] for one in said.json["passed_over"]] == [8, 9]
    assert [one["row"] for one in said.json["notes"] if "几个证件号码" in one["text"]] == [7]


def test_an_organisation_has_a_column_of_its_own_and_its_name_tells_the_kind(
    place: Place, tmp_path: Path
) -> None:
    path = xlsx(
        tmp_path / "b.xlsx",
        [
            ["序号", "申请人情况", None, None, None, "收到申请时间", "申请方式", "所需信息"],
            [None, "公民", None, "法人/其他组织", None, None, None, None],
            [None, "姓名", "身份证号", "名称", "统一社会信用代码", None, None, None],
            [1, "张三", "11010519491231002X", None, None, "2026-03-02", "邮寄", "甲"],
            [2, None, None, "甲有限公司", "91350100M000100Y43", "2026-03-02", "邮寄", "乙"],
            [3, None, None, "某研究会", None, "2026-03-02", "邮寄", "丙"],
            [4, "李四", None, "乙有限公司", None, "2026-03-02", "邮寄", "丁"],
        ],
    )
    said = disclosure("intake", path, "--json")
    assert {row: len(cells) for row, cells in faults(said).items()} == {6: 1, 7: 1}
    cases = [place.case(one["case"]) for one in said.json["entered"]]
    assert [(case.applicant["name"], case.applicant["kind"]) for case in cases] == [
        ("张三", "natural_person"),
        ("甲有限公司", "commercial_enterprise"),
    ]
    kinds = tried(
        tmp_path,
        HEADS,
        ["乙有限公司", "法人或其他组织", "2026-03-02", "邮寄", "甲"],
        ["某某", "法人或其他组织", "2026-03-02", "邮寄", "乙"],
    )
    assert faults(kinds) == {3: ["B3"]}


def test_a_list_that_lost_its_characters_says_so(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("申?人,申?渠道,?收日期,申?內容\r\n?仨,?寄,2026-03-02,?村".encode("big5"))
    said = disclosure("intake", path, "--json")
    assert said.code == 2
    assert "?" in said.fault["message"]


def test_other_sheets_with_lists_and_headings_of_groups_are_named(place: Place, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "一月"
    for page in (book.active, book.create_sheet("二月"), book.create_sheet("说明")):
        if page.title == "说明":
            page.append(["说明", "申请人"])
            continue
        page.append(["序号", *HEADS])
        page.append(["一、信函申请"])
        page.append([1, "张三", "个人", "2026-03-02", "邮寄", "甲"])
    book.save(tmp_path / "b.xlsx")
    said = disclosure("intake", tmp_path / "b.xlsx", "--dry-run", "--json").json
    assert any("二月" in one and "说明" not in one for one in said["remarks"])
    assert {"row": 2, "text": "一、信函申请"} in said["passed_over"]


def test_the_same_person_twice_with_other_data_is_pointed_out(place: Place, tmp_path: Path) -> None:
    same = ["张三", "个人", "2026-03-02", "邮寄", "甲项目批复"]
    said = tried(
        tmp_path,
        HEADS,
        [*same, "11010519491231002X"],
        [*same[:2], "2026-03-03", *same[3:], "11010519491231002X"],
        [*same, "320500199001010017"],
        ["张三", "个人", "2099-03-02", "邮寄", "乙"],
    )
    assert [one["row"] for one in said.json["notes"] if "2行" in one["text"]] == [3]
    assert faults(said) == {5: ["C5"]}, "what the act refuses has its cell too"


def test_an_old_register_says_what_is_still_open_and_which_ground_a_part_had(
    place: Place, tmp_path: Path
) -> None:
    path = xlsx(
        tmp_path / "b.xlsx",
        [
            ["台账编号", "申请人", "收到日期", "申请方式", "申请内容", "实际答复日期", "答复结论"],
            ["1", "张三", "2025-03-03", "邮寄", "甲", "2025-03-20", "部分公开（个人隐私）"],
            ["2", "李四", "2026-08-03", "邮寄", "乙", "无", "办理中"],
            ["3", "王五", "2025-03-03", "邮寄", "丙", "2025-03-20", "办理中"],
        ],
    )
    said = disclosure("intake", path, "--history", "--json")
    assert faults(said) == {4: ["F4"]}
    cases = [place.case(one["case"]) for one in said.json["entered"]]
    assert [case.state for case in cases] == ["dispatched", "received"]


@pytest.mark.parametrize(
    "cell",
    [
        "EMS快递",
        "邮政挂号",
        "窗口受理",
        "省政府信息公开平台",
        "网上申请系统",
        "市政务服务网",
        "依申请公开系统",
    ],
)
def test_more_ways_as_exports_write_them(place: Place, tmp_path: Path, cell: str) -> None:
    said = tried(
        tmp_path, ["申请人", "收到日期", "申请方式", "申请内容"], ["张三", "2026-03-02", cell, "方案"]
    )
    assert said.json["refused"] == []


@pytest.mark.parametrize("cell", ["县长信箱", "上级转办", "书面", "其他"])
def test_a_way_that_may_be_several_is_asked_about(place: Place, tmp_path: Path, cell: str) -> None:
    said = tried(
        tmp_path, ["申请人", "收到日期", "申请方式", "申请内容"], ["张三", "2026-03-02", cell, "方案"]
    )
    assert faults(said) == {2: ["C2"]}


def test_sums_in_other_words_and_the_example_of_a_form_are_passed_over(place: Place, tmp_path: Path) -> None:
    heads = ["序号", "申请人", "收到日期", "申请方式", "申请内容"]
    example = ["示例", "某某", "2026-01-01", "邮寄", "某某信息"]
    row = [1, "张三", "2026年3月2日收到", "邮寄", "方案"]
    said = tried(tmp_path, heads, example, row, [None, "共1件", None, None, None])
    assert said.json["refused"] == []
    assert [one["row"] for one in said.json["passed_over"]] == [2, 4]

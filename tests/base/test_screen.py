"""Texts of a screen set to its width: tables, fields, paragraphs, plainly, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.base import messages, screen, terminal
from workflow.base.screen import Column
from workflow.base.text_width import width

TEXT = st.text(alphabet="政府信息公开，。（）“”、：abc XY-1/_", max_size=60)
ROOMS = st.integers(20, 100)
LONG = "关于城东片区2025年度征收补偿方案及其附件、评估报告和有关会议纪要"


@given(text=st.text(alphabet="政府，。（）：abc XY-1/\n ", max_size=200), room=ROOMS)
def test_no_paragraph_is_wider_than_the_screen_and_none_loses_a_word(text: str, room: int) -> None:
    lines = screen.lines_of(text, room, False)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(
    rows=st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=4),
    room=ROOMS,
    cut=st.booleans(),
    rank=st.integers(0, 2),
)
def test_no_table_is_wider_than_the_screen(
    rows: list[tuple[str, ...]], room: int, cut: bool, rank: int
) -> None:
    columns = ["编号", Column("申请内容", 1, cut=cut), Column("state", rank), Column("件数", 2, number=True)]
    (table,) = screen.table(columns, rows)
    assert all(width(line) <= room for line in screen.lines_of(table, room, False))


@given(label=TEXT, text=TEXT, beside=st.integers(0, 40), room=ROOMS)
def test_no_field_is_wider_than_the_screen(label: str, text: str, beside: int, room: int) -> None:
    assert all(width(line) <= room for line in screen.Field(label, text, beside).fit(room))


def test_at_more_columns_more_is_shown_and_what_is_left_out_is_named() -> None:
    messages.use("zh_CN")
    columns = ["编号", Column("申请内容", 1, cut=True, least=20), Column("承办人", 2), Column("来源", 3)]
    (table,) = screen.table(columns, [["2026-0001", LONG, "钱承办", "邮寄（签收）"]])
    at = {room: "\n".join(screen.lines_of(table, room, False)) for room in (24, 36, 60, 120)}
    assert "另有3栏未显示" in at[24]
    assert "另有2栏未显示：承办人、来源" in at[36]
    assert "另有" not in at[60]
    assert "钱承办" in at[60]
    assert "…" in at[60]
    assert LONG in at[120]


def test_what_is_wrapped_stands_below_its_column() -> None:
    (table,) = screen.table(["编号", "依据"], [["2026-0001", LONG], ["2026-0002", "无"]])
    lines = screen.lines_of(table, 40, False)
    assert lines[1].startswith("2026-0001  关于")
    assert lines[2].startswith(" " * 11)
    assert lines[-1] == "2026-0002  无"


def test_too_narrow_for_a_table_each_row_is_told_below_itself() -> None:
    messages.use("zh_CN")
    (table,) = screen.table(["文号一二三四五六", "依据一二三四五", "日期"], [["江州公复〔2026〕1号"] * 3])
    assert screen.lines_of(table, 20, False)[0].startswith("文号一二三四五六：")


def test_plainly_a_field_stands_on_one_line_and_no_mark_is_read_out() -> None:
    messages.use("zh_CN")
    columns = [Column("", mark=True), "期限", "状态"]
    (table,) = screen.table(columns, [["▶", "答复期限", "计算中"], ["✓", "补正期限", "按期办结"]])
    assert screen.lines_of(table, 80, True) == [
        "期限：答复期限",
        "状态：计算中",
        "",
        "期限：补正期限",
        "状态：按期办结",
    ]
    assert screen.lines_of(screen.Field("申请内容", LONG * 3), 40, True) == [f"申请内容：{LONG * 3}"]


def test_fields_stand_in_a_line_and_empty_ones_are_left_out() -> None:
    messages.use("zh_CN")
    first, second = screen.fields([("状态", "办理中"), ("轮次", ""), ("申请内容", LONG)])
    assert str(first) == "状态：    办理中"
    assert screen.lines_of(second, 40, False) == [
        "申请内容：关于城东片区2025年度征收补偿方",
        "          案及其附件、评估报告和有关会议",
        "          纪要",
    ]


def test_control_characters_of_others_are_not_done() -> None:
    (table,) = screen.table(["申请人"], [["\x1b[2J张三"]])
    assert "\x1b" not in table


def test_a_file_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    terminal.use(False)
    assert list(terminal.set_lines([LONG * 3])) == [LONG * 3]
    monkeypatch.setenv("COLUMNS", "50")
    assert all(width(line) <= 50 for line in terminal.set_lines([LONG * 3]))
    # What is a file itself is not folded on its way into one.
    assert list(terminal.set_lines([screen.Verbatim(LONG * 3)])) == [LONG * 3]

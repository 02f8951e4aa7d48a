"""The one reader of lists, the forms of days, the guard against formulas."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from tests.thorough import examples
from workflow.base import formulas, spreadsheets, workbooks
from workflow.base.errors import DisclosureError, Malformed, NotFound
from workflow.base.sheets import day_forms, headings, reader

ROWS: list[list[Any]] = [
    ["申请人", "收到日期", "份数"],
    ["张三", date(2026, 3, 2), 3],
    ["李四", datetime(2026, 3, 2, 23, 59, 59), 2.5],  # noqa: DTZ001
]
READ = [
    (1, ["申请人", "收到日期", "份数"]),
    (2, ["张三", date(2026, 3, 2), 3.0]),
    (3, ["李四", datetime(2026, 3, 2, 23, 59, 59), 2.5]),  # noqa: DTZ001
]


def xlsx(path: Path, rows: list[list[Any]], sheet: str = "表") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def xls(path: Path, rows: list[list[Any]]) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("表")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            page.write(down, across, cell, *([day] if isinstance(cell, date) else []))
    book.save(str(path))
    return path


def ods(path: Path, rows: list[list[Any]], more: str = "") -> Path:
    def cell(value: Any) -> str:
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows) + more
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", kind)
        out.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        out.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="表">'
            f"{body}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def rows_of(path: Path, sheet: int = 0) -> list[tuple[int, list[Any]]]:
    with reader.opened(path) as sheets:
        return [(row.number, row.cells) for row in sheets[sheet].rows()]


# --- workbooks


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_workbooks_of_three_kinds_read_the_same(tmp_path: Path, write: Any) -> None:
    assert rows_of(write(tmp_path / f"a.{write.__name__}", ROWS)) == READ


def test_rows_have_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write(4, 2, "a")
    page.write(6, 3, 5)
    book.close()
    assert rows_of(path) == [(5, ["", "", "a"]), (7, ["", "", "", 5.0])]


def test_what_the_values_do_not_tell_is_told(tmp_path: Path) -> None:
    """Hidden rows, rows struck through, formulas that were never computed, errors of a formula, hidden
    sheets.
    """
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["a", "b"], ["hidden", 1], ["struck", 1], ["never", "=1+1"], ["plain", 1]):
        page.append(row)
    page.row_dimensions[2].hidden = True
    page["A3"].font = Font(strike=True)
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.save(path)
    with reader.opened(path) as sheets:
        assert [sheet.visible for sheet in sheets] == [True, False]
        found = {row.cells[0]: row for row in sheets[0].rows()}
    assert [name for name, row in found.items() if row.hidden] == ["hidden"]
    assert [name for name, row in found.items() if row.struck] == ["struck"]
    assert [(name, row.empty) for name, row in found.items() if row.empty] == [("never", (1,))]


def test_computed_formulas_have_their_value_and_errors_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, ["a", "b"])
    page.write_formula(1, 0, "=1+1", None, 2)
    page.write_formula(1, 1, "=NA()", None, "#N/A")
    book.close()
    with reader.opened(path) as sheets:
        row = list(sheets[0].rows())[1]
    assert (row.at(0), row.at(1), row.empty) == (2.0, None, (1,))


@pytest.mark.parametrize("where", ["XFD1048576", "ZZ900000", "XFD2"])
def test_a_cell_far_from_the_list_takes_no_memory(tmp_path: Path, where: str) -> None:
    """A file of 5 kB asked for hundreds of gigabytes: it is refused (or read) before anything is laid out."""
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write("A1", "申请人")
    page.write(where, "x")
    book.close()
    program = (
        "import sys; from pathlib import Path; from workflow.base.sheets import reader\n"
        "from workflow.base.errors import Malformed\n"
        "try:\n"
        "    with reader.opened(Path(sys.argv[1])) as sheets:\n        print(len(list(sheets[0].rows())))\n"
        "except Malformed as fault:\n    print(fault.params.get('place'))\n"
    )
    said = subprocess.run(
        ["bash", "-c", 'ulimit -v 400000; exec "$@"', "bash", sys.executable, "-c", program, path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == ("2" if where == "XFD2" else where)


def test_what_asks_for_too_much_memory_is_refused_in_every_kind(tmp_path: Path) -> None:
    repeated = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(Malformed) as caught:
        rows_of(ods(tmp_path / "a.ods", ROWS, repeated))
    assert caught.value.field == "file"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04 nothing"),
        ("a.xlsx", b"PK\x05\x06" + b"\0" * 18),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a.ods", b"PK\x05\x06" + b"\0" * 18),
        ("a.txt", b"\xff\xff\xff\xff"),
        ("a.doc", b"x"),
    ],
)
def test_what_is_no_list_is_said(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Malformed) as caught:
        rows_of(tmp_path / name)
    assert caught.value.field == "file"


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    parts["xl/workbook.xml"] = bomb + parts["xl/workbook.xml"]
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data)
    with pytest.raises(Malformed):
        rows_of(path)


def test_names_that_are_no_files(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(NotFound):
            rows_of(path)
    with pytest.raises(Malformed):
        rows_of(Path("/dev/zero"))


@pytest.mark.usefixtures("workbooks_forked")
def test_damage_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "a.xlsx", ROWS).read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 25)):
        (tmp_path / "b.xlsx").write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            rows_of(tmp_path / "b.xlsx")
        except DisclosureError as fault:
            assert fault.field == "file"


# --- CSV

TEXT = '申请人,申请内容\r\n张三,"关于征收补偿，\n及其批复"\r\n李四,公开某某项目的规划许可证\r\n'
TRADITIONAL = "申請人,申請內容\r\n張三,關於徵收補償及其批覆的資訊\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT.encode(encoding))
    assert [cells[0] for _, cells in rows_of(tmp_path / "a.csv")] == ["申请人", "张三", "李四"]
    assert [number for number, _ in rows_of(tmp_path / "a.csv")] == [1, 2, 3]


def test_big5_is_no_gb18030(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TRADITIONAL.encode("big5"))
    assert rows_of(tmp_path / "a.csv")[1][1][0] == "張三"
    (tmp_path / "b.csv").write_bytes(TRADITIONAL.encode("gb18030"))
    assert rows_of(tmp_path / "b.csv")[1][1][0] == "張三"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separators(tmp_path: Path, sign: str) -> None:
    lines = [["申请人", "日期", "内容"], ["张三", "2026-03-02", "甲，乙"], ["李四", "2026-03-03", "丙"]]
    (tmp_path / "a.csv").write_text("\n".join(sign.join(line) for line in lines), encoding="utf-8")
    assert [cells for _, cells in rows_of(tmp_path / "a.csv")] == lines


def test_a_list_that_is_cut_off_is_refused_with_its_place(tmp_path: Path) -> None:
    whole = TEXT.encode()
    (tmp_path / "a.csv").write_bytes(whole[:-4])
    with pytest.raises(Malformed) as caught:
        rows_of(tmp_path / "a.csv")
    assert caught.value.params["line"] == 4
    (tmp_path / "a.csv").write_text('a,b\n1,"2', encoding="utf-8")
    with pytest.raises(Malformed):
        rows_of(tmp_path / "a.csv")


def test_a_long_list_is_a_stream(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", encoding="gb18030") as out:
        out.write("申请人,申请内容\n")
        for number in range(8_000):
            out.write(f"张{number},{'关于某地块征收补偿方案的信息' * 20}\n")
    import tracemalloc

    tracemalloc.start()
    with reader.opened(tmp_path / "a.csv") as sheets:
        count = sum(1 for _ in sheets[0].rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 8_001
    assert peak < 4_500_000


# --- headings


WORDS = headings.Words(
    {"name": ["申请人", "姓名"], "on": ["收到日期"], "id": ["证件号码"], "request": ["申请内容"]}
)


def found(path: Path) -> headings.Found:
    with reader.opened(path) as sheets:
        heading = headings.find(sheets, WORDS, lambda told: {"name", "request"} <= told)
        assert heading is not None
        return heading


def test_the_heading_below_titles_on_a_later_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["请在第二个工作表填写", "姓名", "申请人"])
    page = book.create_sheet("登记表")
    page.append(["2026年登记表"])
    page.append(["填表人：张"])
    page.append(["序号", " *申请人 ", "收到\n日期（必填）", "申请内容：", "备注"])
    book.save(tmp_path / "a.xlsx")
    heading = found(tmp_path / "a.xlsx")
    assert (heading.sheet.name, heading.row, heading.keys) == (
        "登记表",
        3,
        [None, "name", "on", "request", None],
    )
    assert heading.unknown() == ["序号", "备注"]
    assert headings.year_of(heading) == 2026


def test_a_heading_of_two_rows(tmp_path: Path) -> None:
    rows = [["序号", "申请人信息", None, "申请内容"], [None, "姓名", "证件号码", None], [1, "张三", "x", "y"]]
    heading = found(xlsx(tmp_path / "a.xlsx", rows))
    assert (heading.row, heading.keys) == (2, [None, "name", "id", "request"])


def test_upper_titles_tell_what_the_lower_ones_mean(tmp_path: Path) -> None:
    words = headings.Words(
        {"name": ["姓名"], "kind": ["申请人类别"], "request": ["内容"]}, {}, "代理人(?:信息)?"
    )
    rows = [
        ["序号", "代理人信息", None, "申请人", None, "内容"],
        [None, "姓名", "电话", "姓名", "类别", None],
        [1, "赵", "x", "张三", "个人", "y"],
    ]
    with reader.opened(xlsx(tmp_path / "a.xlsx", rows)) as sheets:
        heading = headings.find(sheets, words, lambda told: {"name", "request"} <= told)
    assert heading is not None
    assert heading.keys == [None, None, None, "name", "kind", "request"]
    assert heading.unknown() == ["序号", "代理人信息姓名", "代理人信息电话"]


def test_a_heading_of_three_rows(tmp_path: Path) -> None:
    rows = [
        ["序号", "申请人情况", None, "申请内容"],
        [None, "公民", None, None],
        [None, "姓名", "证件号码", None],
        [1, "张三", "x", "y"],
    ]
    heading = found(xlsx(tmp_path / "a.xlsx", rows))
    assert (heading.row, heading.keys) == (3, [None, "name", "id", "request"])


@pytest.mark.parametrize(
    ("cells", "passed"),
    [
        (["合计", "30件"], True),
        ([None, "合 计：", None, 30], True),
        (["本月小计", 3], True),
        (["共计30件"], True),
        (["注：以上由收发室登记"], True),
        (["填表人：张三", None, "审核人：李四"], True),
        (["制表人：张三", "审核人：李四", "2026年4月1日"], True),
        (["序号", "申请人", "收到日期", "申请内容"], True),
        ([1, "合计", "2026-03-02", "某信息"], False),
        ([1, "单位甲", "2026-03-02", "某信息"], False),
        ([None, "张三"], False),
        ([None, "备注人", "2026-03-02", "某信息"], False),
    ],
)
def test_what_is_passed_over(tmp_path: Path, cells: list[Any], passed: bool) -> None:
    rows = [["序号", "申请人", "收到日期", "申请内容"], cells]
    heading = found(xlsx(tmp_path / "a.xlsx", rows))
    with reader.opened(tmp_path / "a.xlsx") as sheets:
        row = list(sheets[0].rows())[1]
    assert (headings.passed_over(row, heading) is not None) is passed


# --- days

MARCH_2 = [
    "2026/3/2",
    "2026.3.2",
    "2026-3-2",
    "20260302",
    "2026年3月2日",
    "2026年03月02日",
    "26/3/2",
    "二〇二六年三月二日",
    "2026-03-02 00:00:00",
    "46083",
    46083,
    46083.9,
    "2026年3月2日 上午9:30",
    "２０２６－０３－０２",
    " 2026-03-02 ",
    "2026-03-02T09:30:00",
    "2026-03-02T09:30:00+08:00",
    "2026-03-01T23:30:00Z",
    "2026年3月2日（星期一）",
    "2026.3.2.",
    "2026、3、2",
    "2026年3月2号",
    "2026-03-02 10:33",
    "2-Mar-26",
    "Mar 2, 2026",
    "20260302103000",
    "2026 3 2",
    "二O二六年三月二日",
    "二0二六年三月二日",
    "26.3.2",
    "26/3/2",
    date(2026, 3, 2),
    datetime(2026, 3, 2, 23, 59, 59, 900000),  # noqa: DTZ001
]


@pytest.mark.parametrize("text", MARCH_2)
def test_days_in_every_form(text: Any) -> None:
    assert day_forms.read(text, "on") == (date(2026, 3, 2), False)


@pytest.mark.parametrize(
    "text",
    [
        "3/2/2026",
        "3月11日",
        "2026年3月",
        "2026-02-30",
        "2026-03-02至2026-03-05",
        "昨天",
        "",
        "-",
        3.11,
        "260302",
        float("nan"),
        1e300,
        "2026-13-01",
        "3/13/26",
        "10/3/26",
        "农历正月十四",
        "丙午年正月十四",
        "2026年3月上旬",
        "约2026年3月2日",
        "无",
    ],
)
def test_what_is_no_day_is_never_filled_in(text: Any) -> None:
    with pytest.raises(Malformed) as caught:
        day_forms.read(text, "on")
    assert caught.value.field == "on"


def test_the_list_says_how_its_days_are_meant() -> None:
    assert day_forms.read("3月11日", "on", day_forms.Way(2026)) == (date(2026, 3, 11), True)
    assert day_forms.read("3/2/2026", "on", day_forms.Way(order="month-first")) == (date(2026, 3, 2), False)
    assert day_forms.read("3/2/2026", "on", day_forms.Way(order="day-first")) == (date(2026, 2, 3), False)
    assert day_forms.read("10/3/26", "on", day_forms.Way(order="month-first")) == (date(2026, 10, 3), False)
    assert day_forms.read("10.3.26", "on") == (date(2010, 3, 26), False)
    assert day_forms.read("3/25/2026", "on") == (date(2026, 3, 25), False)
    assert day_forms.read(44621, "on", day_forms.Way(from_1904=True)) == (date(2026, 3, 2), False)


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        day, _ = day_forms.read(text, "on")
    except Malformed:
        return
    plain = unicodedata.normalize("NFKC", text)
    written = any(char in plain for char in "〇零一二三四五六七八九十廿卅") or plain.strip().isdigit()
    assert str(day.day) in plain or written


# --- formulas


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        " =1",
        "\u3000＝1",
        "＋1",
        "－1",
        "＠x",
        "\u200b=1",
        "\u00a0=1",
        "\ufeff=1",
        "\n1",
        "\u2003=1",
        "﹢1",
        "\u202e=1",
    ],
)
def test_formulas_are_text_in_csv_and_sheets(tmp_path: Path, text: str) -> None:
    assert spreadsheets.csv_text([["a", text]]).splitlines()[0].partition(",")[2].strip('"').startswith("'")
    path = tmp_path / "a.xlsx"
    column = spreadsheets.Column("a", "a")
    spreadsheets.write_xlsx(path, [spreadsheets.Part("x", [column], [[text]])])
    book = openpyxl.load_workbook(path)
    cell = book.worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", ["张三", "1-2", "a=b", "（＋）", "2026-03-02", ""])
def test_what_is_no_formula_stays(text: str) -> None:
    assert formulas.harmless(text) == text


def test_a_cell_of_any_sheet_that_would_be_computed_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as out, workbooks.writing(out) as book:
        style = book.style(bold=True)
        sheet = book.sheet("a/b")
        sheet.text(0, 0, "=1+1", style)
        sheet.span(1, 0, 1, 2, "\u3000＋1", style)
        sheet.text(2, 0, "张三", style)
        sheet.number(3, 0, None, style)
    found = openpyxl.load_workbook(path)["a_b"]
    assert [found.cell(row, 1).data_type for row in (1, 2, 3)] == ["s", "s", "s"]
    assert [bool(found.cell(row, 1).quotePrefix) for row in (1, 2, 3)] == [True, True, False]
    assert found["A1"].value == "=1+1"
    assert found["A1"].font.bold


def test_what_a_reader_stumbles_over_is_told_as_a_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def numbers(path: Path) -> Iterator[list[reader.Sheet]]:
        yield [reader.Sheet(str(int(path.read_text())), True, lambda _: iter(()))]

    monkeypatch.setitem(reader.FORMS, ".num", numbers)
    file = tmp_path / "a.num"
    file.write_text("3")
    with reader.opened(file) as sheets:
        assert [sheet.name for sheet in sheets] == ["3"]
        with pytest.raises(ValueError, match="of the caller"), reader.opened(file):
            raise ValueError("of the caller")
    file.write_text("three")
    with (
        pytest.raises(Malformed, match=r"a\.num cannot be read as \.num: invalid literal"),
        reader.opened(file),
    ):
        pass

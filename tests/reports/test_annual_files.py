"""Report files as they are published: totals left empty, numbers as printed, workbooks, a text that says
otherwise.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.base.test_sheets import ods, xls
from tests.counter import disclosure
from workflow.reports.annual import form, read_file, spreadsheet

pytestmark = pytest.mark.usefixtures("workbooks_forked")


def sample(year: int = 2022, **table2: Any) -> form.Report:
    report = form.empty("某局", year)
    for row, count in (
        ("new_received", 5),
        ("carried_over", 1),
        ("r1_granted", 3),
        ("r4_1_not_held", 1),
        ("carried_forward", 2),
    ):
        report.table3[row]["natural_person"] = count
    report.table4["reconsideration"]["upheld"] = 2
    form.add_totals(report)
    for key, value in table2.items():
        report.table2[key] = value
    return report


def as_json(tmp_path: Path, plain: dict[str, Any]) -> Path:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    return path


def check(path: Path, *more: str) -> tuple[int, dict[str, Any]]:
    said = disclosure("report", "check", path, "--json", *more)
    return said.code, json.loads(said.out)


@pytest.mark.parametrize("empty", [None, "", "-", "/"])
def test_a_total_that_is_left_empty_is_not_stated(tmp_path: Path, empty: Any) -> None:
    plain = form.plain(sample())
    plain["report"]["table3"]["r1_granted"]["total"] = empty
    plain["report"]["table3"]["r7_total"] = dict.fromkeys(plain["report"]["table3"]["r7_total"], empty)
    code, told = check(as_json(tmp_path, plain))
    assert (code, told["faults"]) == (0, [])
    assert len(told["remarks"]) == 1
    assert "3" not in told["remarks"][0] or "三" in told["remarks"][0]
    plain["report"]["table3"]["r1_granted"]["total"] = 0
    code, told = check(as_json(tmp_path, plain))
    assert code != 0
    assert told["faults"]


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("减4", -4),
        ("251000元", 251000),
        ("134,691", 134691),
        ("12.5万元", 125000),
        ("-3", -3),
        ("增2", 2),
        ("３件", 3),
        ("-", None),
    ],
)
def test_table_2_as_it_is_printed(tmp_path: Path, printed: str, number: int | None) -> None:
    plain = form.plain(sample(2020))
    plain["report"]["table2"] = {"行政许可": ["6", printed, "2"]}
    report = read_file.read(as_json(tmp_path, plain))
    assert report.table2["行政许可"] == [6, number, 2]


def test_what_table_2_says_without_sense_does_not_hide_the_sums_of_the_others(tmp_path: Path) -> None:
    plain = form.plain(sample(2020))
    plain["report"]["table2"] = {"行政许可": ["6", "若干", "2"]}
    plain["report"]["table3"]["r1_granted"]["total"] = 9
    code, told = check(as_json(tmp_path, plain))
    assert code != 0
    assert [one["row"] for one in told["faults"]] == ["r1_granted", "r7_total"]
    assert any("若干" in remark for remark in told["remarks"])


@pytest.mark.parametrize("year", [2020, 2022])
def test_our_own_workbook_is_read_back(tmp_path: Path, year: int) -> None:
    report = sample(year)
    for values in report.table2.values():
        values[:] = range(1, len(values) + 1)
    report.parts = {"overview": "本年度新收政府信息公开申请5件。"}
    path = tmp_path / "报告.xlsx"
    path.write_bytes(spreadsheet.xlsx(report))
    found = read_file.read(path)
    assert (found.year, found.unit) == (year, "某局")
    assert not form.differences(report, found)
    assert found.table2 == report.table2
    assert found.parts == report.parts
    assert check(path)[0] == 0


def test_a_workbook_that_names_no_year_is_asked_for_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(spreadsheet.xlsx(sample()))
    book = openpyxl.load_workbook(path)
    del book["本表"]
    book.save(path)
    assert disclosure("report", "check", path, "--json").code == 2
    assert check(path, "--year", "2022")[0] == 0
    book.save(tmp_path / "某局2022年年度报告.xlsx")
    assert check(tmp_path / "某局2022年年度报告.xlsx")[0] == 0


def test_a_wrong_sum_in_a_workbook_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(spreadsheet.xlsx(sample()))
    book = openpyxl.load_workbook(path)
    sheet = book["表三"]
    place = next(cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.value == 3)
    place.value = 4
    book.save(path)
    code, told = check(path)
    assert code != 0
    assert {one["row"] for one in told["faults"]} == {"r1_granted", "r7_total"}


def as_printed(report: form.Report, path: Path) -> list[list[Any]]:
    """The form as it is printed, under a title and over a note: both tables below each other."""
    path.write_bytes(spreadsheet.xlsx(report))
    book = openpyxl.load_workbook(path)
    rows = [
        ["" if cell is None else cell for cell in row] for row in book["表三"].iter_rows(values_only=True)
    ]
    rows += [["注：截至12月31日"], ["四、行政复议、行政诉讼情况"]]
    rows += [
        ["" if cell is None else cell for cell in row] for row in book["表四"].iter_rows(values_only=True)
    ]
    return [["附件"], ["某局2022年政府信息公开工作年度报告"], *rows]


@pytest.mark.parametrize("kind", ["csv", "xls", "ods"])
def test_the_printed_form_in_other_brackets_with_its_units(tmp_path: Path, kind: str) -> None:
    marks = str.maketrans({"（": "(", "）": ")", ".": "．"})
    rows = [
        [
            f"{cell}件" if cell in (3, 5) else cell.translate(marks) if isinstance(cell, str) else cell
            for cell in row
        ]
        for row in as_printed(sample(), tmp_path / "own.xlsx")
    ]
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
        path.write_bytes(text.encode("gb18030"))
    else:
        width = max(map(len, rows))
        {"xls": xls, "ods": ods}[kind](path, [[*row, *[""] * (width - len(row))] for row in rows])
    found = read_file.read(path)
    assert found.year == 2022
    assert not form.differences(sample(), found)


def test_a_total_of_table_4_that_is_left_empty_is_not_stated(tmp_path: Path) -> None:
    plain = form.plain(sample())
    told = plain["report"]["table4"]
    key, total = next((part, name) for part in told for name in told[part] if "total" in name)
    told[key][total] = ""
    code, said = check(as_json(tmp_path, plain))
    assert (code, said["faults"], len(said["remarks"])) == (0, [], 1)
    told[key][total] = 0
    assert check(as_json(tmp_path, plain))[1]["faults"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2022年，本机关新收政府信息公开申请5件，上年结转1件，予以公开3件，结转下年度继续办理2件。", 0),
        ("全年收到政府信息公开申请 2 件。", 1),
        ("全年收到政府信息公开申请1,005件。", 1),
        ("共收到申请５件，其中自然人4件、法人1件。行政复议3件。", 1),
        ("予以公开2件，部分公开1件。", 2),
        ("不予公开0件；无法提供1件。", 0),
        ("", 0),
    ],
)
def test_the_text_of_a_report_against_its_tables(tmp_path: Path, text: str, told: int) -> None:
    plain = form.plain(sample())
    plain["report"]["parts"] = {"applications": text}
    assert len(check(as_json(tmp_path, plain))[1]["remarks"]) == told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(spreadsheet.csv_text(sample()).encode(encoding))
    assert not form.differences(sample(), read_file.read(path))


def test_a_csv_with_notes_and_totals_that_are_not_stated(tmp_path: Path) -> None:
    """Its other cells are there: a line that is cut off is none."""
    text = spreadsheet.csv_text(sample())
    lines = text.splitlines()
    row = next(n for n, line in enumerate(lines) if line.startswith("new_received"))
    lines[row] = lines[row].rpartition(",")[0] + ","
    end = next(n for n in range(row, len(lines)) if not lines[n])
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join([*lines[:end], "说明：本表数据截至年末", *lines[end:], "注：不含上级转办"]), "utf-8"
    )
    assert not form.differences(sample(), read_file.read(path))
    code, told = check(path)
    assert (code, len(told["remarks"])) == (0, 1)
    lines[row] = lines[row].rpartition(",")[0].rpartition(",")[0]
    path.write_text("\n".join(lines), "utf-8")
    assert "fewer cells" in str(disclosure("report", "check", path, "--json", "--lang", "en").fault)


def test_a_workbook_with_a_report_on_each_of_several_sheets(tmp_path: Path) -> None:
    """Months or departments side by side: each is checked, one of them where it is named."""
    book, path = openpyxl.Workbook(), tmp_path / "months.xlsx"
    for name in ("1月", "2月"):
        written = tmp_path / f"{name}.xlsx"
        written.write_bytes(spreadsheet.xlsx(sample()))
        rows = [
            list(row)
            for sheet in openpyxl.load_workbook(written).worksheets
            for row in sheet.iter_rows(values_only=True)
        ]
        sheet = book.create_sheet(name)
        for row in rows:
            told = [41 if cell == 3 and name == "2月" else cell for cell in row]
            sheet.append(told)
    book.create_sheet("说明").append(["各月汇总"])
    book.save(path)
    code, told = check(path)
    assert (code != 0, told["ok"]) == (True, False)
    assert [(one["sheet"], one["ok"]) for one in told["reports"]] == [("1月", True), ("2月", False)]
    code, told = check(path, "--sheet", "1月")
    assert (code, told["ok"]) == (0, True)
    said = disclosure("report", "check", path)
    assert said.out.index("1月") < said.out.index("2月")
    said = disclosure("report", "check", path, "--sheet", "3月", "--json")
    assert "1月" in json.dumps(said.fault, ensure_ascii=False)
    said = disclosure(
        "report", "check", as_json(tmp_path, form.plain(sample())), "--previous", path, "--json"
    )
    assert said.fault["field"] == "sheet"

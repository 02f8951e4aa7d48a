"""The annual report counted from real casework: what counts where, once, in which year; and what it looks
like.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.builders import GRANT, REFUSE, Place
from tests.thorough import examples
from workflow import law
from workflow.base.errors import Conflict, Malformed, NotFound, OutOfLaw, Refused
from workflow.cases import row_report
from workflow.reports.annual import build, closing, counts, form, read_file
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, TOTAL, Report
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

PERSON = "natural_person"


@pytest.fixture
def lite(quick: Place) -> Place:
    return quick


def report(place: Place, year: int = 2026) -> Report:
    with place.store.reading() as connection:
        return counts.count(connection, place.desk().office.id, "江州市民政局", year)


def cells(table: dict[str, dict[str, int]], column: str = ALL) -> dict[str, int]:
    """The non-zero cells."""
    return {row: numbers[column] for row, numbers in table.items() if numbers[column]}


def behind(place: Place, row: str, column: str, year: int = 2026) -> list[dict[str, Any]]:
    with place.store.reading() as connection:
        return list(counts.cell(connection, place.desk().office.id, year, row, column))


# --- what counts where


def test_each_end_has_its_row_and_what_is_open_is_carried(place: Place) -> None:
    place.bring("served")
    place.bring("lapsed", kind="commercial_enterprise")
    place.bring("lapsed", variant="lapsed unpaid")
    place.bring("withdrawn", kind="legal_service")
    place.bring("head_review", variant="head_review of a refusal")
    found = report(place)
    assert cells(found.table3) == {
        NEW: 5,
        "r1_granted": 1,
        "r6_1_no_correction": 1,
        "r6_2_no_payment": 1,
        "r6_3_other": 1,
        TOTAL: 4,
        FORWARD: 1,
    }
    assert found.table3["r6_1_no_correction"]["commercial_enterprise"] == 1
    assert found.table3["r6_3_other"]["legal_service"] == 1
    assert found.fees == {"notices": 1, "charged_yuan": 270, "payments": 0, "paid_yuan": 0}
    assert not list(form.identities(found))


def test_a_partial_disclosure_counts_there_alone(place: Place) -> None:
    number = place.receive(items=["方案", "讨论记录"]).case.number
    for who, event, days, facts in [
        *builders.ROADS["in_hand"],
        ("handler", "draft", 3, {"item": 1, **GRANT}),
        ("handler", "draft", 3, {"item": 2, **REFUSE}),
        ("handler", "submit", 4, {}),
        ("reviewer", "pass_review", 4, {}),
        ("legal", "pass_review", 4, {}),
        ("head", "pass_review", 5, {}),
        ("handler", "issue", 7, {}),
        ("registrar", "dispatch", 7, {"served_by": "post"}),
    ]:
        place.walk(number, [(who, event, days, facts)])
    assert cells(report(place).table3) == {NEW: 1, "r2_partial": 1, TOTAL: 1}
    assert [one["number"] for one in behind(place, "r2_partial", PERSON)] == [number]
    assert behind(place, "r3_5_internal_affairs", ALL) == []


def test_several_reasons_count_in_the_first_row_of_the_form() -> None:
    assert (
        row_report.report_row((("not_held", None), ("withheld", "process_information"), ("petition", None)))
        == "r3_6_process_info"
    )
    assert row_report.report_row((("petition", None), ("not_held", None))) == "r4_1_not_held"
    assert row_report.report_row((("already_public", None), ("granted", None))) == "r1_granted"
    assert row_report.report_row((("already_public", None), ("not_held", None))) == "r2_partial"
    rank, rows = law.bundled().report_rank(), law.bundled().report_format(2025).results
    assert sorted(rank) == sorted(rows)


def test_by_post_it_ends_with_the_dispatch_by_hand_with_the_signature(lite: Place) -> None:
    lite.today = date(2027, 2, 1)
    received = date(2026, 12, 21)
    posted, handed = (lite.bring("approved", on=received) for _ in range(2))
    for number, served_by in ((posted, "post"), (handed, "hand")):
        lite.act("handler", "issue", number, "2026-12-31", served_by=served_by)
        lite.made()
        lite.act("registrar", "dispatch", number, "2026-12-31", served_by=served_by)
        lite.act("registrar", "serve", number, "2027-01-05", proof="签收")
    assert cells(report(lite).table3) == {NEW: 2, "r1_granted": 1, TOTAL: 1, FORWARD: 1}
    assert cells(report(lite, 2027).table3) == {OVER: 1, "r1_granted": 1, TOTAL: 1}
    assert [one["number"] for one in behind(lite, FORWARD, ALL)] == [handed]


def test_what_cannot_be_handed_over_ends_with_its_filing(lite: Place) -> None:
    number = lite.bring("approved")
    lite.act("handler", "issue", number, "2026-03-09", served_by="hand")
    lite.made()
    lite.act("registrar", "dispatch", number, "2026-03-09", served_by="hand")
    lite.act("registrar", "come_back", number, "2026-03-12", reasons="查无此人")
    assert cells(report(lite).table3)[FORWARD] == 1
    lite.made()
    lite.act("archivist", "file_unserved", number, "2026-04-01", reasons="三次上门未遇")
    assert lite.row(number)["counted_on"] == lite.row(number)["finished_on"] == date(2026, 4, 1)
    assert FORWARD not in cells(report(lite).table3)


def contested(place: Place, *, result: str = "annulled", **facts: Any) -> str:
    number = place.bring("served")
    place.act("legal", "open_reconsideration", number, "2026-03-20", body="江南省民政厅")
    place.act("legal", "remedy_decided", number, "2026-05-20", no=1, result=result, **facts)
    return number


def test_a_new_decision_after_a_remedy_is_no_second_result(place: Place) -> None:
    number = contested(place, within=20)
    before = report(place)
    place.act("registrar", "redecide", number, "2026-05-25", no=1)
    assert report(place).table3 == before.table3
    for who, event, facts in (
        ("handler", "draft", REFUSE),
        ("handler", "submit", {}),
        ("reviewer", "pass_review", {}),
        ("legal", "pass_review", {}),
        ("head", "pass_review", {}),
        ("handler", "issue", {}),
        ("registrar", "dispatch", {"served_by": "post"}),
    ):
        if event == "dispatch":
            place.made()
        place.act(who, event, number, "2026-06-10", **facts)
    found = report(place)
    assert cells(found.table3) == {NEW: 1, "r1_granted": 1, TOTAL: 1}
    assert cells(found.table4, "corrected") == {"reconsideration": 1}
    assert place.row(number)["outcome"] == "withheld"


def test_a_lapse_before_a_new_decision_stays_the_result(lite: Place) -> None:
    number = lite.bring("lapsed")
    lite.act("legal", "open_reconsideration", number, "2026-04-01", body="江南省民政厅")
    lite.act("legal", "remedy_decided", number, "2026-05-20", no=1, result="annulled", within=20)
    lite.act("registrar", "redecide", number, "2026-05-25", no=1)
    assert cells(report(lite).table3) == {NEW: 1, "r6_1_no_correction": 1, TOTAL: 1}
    assert verify_record.verify(lite.store, lite.desk().office).cases == 1


def test_reopened_by_mistake_it_is_open_again(lite: Place) -> None:
    number = lite.bring("withdrawn")
    assert cells(report(lite).table3)[TOTAL] == 1
    lite.act("head", "reopen", number, "2026-03-20", reasons="误结")
    assert cells(report(lite).table3) == {NEW: 1, FORWARD: 1}


# --- table 4


def test_remedies_count_where_they_are_decided_and_pend_at_the_year_s_end(place: Place) -> None:
    place.today = date(2027, 9, 1)
    decided, pending, later = (place.bring("served") for _ in range(3))
    for number, opened in ((decided, "2026-03-20"), (pending, "2026-04-20"), (later, "2026-04-21")):
        place.act("legal", "open_reconsideration", number, opened, body="江南省民政厅")
    place.act("legal", "remedy_decided", decided, "2026-05-20", no=1, result="maintained")
    place.act(
        "legal", "open_suit", decided, "2026-06-01", kind="after_reconsideration", body="江州市中级人民法院"
    )
    place.act("legal", "remedy_decided", later, "2027-01-12", no=1, result="withdrawn")
    first, second = report(place), report(place, 2027)
    assert first.table4["reconsideration"] == {
        "upheld": 1,
        "corrected": 0,
        "other": 0,
        "pending": 2,
        "total": 3,
    }
    assert first.table4["suit_after_reconsideration"]["pending"] == 1
    assert second.table4["reconsideration"] == {
        "upheld": 0,
        "corrected": 0,
        "other": 1,
        "pending": 1,
        "total": 2,
    }
    assert not cells(second.table3)
    for result in ("upheld", "pending", "other"):
        found = behind(place, "review", result)
        assert len(found) == first.table4["reconsideration"][result]
    assert {one["number"] for one in behind(place, "review", "pending")} == {pending, later}
    assert len(behind(place, "reconsideration", "total")) == 3


def test_the_rows_of_remedies_are_what_the_entries_give(place: Place) -> None:
    contested(place, result="maintained")
    office = place.desk().office
    assert verify_record.verify(place.store, office).cases == 1
    with place.store.writing() as connection:
        connection.execute(sa.text("UPDATE remedy SET outcome = 'corrected'"))
    with pytest.raises(Exception, match="remedy"):
        verify_record.verify(place.store, office)


# --- years


def test_what_is_carried_forward_is_what_the_next_year_begins_with(lite: Place) -> None:
    lite.today = date(2027, 3, 1)
    for n, state in enumerate(("received", "in_hand", "drafting")):
        lite.bring(state, on=date(2026, 12, 22) + timedelta(days=n), kind=PERSON if n else "other")
    lite.act("registrar", "withdraw", "2026-0001", "2027-01-08", how="书面")
    first, second = report(lite), report(lite, 2027)
    assert first.table3[FORWARD] == second.table3[OVER]
    assert not list(form.identities(second, first))
    assert cells(second.table3) == {OVER: 3, "r6_3_other": 1, TOTAL: 1, FORWARD: 2}


def test_the_format_is_that_of_the_year(lite: Place) -> None:
    lite.bring("lapsed", on=date(2019, 9, 2))
    found = report(lite, 2019)
    assert cells(found.table3) == {NEW: 1, "r6_other": 1, TOTAL: 1}
    assert "r6_1_no_correction" not in found.table3
    assert len(behind(lite, "r6_other", ALL, 2019)) == 1 == len(behind(lite, "（六）其他处理", PERSON, 2019))
    with pytest.raises(OutOfLaw, match="2019"):
        report(lite, 2018)


def test_a_year_without_anything_is_said(lite: Place) -> None:
    lite.bring("served")
    with pytest.raises(NotFound) as caught:
        report(lite, 2024)
    assert caught.value.params["years"] == "2026-2026"
    with pytest.raises(Malformed, match="2027"):
        build.make(lite.desk(), 2027)


def test_another_office_s_cases_are_not_counted(lite: Place) -> None:
    other = builders.found(lite.store.url, "cs")
    lite.bring("served")
    other.bring("withdrawn")
    assert cells(report(lite).table3) == {NEW: 1, "r1_granted": 1, TOTAL: 1}


# --- closing


def test_a_closed_year_shows_what_was_corrected_since(place: Place) -> None:
    place.today = date(2027, 1, 20)
    number = place.bring("served")
    place.bring("in_hand", on=date(2026, 12, 22))
    with pytest.raises(Refused, match="2027"):
        closing.close(place.desk("head"), 2027)
    with pytest.raises(Refused):
        closing.close(place.desk("registrar"), 2026)
    closing.close(place.desk("head"), 2026)
    assert build.make(place.desk(), 2026).sound
    with pytest.raises(Conflict):
        closing.close(place.desk("head"), 2026)
    place.desk("registrar").amend(number, "applicant_kind", "legal_service", "登记有误")
    moved = build.make(place.desk(), 2026).moved
    assert (3, "r1_granted", PERSON, 0, 1) in moved
    assert not build.make(place.desk(), 2026).sound
    # The received day of what was carried is corrected: this year does not begin with what was published.
    place.desk("registrar").amend("2026-0002", "applicant_kind", "other", "登记有误")
    place.act("registrar", "withdraw", "2026-0002", "2027-01-15", how="书面")
    faults = build.make(place.desk(), 2027).faults
    assert {(one.rule, one.column, one.found, one.expected) for one in faults} == {
        ("carry", PERSON, 0, 1),
        ("carry", "other", 1, 0),
    }
    closing.close(place.desk("head"), 2026, again="更正后重新公布")
    assert build.make(place.desk(), 2026).sound
    assert build.make(place.desk(), 2027).sound
    verify_record.verify(place.store, place.desk().office)


# --- what is written can be read again


class Tables(HTMLParser):
    """The cells of a page's tables, spread over the columns and rows that they take."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.text = ""
        self.span: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.span, self.text = (int(given.get("rowspan", 1)), int(given.get("colspan", 1))), ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.span:
            self.tables[-1][-1].append((self.text, *self.span))
            self.span = None

    def grid(self, n: int) -> list[dict[int, str]]:
        """Each row of a table: the text by the column in which it stands."""
        rows: list[dict[int, str]] = [{} for _ in self.tables[n]]
        for at, row in enumerate(self.tables[n]):
            column = 0
            for text, down, right in row:
                while column in rows[at]:
                    column += 1
                for below in range(down):
                    for beside in range(right):
                        assert column + beside not in rows[at + below]
                        rows[at + below][column + beside] = text
                column += right
        return rows


@pytest.fixture
def published() -> Report:
    return read_file.read(Path(__file__).parent.parent / "reports" / "suqian-2023.json")


@pytest.mark.parametrize("year", [2020, 2023])
def test_the_table_is_laid_out_as_the_form_is(published: Report, year: int) -> None:
    found = published if year == 2023 else form.empty("江州市民政局", year)
    page = Tables()
    page.feed(build.written(found, "html", date(2024, 1, 15)).decode())
    grids = [page.grid(n) for n in range(len(page.tables)) if len(page.tables[n]) == 3 + len(found.form.rows)]
    (grid,) = grids
    assert {len(row) for row in grid} == {10}
    assert grid[0][0].startswith("（本列数据的勾稽关系为")
    assert grid[2][3] == "自然人"
    assert [grid[2][n] for n in range(4, 9)] == [
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
    ]
    result = "三、本年度办理结果"
    assert [row[0] for row in grid].count(result) == (20 if year == 2020 else 22)
    by_key = dict(zip((row.key for row in found.form.rows), grid[3:], strict=True))
    labels = [by_key["r3_4_third_party"][n] for n in range(3)]
    assert labels == [result, "（三）不予公开", "4.保护第三方合法权益"]
    for key, row in by_key.items():
        assert [row[n] for n in range(3, 10)] == [str(number) for number in found.table3[key].values()]
    (remedies,) = [grid for grid in map(page.grid, range(len(page.tables))) if len(grid[0]) == 15]
    assert [int(remedies[3][n]) for n in range(15)] == [
        n for row in found.table4.values() for n in row.values()
    ]
    assert (remedies[1][5], remedies[1][10]) == ("未经复议直接起诉", "复议后起诉")


def test_json_and_csv_come_back_as_they_went(published: Report, tmp_path: Path) -> None:
    for kind in ("json", "csv"):
        path = tmp_path / f"report.{kind}"
        path.write_bytes(build.written(published, kind, date(2024, 1, 15)))
        found = read_file.read(path)
        assert (found.table3, found.table4, found.unit, found.year) == (
            published.table3,
            published.table4,
            "宿迁市",
            2023,
        )
    assert read_file.read(tmp_path / "report.json").table2 == published.table2
    plain = json.loads((tmp_path / "report.json").read_text())
    source = json.loads((Path(__file__).parent.parent / "reports" / "suqian-2023.json").read_text())
    for table in ("table3", "table4", "table2"):
        assert plain["report"][table] == source["report"][table]
    rows = list(csv.reader(io.StringIO((tmp_path / "report.csv").read_text("utf-8-sig"))))
    assert [
        "r1_granted",
        "三、本年度办理结果 （一）予以公开",
        "1175",
        "12",
        "0",
        "3",
        "1",
        "0",
        "1191",
    ] in rows


def test_the_sheet_has_numbers_merged_labels_and_a_frozen_head(published: Report) -> None:
    import openpyxl

    published.unit = "=1+1"
    book = openpyxl.load_workbook(io.BytesIO(build.written(published, "xlsx", date(2024, 1, 15))))
    sheet = book["表三"]
    assert sheet.freeze_panes == "D4"
    assert sheet["D4"].value == 3402
    assert sheet["D4"].data_type == "n"
    assert "A6:A27" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert [cell.value for cell in book["表四"][4]][:5] == [309, 17, 88, 26, 440]
    assert not any(cell.data_type == "f" for name in book.sheetnames for row in book[name] for cell in row)


def test_the_pdf_says_the_figures_and_has_them_attached(published: Report) -> None:
    import pypdf

    published.parts = {"overview": "本年度工作情况。", "other": "无。"}
    document = pypdf.PdfReader(io.BytesIO(build.written(published, "pdf", date(2024, 1, 15))))
    text = "".join(page.extract_text() for page in document.pages)
    for words in (
        "宿迁市2023年政府信息公开工作年度报告",
        "一、总体情况",
        "3402",
        "复议后起诉",
        "59237.2449",
        "本年度未发出收费通知",
    ):
        assert words in text.replace("\n", "")
    (attached,) = document.attachments.values()
    assert json.loads(attached[0])["table3"] == published.table3


# --- properties over random casework

ENDS = ("served", "dispatched", "lapsed", "withdrawn", "drafting", "received", "issued", "in_hand")
KINDS = tuple(law.bundled().report_format(2026).columns[:-1])
NUMBERS = count(1)
CASE = st.tuples(st.sampled_from(ENDS), st.sampled_from(KINDS), st.integers(0, 75))


@settings(max_examples=examples(6), suppress_health_check=list(HealthCheck))
@given(st.lists(CASE, min_size=1, max_size=8))
def test_the_identities_hold_over_any_casework(
    database_url: str, home: Path, plan: list[tuple[str, str, int]]
) -> None:
    key = f"o{next(NUMBERS)}"
    place = builders.found(database_url, key, date(2027, 6, 1))
    for state, kind, days in plan:
        # Around the turn of the year, so that much of it is carried.
        place.bring(state, on=date(2026, 10, 20) + timedelta(days=days), kind=kind)
    told = {}
    for year in (2026, 2027):
        try:
            told[year] = report(place, year)
        except NotFound:
            continue
        assert not list(form.identities(told[year], told.get(year - 1)))
        with place.store.reading() as connection:
            for row, numbers in told[year].table3.items():
                for column, number in numbers.items():
                    cases = counts.cell(connection, place.desk().office.id, year, row, column)
                    assert len(list(cases)) == number
    assert sum(one.table3[NEW][ALL] for one in told.values()) == len(plan)

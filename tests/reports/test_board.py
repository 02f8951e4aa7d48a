"""The board: every figure is the number of its list, and all together the sum; who sees which names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from freezegun import freeze_time

from tests.builders import Place
from tests.counter import disclosure
from tests.government import changed, founded
from workflow.base.errors import Malformed, NotFound
from workflow.office import founding
from workflow.reports.annual import counts, form
from workflow.reports.board import board as boards
from workflow.reports.board import figures
from workflow.reports.board.row import Row
from workflow.reports.performance import measure
from workflow.storage.models import TABLES

CASES, ITEMS, OFFICES = TABLES["case_file"], TABLES["web_item"], TABLES["office"]


def test_every_figure_is_the_number_of_its_list_and_the_sum_of_the_organs(
    database_url: str, home: Path
) -> None:
    above, organ = founded(database_url)
    desk = above.desk("head")
    for asked in (
        boards.span(desk, year=2026),
        boards.span(desk, month="2026-03"),
        boards.span(desk, first="2026-03-05", last="2026-08-31"),
    ):
        board = boards.make(desk, asked)
        assert [(row.key, row.own) for row in board.rows] == [("jz", True), ("wj", False)]
        total = board.total
        for id, figure in figures.all_figures().items():
            found = {row.key: boards.listed(desk, asked, row.key, id).rows for row in board.rows}
            if figure.of:
                assert found == {
                    row.key: boards.listed(desk, asked, row.key, figure.of).rows for row in board.rows
                }
                continue
            assert {row.key: row.counts[id] for row in board.rows} == {
                key: len(rows) for key, rows in found.items()
            }, id
            assert total.counts[id] == sum(map(len, found.values()))
        for row in board.rows:
            assert (
                sum(row.days.values()) == row.counts["replied"] == row.counts["in_time"] + row.counts["late"]
            )
            assert sum(row.stars.values()) == row.counts["rated"]
    above.store.close()
    organ.store.close()


def test_the_figures_are_those_of_the_annual_report_and_of_the_performance(
    government: tuple[Place, Place],
) -> None:
    organ = government[1].desk("head")
    row = boards.make(organ, boards.span(organ, year=2026)).rows[0]
    with organ.store.reading() as connection:
        report = counts.count(connection, organ.office.id, "", 2026)
        months = [form.empty("", 2026) for _ in range(12)]
        for month, one in enumerate(months, 1):
            span = boards.month_of(f"2026-{month}")
            counts.fill(connection, organ.office.id, one, span.first, span.last)
    assert row.counts["received"] == report.table3[form.NEW][form.ALL] == 6
    assert row.counts["open"] == report.table3[form.FORWARD][form.ALL] == 2
    for key in report.form.results:
        assert row.counts[f"row.{key}"] == report.table3[key][form.ALL]
        assert sum(one.table3[key][form.ALL] for one in months) == report.table3[key][form.ALL]
    for kind, cells in report.table4.items():
        for result in cells.keys() - {form.ALL}:
            assert row.counts[f"remedy.{kind}.{result}"] == cells[result]
    assert not any(fault for one in months for fault in form.identities(one))
    well = measure.measure(organ, measure.period(2026, None, None, organ.today())).whole.plain()
    assert row.value(figures.find("median")) == well["net"]["median"]
    assert row.value(figures.find("share_in_time")) == well["share_in_time"] == 1.0
    assert row.counts["finished"] == well["finished"]
    assert row.value(figures.find("satisfaction")) == 2.5
    assert row.counts["satisfied"] == 1


def test_what_is_due_overdue_and_stopped_is_of_today(government: tuple[Place, Place]) -> None:
    above, organ = government
    desk = above.desk("head")
    asked = boards.span(desk, month="2026-03")
    row = boards.make(desk, asked).rows[1]
    # In hand since March and never answered; the correction is waited for.
    assert (row.counts["overdue"], row.counts["stopped"], row.counts["due"]) == (1, 1, 0)
    above.today = organ.due("2026-0004") - timedelta(days=1)
    row = boards.make(desk, boards.span(desk, month="2026-03")).rows[1]
    assert (row.counts["overdue"], row.counts["due"]) == (0, 1)


def test_names_are_seen_of_ones_own_organ_only_and_natural_persons_masked(
    government: tuple[Place, Place],
) -> None:
    above, organ = (place.desk("head") for place in government)
    asked = boards.span(above, year=2026)
    theirs = boards.listed(above, asked, "江州市卫生局", "在办")
    assert {"applicant_name", "handler", "unit"}.isdisjoint(theirs.columns)
    assert all(not set(row) & {"applicant_name", "handler", "unit"} for row in theirs.rows)
    own = boards.listed(organ, asked, "wj", "open")
    assert [row["number"] for row in own.rows] == [row["number"] for row in theirs.rows]
    assert {row["applicant_name"] for row in own.rows} == {"李*"}
    # An organ does not see the one above it, nor one beside it.
    assert [row.key for row in boards.make(organ, asked).rows] == ["wj"]
    with pytest.raises(NotFound):
        boards.listed(organ, asked, "jz", "open")


def test_a_circle_of_superiors_ends(government: tuple[Place, Place]) -> None:
    changed(government[0], superior="wj")
    desk = government[0].desk("head")
    assert [row.key for row in boards.make(desk, boards.span(desk)).rows] == ["jz", "wj"]


def test_a_list_is_paged_by_key(government: tuple[Place, Place]) -> None:
    desk = government[0].desk("head")
    asked = boards.span(desk, year=2026)
    whole = [row["number"] for row in boards.listed(desk, asked, "wj", "received").rows]
    seen: list[str] = []
    after = 0
    while page := boards.listed(desk, asked, "wj", "received", after=after, limit=2).rows:
        seen += [row["number"] for row in page]
        after = page[-1]["id"]
    assert seen == whole
    assert len(whole) == 6


@pytest.mark.parametrize(
    "asked",
    [
        {"month": "2026-13"},
        {"month": "10"},
        {"month": "2026-10", "year": 2026},
        {"month": "2026-10", "last": "2026-10-05"},
    ],
)
def test_a_period_that_is_none_is_refused(quick: Place, asked: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        boards.span(quick.desk(), **asked)


def test_at_the_counter(
    government: tuple[Place, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", government[0].store.url)
    monkeypatch.setenv("COLUMNS", "80")
    me = ("--as", "head", "--office", "jz")
    with freeze_time("2026-09-01T02:00:00Z"):
        said = disclosure("board", "--year", "2026", "--lang", "zh_CN", *me)
        assert "江州市卫生局" in said.out
        assert "逾期" in said.out
        plain = disclosure("board", "--month", "2026-03", "--json", *me).json
        assert plain["organs"][1]["figures"]["received"] == 6
        assert plain["total"]["received"] == 6
        assert set(plain["defined"]) == set(figures.all_figures())
        listed = disclosure("board", "list", "wj", "overdue", "--json", *me).json
        assert (listed["count"], [one["number"] for one in listed["cases"]]) == (1, ["2026-0004"])
        assert disclosure("board", "list", "wj", "nothing", "--json", *me).code != 0
        for ending in ("csv", "xlsx", "html", "json"):
            out = tmp_path / f"b.{ending}"
            assert disclosure("board", "--year", "2026", "--out", out, *me).code == 0
            assert out.stat().st_size > 500
        assert disclosure("board", "--out", tmp_path / "b.txt", *me).code != 0
        assert (
            disclosure(
                "board", "list", "wj", "received", "--year", "2026", "--out", tmp_path / "l.xlsx", *me
            ).code
            == 0
        )
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.worksheets[0].max_row == 4
    assert book.worksheets[1].max_row == len(figures.all_figures()) + 1
    assert openpyxl.load_workbook(tmp_path / "l.xlsx").worksheets[0].max_row == 7


def test_figures_of_an_office_that_opens_today(quick: Place) -> None:
    assert founding.MANAGER in quick.desk("head").officer.roles
    board = boards.make(quick.desk("head"), boards.span(quick.desk("head")))
    assert all(row.value(one) in (0, None) for row in board.rows for one in figures.all_figures().values())


def test_a_median_of_no_days_opens_the_replies_that_it_is_of() -> None:
    """Answered on the day of receipt the figure is 0 and its cases are there; reported ones lie elsewhere."""
    known = figures.all_figures()
    one = Row("jz", "江州市民政局")
    assert not one.opens(known["median"])
    one.counts["replied"], one.days[0] = 1, 1
    assert one.value(known["median"]) == 0
    assert one.opens(known["median"])
    assert not one.opens(known["overdue"])
    one.months = ("2026-03",)
    assert not one.opens(known["median"])

"""A published year through the real engine: every cell comes out as it was published, and the record
holds.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import city_year
from benchmarks.city import contests, plan
from tests import preloaded
from tests.reports.test_annual_check import older
from tests.thorough import examples
from workflow.casework.desk import Desk
from workflow.reports.annual import counts, form, read_file
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, Report
from workflow.storage.database import Store
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("migrated_once")

REPORTS = Path(__file__).parent.parent / "reports"
SMALL = REPORTS / "small-2025.json"


def drive(report: Report, url: str) -> tuple[Report, Store, Any]:
    assert not list(form.identities(report))
    store = Store(url)
    found, told, _ = city_year.year(report, store, letters=False)
    assert not form.differences(report, found)
    return found, store, told


def test_a_small_year_comes_out_and_its_record_holds(database_url: str, home: Path) -> None:
    report = read_file.read(SMALL)
    found, store, told = drive(report, database_url)
    desk = Desk(store, "fuze-1")
    with store.reading() as connection:
        # Every figure is the number of the cases behind it.
        for table, rows in (("table3", found.table3), ("table4", found.table4)):
            for row, cells in rows.items():
                for column, number in cells.items():
                    assert len(list(counts.cell(connection, desk.office.id, 2025, row, column))) == number, (
                        table,
                        row,
                        column,
                    )
        late = connection.execute(
            sa.text("SELECT count(*) FROM clock WHERE rule = 'reply.limit' AND state = 'late'")
        )
        assert late.scalar() == 0
        units = connection.execute(
            sa.text("SELECT count(DISTINCT unit), count(DISTINCT handler) FROM case_file")
        ).one()
        assert min(units) >= 4
    acts = Counter({name: row.times for name, row in told.acts.items()})
    assert {
        "lapse_correction",
        "lapse_fee",
        "withdraw",
        "extend",
        "consult_third_party",
        "ask_reasons",
        "redecide",
    } <= set(acts)
    assert acts["remedy_decided"] == sum(
        number
        for cells in report.table4.values()
        for name, number in cells.items()
        if name not in (ALL, "pending")
    )
    assert verify_record.verify(store, desk.office).cases >= 85
    store.close()


def test_the_trial_format_comes_out(sqlite_url: str, home: Path) -> None:
    """The year in which the law changed: what came before May ends as the Regulations of 2008 know it."""
    plain = json.loads(SMALL.read_text())
    report = read_file.of_plain(older(plain), "r")
    assert report.form.first_year == 2019
    drive(report, sqlite_url)[1].close()


def test_the_figures_of_a_city_are_laid_out(home: Path) -> None:
    """The whole year as a plan, without driving it: as many cases as it counts, each in its year, each in
    time.
    """
    report = read_file.read(REPORTS / "suqian-2023.json")
    cases = plan.cases(report)
    made, earlier = contests.lay(report, cases)
    assert len(cases) == report.table3[NEW][ALL] + report.table3[OVER][ALL] == 3607
    assert sum(case.received.year == 2022 for case in cases) == 96
    assert Counter(case.row for case in cases if case.kind == "natural_person")[None] == 118
    assert len(made) - 440 - 24 - 89 == 0
    assert len(earlier) <= 1
    assert all(step.day.year <= 2023 for case in cases for step in case.steps)


def few(numbers: list[int], *, contested: list[int]) -> Report:
    """A made-up report whose sums hold, from numbers in turn: results, carried forward, carried over."""
    report = form.empty("江州市", 2024)
    turn = iter(numbers)
    for kind in report.form.columns[:-1]:
        for row in report.form.results:
            report.table3[row][kind] = next(turn, 0)
        report.table3[FORWARD][kind] = next(turn, 0)
        done = sum(report.table3[row][kind] for row in report.form.results)
        over = min(next(turn, 0), done)
        report.table3[OVER][kind] = over
        report.table3[NEW][kind] = done + report.table3[FORWARD][kind] - over
    for cells, number in zip(
        report.table4.values(), (contested[:4], contested[4:8], contested[8:]), strict=True
    ):
        for name, one in zip(cells, number, strict=False):
            cells[name] = one
    form.add_totals(report)
    return report


@settings(max_examples=examples(5), suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from([0, 0, 0, 0, 0, 1]), min_size=138, max_size=138),
    st.lists(st.sampled_from([0, 0, 1, 2]), min_size=12, max_size=12),
)
def test_whatever_holds_comes_out(
    home: Path, tmp_path_factory: Any, numbers: list[int], contested: list[int]
) -> None:
    report = few(numbers, contested=contested)
    if not report.table3[NEW][ALL] and not any(contested):
        return
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('city') / 'disclosure.db'}")
    found, _, _ = city_year.year(report, store, letters=False)
    store.close()
    assert not form.differences(report, found)


def test_more_remedies_than_replies_are_of_the_year_before(sqlite_url: str, home: Path) -> None:
    report = few([1], contested=[2, 1, 1, 1, 1, 1, 1, 1, 4, 1, 1, 2])
    drive(report, sqlite_url)[1].close()


def test_a_fee_that_was_not_paid_may_have_been_carried_over_from_before_there_were_fees(
    sqlite_url: str, home: Path
) -> None:
    report = form.empty("江州市", 2021)
    report.table3["r6_2_no_payment"]["natural_person"] = report.table3[OVER]["natural_person"] = 10
    form.add_totals(report)
    drive(report, sqlite_url)[1].close()


def test_what_a_third_party_objected_to_may_be_set_aside_and_given(sqlite_url: str, home: Path) -> None:
    report = form.empty("江州市", 2022)
    report.table3["r3_4_third_party"]["natural_person"] = report.table3[NEW]["natural_person"] = 6
    report.table4["reconsideration"]["corrected"] = 5
    form.add_totals(report)
    told = drive(report, sqlite_url)[2]
    assert told.acts["redecide"].times >= 1


def test_a_year_of_nothing_is_equal(sqlite_url: str, home: Path) -> None:
    drive(form.empty("江州市", 2024), sqlite_url)[1].close()


@pytest.mark.parametrize(("change", "status"), [("none", 0), ("sums", 5), ("text", 2)])
def test_the_command_says_by_its_status_whether_all_is_equal(
    change: str, status: int, tmp_path: Path
) -> None:
    plain = json.loads(SMALL.read_text())["report"]
    if change == "none":
        plain = form.plain(few([1, 1, 1], contested=[1, 0, 0, 1]))
    elif change == "sums":
        plain["table3"]["r7_total"]["other"] += 1
    else:
        plain["table3"]["r7_total"]["other"] = "x"
    path = tmp_path / "report.json"
    path.write_text(json.dumps(plain, ensure_ascii=False))
    done = preloaded.run(
        [sys.executable, "-m", "benchmarks.city_year", str(path)],
        kind=preloaded.Family,
        env={**os.environ, "HOME": str(tmp_path), "LETTERS": "1" if change == "none" else "0"},
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    if change == "none":
        assert "190 of 190 cells are equal" in done.stdout
        assert "all letters set" in done.stdout
    elif change == "sums":
        assert "!" not in done.stdout
        assert "3 sums" in done.stderr

"""What each figure of the annual report counts, against the rules in plain words: over all kinds of cases and
remedies that there can be around the two ends of a span of days, of two offices.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import law
from workflow.base.errors import Malformed, NotFound
from workflow.law import counting
from workflow.reports.annual import counts, form
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, PENDING, TOTAL
from workflow.storage.tables import TABLES

OFFICES = TABLES["office"]
HERE, ELSEWHERE, EMPTY = 7, 8, 9
# Of another organ's, void, and not confirmed with the sender: not received by this office.
UNCOUNTED = ("void", "passed_on", "unconfirmed")
STATES = ("in_hand", "filed", *UNCOUNTED)
OUTCOMES = ("upheld", "corrected", "withdrawn", "rejected", None)


def days(year: int) -> tuple[date, ...]:
    """The days around both ends of a year, and one inside it."""
    return (
        date(year - 1, 12, 30),
        date(year - 1, 12, 31),
        date(year, 1, 1),
        date(year, 1, 31),
        date(year, 2, 1),
        date(year, 12, 31),
        date(year + 1, 1, 1),
    )


def cases(year: int) -> list[dict[str, Any]]:
    """Each way in which a case can lie to the year, of each office and state, with kinds and rows in turn."""
    made = []
    kinds = law.bundled().report_format(year).columns[:-1]
    rows = law.bundled().report_format(2026).results
    ways = product(days(year), (None, *days(year)), STATES, (HERE, ELSEWHERE))
    for n, (received, counted, state, office) in enumerate(ways):
        if counted is not None and (counted < received or state in UNCOUNTED):
            continue
        if n % 11 in (3, 4):
            # So many of each that no number passes for another.
            continue
        fee = counted if n % 3 else None
        made.append(
            {
                "id": n * 7919 % 10007,
                "office_id": office,
                "number": f"{year}-{n:04d}",
                "state": state,
                "unit": "office",
                "received_on": received,
                "counted_on": counted,
                "applicant_kind": kinds[n % 5 % len(kinds)],
                "report_row": rows[n % 4 * 6 % len(rows)] if counted else None,
                "fee_notified_on": received if fee else None,
                "fee_paid_on": fee if n % 2 else None,
                "fee_amount": 100 + n if fee else None,
            }
        )
    return made


def remedies(year: int, brought: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each way in which a remedy can lie to the year."""
    made = []
    kinds = [one.id for one in law.bundled().report_remedies()]
    for opened, decided, outcome, kind, office in product(
        days(year), (None, *days(year)), OUTCOMES, kinds, (HERE, ELSEWHERE)
    ):
        if (decided is None) != (outcome is None) or (decided is not None and decided < opened):
            continue
        case = next(one for one in brought[len(made) % 40 * 2 :] if one["office_id"] == office)
        told = {"case_id": case["id"], "no": 1, "kind": kind, "opened_on": opened, "decided_on": decided}
        made.append({"id": 9999 - len(made), "office_id": office, **told, "outcome": outcome})
    # As above.
    return [one for n, one in enumerate(made) if n % 11 not in (3, 4)]


def _prepare(connection: Connection) -> None:
    """Make the tables that are counted from, and the offices."""
    counts.CASES.metadata.create_all(connection, tables=[OFFICES, counts.CASES, counts.REMEDIES])
    offices = [{"id": id, "key": f"o{id}"} for id in (HERE, ELSEWHERE, EMPTY)]
    connection.execute(sa.insert(OFFICES), offices)


@pytest.fixture(params=[2019, 2026], scope="module")
def filled(request: pytest.FixtureRequest) -> Iterator[tuple[Connection, int, list[Any], list[Any]]]:
    """A database of these cases and remedies: connection, year, cases, remedies."""
    year: int = request.param
    brought = cases(year)
    contested = remedies(year, brought)
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        _prepare(connection)
        # What has an index comes in its order where none is asked for.
        for name in ("applicant_kind", "counted_on", "received_on"):
            connection.execute(sa.text(f"CREATE INDEX by_{name} ON case_file (office_id, {name})"))
        connection.execute(sa.insert(counts.CASES), brought)
        connection.execute(sa.insert(counts.REMEDIES), contested)
        yield connection, year, brought, contested
    engine.dispose()


def counted_in(key: str, one: dict[str, Any], first: date, last: date, merged: dict[str, str]) -> bool:
    """Whether a row of table 3 counts a case of the span."""
    received, ended = one["received_on"], one["counted_on"]
    ours = one["state"] not in UNCOUNTED
    if key == NEW:
        return ours and first <= received <= last
    if key == OVER:
        return ours and received < first and not (ended and ended < first)
    if key == FORWARD:
        return ours and received <= last and not (ended and ended <= last)
    finished = ended is not None and first <= ended <= last
    return finished and key in (TOTAL, merged.get(one["report_row"], one["report_row"]))


def result_of(one: dict[str, Any], first: date, last: date) -> str | None:
    """The column of table 4 that counts a remedy of the span."""
    if one["decided_on"] and first <= one["decided_on"] <= last:
        return one["outcome"] if one["outcome"] in ("upheld", "corrected") else "other"
    after = one["decided_on"] is None or one["decided_on"] > last
    return PENDING if one["opened_on"] <= last and after else None


@pytest.mark.parametrize("span", ["year", "january", "february"])
def test_each_cell_counts_what_the_form_says(filled: Any, span: str) -> None:
    connection, year, brought, contested = filled
    first, last = {
        "year": (date(year, 1, 1), date(year, 12, 31)),
        "january": (date(year, 1, 1), date(year, 1, 31)),
        "february": (date(year, 2, 1), date(year, 2, 28)),
    }[span]
    assert span != "year" or counts.bounds(year) == (first, last)
    found = form.empty("江州市民政局", year)
    counts.fill(connection, HERE, found, first, last)
    here = sorted((one for one in brought if one["office_id"] == HERE), key=lambda one: int(one["id"]))
    for row in found.form.rows:
        if row.key not in (NEW, OVER, FORWARD, TOTAL, *found.form.results):
            continue
        behind = [one for one in here if counted_in(row.key, one, first, last, found.form.merged)]
        for kind in found.form.columns:
            wanted = [one["number"] for one in behind if kind in (ALL, one["applicant_kind"])]
            assert found.table3[row.key][kind] == len(wanted), (row.key, kind)
            if span == "year" and (wanted or kind == ALL) and kind in (ALL, found.form.columns[1]):
                listed = [one["number"] for one in counts.cell(connection, HERE, year, row.key, kind)]
                assert listed == wanted, (row.key, kind)
    for kind, cells in found.table4.items():
        mine = [one for one in contested if one["office_id"] == HERE and one["kind"] == kind]
        for result, number in cells.items():
            wanted = [
                one for one in mine if (column := result_of(one, first, last)) and result in (ALL, column)
            ]
            assert number == len(wanted) > (0 if span == "year" else -1), (kind, result)
            if span == "year":
                rows = list(counts.cell(connection, HERE, year, kind, result))
                wanted.sort(key=lambda one: (one["opened_on"], one["id"]))
                told = {one["id"]: one["number"] for one in brought}
                assert rows == [
                    {
                        "number": told[one["case_id"]],
                        "no": 1,
                        "kind": kind,
                        "opened_on": one["opened_on"].isoformat(),
                        "decided_on": one["decided_on"] and one["decided_on"].isoformat(),
                        "outcome": one["outcome"],
                    }
                    for one in wanted
                ]
    notified = [one for one in here if one["fee_notified_on"] and first <= one["fee_notified_on"] <= last]
    paid = [one for one in here if one["fee_paid_on"] and first <= one["fee_paid_on"] <= last]
    assert found.fees == {
        "notices": len(notified),
        "charged_yuan": sum(one["fee_amount"] for one in notified),
        "payments": len(paid),
        "paid_yuan": sum(one["fee_amount"] for one in paid),
    }


def test_the_report_is_that_of_the_office_and_year_asked_for(filled: Any) -> None:
    connection, year, brought, _ = filled
    made = counts.count(connection, HERE, "江州市民政局", year)
    again = form.empty("江州市民政局", year)
    counts.fill(connection, HERE, again, date(year, 1, 1), date(year, 12, 31))
    assert made == again
    with pytest.raises(NotFound) as caught:
        counts.count(connection, EMPTY, "江州市民政局", year)
    assert caught.value.field == "year"
    assert caught.value.params["year"] == year
    assert str(caught.value).startswith(f"There is nothing to report of {year}:")
    assert caught.value.params["years"] == "-"
    with pytest.raises(Malformed):
        list(counts.cell(connection, HERE, year, "no such row", ALL))


def test_a_case_behind_a_figure_is_told_with_its_columns(filled: Any) -> None:
    connection, year, brought, _ = filled
    (kind, *_), row = law.bundled().report_format(year).columns, law.bundled().report_format(year).results[0]
    told = next(iter(counts.cell(connection, HERE, year, row, kind)))
    one = next(one for one in brought if one["number"] == told["number"])
    assert tuple(told) == counts.heads(row) == counts.COLUMNS
    assert told == {
        name: one[name].isoformat() if isinstance(one.get(name), date) else one.get(name)
        for name in counts.COLUMNS
    }
    assert counts.heads("reconsideration") == counts.REMEDY_COLUMNS


GIVEN = ("granted", None), ("already_public", None)
# In the order of table 3: the first of several reasons is that as which the decision counts.
REFUSED = (
    ("withheld", "state_secret"),
    ("withheld", "trade_secret"),
    ("withheld", "process_information"),
    ("not_held", None),
    ("needs_creation", None),
    ("petition", None),
    ("repeat", None),
)


def test_several_answers_count_once() -> None:
    tables = law.bundled()
    for first, second in product((*GIVEN, *REFUSED), repeat=2):
        both = ((first in GIVEN) + (second in GIVEN)) == 1
        assert counting.is_partial((first, second), tables) == both, (first, second)
        found = counting.counts_as((first, second), tables)
        if both:
            assert found == ("partial", None)
        elif first in GIVEN:
            assert found == first
        else:
            assert found == min(first, second, key=REFUSED.index)
        assert counting.counts_as((first,), tables) == first
        assert not counting.is_partial((first,), tables)


def only(**told: Any) -> sa.Engine:
    """A database of one case of the office."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        _prepare(connection)
        connection.execute(sa.insert(counts.CASES), [{"id": 1, "office_id": HERE, "state": "filed", **told}])
    return engine


@pytest.mark.parametrize(
    ("received", "counted", "years"),
    [
        (date(2023, 5, 4), None, "2023-2023"),
        (date(2023, 5, 4), date(2025, 1, 8), "2023-2025"),
        (date(2023, 12, 31), date(2024, 1, 1), "2023-2024"),
    ],
)
def test_where_a_year_has_nothing_those_with_cases_are_named(
    received: date, counted: date | None, years: str
) -> None:
    told = {"received_on": received, "counted_on": counted, "applicant_kind": "natural_person"}
    engine = only(**told, report_row="r1_granted" if counted else None)
    with engine.connect() as connection:
        with pytest.raises(NotFound) as caught:
            counts.count(connection, HERE, "江州市民政局", 2021)
        assert caught.value.params["years"] == years
        assert caught.value.advice
        assert years in caught.value.advice
    engine.dispose()


@pytest.mark.parametrize(
    ("notified", "paid", "fees"),
    [
        (date(2026, 3, 1), None, (1, 270, 0, 0)),
        (date(2025, 12, 20), date(2026, 1, 4), (0, 0, 1, 270)),
        (date(2025, 12, 20), None, None),
        (date(2025, 12, 20), date(2027, 1, 1), None),
    ],
)
def test_fees_count_in_the_year_of_the_notice_and_of_the_payment(
    notified: date, paid: date | None, fees: tuple[int, ...] | None
) -> None:
    case = {"received_on": date(2025, 12, 1), "applicant_kind": "natural_person", "fee_amount": 270}
    engine = only(**case, fee_notified_on=notified, fee_paid_on=paid)
    with engine.connect() as connection:
        found = counts.count(connection, HERE, "江州市民政局", 2026).fees
    names = ("notices", "charged_yuan", "payments", "paid_yuan")
    assert found == (dict(zip(names, fees, strict=True)) if fees else {})
    engine.dispose()

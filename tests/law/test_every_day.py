"""Every day of the law: what begins or ends in any table is looked at on the day before, the day and the day
after, and no answer of any organ on any day has two ways, or none. The days come from the tables themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.content import kinds, remedy_notice
from tests.thorough import examples
from workflow import calendar, clocks, law
from workflow.base.errors import OutOfLaw, Refused
from workflow.cases import ways
from workflow.law.entries import Route
from workflow.office import profile

L = law.bundled()
CAL = calendar.known()
ONE = timedelta(1)
FIRST, LAST = date(2008, 5, 1), date(2027, 12, 31)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
CELLS = [(outcome, cell) for outcome in L.contested() for cell in L.routes(outcome)]
ORGANS = [(kind, level) for kind, levels in L.organ_levels().items() for level in levels]


def rows() -> Iterator[dict[str, Any]]:
    """Every dated row of every law table, instruments included."""
    yield from L.tables["instruments"].values()
    for table in L.tables.values():
        for listed in table.values():
            if isinstance(listed, list):
                yield from (row for row in listed if isinstance(row, dict) and "effective_from" in row)


def turns() -> list[date]:
    """The days on which something begins or holds no longer, as far as the Regulations reach."""
    found = {date.fromisoformat(str(row["effective_from"])) for row in rows()}
    found |= {
        date.fromisoformat(row["effective_until"]) + ONE for row in rows() if row.get("effective_until")
    }
    return sorted(day for day in found if day > FIRST)


AROUND = sorted({day + n * ONE for day in turns() for n in (-1, 0, 1)} | {FIRST, FIRST + ONE})


def in_force(ref: str, on: date) -> bool:
    key = ref.partition(":")[0]
    if key == "house":
        return True
    one = L.instrument(key)
    return one.effective_from <= on and (one.effective_until is None or on <= one.effective_until)


def valid(series: list[Route], on: date) -> list[Route]:
    return [
        one
        for one in series
        if one.effective_from <= on and (one.effective_until is None or on <= one.effective_until)
    ]


def test_the_days_are_those_of_the_changes() -> None:
    known = {date(*day) for day in ((2015, 5, 1), (2018, 2, 8), (2019, 5, 15), (2024, 1, 1))}
    assert known | {date(2025, 6, 1), date(2026, 5, 1), date(2026, 7, 1)} <= set(turns())
    assert len(turns()) > 15


@pytest.mark.parametrize("on", AROUND, ids=str)
def test_what_is_cited_around_a_change_is_in_force(on: date) -> None:
    """Ways, values, starts, organs, answers and letters of the day."""
    for outcome, cell in CELLS:
        series = L.routes(outcome)[cell]
        if series.has(on):
            assert len(valid(series.rows, on)) == 1, (outcome, cell)
            assert all(in_force(ref, on) for ref in series.on(on).articles), (outcome, cell)
    for value in L.values_on(on):
        assert in_force(value.article, on), value.id
    for row in L.tables["starts"]["start"]:
        start = L.start(row["remedy"], row["how"], on)
        assert start is None or in_force(start.article, on), row["how"]
    for kind, level in ORGANS:
        assert in_force(L.reconsideration_organs(kind=kind, level=level, on=on).article, on), kind
    for one in (*L.outcomes(on), *L.grounds(on)):
        assert in_force(one.basis, on), one.id
    for letter in kinds.all():
        if not letter.decides:
            try:
                assert all(in_force(ref, on) for ref in letter.basis_under(L.era_on(on), on)), letter.code
            except Refused:
                continue


# The law of 2014 on suits came into force; of the times that were running then the longer one holds.
CHANGE_OF_2015 = date(2015, 5, 1)


@pytest.mark.parametrize("on", AROUND, ids=str)
def test_clocks_around_a_change_are_those_of_the_value_of_the_day(on: date) -> None:
    for rule, id in (
        ("reply", "reply.limit"),
        ("reconsideration", "reconsideration.limit"),
        ("litigation", "litigation.limit"),
        ("litigation-after-reconsideration", "litigation.after_reconsideration"),
        ("litigation-inaction", "litigation.inaction"),
        ("third-party-opinion", "third_party.opinion"),
        ("fee-payment", "fee.payment"),
        ("litigation-absolute", "litigation.limit_absolute"),
        ("reconsideration-absolute", "reconsideration.limit_absolute"),
    ):
        if not L.knows(id, on):
            with pytest.raises(OutOfLaw):
                clocks.calculate(rule, on, cal=CAL)
            continue
        value, found = L.value(id, on), clocks.calculate(rule, on, cal=CAL)
        if "litigation_transition" in found.notes:
            # A time that was running when the longer one came is the longer one.
            assert L.value(id, on).value < (value := L.value(id, CHANGE_OF_2015)).value
        assert (found.length, found.unit, found.article) == (value.value, value.unit, value.article), rule


@pytest.mark.parametrize("on", AROUND, ids=str)
def test_the_notice_of_each_answer_around_a_change_has_the_numbers_of_the_day(on: date) -> None:
    for outcome, cell in CELLS:
        if L.routes(outcome)[cell].has(on) and outcome in L.tables["outcomes"]["outcome"]:
            _notice_fits(outcome, cell, "department", "county", on)


def _notice_fits(outcome: str, cell: str, kind: str, level: str, on: date) -> None:
    """One notice, of the one kind that the route of the day has, with the periods of the day."""
    names = {role: f"名为{role}的机关" for role in profile.RELATED}
    office = {"kind": kind, "level": level, "names": names, "name": "某某局", "court": "某某市中级人民法院"}
    what = L.variant(outcome)
    extra = {what.fact: next(k for k, v in what.cells.items() if v == cell)} if what and what.fact else {}
    item = {"no": 1, "outcome": outcome, "ground": None, "extra": extra}
    route = L.routes(outcome)[cell].on(on)
    notice = remedy_notice.notice([item], document="答复书", office=office, on=on, served_by="post", law=L)
    assert notice.kind == route.kind
    if route.kind == ways.NONE:
        assert not notice.paragraphs
        return
    (segment,) = notice.segments
    assert segment.articles == route.articles
    assert f"{L.value('reconsideration.limit', on).value}日内" in segment.text
    suit = f"{L.value('litigation.limit', on).value}个月内"
    assert (suit in segment.text) == (route.kind == ways.FREE)
    assert ("先向" in segment.text) == (route.kind == ways.FIRST)
    for period in notice.periods:
        assert in_force(period.article, on)


# --- every day


def test_every_answer_has_one_way_on_every_day() -> None:
    """With both variants of a repeat, silence by either setting, third parties, notices of correction, of a
    fee, of an extension.
    """
    assert {"no_reply", "third_party_disclosure", "correction_notice", "procedural", "fee_notice"} <= {
        outcome for outcome, _ in CELLS
    }
    for outcome, cell in CELLS:
        series = L.routes(outcome)[cell]
        begins = series.rows[0].effective_from
        spans = [len(valid(series.rows, day)) for day in DAYS if day >= begins]
        assert set(spans) <= {1}, (outcome, cell)
        assert not any(valid(series.rows, day) for day in DAYS if day < begins)


def test_every_organ_has_one_rule_on_every_day() -> None:
    for kind, level in ORGANS:
        mine = [
            (str(row["effective_from"]), str(row.get("effective_until", "9999-12-31")))
            for row in L.tables["organs"]["organ"]
            if row["kind"] == kind and level in row["levels"]
        ]
        for day in DAYS:
            assert sum(first <= day.isoformat() <= last for first, last in mine) == 1, (kind, level, day)


@settings(max_examples=examples(200), deadline=None)
@given(st.sampled_from(DAYS), st.sampled_from(ORGANS), st.sampled_from(CELLS))
def test_any_day_organ_and_answer_have_one_notice(
    on: date, organ: tuple[str, str], answer: tuple[str, str]
) -> None:
    outcome, cell = answer
    if not L.routes(outcome)[cell].has(on):
        with pytest.raises(OutOfLaw):
            L.route(outcome, on=on, answer=cell)
    elif outcome in L.tables["outcomes"]["outcome"]:
        _notice_fits(outcome, cell, *organ, on)
    else:
        assert L.route(outcome, on=on, answer=cell).kind in ("review_first", "free", "review_only", "none")

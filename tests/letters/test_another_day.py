"""A decision with the date of another day says what one composed for that day says, wherever it is taken for
that; and it is not where law, case or profile make it another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.content import another_day, compose, kinds, specimens
from letters.content.letter_content import Content
from workflow import law
from workflow.base.errors import DisclosureError
from workflow.drafting import specimen_files
from workflow.storage.entry_hash import canonical

L = law.bundled()
ON = date(2026, 5, 20)
# Beside changes of the law, and between them.
DAYS = [date(2013, 5, 2), date(2019, 5, 20), date(2022, 6, 1), date(2024, 5, 6), ON, date(2026, 6, 30)]
APART = [-400, -30, -1, 0, 1, 2, 9, 30, 200, 800]
WANTED = [
    pytest.param(code, ground, outcome, on, id=f"{code} {ground or outcome or ''} {on}")
    for on in DAYS
    for code, ground, outcome in specimen_files.wanted(on)
    if kinds.get(code).decides
]


def data(code: str, ground: str | None, outcome: str | None, on: date, **more: Any) -> dict[str, Any]:
    return specimens.data(code, ground, on=on, outcome=outcome, **more)


def composed(code: str, facts: dict[str, Any], on: date) -> Content | DisclosureError:
    try:
        return compose.letter(code, {**facts, "on": on.isoformat()}, L)
    except DisclosureError as fault:
        return fault


def alone(code: str, facts: dict[str, Any], first: date, on: date) -> bool:
    """Whether only the date makes it another letter; where that is said it has to be so."""
    before = composed(code, facts, first)
    if isinstance(before, DisclosureError):
        return False
    text = canonical({name: value for name, value in facts.items() if name != "on"})
    if not another_day.differs_by_date_alone(before, text, L, on):
        return False
    assert another_day.dated(before, on) == composed(code, facts, on)
    return True


@pytest.mark.parametrize(("code", "ground", "outcome", "on"), WANTED)
def test_what_differs_by_its_date_alone(code: str, ground: str | None, outcome: str | None, on: date) -> None:
    for served_by in ("post", "online"):
        facts = data(code, ground, outcome, on, served_by=served_by)
        for apart in APART:
            alone(code, facts, on, on + timedelta(apart))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_two_days(drawn: st.DataObject) -> None:
    on = drawn.draw(st.dates(date(2009, 1, 1), date(2026, 11, 1)))
    code, ground, outcome = drawn.draw(
        st.sampled_from([one for one in specimen_files.wanted(on) if kinds.get(one[0]).decides])
    )
    facts = data(code, ground, outcome, on)
    alone(code, facts, on, on + timedelta(drawn.draw(st.integers(-900, 900))))


def ordinary() -> Iterator[tuple[str, dict[str, Any]]]:
    for code, ground, outcome in specimen_files.wanted(ON):
        if kinds.get(code).decides and ground != "state_secret" and outcome != "archived":
            yield code, data(code, ground, outcome, ON)


def test_of_a_day_later_in_time_every_letter_is_the_same() -> None:
    found = [alone(code, facts, ON - timedelta(3), ON - timedelta(2)) for code, facts in ordinary()]
    assert len(found) > 20
    assert all(found)


def test_over_a_change_of_the_law_none_is() -> None:
    last = date(2026, 6, 30)
    for code, facts in ordinary():
        assert not alone(code, facts, last, last + timedelta(1))
        assert not alone(code, facts, last, last + timedelta(40))


def test_what_is_secret_until_a_day_is_looked_at_anew() -> None:
    facts = data("D4a", "state_secret", None, ON)
    assert isinstance(composed("D4a", facts, ON), dict)
    assert not alone("D4a", facts, ON, ON + timedelta(1))


@pytest.mark.parametrize("cell", ["from", "until"])
def test_an_organ_that_the_profile_names_from_a_day_is_looked_at_anew(cell: str) -> None:
    facts = data("D1", None, None, ON)
    turn = ON + timedelta(10)
    entry = {"name": "某某市司法局", "because": "某某规定", cell: turn.isoformat()}
    office = {**facts["office"], "reconsideration": [entry]}
    facts = {**facts, "office": office}
    first, last = turn - timedelta(2), turn + timedelta(2)
    assert composed("D1", facts, first) != composed("D1", facts, last)
    assert not alone("D1", facts, first, last)
    assert alone("D1", facts, turn + timedelta(1), last)


def test_what_decides_nothing_is_composed_anew() -> None:
    facts = data("P5", None, None, ON)
    assert not alone("P5", facts, ON, ON + timedelta(1))

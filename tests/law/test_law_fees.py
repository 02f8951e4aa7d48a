"""The information processing fee, by the page and by the item."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import law
from workflow.base.errors import Malformed, OutOfLaw

L = law.bundled()
NOW = date(2026, 5, 20)


def page_rate(page: int) -> int:
    return 0 if page <= 30 else 10 if page <= 100 else 20 if page <= 200 else 40


def item_rate(item: int) -> int:
    return 0 if item <= 10 else 100 if item <= 30 else 100 * (2 + (item - 31) // 10)


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [(0, 0), (1, 0), (30, 0), (31, 10), (57, 270), (100, 700), (101, 720), (200, 2700), (201, 2740)],
)
def test_by_page(pages: int, yuan: int) -> None:
    fee = L.by_page(pages, on=NOW)
    assert (fee.amount, fee.article, fee.status) == (yuan, "fee2020:5", "V*")


@pytest.mark.parametrize(
    ("items", "already", "yuan"),
    [
        (1, 0, 0),
        (10, 0, 0),
        (11, 0, 100),
        (30, 0, 2000),
        (31, 0, 2200),
        (40, 0, 4000),
        (41, 0, 4300),
        (1, 10, 100),
        (1, 30, 200),
        (1, 40, 300),
        (5, 28, 800),
    ],
)
def test_by_item(items: int, already: int, yuan: int) -> None:
    fee = L.by_item(items, already, on=NOW)
    assert (fee.amount, fee.article, fee.status) == (yuan, "fee2020:4.2", "V")


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_bands_add_up_to_each_unit_at_its_rate(units: int, already: int) -> None:
    fee = L.by_item(units, already, on=NOW)
    assert fee.amount == sum(item_rate(n) for n in range(already + 1, already + units + 1))
    assert sum(band.units for band in fee.bands) == units
    assert all(band.yuan == band.units * band.yuan_each for band in fee.bands)
    assert L.by_page(units, on=NOW).amount == sum(page_rate(n) for n in range(1, units + 1))


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_items_cost_the_same_in_one_application_or_two(already: int, first: int, second: int) -> None:
    together = L.by_item(first + second, already, on=NOW).amount
    assert (
        together
        == L.by_item(first, already, on=NOW).amount + L.by_item(second, already + first, on=NOW).amount
    )


def test_there_was_no_fee_before_2021() -> None:
    with pytest.raises(OutOfLaw) as caught:
        L.by_page(50, on=date(2020, 12, 31))
    assert caught.value.params["first"] == "2021-01-01"
    assert L.by_page(50, on=date(2021, 1, 1)).amount == 200


@pytest.mark.parametrize("units", [-1, 100_001, 10**12])
def test_counts_out_of_reason_are_refused(units: int) -> None:
    with pytest.raises(Malformed):
        L.by_page(units, on=NOW)
    with pytest.raises(Malformed):
        L.by_item(1, units, on=NOW)

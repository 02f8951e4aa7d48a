"""Days as people say them, against a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from workflow import calendar
from workflow.base.errors import Malformed
from workflow.calendar.spoken_days import read_day

THURSDAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("今天", "2026-03-05"),
        ("昨天", "2026-03-04"),
        ("明日", "2026-03-06"),
        ("周一", "2026-03-02"),
        ("星期天", "2026-03-08"),
        ("周日", "2026-03-08"),
        ("上周五", "2026-02-27"),
        ("下周一", "2026-03-09"),
        ("monday", "2026-03-02"),
        ("3月5日", "2026-03-05"),
        ("3月11号", "2026-03-11"),
        ("3.5", "2026-03-05"),
        ("３．５", "2026-03-05"),
        ("3-5", "2026-03-05"),
        ("3/5", "2026-03-05"),
        ("12日", "2026-03-12"),
        ("去年12月31日", "2025-12-31"),
        ("2026年3月5日", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("+3", "2026-03-08"),
        ("+3天", "2026-03-08"),
        ("-1", "2026-03-04"),
        ("+2周", "2026-03-19"),
        ("+3工作日", "2026-03-10"),
        ("+3个工作日", "2026-03-10"),
        ("-1工作日", "2026-03-04"),
    ],
)
def test_the_day_that_is_meant(said: str, meant: str) -> None:
    assert read_day(said, THURSDAY, calendar.known()).isoformat() == meant


def test_working_days_leave_out_the_spring_festival() -> None:
    assert read_day("+1工作日", date(2026, 2, 14), calendar.known()) == date(2026, 2, 24)


@pytest.mark.parametrize(
    "said", ["", "什么时候", "2月30日", "13.5", "2026-02-30", "20261301", "周八", "+", "3月"]
)
def test_what_is_no_day_is_refused(said: str) -> None:
    with pytest.raises(Malformed):
        read_day(said, THURSDAY, calendar.known(), "on")

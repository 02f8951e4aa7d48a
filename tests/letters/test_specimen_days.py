"""The days of a specimen are lawful: received and written on working days, in time, with the right last
days.
"""

from __future__ import annotations

from datetime import date

import pytest

from letters.content import kinds, specimens
from workflow import calendar, law
from workflow.base.errors import Refused
from workflow.drafting import catalogue

L = law.bundled()
DAYS = [
    date(2026, 5, 20),
    date(2026, 1, 5),
    date(2026, 10, 9),
    date(2025, 2, 6),
    date(2019, 6, 10),
    date(2013, 5, 20),
]


def wanted(on: date) -> list[tuple[str, str | None]]:
    found = []
    for kind in kinds.all():
        for outcome in kind.outcomes or (None,):
            try:
                catalogue.require(
                    kind.code,
                    specimens.received(on, kind.code, outcome),
                    next(iter(kind.grounds), None),
                    outcome,
                    written=on,
                )
            except Refused:
                continue
            found.append((kind.code, outcome))
    return found


@pytest.mark.parametrize("on", DAYS)
def test_every_specimen_is_in_time_and_of_working_days(on: date) -> None:
    known = calendar.known()
    made = wanted(on)
    assert len(made) > 20
    for code, outcome in made:
        data = specimens.data(code, outcome=outcome, on=on)
        received = date.fromisoformat(data["case"]["received_on"])
        limit = int(L.value("reply.limit", on=received).value)
        due = date.fromisoformat(data["case"]["reply_due"])
        assert due == known.add(received, limit)
        days = [received]
        for row in data["consultations"]:
            days += [date.fromisoformat(row["sent"]), date.fromisoformat(row["answered"])]
            assert received < days[-2] < days[-1] < on
        extras = [data["extra"], *(item["extra"] for item in (data["decision"] or {"items": []})["items"])]
        days += [
            date.fromisoformat(extra[name])
            for extra in extras
            for name in ("answer_by", "delay_until", "consulted_on", "answered_on", "fee_notified_on")
            if name in extra
        ]
        assert all(map(known.is_working, days)), (code, outcome, days)
        if outcome == "lapsed_fee":
            asked, until = (date.fromisoformat(extras[-1][name]) for name in ("fee_notified_on", "answer_by"))
            assert until == known.add(asked, 20) < on
        else:
            assert on <= due, (code, outcome)
        if code == "P3":
            assert known.count(received, on) <= 7
        if data["extension"]:
            assert data["extension"]["due"] == known.add(due, data["extension"]["days"]).isoformat()


def test_a_day_beyond_the_calendar_has_a_specimen_by_weekdays() -> None:
    data = specimens.data("D1", on=date(2090, 3, 1))
    assert date.fromisoformat(data["case"]["received_on"]).weekday() < 5

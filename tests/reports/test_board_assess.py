"""Assessment: every point is traceable to cases, the table of the day is used, months compared."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from freezegun import freeze_time

from tests.builders import Place
from tests.counter import disclosure
from workflow.base import tables
from workflow.base.errors import Malformed, Refused
from workflow.reports.board import assess, criteria
from workflow.reports.board import board as boards
from workflow.reports.board.row import Row

MARCH = "2026-03"


def test_every_mark_is_the_share_of_two_lists(government: tuple[Place, Place]) -> None:
    desk = government[0].desk("head")
    rules, found = assess.assess(desk, MARCH)
    assert [one.organ for one in found] == ["jz", "wj"]
    assert sum(one.weight for one in rules.criteria) == criteria.WHOLE
    span = boards.span(desk, month=MARCH)
    for one in found:
        for mark in one.marks:
            listed = [
                boards.listed(desk, span, one.organ, id).rows
                for id in (mark.criterion.part, *mark.criterion.of)
            ]
            assert mark.part == len(listed[0])
            assert mark.whole == sum(map(len, listed[1:]))
            assert (mark.points is None) == (mark.whole == 0)
    nothing, organ = found
    assert nothing.total is None
    points = {mark.criterion.id: mark.points for mark in organ.marks}
    # All in time; one of two ratings was good (50 %: none at all); three of five done; nothing extended.
    assert points["in_time"] == 45.0
    assert points["satisfied"] == 0.0
    assert points["upheld"] is None
    assert points["extended"] == 5.0
    weights = {mark.criterion.id: mark.criterion.weight for mark in organ.marks if mark.points is not None}
    assert organ.total == round(sum(points[id] or 0 for id in weights) * 100 / sum(weights.values()), 2)


@pytest.mark.parametrize(("share", "points"), [(1.0, 45), (0.9, 22.5), (0.8, 0), (0.1, 0)])
def test_points_in_proportion_between_two_shares(share: float, points: float) -> None:
    rule = next(one for one in criteria.bundled()[-1].criteria if one.id == "in_time")
    assert rule.points(share) == points
    falling = rule._replace(full=0.0, none=0.3, weight=30)
    assert [falling.points(one) for one in (0.0, 0.15, 0.3, 1.0)] == [30, 15, 0, 0]


def test_nothing_is_lost_by_what_cannot_be_measured() -> None:
    rules = criteria.bundled()[-1]
    row = Row("a", "甲", Counter(in_time=9, replied=10))
    marked = assess.marked(row, MARCH, rules)
    assert [mark.points for mark in marked.marks] == [22.5, None, None, None, None]
    assert marked.total == 50.0


def _table(**changes: Any) -> dict[str, Any]:
    one = {
        "id": "in_time",
        "zh": "按期",
        "en": "in time",
        "weight": 100,
        "part": "in_time",
        "of": ["replied"],
        "full": 1.0,
        "none": 0.5,
        "article": "ogi2019:33",
    }
    return {"effective_from": "2026-04-01", "article": "ogi2019:46", "criterion": [{**one, **changes}]}


def test_an_office_sets_its_own_from_a_day_on(quick: Place) -> None:
    head = quick.desk("head")
    made = criteria.read(_table(), own=True)
    assert criteria.read(tables.parse(criteria.toml(made), "x"), own=True) == made
    with pytest.raises(Refused):
        criteria.set_own(quick.desk("handler"), criteria.toml(made))
    criteria.set_own(head, criteria.toml(made))
    assert not assess.assess(head, MARCH)[0].own
    assert assess.assess(head, "2026-04")[0] == made
    again = criteria.toml(made).replace("none = 0.5", "none = 0.6")
    criteria.set_own(head, again)
    assert assess.assess(head, "2026-04")[0].criteria[0].none == 0.6


@pytest.mark.parametrize(
    "changes",
    [
        {"weight": 99},
        {"weight": True},
        {"part": "overdue"},
        {"part": "median"},
        {"part": "nothing"},
        {"of": []},
        {"full": 0.5},
        {"article": "ogi2019:99"},
        {"article": "x"},
        {"id": ""},
        {"full": "much"},
        {"zh": None},
    ],
)
def test_a_table_that_cannot_be_followed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        criteria.read(_table(**changes), own=True)


def test_months_before_there_were_criteria(quick: Place) -> None:
    with pytest.raises(Malformed):
        assess.assess(quick.desk("head"), "2015-03")
    assert assess.months_back("2026-02", 3) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_at_the_counter(
    government: tuple[Place, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", government[0].store.url)
    me, out = ("--as", "head", "--office", "jz", "--lang", "en"), tmp_path / "own.toml"
    with freeze_time("2026-09-01T02:00:00Z"):
        plain = disclosure("board", "assess", "--month", MARCH, "--json", *me).json
        mark = plain["organs"][1]["marks"][0]
        words = mark["list"].split()[1:]
        assert disclosure(*words, "--json", *me).json["count"] == mark["part"]
        below = [disclosure(*line.split()[1:], "--json", *me).json["count"] for line in mark["lists_of"]]
        assert sum(below) == mark["of"]
        said = disclosure("board", "assess", "--month", MARCH, "--back", "2", *me).out
        assert "2026-01" in said
        assert disclosure("board", "assess", "--month", MARCH, "--out", tmp_path / "a.xlsx", *me).code == 0
        assert disclosure("board", "assess", "--month", MARCH, "--out", tmp_path / "a.csv", *me).code == 0
        assert disclosure("board", "criteria", "--out", out, *me).code == 0
        assert disclosure("board", "criteria", "--set", out, *me).code == 0
        assert disclosure("board", "criteria", "--json", *me).json["own"]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.worksheets[0].max_row == 1 + 2 * 6
    assert date.fromisoformat(f"{book.worksheets[1].cell(1, 2).value}-01") == date(2026, 3, 1)

"""Decided cases through the real desk: how they are read, how provisions are compared, and what comes of
them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from benchmarks.precedents import __main__ as command
from benchmarks.precedents import articles, cases, score
from workflow import law
from workflow.base.errors import Malformed

HERE = Path(__file__).parent
L = law.bundled()


@pytest.mark.parametrize(
    ("ref", "wanted", "same"),
    [
        ("ogi2008:21.1.3", "R2008 21(3)", True),
        ("ogi2008:21.1.3", "R2008 21", True),
        ("ogi2008:21.1.3", "R2008 21(2)", False),
        ("ogi2008:21.1", "R2008 21(3)", False),
        ("ogi2019:33.2", "R2019 33(2)", True),
        ("ogi2019:16.1", "R2019 16(2)", False),
        ("ogi2019:36.1.5", "R2019 36(5)", True),
        ("ogi2019:36.1.5", "R2008 36(5)", False),
        ("spc2011:7.1", "17号 7", True),
        ("spc2011:2.1.4", "17号 2(4)", True),
        ("archives2020:15", "档案法 15(2)", False),
        ("house:wording", "R2019 36", False),
    ],
)
def test_a_provision_is_the_one_that_the_case_names(ref: str, wanted: str, same: bool) -> None:
    assert articles.names(ref, wanted, L) is same


@pytest.mark.parametrize(
    ("provision", "said"),
    [
        ("R2008 21(3)", "《条例》第二十一条第（三）项"),
        ("R2019 39(1)", "《条例》第三十九条第一款"),
        ("R2008 22", "《条例》第二十二条"),
        ("某地规定 23(6)", "《某地规定》第二十三条第（六）项"),
    ],
)
def test_a_provision_is_written_as_a_letter_has_it(provision: str, said: str) -> None:
    assert articles.written(provision, L) == said


def test_a_month_and_a_year_are_spans_of_days(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text((HERE / "051-zoucheng-wrong-map.toml").read_text("utf-8"), "utf-8")
    (case,) = cases.read(tmp_path)
    assert (case.events[0].first, case.events[0].last) == (date(2015, 8, 1), date(2015, 8, 31))
    assert case.verdict == "outside"


def test_what_is_no_case_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('id = "1"\n', "utf-8")
    with pytest.raises(Malformed, match=r"a\.toml"):
        cases.read(tmp_path)
    with pytest.raises(Malformed):
        cases.read(tmp_path / "nothing")


def test_a_score_counts_a_warning_of_what_should_be_stopped_as_half() -> None:
    listed = {one.verdict: one for one in cases.read(HERE)}
    stop, warn, passes = listed["stop"], listed["warn"], listed["pass"]
    found = score.Score(
        [
            score.Result(stop, score.STOPPED),
            score.Result(stop, score.WARNED),
            score.Result(warn, score.WARNED),
            score.Result(passes, score.LET_THROUGH),
        ]
    )
    assert (found.points, found.defeats, found.passed) == (2.5, 3, False)
    assert found.line().startswith("stopped 1, warned 2, missed 0 of 3 defeats; blocked 0 of 1 victories")
    blocked = score.Score([score.Result(stop, score.STOPPED), score.Result(passes, score.BLOCKED)])
    assert not blocked.passed


def test_the_cases_go_through_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path))
    found = command.drive(cases.read(HERE), tmp_path)
    assert found.passed, found.line()
    assert (found.count(score.MISSED), found.count(score.BLOCKED)) == (0, 0)
    # What the README says of them.
    assert (found.count(score.STOPPED), found.count(score.WARNED), found.defeats) == (70, 45, 115)
    assert found.count(score.LET_THROUGH) == 68

"""Outcomes, grounds and remedies: what can be decided on a day, on which article, and the way against it."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from workflow import law
from workflow.base.errors import Malformed, NotFound, OutOfLaw, Refused

L = law.bundled()
# Up to here the tables are asked, whatever the day on which the tests run.
LAST = date(2030, 12, 31)
NOW = date(2026, 5, 20)

REPLIES = {
    "granted": "ogi2019:36.1.2",
    "already_public": "ogi2019:36.1.1",
    "partial": "ogi2019:37",
    "withheld": "ogi2019:36.1.3",
    "not_held": "ogi2019:36.1.4",
    "not_here": "ogi2019:36.1.5",
    "needs_creation": "ogi2019:38",
    "still_unclear": "ogi2019:30",
    "petition": "ogi2019:39.1",
    "repeat": "ogi2019:36.1.6",
    "publication": "ogi2019:39.2",
    "excessive": "ogi2019:35",
    "reconfirm": "ogi2019:2",
    "special_regime": "ogi2019:36.1.7",
    "not_government_information": "ogi2019:2",
    "archived": "archives2020:15.2",
    "rectified": "ogi2019:41",
    "rectification_passed_on": "ogi2019:41",
    "rectification_directed": "ogi2019:41",
    "rectification_refused": "ogi2019:41",
    "lapsed_correction": "ogi2019:30",
    "lapsed_fee": "fee2020:6",
    "withdrawn": "house:withdrawal",
}
GROUNDS = {
    "state_secret": ("ogi2019:14", "D4a"),
    "law_forbids": ("ogi2019:14", "D4b"),
    "three_securities": ("ogi2019:14", "D4c"),
    "trade_secret": ("ogi2019:15", "D4d"),
    "personal_privacy": ("ogi2019:15", "D4d"),
    "other_third_party": ("ogi2019:15", "D4d"),
    "internal_affairs": ("ogi2019:16.1", "D4e"),
    "process_information": ("ogi2019:16.2", "D4f"),
    "enforcement_file": ("ogi2019:16.2", "D4g"),
}


def test_the_outcomes_of_today_and_their_articles() -> None:
    assert {outcome.id: outcome.basis for outcome in L.outcomes(NOW)} == REPLIES


def test_the_grounds_of_today_with_article_and_letter() -> None:
    assert {ground.id: (ground.basis, ground.letter) for ground in L.grounds(NOW)} == GROUNDS


def test_under_the_2008_regulations_there_are_fewer() -> None:
    on = date(2011, 6, 1)
    assert {ground.id: ground.basis for ground in L.grounds(on)} == {
        "state_secret": "ogi2008:14.4",
        "law_forbids": "ogi2008:14.2",
        "three_securities": "ogi2008:8",
        "trade_secret": "ogi2008:14.4",
        "personal_privacy": "ogi2008:14.4",
        "internal_affairs": "opinion2010:2",
        "process_information": "opinion2010:2",
        "special_need": "ogi2008:13",
    }
    assert L.outcome("not_held", on).basis == "ogi2008:21.1.3"
    assert L.outcome("partial", on).basis == "ogi2008:22"
    for later in ("excessive", "lapsed_correction", "lapsed_fee", "reconfirm"):
        with pytest.raises(OutOfLaw):
            L.outcome(later, on)
    assert "lapsed_fee" in {o.id for o in L.outcomes(on, NOW)}
    assert {o.id for o in L.outcomes(on, NOW)} - {o.id for o in L.outcomes(on)} == {"lapsed_fee"}
    with pytest.raises(OutOfLaw) as caught:
        L.ground("enforcement_file", on)
    assert caught.value.params["first"] == "2011-08-13"
    with pytest.raises(OutOfLaw):
        L.ground("special_need", NOW)
    with pytest.raises(OutOfLaw):
        L.ground("internal_affairs", date(2009, 6, 1))


def test_only_article_16_leaves_a_discretion_and_only_article_15_asks_a_third_party() -> None:
    assert {g.id for g in L.grounds(NOW) if g.discretionary} == {
        "internal_affairs",
        "process_information",
        "enforcement_file",
    }
    assert {g.id for g in L.grounds(NOW) if g.third_party} == {
        "trade_secret",
        "personal_privacy",
        "other_third_party",
    }


def test_without_a_day_the_latest_version_is_meant() -> None:
    assert L.outcome("granted").basis == "ogi2019:36.1.2"
    assert L.ground("state_secret").basis == "ogi2019:14"
    assert {o.id for o in L.outcomes(NOW) if o.final} == {"lapsed_correction", "lapsed_fee", "withdrawn"}


@pytest.mark.parametrize("ground", GROUNDS)
def test_refusals_go_to_reconsideration_first_since_2024(ground: str) -> None:
    for outcome in ("withheld", "partial"):
        before = L.route(outcome, ground, on=date(2023, 12, 31))
        after = L.route(outcome, ground, on=date(2024, 1, 1))
        assert (before.kind, after.kind) == ("free", "review_first")
        assert "arl2023:23.1.4" in after.articles
        assert "arl2023:23.2" in after.articles
        assert not any(ref.startswith("arl2023") for ref in before.articles)


ANSWERS = tomllib.loads((Path(law.__file__).parent / "cells" / "answers.toml").read_text("utf-8"))["answer"]
CELLS = [
    pytest.param(row["outcome"], row["when"], *cell, id=f"{row['outcome']} {row['when']} {cell[0]}")
    for row in ANSWERS
    for cell in row["cells"]
]
CHANGES = [
    date(2011, 8, 13),
    date(2015, 5, 1),
    date(2018, 2, 8),
    date(2019, 5, 15),
    date(2021, 1, 1),
    date(2021, 12, 22),
    date(2024, 1, 1),
    date(2025, 6, 1),
    date(2026, 5, 1),
    date(2026, 7, 1),
]
ONE = timedelta(days=1)


@pytest.mark.parametrize(("outcome", "when", "first", "last", "kind", "status"), CELLS)
def test_every_cell_of_the_table_of_routes(
    outcome: str, when: str, first: str, last: str, kind: str, status: str
) -> None:
    """On its first day, its last, and the days around each change of the law between them."""
    begins, ends = date.fromisoformat(first), date.fromisoformat(last or "2035-12-31")
    days = {begins, ends, *(change + n * ONE for change in CHANGES for n in (-1, 0, 1))}
    for day in sorted(day for day in days if begins <= day <= ends):
        found = L.route(outcome, on=day, answer=when)
        assert (found.kind, found.status) == (kind, status), day
        assert found.articles
        assert found.effective_from <= day


def test_the_written_table_has_every_answer_and_every_variant() -> None:
    told = {(row["outcome"], row["when"]) for row in ANSWERS}
    assert told == {(outcome, cell) for outcome in L.contested() for cell in L.routes(outcome)}
    for row in ANSWERS:
        spans = [(date.fromisoformat(cell[0]), cell[1]) for cell in row["cells"]]
        for (_, last), (first, _) in pairwise(spans):
            assert date.fromisoformat(last) + ONE == first
        assert spans[-1][1] == ""
        first = L.routes(row["outcome"])[row["when"]].rows[0].effective_from
        assert spans[0][0] == first


@pytest.mark.parametrize("outcome", L.contested())
def test_no_day_has_two_routes_or_none(outcome: str) -> None:
    for cell, series in L.routes(outcome).items():
        begin, end = series.rows[0].effective_from, LAST
        assert series.rows[-1].effective_until is None
        day = begin
        while day <= end:
            valid = [
                row
                for row in series.rows
                if row.effective_from <= day and (row.effective_until is None or day <= row.effective_until)
            ]
            assert len(valid) == 1, (outcome, cell, day)
            day += ONE
        with pytest.raises(OutOfLaw):
            series.on(begin - ONE)


@pytest.mark.parametrize("outcome", L.contested())
def test_nothing_is_cited_before_it_is_in_force_or_after(outcome: str) -> None:
    """Not in the middle of a span either: whoever reads the articles of a day finds them in force on it."""
    for series in L.routes(outcome).values():
        for row in series.rows:
            for ref in row.articles:
                key = ref.partition(":")[0]
                if key == "house":
                    continue
                assert L.citation(ref)
                instrument = L.instrument(key)
                assert instrument.effective_from <= row.effective_from, (outcome, ref)
                last = instrument.effective_until
                assert last is None or (row.effective_until is not None and row.effective_until <= last)


def test_what_the_earlier_reply_did_decides_on_a_repeat_since_june_2025() -> None:
    assert L.route("repeat", on=date(2025, 5, 31)).kind == "free"
    with pytest.raises(Refused) as caught:
        L.route("repeat", on=date(2025, 6, 1))
    assert caught.value.field == "earlier_disclosed"
    assert caught.value.rule == "spc2025:10.2.4"
    for said, kind in (("yes", "review_only"), ("no", "free"), ("是", "review_only"), (False, "free")):
        cell = L.cell("repeat", {"earlier_disclosed": said})
        assert L.route("repeat", on=date(2025, 6, 1), answer=cell).kind == kind
    with pytest.raises(Malformed):
        L.cell("repeat", {"earlier_disclosed": "perhaps"})
    with pytest.raises(Malformed):
        L.route("repeat", on=NOW, answer="whatever")


def test_silence_goes_as_the_office_has_settled_it_until_the_law_did() -> None:
    for on, default, free in (
        (date(2023, 12, 31), "free", "free"),
        (date(2024, 1, 1), "review_first", "free"),
        (date(2026, 6, 30), "review_first", "free"),
        (date(2026, 7, 1), "review_first", "review_first"),
    ):
        for chosen, kind in (({}, default), ({"silence_route": "free"}, free)):
            cell = L.cell("no_reply", None, chosen)
            assert L.route("no_reply", on=on, answer=cell).kind == kind
    assert "arl-impl2026:30.1" in L.route("no_reply", on=date(2026, 7, 1), answer="review_first").articles


def test_what_each_change_of_the_law_brings_into_the_articles() -> None:
    """The day before, the day."""
    for outcome, change, gone, new in (
        ("withheld", date(2015, 5, 1), "all1989:39", "all2014:46.1"),
        ("withheld", date(2019, 5, 15), "ogi2008:33.2", "ogi2019:51"),
        ("withheld", date(2024, 1, 1), "arl1999:9.1", "arl2023:23.1.4"),
        ("withheld", date(2026, 7, 1), "", "arl-impl2026:31"),
        ("partial", date(2026, 7, 1), "recon2021:2.1.1", "arl-impl2026:31"),
        ("not_held", date(2011, 8, 13), "", "spc2011:1.1.1"),
        ("not_held", date(2025, 6, 1), "spc2011:1.1.1", "spc2025:1.1.1"),
        ("not_held", date(2026, 5, 1), "", "spc2026:2"),
        ("not_held", date(2026, 7, 1), "", "arl-impl2026:30.2"),
        ("withheld", date(2026, 5, 1), "", "spc2026:6.1"),
        ("needs_creation", date(2021, 12, 22), "", "recon2021:2.1.1"),
        ("no_reply", date(2015, 5, 1), "", "spc2015:4"),
        ("no_reply", date(2018, 2, 8), "spc2015:4", "spc2018:66"),
        ("procedural", date(2021, 12, 22), "spc2011:2.1.1", "recon2021:3.1.1"),
        ("procedural", date(2025, 6, 1), "", "spc2025:10.2.2"),
    ):
        answer = "free" if outcome == "no_reply" else None
        before = L.route(outcome, on=change - ONE, answer=answer).articles
        after = L.route(outcome, on=change, answer=answer).articles
        assert (not gone or gone in before, gone in after) == (True, False), (outcome, change)
        assert (new in before, new in after) == (False, True), (outcome, change)


def test_a_route_needs_an_outcome_and_a_ground_of_its_day() -> None:
    with pytest.raises(NotFound):
        L.route("grant", on=NOW)
    with pytest.raises(NotFound):
        L.route("withheld", "secret", on=NOW)
    with pytest.raises(OutOfLaw):
        L.route("withheld", "other_third_party", on=date(2019, 5, 14))
    with pytest.raises(OutOfLaw):
        L.route("excessive", on=date(2019, 5, 14))
    with pytest.raises(OutOfLaw):
        L.route("withheld", on=date(2008, 4, 30))


ORGANS = tomllib.loads((Path(law.__file__).parent / "cells" / "organs.toml").read_text("utf-8"))["organ"]
DECIDES = [
    pytest.param(row["kind"], level, *cell, id=f"{row['kind']} {level} {cell[0]}")
    for row in ORGANS
    for level in row["levels"]
    for cell in row["cells"]
]


@pytest.mark.parametrize(("kind", "level", "first", "last", "roles", "status", "article"), DECIDES)
def test_who_reconsiders(
    kind: str, level: str, first: str, last: str, roles: list[str], status: str, article: str
) -> None:
    begins, ends = date.fromisoformat(first), date.fromisoformat(last or "2035-12-31")
    days = {begins, ends, *(change + n * ONE for change in CHANGES for n in (-1, 0, 1))}
    for day in sorted(day for day in days if begins <= day <= ends):
        found = L.reconsideration_organs(kind=kind, level=level, on=day)
        assert (list(found), found.status, found.article) == (roles, status, article), day
        assert found.choice == (len(roles) > 1)
        for role in found:
            assert L.role(role)["zh"]
            assert L.role(role)["en"]


def test_where_only_an_intermediate_court_hears_the_suit() -> None:
    for kind, level, word in (
        ("government", "county", "中级人民法院"),
        ("government", "province", "中级人民法院"),
        ("state_council_department", "state", "中级人民法院"),
        ("government", "township", None),
        ("department", "province", None),
    ):
        found = L.court_level(kind=kind, level=level, on=NOW)
        assert (found.word if found else None) == word
    # 海关处理的案件: of the organs led from above only the customs.
    customs = L.court_level(kind="vertical", level="county", on=NOW, name="江州海关")
    assert customs is not None
    assert (customs.word, customs.article) == ("中级人民法院", "all2014:15.1.2")
    assert L.court_level(kind="vertical", level="county", on=NOW, name="江州市税务局") is None
    assert L.court_level(kind="government", level="county", on=date(2015, 4, 30)) is None
    assert L.court_level(kind="government", level="county", on=date(2015, 5, 1)) is not None


def test_no_kind_of_organ_leads_to_a_higher_court() -> None:
    for court, article in (
        ("江南省高级人民法院", "all2014:16"),
        ("最高人民法院", "all2014:17"),
        ("江州市中级人民法院", None),
        ("江州市姑江区人民法院", None),
        ("江州铁路运输法院", None),
    ):
        found = L.too_high(court, on=NOW)
        assert (found.article if found else None) == article
    # What the law before said is not in the tables.
    assert L.too_high("江南省高级人民法院", on=date(2015, 4, 30)) is None


def test_every_kind_and_level_of_the_rules_is_written_out() -> None:
    told = {row["kind"]: tuple(row["levels"]) for row in ORGANS if row["levels"] != ["state"]}
    levels = L.organ_levels()
    assert set(levels) == {row["kind"] for row in ORGANS}
    for row in ORGANS:
        for level in row["levels"]:
            assert level in levels[row["kind"]]
            spans = [(cell[0], cell[1]) for cell in row["cells"]]
            assert spans[0][0] == "2008-05-01"
            assert spans[-1][1] == ""
            for (_, last), (first, _) in pairwise(spans):
                assert date.fromisoformat(last) + ONE == date.fromisoformat(first)
    for kind, known in levels.items():
        assert {level for row in ORGANS if row["kind"] == kind for level in row["levels"]} == set(known), told


def test_an_organ_that_no_rule_knows() -> None:
    with pytest.raises(NotFound):
        L.reconsideration_organs(kind="department", level="township", on=NOW)


def test_rows_of_the_annual_report() -> None:
    assert L.report_row("withheld", "trade_secret", 2025) == "r3_4_third_party"
    assert L.report_row("lapsed_fee", None, 2025) == "r6_2_no_payment"
    assert L.report_row("lapsed_fee", None, 2020) == "r6_other"
    assert L.report_row("special_regime", None, 2025) == "r3_8_admin_query"
    assert L.report_row("withdrawn", None, 2025) == "r6_3_other"
    assert len(L.report_format(2021).rows) == 25
    assert len(L.report_format(2020).rows) == 23
    assert L.report_format(2019).instrument == "rep2019"
    assert L.report_format(2026).columns[-1] == "total"
    with pytest.raises(OutOfLaw):
        L.report_format(2018)
    keys = {row.key for row in L.report_format(2026).rows}
    for outcome in L.outcomes(NOW):
        assert outcome.report_row in keys or outcome.id == "withheld"
    assert {ground.report_row for ground in L.grounds(NOW)} <= keys


def test_when_the_report_is_due() -> None:
    assert L.report_due("department", NOW) == ("01-31", "ogi2019:49.1")
    assert L.report_due("government", NOW) == ("03-31", "ogi2019:49.2")
    assert L.report_due("territorial_branch", NOW) == ("01-31", "ogi2019:49.1")
    assert L.report_due("department", date(2019, 1, 31)) == ("03-31", "ogi2008:31")

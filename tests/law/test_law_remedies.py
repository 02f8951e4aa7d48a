"""Outcomes, grounds and remedies: what can be decided on a day, on which article, and the way against it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflow import law
from workflow.base import dates
from workflow.base.errors import NotFound, OutOfLaw

L = law.bundled()
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
    "archived": "archives2020:28",
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
FREE = set(REPLIES) - {"withheld", "partial", "withdrawn"}


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
    }
    assert L.outcome("not_held", on).basis == "ogi2008:21.1.3"
    assert L.outcome("partial", on).basis == "ogi2008:22"
    for later in ("excessive", "lapsed_correction", "lapsed_fee", "reconfirm"):
        with pytest.raises(OutOfLaw):
            L.outcome(later, on)
    assert "lapsed_fee" in {o.id for o in L.outcomes(on, NOW)}
    assert {o.id for o in L.outcomes(on, NOW)} - {o.id for o in L.outcomes(on)} == {"lapsed_fee"}
    with pytest.raises(OutOfLaw) as caught:
        L.ground("internal_affairs", on)
    assert caught.value.params["first"] == "2019-05-15"


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
    assert L.outcome("withheld").route == "review_first"
    assert L.outcome("withheld", date(2011, 6, 1)).route == "free"
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


@pytest.mark.parametrize("outcome", sorted(FREE))
def test_all_else_leaves_the_choice(outcome: str) -> None:
    assert L.route(outcome, on=NOW).kind == "free"


def test_how_certain_the_route_is() -> None:
    expected = {
        "withheld": "V",
        "partial": "C",
        "special_regime": "U",
        "no_reply": "U",
        "not_held": "V",
        "petition": "V",
    }
    assert {outcome: L.route(outcome, on=NOW).status for outcome in expected} == expected
    assert L.route("not_held", on=date(2024, 6, 3)).status == "C"


def test_procedural_notices_and_withdrawal_have_no_remedy_of_their_own() -> None:
    assert L.route("procedural", on=NOW) == L.route("procedural", on=NOW)._replace(kind="none", status="V")
    assert L.route("procedural", on=NOW).articles == ("recon2021:3.1.1",)
    assert L.route("withdrawn", on=NOW).kind == "none"
    assert L.route("third_party_disclosure", on=NOW).kind == "free"


def test_the_courts_of_the_old_law() -> None:
    assert "all1989:39" in L.route("withheld", on=date(2015, 4, 30)).articles
    assert "all2014:46.1" in L.route("withheld", on=date(2015, 5, 1)).articles
    assert L.route("publication", on=date(2011, 8, 12)).status == "V"
    assert L.route("publication", on=date(2011, 8, 13)).status == "U"
    assert "spc2025:1.1.1" in L.route("publication", on=date(2025, 6, 1)).articles


def test_a_route_needs_an_outcome_and_a_ground_of_its_day() -> None:
    with pytest.raises(NotFound):
        L.route("grant", on=NOW)
    with pytest.raises(NotFound):
        L.route("withheld", "secret", on=NOW)
    with pytest.raises(OutOfLaw):
        L.route("withheld", "internal_affairs", on=date(2019, 5, 14))
    with pytest.raises(OutOfLaw):
        L.route("excessive", on=date(2019, 5, 14))
    with pytest.raises(OutOfLaw):
        L.route("withheld", on=date(2008, 4, 30))


def test_every_outcome_has_one_route_on_every_day_it_exists() -> None:
    last = dates.today() + timedelta(days=366)
    day = date(2008, 5, 1)
    rows = L.tables["remedies"]["route"]
    while day <= last:
        text = day.isoformat()
        for outcome in L.outcomes(day):
            valid = [
                one
                for one in rows
                if outcome.id in one["outcomes"]
                and one["effective_from"] <= text <= one.get("effective_until", "9999")
            ]
            assert len(valid) == 1, (outcome.id, text)
        day += timedelta(days=1)


ORGANS = [
    # kind, level, before 2024, since 2024
    ("government", "township", ("superior_government",), ("superior_government",)),
    ("government", "county", ("superior_government",), ("superior_government",)),
    ("government", "prefecture", ("superior_government",), ("superior_government",)),
    ("government", "province", ("self",), ("self",)),
    ("department", "county", ("same_level_government", "superior_department"), ("same_level_government",)),
    (
        "department",
        "prefecture",
        ("same_level_government", "superior_department"),
        ("same_level_government",),
    ),
    ("department", "province", ("same_level_government", "superior_department"), ("same_level_government",)),
    ("state_council_department", "state", ("self",), ("self",)),
    ("vertical", "county", ("superior_department",), ("superior_department",)),
    ("vertical", "prefecture", ("superior_department",), ("superior_department",)),
    ("vertical", "province", ("superior_department",), ("superior_department",)),
    (
        "judicial_admin",
        "county",
        ("same_level_government", "superior_department"),
        ("same_level_government", "superior_department"),
    ),
    (
        "dispatched_office",
        "county",
        ("parent_department", "same_level_government"),
        ("same_level_government",),
    ),
    ("government_outpost", "township", ("superior_government",), ("superior_government",)),
]


@pytest.mark.parametrize(("kind", "level", "before", "since"), ORGANS)
def test_who_reconsiders(kind: str, level: str, before: tuple[str, ...], since: tuple[str, ...]) -> None:
    then = L.reconsideration_organs(kind=kind, level=level, on=date(2023, 12, 31))
    now = L.reconsideration_organs(kind=kind, level=level, on=date(2024, 1, 1))
    assert (tuple(then), tuple(now)) == (before, since)
    assert then.article.startswith("arl1999:")
    assert now.article.startswith("arl2023:")
    assert now.choice == (len(since) > 1)
    assert list(now) == list(now.roles)
    for role in now:
        assert L.role(role)["zh"]


def test_every_kind_and_level_of_the_rules_is_tested() -> None:
    tested = {(kind, level) for kind, level, _, _ in ORGANS}
    levels = L.organ_levels()
    assert {kind for kind, _ in tested} == set(levels)
    for kind, known in levels.items():
        for level in known:
            assert L.reconsideration_organs(kind=kind, level=level, on=NOW)


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
    assert L.report_due("department", date(2019, 1, 31)) == ("03-31", "ogi2008:31")

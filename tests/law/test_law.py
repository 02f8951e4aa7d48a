"""Legal values: one for every day that should have one, the right one on each side of a change of law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import law
from workflow.base.errors import NotFound, OutOfLaw

L = law.bundled()
# Up to here the tables are asked, whatever the day on which the tests run.
LAST = date(2030, 12, 31)
BEGINNING = date(2008, 5, 1)
ROUTINE = date(2026, 5, 20)

# From which day each legal value has to be there, and until when; kept apart from the tables on purpose.
COVERAGE = {
    "reply.limit": "2008-05-01",
    "reply.extension": "2008-05-01",
    "reply.excluded_third_party": "2008-05-01",
    "reply.excluded_other_organ": "2019-05-15",
    "reply.delay": "2019-05-15",
    "correction.notice": "2019-05-15",
    "correction.restart": "2019-05-15",
    "third_party.opinion": "2019-05-15",
    "co_maker.opinion": "2019-05-15",
    "fee.payment": "2021-01-01",
    "fee.restart": "2021-01-01",
    "publication.proactive": "2008-05-01",
    "reconsideration.limit": "2008-05-01",
    "reconsideration.limit_untold": "2024-01-01",
    "reconsideration.limit_absolute": "2024-01-01",
    "reconsideration.left_out": "2026-07-01",
    "reconsideration.decision": "2008-05-01",
    "reconsideration.decision_extension": "2008-05-01",
    "reconsideration.decision_simple": "2024-01-01",
    "reconsideration.defence": "2008-05-01",
    "reconsideration.defence_simple": "2024-01-01",
    "litigation.limit": "2008-05-01",
    "litigation.after_reconsideration": "2008-05-01",
    "litigation.review_untold": "2008-05-01",
    "litigation.review_silent": "2008-05-01",
    "litigation.left_out": "2015-05-01",
    "litigation.limit_untold": "2008-05-01",
    "litigation.limit_absolute": "2008-05-01",
    "litigation.limit_absolute_property": "2008-05-01",
    "litigation.inaction": "2015-05-01",
    "litigation.defence": "2008-05-01",
    "litigation.disclosure": "2025-06-01",
    "reconsideration.inaction": "2008-05-01",
    "litigation.appeal_judgment": "2008-05-01",
    "litigation.appeal_ruling": "2008-05-01",
    "litigation.transition": "2015-05-01",
    "counting.first_day": "2008-05-01",
    "counting.month_end": "2008-05-01",
    "counting.roll": "2008-05-01",
    "secrecy.top": "2024-05-01",
    "secrecy.middle": "2024-05-01",
    "secrecy.low": "2024-05-01",
    "service.publication": "2024-01-01",
}
ENDED = {"litigation.transition": "2018-02-07"}


def test_every_day_has_exactly_one_value_of_each_parameter_that_should_have_one() -> None:
    rows = L.tables["durations"]["value"]
    last = LAST
    for id, first in COVERAGE.items():
        own = [(row["effective_from"], row.get("effective_until", "9999")) for row in rows if row["id"] == id]
        day = BEGINNING
        while day <= last:
            text = day.isoformat()
            valid = sum(begin <= text <= end for begin, end in own)
            assert valid == (first <= text <= ENDED.get(id, "9999")), (id, text, valid)
            day += timedelta(days=1)


def test_every_parameter_of_the_tables_is_one_that_the_tests_know() -> None:
    assert set(L.parameters()) == set(COVERAGE)


@pytest.mark.parametrize(
    ("id", "day", "value", "unit", "article", "status"),
    [
        ("reply.limit", "2008-05-01", 15, "working_day", "ogi2008:24.2", "V"),
        ("reply.limit", "2019-05-14", 15, "working_day", "ogi2008:24.2", "V"),
        ("reply.limit", "2019-05-15", 20, "working_day", "ogi2019:33.2", "V"),
        ("reply.extension", "2019-05-14", 15, "working_day", "ogi2008:24.2", "V"),
        ("reply.extension", "2019-05-15", 20, "working_day", "ogi2019:33.2", "V"),
        ("correction.notice", "2019-05-15", 7, "working_day", "ogi2019:30", "V"),
        ("third_party.opinion", "2019-05-15", 15, "working_day", "ogi2019:32", "V"),
        ("co_maker.opinion", "2019-05-15", 15, "working_day", "ogi2019:34", "V"),
        ("fee.payment", "2021-01-01", 20, "working_day", "fee2020:6", "V*"),
        ("reconsideration.limit", "2023-12-31", 60, "day", "arl1999:9.1", "V"),
        ("reconsideration.limit", "2024-01-01", 60, "day", "arl2023:20.1", "V"),
        ("reconsideration.limit_untold", "2024-01-01", 1, "year", "arl2023:20.3", "V"),
        ("litigation.limit", "2015-04-30", 3, "month", "all1989:39", "V"),
        ("litigation.limit", "2015-05-01", 6, "month", "all2014:46.1", "V"),
        ("litigation.after_reconsideration", "2026-04-30", 15, "day", "all2014:45", "V"),
        ("litigation.after_reconsideration", "2026-05-01", 15, "day", "spc2026:6.1", "V"),
        ("litigation.limit_untold", "2018-02-07", 2, "year", "spc2000:41.1", "M"),
        ("litigation.limit_untold", "2018-02-08", 1, "year", "spc2018:64.1", "V"),
        ("litigation.limit_absolute", "2015-04-30", 5, "year", "spc2000:42", "M"),
        ("litigation.limit_absolute", "2015-05-01", 5, "year", "all2014:46.2", "V"),
        ("litigation.limit_absolute_property", "2015-04-30", 20, "year", "spc2000:42", "M"),
        ("litigation.limit_absolute_property", "2015-05-01", 20, "year", "all2014:46.2", "V"),
        ("litigation.limit_absolute_property", "2026-05-01", 20, "year", "spc2026:3.2", "V"),
        ("litigation.review_untold", "2018-02-07", 2, "year", "spc2000:41.2", "M"),
        ("litigation.review_untold", "2018-02-08", 1, "year", "spc2018:64.2", "V"),
        ("litigation.review_untold", "2026-05-01", 1, "year", "spc2026:6.2", "V"),
        ("litigation.review_silent", "2015-04-30", 15, "day", "all1989:38.2", "M"),
        ("litigation.review_silent", "2015-05-01", 15, "day", "all2014:45", "V"),
        ("litigation.left_out", "2026-04-30", 1, "rule", "all2014:48.1", "V"),
        ("litigation.left_out", "2026-05-01", 1, "rule", "spc2026:4.1", "V"),
        ("reconsideration.left_out", "2026-07-01", 1, "rule", "arl-impl2026:26", "V"),
        ("secrecy.top", "2024-05-01", 30, "year", "secrets2024:20.2", "V"),
        ("secrecy.middle", "2024-05-01", 20, "year", "secrets2024:20.2", "V"),
        ("secrecy.low", "2024-05-01", 10, "year", "secrets2024:20.2", "V"),
        ("service.publication", "2024-01-01", 30, "day", "civproc2023:95", "C"),
        ("reconsideration.defence", "2023-12-31", 10, "day", "arl1999:23.1", "V"),
        ("reconsideration.defence", "2024-01-01", 10, "working_day", "arl2023:48", "V"),
        ("reconsideration.defence_simple", "2024-01-01", 5, "working_day", "arl2023:54.1", "V"),
        ("litigation.defence", "2015-04-30", 10, "day", "all1989:43", "M"),
        ("litigation.defence", "2015-05-01", 15, "day", "all2014:67.1", "V"),
        ("litigation.appeal_judgment", "2026-05-20", 15, "day", "all2014:85", "V"),
        ("litigation.appeal_ruling", "2026-05-20", 10, "day", "all2014:85", "V"),
        ("publication.proactive", "2026-05-20", 20, "working_day", "ogi2019:26", "V"),
        ("counting.roll", "2020-12-31", 1, "rule", "gpr2017:203.1", "M"),
        ("counting.roll", "2021-01-01", 1, "rule", "civil2020:203.1", "V"),
    ],
)
def test_values_on_both_sides_of_a_change(
    id: str, day: str, value: int, unit: str, article: str, status: str
) -> None:
    found = L.value(id, on=date.fromisoformat(day))
    assert (found.value, found.unit, found.article, found.status) == (value, unit, article, status)
    assert found.instrument == article.partition(":")[0]


def test_before_the_first_date_the_error_names_parameter_date_and_first_known_date() -> None:
    with pytest.raises(OutOfLaw) as caught:
        L.value("third_party.opinion", on=date(2019, 5, 14))
    told = caught.value.params
    assert (told["parameter"], told["date"], told["first"]) == (
        "third_party.opinion",
        "2019-05-14",
        "2019-05-15",
    )
    assert told["reason"], "the table says why there is nothing earlier"
    assert caught.value.rule == "ogi2019:32"
    assert "third_party.opinion" in caught.value.text
    assert "2019-05-15" in caught.value.text


def test_after_the_last_date_likewise() -> None:
    with pytest.raises(OutOfLaw) as caught:
        L.value("litigation.transition", on=date(2018, 2, 8))
    assert caught.value.params["last"] == "2018-02-07"


def test_an_unknown_parameter_is_not_found() -> None:
    with pytest.raises(NotFound):
        L.value("reply.limits", on=ROUTINE)


def test_what_was_known_on_a_day_does_not_know_later_law() -> None:
    after = date(2019, 6, 3)
    assert L.value("reply.limit", after, known_on=date(2019, 4, 2)).value == 15
    assert L.value("reply.limit", after, known_on=date(2019, 4, 3)).value == 20
    with pytest.raises(OutOfLaw):
        L.value("reply.limit", after, known_on=date(2007, 4, 4))
    with pytest.raises(OutOfLaw):
        L.value("correction.notice", date(2019, 5, 14), known_on=ROUTINE)


def test_values_on_a_day_are_those_that_are_known_and_in_force() -> None:
    ids = {value.id for value in L.values_on(date(2010, 1, 4))}
    assert ids == {id for id, first in COVERAGE.items() if first == "2008-05-01"}
    today = ROUTINE.isoformat()
    in_force = [id for id, first in COVERAGE.items() if first <= today <= ENDED.get(id, "9999")]
    assert sorted(value.id for value in L.values_on(ROUTINE)) == sorted(in_force)


def test_history_is_in_order_and_complete() -> None:
    assert [value.value for value in L.history("reply.limit")] == [15, 20]
    assert [value.effective_until for value in L.history("reply.limit")] == [date(2019, 5, 14), None]


def test_the_regulations_follow_the_day() -> None:
    assert L.regulations(on=date(2019, 5, 14)) == "ogi2008"
    assert L.regulations(on=date(2019, 5, 15)) == "ogi2019"
    with pytest.raises(OutOfLaw):
        L.regulations(on=date(2008, 4, 30))


@given(st.dates(BEGINNING, date(2040, 1, 1)), st.sampled_from(sorted(COVERAGE)))
def test_the_value_found_covers_the_day(day: date, id: str) -> None:
    if not L.knows(id, day):
        assert day.isoformat() < COVERAGE[id] or day.isoformat() > ENDED.get(id, "9999")
        return
    found = L.value(id, on=day)
    assert found.effective_from <= day
    assert found.effective_until is None or day <= found.effective_until
    assert found in L.history(id)


def test_values_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        L.value("reply.limit", on=ROUTINE).value = 99  # type: ignore[misc]


def test_each_value_says_where_it_is_read_and_how_certain_it_is() -> None:
    for id in L.parameters():
        for value in L.history(id):
            assert value.source
            assert value.status in ("V", "V*", "M", "C", "U")
            assert value.promulgated <= value.effective_from
            if value.status in "MU" and not value.text:
                assert value.note, f"{id}: unsure and no word about it"


def test_values_that_nobody_has_looked_at_for_a_year_are_named() -> None:
    oldest = min(value.checked_on for value in L.values_on(ROUTINE))
    assert L.stale(oldest + timedelta(days=365)) == []
    late = L.stale(oldest + timedelta(days=366))
    assert {value.checked_on for value in late} == {oldest}


def test_settings_have_a_safe_default_among_their_choices() -> None:
    assert L.setting("online_receipt").default == "earlier"
    assert L.setting("email_rest_day").default == "next_working"
    assert L.setting("number_with_di").default is False
    for setting in L.settings():
        if setting.choices:
            assert setting.default in setting.choices
        else:
            assert setting.low is not None
            assert setting.high is not None
            assert setting.low <= int(setting.default) <= setting.high
    with pytest.raises(NotFound):
        L.setting("none")


def test_outcomes_and_grounds_of_a_day_are_the_same_whichever_day_was_asked_for_before() -> None:
    heads = {"outcomes": L.tables["outcomes"]["outcome"], "grounds": L.tables["grounds"]["ground"]}
    turns = {row.effective_from for id in heads["outcomes"] for row in L._outcomes(id).rows}
    turns |= {row.effective_from for id in heads["grounds"] for row in L._grounds(id).rows}
    turns |= {
        row.effective_until for id in heads["outcomes"] for row in L._outcomes(id).rows if row.effective_until
    }
    assert len(turns) > 2
    for turn in sorted(turns, reverse=True):
        for day in (turn - timedelta(days=1), turn, turn + timedelta(days=1)):
            assert L.outcomes(day) == [
                L.outcome(id, day) for id in heads["outcomes"] if L._outcomes(id).has(day)
            ]
            assert L.grounds(day) == [L.ground(id, day) for id in heads["grounds"] if L._grounds(id).has(day)]


@pytest.mark.parametrize(
    ("remedy", "fault", "on", "article", "status"),
    [
        ("reconsideration", "untold", "2023-12-31", None, None),
        ("reconsideration", "untold", "2024-01-01", "arl2023:20.3", "V"),
        ("suit", "untold", "2026-04-30", "spc2018:64.1", "V"),
        ("suit", "untold", "2026-05-01", "spc2026:2", "V"),
        ("suit", "told_long", "2026-04-30", None, None),
        ("suit", "told_long", "2026-05-01", "spc2026:5.1", "V"),
        ("reconsideration", "organ_wrong", "2026-08-03", "arl2023:20.2", "U"),
        ("choice", "unheard", "2026-06-30", None, None),
        ("choice", "unheard", "2026-07-01", "arl-impl2026:26", "V"),
    ],
)
def test_what_follows_from_a_faulty_notice(
    remedy: str, fault: str, on: str, article: str | None, status: str | None
) -> None:
    found = law.bundled().faulty_notice(remedy, fault, date.fromisoformat(on))
    assert (found and found.article, found and found.status) == (article, status)


NO_TEXT = [("reconsideration", fault) for fault in ("told_long", "told_short", "organ_wrong")]
NOTICES = {
    ("reconsideration", "untold"): [("2024-01-01", "", "arl2023:20.3", "V")],
    ("suit", "untold"): [
        ("2018-02-08", "2026-04-30", "spc2018:64.1", "V"),
        ("2026-05-01", "", "spc2026:2", "V"),
    ],
    ("suit", "review_untold"): [
        ("2018-02-08", "2026-04-30", "spc2018:64.2", "V"),
        ("2026-05-01", "", "spc2026:6.2", "V"),
    ],
    ("suit", "told_long"): [("2026-05-01", "", "spc2026:5.1", "V")],
    ("suit", "told_short"): [("2026-05-01", "", "spc2026:5.1", "V")],
    ("choice", "unheard"): [("2026-07-01", "", "arl-impl2026:26", "V")],
    # Since the court was first closed to an answer.
    ("choice", "no_suit"): [
        ("2011-08-13", "2023-12-31", "arl1999:9.2", "U"),
        ("2024-01-01", "", "arl2023:20.2", "U"),
    ],
    ("choice", "first_wrong"): [("2018-02-08", "", "spc2018:64.1", "C")],
    ("choice", "no_channel"): [("2024-01-01", "", "arl2023:22.2", "U")],
    **{
        one: [("2008-05-01", "2023-12-31", "arl1999:9.2", "U"), ("2024-01-01", "", "arl2023:20.2", "U")]
        for one in NO_TEXT
    },
}


def test_every_missing_or_wrong_notice_has_its_consequence_on_each_day() -> None:
    found: dict[tuple[str, str], list[tuple[str, str, str, str]]] = {}
    for row in L.faulty_notices():
        until = row.effective_until.isoformat() if row.effective_until else ""
        cell = (row.effective_from.isoformat(), until, row.article, row.status)
        found.setdefault((row.remedy, row.fault), []).append(cell)
    assert {one: sorted(cells) for one, cells in found.items()} == NOTICES


def test_outcomes_and_grounds_are_found_by_their_ids_on_any_two_days() -> None:
    days = (
        date(2010, 1, 4),
        date(2019, 5, 14),
        date(2019, 5, 15),
        date(2020, 12, 31),
        date(2021, 1, 1),
        ROUTINE,
    )
    for day in days:
        assert L.grounds_by_id(day) == {row.id: row for row in L.grounds(day)}
        assert L.outcomes_by_id(day) == {row.id: row for row in L.outcomes(day)}
        for act in days:
            assert L.outcomes_by_id(day, act) == {row.id: row for row in L.outcomes(day, act)}

"""Clocks against dated scenarios, each a file with the deadline and the derivation expected."""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workflow import calendar, clocks, law
from workflow.base import errors, tables
from workflow.clocks import Extension, ReplyFacts, Restart, Window, derivation, periods
from workflow.clocks.deadline import NOTES

L = law.bundled()
SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios" / "clocks").glob("*.toml"))
# Rules that have no calculator of their own.
CASE_RULES = {
    "litigation-inaction",
    "reconsideration-decision",
    "other-organ-opinion",
    "drafting",
    "remedy-defence",
    "remedy-appeal",
}


def day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def reply(facts: dict[str, Any], settings: dict[str, Any], cal: calendar.Calendar) -> clocks.Deadline:
    extension = facts.get("extension")
    return clocks.reply(
        ReplyFacts(
            date.fromisoformat(facts["received"]),
            facts.get("regulations"),
            tuple(Restart(one["kind"], date.fromisoformat(one["day"])) for one in facts.get("restarts", ())),
            tuple(
                Window(
                    one["kind"],
                    date.fromisoformat(one["sent"]),
                    *(day(one.get(key)) for key in ("delivered", "answered", "answer_by")),
                )
                for one in facts.get("windows", ())
            ),
            Extension(date.fromisoformat(extension["noticed_on"]), extension["days"]) if extension else None,
            day(facts.get("delay_until")),
            day(facts.get("ordered_due")),
        ),
        L,
        cal,
        settings,
    )


def compute(scenario: dict[str, Any]) -> tuple[clocks.Deadline, calendar.Calendar]:
    rule, facts = scenario["rule"], scenario["facts"]
    cal = calendar.known(as_known_on=day(scenario.get("as_known_on")))
    if rule == "reply":
        return reply(facts, scenario.get("settings", {}), cal), cal
    start = date.fromisoformat(facts["from"])
    if rule == "drafting":
        return clocks.internal(rule, start, facts["days"], L, cal), cal
    if rule == "other-organ-opinion":
        return clocks.consultation("other_organ", start, L, cal, answer_by=day(facts["answer_by"])), cal
    if rule == "litigation-inaction":
        return clocks.litigation_inaction(start, L, cal), cal
    if rule == "reconsideration-decision":
        return clocks.reconsideration_decision(start, L, cal), cal
    if rule == "remedy-defence":
        return clocks.defence(facts["kind"], start, L, cal, simple=facts.get("simple", False)), cal
    if rule == "remedy-appeal":
        return clocks.appeal(start, L, cal, ruling=facts.get("ruling", False)), cal
    if "told" in facts:
        function = {"reconsideration": clocks.reconsideration, "litigation": clocks.litigation}[rule]
        return function(start, L, cal, told=facts["told"]), cal
    kept = tuple(
        (date.fromisoformat(one["first"]), date.fromisoformat(one["last"])) for one in facts.get("kept", ())
    )
    return clocks.calculate(rule, start, excluded=kept, cal=cal, told=facts.get("notice_said")), cal


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path) -> None:
    scenario = tables.read(path)
    expect = scenario["expect"]
    if "error" in expect:
        with pytest.raises(getattr(errors, expect["error"])):
            compute(scenario)
        return
    deadline, cal = compute(scenario)
    for key in ("due", "first_due", "start"):
        if key in expect:
            assert getattr(deadline, key).isoformat() == expect[key], key
    for key in ("length", "unit", "article", "status", "provisional", "extended_by"):
        if key in expect:
            assert getattr(deadline, key) == expect[key], key
    if "notes" in expect:
        assert sorted(deadline.notes) == sorted(expect["notes"])
    if "excluded" in expect:
        assert [[one.isoformat() for one in pair] for pair in deadline.excluded] == expect["excluded"]
    steps = derivation.steps(deadline, cal)
    said = {
        step.date.isoformat(): f"{step.reason} {step.festival}".strip()
        for step in steps[1:]
        if not step.counted
    }
    if "left_out" in expect:
        assert said == expect["left_out"]
    counted = {
        step.date.isoformat(): f"{step.reason} {step.festival}".strip() for step in steps if step.counted
    }
    for one, reason in expect.get("counted", {}).items():
        assert counted[one] == reason
    assert steps[-1].date == deadline.due
    assert deadline.rule == scenario["rule"]
    assert deadline.instrument == deadline.article.partition(":")[0]


def test_every_rule_has_a_scenario() -> None:
    tested = {tables.read(path)["rule"] for path in SCENARIOS if "error" not in tables.read(path)["expect"]}
    assert set(clocks.RULES) | CASE_RULES == tested


def test_every_single_period_has_a_scenario() -> None:
    """Each function of `periods` that takes a day, the law and the calendar is asked which rule it is."""
    cal, start = calendar.known(), date(2026, 5, 20)
    given = {"L": L, "cal": cal, "kind": "reconsideration"}
    made = set()
    for name, function in inspect.getmembers(periods, inspect.isfunction):
        needed = [
            one
            for one in inspect.signature(function).parameters.values()
            if one.default is inspect.Parameter.empty
        ]
        days = [one.name for one in needed if one.annotation == "date"]
        if len(days) == 1 and {one.name for one in needed} <= {*given, *days}:
            if name == "consultation":
                made |= {function(kind, start, L, cal).rule for kind in periods.OPINIONS}
            else:
                made.add(function(*(given.get(one.name, start) for one in needed)).rule)
    tested = {tables.read(path)["rule"] for path in SCENARIOS if "error" not in tables.read(path)["expect"]}
    assert len(made) > 10
    assert made <= tested


def test_every_note_has_a_scenario_and_a_text() -> None:
    told: set[str] = set()
    for path in SCENARIOS:
        scenario = tables.read(path)
        if "error" not in scenario["expect"]:
            told |= set(compute(scenario)[0].notes)
    elsewhere = {"delay_idle", "delivery_unknown"}
    assert told | elsewhere == set(NOTES)


def test_every_kind_of_refusal_has_a_scenario() -> None:
    assert sum("error" in tables.read(path)["expect"] for path in SCENARIOS) >= 5


def test_json_has_the_keys_that_scripts_rely_on() -> None:
    cal = calendar.known()
    told = derivation.as_json(clocks.calculate("reply", date(2026, 5, 20)), cal)
    assert list(told) == [
        "rule",
        "from",
        "due",
        "unit",
        "length",
        "instrument",
        "article",
        "status",
        "provisional",
        "derivation",
    ]
    assert (told["from"], told["due"], told["unit"], told["length"]) == (
        "2026-05-20",
        "2026-06-17",
        "working_day",
        20,
    )
    assert (told["instrument"], told["article"], told["provisional"]) == ("ogi2019", "ogi2019:33.2", False)
    assert told["derivation"][0] == {
        "date": "2026-05-20",
        "counted": False,
        "number": None,
        "reason": "start",
        "festival": None,
        "notice": None,
    }
    assert [step["number"] for step in told["derivation"] if step["counted"]] == list(range(1, 21))
    (dragon_boat,) = (
        step
        for step in derivation.as_json(clocks.calculate("reply", date(2026, 6, 1)), cal)["derivation"]
        if step["date"] == "2026-06-19"
    )
    assert (dragon_boat["festival"], dragon_boat["notice"]) == ("端午节", "国办发明电〔2025〕7号")
    assert clocks.calculate("reply", date(2026, 5, 20)).as_json()["derivation"] is None


def test_the_calculator_extends_and_leaves_out() -> None:
    start = date(2026, 4, 20)
    assert clocks.calculate("reply", start, extended=True).due == date(2026, 6, 17)
    left_out = ((date(2026, 5, 6), date(2026, 5, 8)),)
    found = clocks.calculate("reply", start, excluded=left_out)
    assert (found.due, found.excluded) == (date(2026, 5, 25), left_out)
    assert clocks.calculate(
        "reply", date(2012, 3, 5), excluded=((date(2012, 3, 6), date(2012, 3, 9)),)
    ).due == date(2012, 3, 30)
    assert clocks.calculate("reply", date(2012, 3, 5), extended=True).length == 30
    known = clocks.calculate("reply", date(2019, 12, 27), as_known_on=date(2020, 1, 20))
    assert known.due == date(2020, 1, 31)


def test_the_calculator_refuses_what_has_no_meaning() -> None:
    start = date(2026, 4, 20)
    with pytest.raises(errors.NotFound):
        clocks.calculate("answer", start)
    with pytest.raises(errors.Malformed):
        clocks.calculate("litigation", start, extended=True)
    with pytest.raises(errors.Malformed):
        clocks.calculate("fee-payment", start, excluded=((date(2026, 5, 6), date(2026, 5, 8)),))
    with pytest.raises(errors.Malformed):
        clocks.calculate("reply", start, excluded=((date(2026, 5, 8), date(2026, 5, 6)),))
    with pytest.raises(errors.Malformed):
        clocks.calculate("reply", start, excluded=((start, date(2026, 5, 6)),))
    with pytest.raises(errors.OutOfLaw):
        clocks.calculate("fee-payment", date(2020, 12, 31))
    for rule in clocks.RULES:
        with pytest.raises(errors.OutOfLaw):
            clocks.calculate(rule, date.max)
        with pytest.raises(errors.OutOfLaw):
            clocks.calculate(rule, date.min)


def test_facts_that_cannot_be_are_refused_with_their_article() -> None:
    cal, received = calendar.known(), date(2026, 3, 2)
    early, later = date(2026, 2, 27), date(2026, 3, 9)
    wrong = {
        "ogi2019:30": ReplyFacts(received, restarts=(Restart("correction", early),)),
        "ogi2019:33.2": ReplyFacts(received, extension=Extension(early, 20)),
        "ogi2019:33.3": ReplyFacts(received, windows=(Window("third_party", later, delivered=received),)),
        "ogi2019:35": ReplyFacts(received, delay_until=early),
    }
    for article, facts in wrong.items():
        with pytest.raises(errors.Malformed) as caught:
            clocks.reply(facts, L, cal)
        assert caught.value.rule == article
    for facts in (
        ReplyFacts(received, restarts=(Restart("refund", later),)),
        ReplyFacts(received, windows=(Window("friend", later),)),
        ReplyFacts(received, regulations="arl2023"),
        ReplyFacts(received, regulations="ogi2008", delay_until=early),
    ):
        with pytest.raises(errors.Malformed):
            clocks.reply(facts, L, cal)


def test_a_delay_before_the_limit_changes_nothing() -> None:
    cal, received = calendar.known(), date(2026, 4, 20)
    plain = clocks.reply(ReplyFacts(received), L, cal)
    found = clocks.reply(ReplyFacts(received, delay_until=plain.due), L, cal)
    assert (found.due, found.article, found.notes) == (plain.due, plain.article, ("delay_idle",))
    with pytest.raises(errors.OutOfLaw):
        clocks.reply(ReplyFacts(date(2012, 3, 5), delay_until=date(2012, 12, 3)), L, cal)


def test_the_transition_of_2019_is_the_office_s_to_settle() -> None:
    before, after = date(2019, 5, 14), date(2019, 5, 15)
    new = {"transition_regulations": "new"}
    assert clocks.governing(before, L) == "ogi2008"
    assert clocks.governing(before, L, new) == "ogi2019"
    assert clocks.governing(before, L, new, ended_on=after) == "ogi2019"
    assert clocks.governing(date(2019, 5, 6), L, new, ended_on=before) == "ogi2008"
    assert clocks.governing(after, L, new) == "ogi2019"


def test_consultation_counts_from_delivery_else_from_sending() -> None:
    cal, sent = calendar.known(), date(2026, 3, 6)
    assert clocks.consultation("third_party", sent, L, cal, delivered=date(2026, 3, 10)).due == date(
        2026, 3, 31
    )
    unknown = clocks.consultation("third_party", sent, L, cal)
    assert (unknown.due, unknown.notes) == (date(2026, 3, 27), ("delivery_unknown",))
    old = clocks.consultation("third_party", date(2012, 3, 8), L, cal, answer_by=date(2012, 4, 12))
    assert (old.due, old.article) == (date(2012, 4, 12), "house:office_set")
    assert clocks.consultation("other_organ", sent, L, cal).length == L.setting("other_organ_days").default
    with pytest.raises(errors.Malformed):
        clocks.consultation("third_party", sent, L, cal, delivered=date(2026, 3, 5))


def test_days_that_the_office_sets() -> None:
    cal = calendar.known()
    found = clocks.office_set("correction", date(2026, 5, 6), date(2026, 5, 31), "ogi2019:30", L, cal)
    assert (found.due, found.article, found.length, found.notes) == (
        date(2026, 5, 31),
        "ogi2019:30",
        18,
        ("office_set",),
    )
    with pytest.raises(errors.Malformed):
        clocks.office_set("correction", date(2026, 5, 6), date(2026, 5, 5), "ogi2019:30", L, cal)
    with pytest.raises(errors.Malformed):
        clocks.office_set("correction", date(2026, 5, 6), date(2026, 5, 7), "ogi2019:99", L, cal)
    with pytest.raises(errors.Malformed):
        clocks.internal("drafting", date(2026, 5, 6), 0, L, cal)


def test_a_step_says_its_reason_in_words() -> None:
    cal = calendar.known()
    steps = derivation.steps(clocks.calculate("reply", date(2026, 6, 1)), cal)
    (holiday,) = (step for step in steps if step.date == date(2026, 6, 19))
    assert "端午节" in holiday.text
    assert "国办发明电〔2025〕7号" in holiday.text
    for path in SCENARIOS:
        if "error" not in tables.read(path)["expect"]:
            deadline, of = compute(tables.read(path))
            assert all(step.text for step in derivation.steps(deadline, of))
            assert all(deadline.note_texts())


def test_a_longer_time_that_was_told_is_told_with_its_own_length_and_its_own_end() -> None:
    told = clocks.calculate("litigation", date(2026, 3, 1), told="7m")
    # The first of October and the days after it are off.
    assert (told.due, told.first_due) == (date(2026, 10, 8), date(2026, 10, 1))
    assert (told.length, told.unit) == (7, "month")
    assert {"rolled", "told_long"} <= set(told.notes)
    plain = clocks.calculate("litigation", date(2026, 2, 10), told="7m")
    assert (plain.due, plain.length, plain.notes) == (date(2026, 9, 10), 7, ("told_long",))


@pytest.mark.parametrize("told", ["60", "0d", "lang", "3 m"])
def test_a_told_length_that_is_none_is_refused_with_what_was_typed(told: str) -> None:
    with pytest.raises(errors.Malformed) as refused:
        clocks.calculate("litigation", date(2026, 3, 2), told=told)
    assert refused.value.field == "told"
    assert told in refused.value.text


def test_what_is_answered_on_the_day_of_asking_leaves_no_day_out() -> None:
    facts = {
        "received": "2026-03-02",
        "windows": [{"kind": "third_party", "sent": "2026-03-06", "answered": "2026-03-06"}],
    }
    same_day = reply(facts, {}, calendar.known())
    assert same_day.notes == ("window_idle",)
    assert same_day.excluded == ()
    assert same_day.due == reply({"received": "2026-03-02"}, {}, calendar.known()).due


@pytest.mark.parametrize("told", ["1y", "30d"])
def test_reconsideration_of_which_another_time_was_told_is_unsettled(told: str) -> None:
    lawful = clocks.calculate("reconsideration", date(2026, 3, 2))
    found = clocks.calculate("reconsideration", date(2026, 3, 2), told=told)
    assert (found.due, found.length, found.notes[-1]) == (lawful.due, lawful.length, "told_wrong")
    assert found.status == "U"


def test_another_organ_than_that_which_decides_was_named() -> None:
    lawful = clocks.calculate("reconsideration", date(2026, 3, 2))
    found = clocks.calculate("reconsideration", date(2026, 3, 2), told="organ")
    assert (found.due, found.notes[-1]) == (lawful.due, "told_organ")
    rule = L.faulty_notice("reconsideration", "organ_wrong", date(2026, 3, 2))
    assert rule is not None
    assert found.status == rule.status


def test_what_is_refused_is_named_by_its_field() -> None:
    later, earlier = date(2026, 3, 5), date(2026, 3, 2)
    with pytest.raises(errors.Malformed) as early:
        periods.consultation("third_party", later, L, calendar.known(), delivered=earlier)
    assert early.value.params == {"field": "delivered", "day": "2026-03-02", "sent": "2026-03-05"}
    with pytest.raises(errors.Malformed) as before:
        periods.office_set("drafting", later, earlier, "house:unit", L, calendar.known())
    assert before.value.rule == "house:unit"
    assert before.value.params == {"field": "due", "due": "2026-03-02", "start": "2026-03-05"}
    for rule, given, field in (
        ("nosuch", {}, "rule"),
        ("litigation", {"extended": True}, "extended"),
        ("reply", {"told": "3m"}, "told"),
    ):
        with pytest.raises(errors.DisclosureError) as refused:
            clocks.check(rule, **given)
        assert refused.value.field == field
    clocks.check("litigation")
    clocks.check("reply", extended=True)

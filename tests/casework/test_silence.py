"""Silence: the applicant's own time against it, by the law of the last day for the reply, and what starts a
period.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.cases import contest
from workflow.casework.opened import open_case

ONE = timedelta(days=1)


@pytest.fixture
def place(sqlite_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(
        sqlite_url, today=date(2027, 3, 1), online_reconsideration="https://fy.example.gov.cn"
    )
    yield made
    made.store.close()


def silent(place: Place, number: str, today: date) -> dict[str, tuple[str, str, str]]:
    desk = place.desk()
    with place.store.reading() as connection:
        case = open_case(desk, connection, number).case
    found = contest.silence(case, desk.context, today)
    return {
        clock.rule: (clock.deadline.start.isoformat(), clock.deadline.due.isoformat(), clock.state)
        for clock in found
    }


@pytest.mark.parametrize(
    ("received", "due", "rules"),
    [
        # Received on 2026-06-01: twenty working days end on 2026-06-30 (Dragon Boat on 06-19).
        (date(2026, 6, 1), date(2026, 6, 30), {"reconsideration.inaction": "2026-08-31"}),
        (date(2026, 6, 2), date(2026, 7, 1), {"reconsideration.inaction": "2026-08-31"}),
        (date(2026, 6, 3), date(2026, 7, 2), {"reconsideration.inaction": "2026-08-31"}),
        # Until 2023 the choice was free: six months for a suit.
        (
            date(2023, 6, 1),
            date(2023, 6, 30),
            {"reconsideration.inaction": "2023-08-29", "litigation.inaction": "2024-01-02"},
        ),
    ],
)
def test_a_clock_of_its_own_from_the_day_after_the_last_day(
    place: Place, received: date, due: date, rules: dict[str, str]
) -> None:
    number = place.bring("in_hand", on=received)
    assert place.due(number) == due
    assert silent(place, number, due) == {}
    found = silent(place, number, due + ONE)
    assert {rule: (start, last) for rule, (start, last, _) in found.items()} == {
        rule: (due.isoformat(), last) for rule, last in rules.items()
    }
    assert {state for _, _, state in found.values()} == {"running"}


def test_before_july_2026_the_office_settles_the_way_against_silence(sqlite_url: str, home: Path) -> None:
    place = builders.found(sqlite_url, today=date(2027, 3, 1), settings={"silence_route": "free"})
    before = place.bring("in_hand", on=date(2026, 6, 1))
    since = place.bring("in_hand", on=date(2026, 6, 2))
    assert set(silent(place, before, date(2026, 7, 10))) == {
        "reconsideration.inaction",
        "litigation.inaction",
    }
    assert set(silent(place, since, date(2026, 7, 10))) == {"reconsideration.inaction"}
    place.store.close()


def test_whoever_was_answered_has_no_silence_to_contest(place: Place) -> None:
    number = place.bring("served")
    assert silent(place, number, date(2027, 1, 4)) == {}
    waiting = place.bring("correction_asked")
    # That it was asked for counts once the notice has left.
    place.made()
    place.act("registrar", "letter_posted", waiting, date(2026, 3, 4), letter=["P3"])
    assert silent(place, waiting, date(2027, 1, 4)) == {}


def test_reconsideration_asked_for_meets_the_clock(place: Place) -> None:
    number = place.bring("in_hand", on=date(2026, 6, 2))
    place.act("legal", "open_reconsideration", number, "2026-07-20", body="市政府")
    assert silent(place, number, date(2026, 7, 21))["reconsideration.inaction"][2] == "met"


def test_the_commands_show_silence(place: Place) -> None:
    number = place.bring("in_hand", on=date(2026, 6, 2))
    words = ["--as", "handler", "--db", place.store.url]
    told = disclosure("remedies", number, "--ways", "--json", *words).json
    assert [(way["no"], way["outcome"], way["kind"], way["status"]) for way in told] == [
        (0, "no_reply", "review_first", "V")
    ]
    explained = disclosure("explain", number, "--rule", "reconsideration.inaction", "--json", *words).json
    assert explained[0]["started_by"]["article"] == "arl-impl2026:24.1.1"
    assert explained[0]["started_by"]["status"] == "C"
    rules = [clock["rule"] for clock in disclosure("clocks", number, "--json", *words).json]
    assert "reconsideration.inaction" in rules


def test_the_ways_against_a_reply(place: Place) -> None:
    number = place.bring("served")
    told = disclosure("remedies", number, "--ways", "--json", "--as", "handler", "--db", place.store.url).json
    assert [way["kind"] for way in told] == ["free"]
    fresh = place.bring("in_hand", on=date(2027, 2, 26))
    said = disclosure("remedies", fresh, "--ways", "--as", "handler", "--db", place.store.url, "--lang", "en")
    assert "nothing to contest" in said.out


# --- what started the time for a remedy

REFUSED = {"how": "refused", "witnesses": "居委会王某、赵某", "left_at": "申请人住所"}
SYSTEM = {"how": "system"}


@pytest.mark.parametrize(
    ("received", "served_by", "served", "facts", "article", "status"),
    [
        (date(2026, 6, 1), "hand", "2026-06-30", {}, "arl-impl2007:15.1.2", "V"),
        (date(2026, 6, 1), "hand", "2026-07-01", {}, "arl-impl2026:23.1.2", "V"),
        (date(2026, 6, 1), "hand", "2026-06-30", REFUSED, "arl-impl2007:15.1.2", "C"),
        (date(2026, 6, 1), "hand", "2026-07-01", REFUSED, "arl-impl2026:23.1.2", "V"),
        (date(2026, 6, 1), "post", "2026-06-30", {}, "arl-impl2007:15.1.3", "V"),
        (date(2026, 6, 1), "post", "2026-07-02", {"how": "recorded"}, "arl-impl2026:23.1.3", "V"),
        (date(2026, 6, 1), "post", "2026-07-02", {"how": "proved"}, "arl-impl2026:23.2", "V"),
        (date(2026, 6, 1), "post", "2026-06-30", {"how": "proved"}, "arl-impl2007:15.1.6", "V"),
        (date(2026, 6, 1), "online", "2026-07-01", SYSTEM, "arl-impl2026:23.1.4", "V"),
        (date(2026, 6, 1), "online", "2026-06-30", SYSTEM, "civproc2023:90.2", "C"),
    ],
)
def test_service_cites_the_text_of_its_day(
    place: Place,
    received: date,
    served_by: str,
    served: str,
    facts: dict[str, Any],
    article: str,
    status: str,
) -> None:
    number = place.bring("approved", on=received)
    place.act("handler", "issue", number, "2026-06-26", served_by=served_by)
    place.made()
    named = {"system": "平台账号 zhang", "sent_at": "2026-06-29 10:20"} if served_by == "online" else {}
    place.act("handler", "dispatch", number, "2026-06-29", served_by=served_by, **named)
    if facts == SYSTEM:
        facts = {**SYSTEM, "arrived_at": f"{served} 10:21"}
    done = place.act("registrar", "serve", number, served, proof="回执", **facts)
    assert done.entry.article == article
    words = ["--as", "handler", "--db", place.store.url, "--json"]
    (told,) = disclosure("explain", number, "--rule", "reconsideration.limit", *words).json
    assert (told["started_by"]["article"], told["started_by"]["status"]) == (article, status)
    (suit,) = disclosure("explain", number, "--rule", "litigation.limit", *words).json
    assert suit["started_by"]["article"] == "spc2026:2"

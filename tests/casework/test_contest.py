"""Who else may contest, and until when at the latest: third parties, the longest times, a suit brought too
early; each letter with its ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import RECEIVED, Place
from tests.counter import disclosure
from workflow.base.errors import Ambiguous
from workflow.cases import contest
from workflow.casework.opened import open_case
from workflow.reports.views import case_seen, deadline_explanation

TODAY = date(2027, 3, 1)


@pytest.fixture
def place(sqlite_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(sqlite_url, today=TODAY)
    yield made
    made.store.close()


def days(n: int) -> date:
    """So many days after receipt."""
    return RECEIVED + timedelta(n)


def _clocks(place: Place, number: str, **how: Any) -> dict[str, tuple[str, str, str]]:
    desk = place.desk()
    with place.store.reading() as connection:
        case = open_case(desk, connection, number).case
    return {
        clock.rule: (str(clock.deadline.start), str(clock.deadline.due), clock.state)
        for clock in contest.seen(case, desk.context, TODAY, **how)
    }


def _overruled(place: Place) -> str:
    """A case in which a third party objected and was told that the information is given all the same."""
    number = place.bring("in_hand")
    place.act("handler", "consult_third_party", number, days(2), name="某公司", matter="合同", items=[1])
    place.act("handler", "opinion_given", number, days(5), no=1, answer="object", reasons="商业秘密")
    place.act("head", "objection_overruled", number, days(7), no=1, reasons="涉及公共卫生")
    place.made()
    return number


def test_a_third_party_has_its_own_time_from_the_letter_that_told_it(place: Place) -> None:
    number = _overruled(place)
    assert "reconsideration.third_party" not in _clocks(place, number)
    place.act("handler", "letter_posted", number, days(8), letter=["P9"], tracking="XA12345678911")
    assert "reconsideration.third_party" not in _clocks(place, number)
    place.act("handler", "letter_arrived", number, days(10), letter=["P9"])
    found = _clocks(place, number)
    arrived = days(10)
    assert found["reconsideration.third_party"][0] == str(arrived)
    assert found["litigation.third_party"][0] == str(arrived)
    assert found["reconsideration.third_party"][1] >= str(arrived + timedelta(60))
    assert {found[rule][2] for rule in found if rule.endswith("third_party")} == {"running"}
    words = ["--as", "handler", "--db", place.store.url]
    said = disclosure("remedies", number, "--lang", "en", *words).out
    assert "reconsideration or suit, as the applicant chooses" in said
    assert found["litigation.third_party"][1] in said
    explained = disclosure("explain", number, "--rule", "litigation.third_party", "--json", *words).json
    assert (
        explained[0]["started_by"]["article"] == "spc2026:2"
        if arrived >= date(2026, 5, 1)
        else "all2014:46.1"
    )


def test_the_longest_times_run_from_the_making_of_the_reply(place: Place) -> None:
    number = place.bring("served")
    assert not any(rule.endswith("longest") for rule in _clocks(place, number))
    found = _clocks(place, number, every=True)
    made = date.fromisoformat(found["litigation.longest"][0])
    assert date.fromisoformat(found["litigation.longest"][1]) >= made.replace(year=made.year + 5)
    assert found["reconsideration.longest"][0] == str(made)
    words = ["--as", "handler", "--db", place.store.url]
    (explained,) = disclosure("explain", number, "--rule", "litigation.longest", "--json", *words).json
    assert (explained["article"], explained["length"], explained["unit"]) == ("all2014:46.2", 5, "year")
    (way,) = disclosure("remedies", number, "--ways", "--json", *words).json
    assert {"reconsideration.limit", "litigation.limit", "litigation.longest"} <= set(way["until"])


def test_a_word_that_several_clocks_bear_names_them_in_their_order(place: Place) -> None:
    number, desk = place.bring("served"), place.desk()
    with place.store.reading() as connection:
        opened = open_case(desk, connection, number)
    order = [clock.rule for clock in case_seen.with_contest(desk, opened, every=True)]
    with pytest.raises(Ambiguous) as told:
        deadline_explanation.explanation(desk, number, "期限")
    assert len(told.value.choices) > 4
    assert list(told.value.choices) == [rule for rule in dict.fromkeys(order) if rule in told.value.choices]


def test_each_letter_is_told_with_its_way_and_who_decides(place: Place) -> None:
    number = place.bring("served")
    said = disclosure("remedies", number, "--as", "handler", "--db", place.store.url, "--lang", "en").out
    assert "No reconsideration and no suit is recorded." in said
    assert "Reconsideration by:" in said
    assert "Art. 24, para. 1(1)" in said
    assert "no remedy of its own" in said
    (row,) = [line for line in said.splitlines() if "reconsideration or suit" in line]
    assert row.strip().startswith("Item 1")


def test_a_suit_against_silence_that_was_dismissed_costs_no_time(place: Place) -> None:
    """Since 2026-07-01 reconsideration goes first; nobody told it, and the suit's time is left out."""
    number = place.bring("in_hand", on=date(2026, 6, 2))
    due = place.due(number)
    plain = _clocks(place, number)["reconsideration.inaction"]
    assert plain[0] == str(due)
    place.act("legal", "open_suit", number, "2026-07-20", kind="direct", body="区法院", by="applicant")
    place.act("legal", "remedy_decided", number, "2026-08-20", no=1, result="rejected")
    longer = _clocks(place, number)["reconsideration.inaction"]
    # 32 days are left out (both ends included), to 2026-10-01; that week is off.
    assert (longer[1], due) == ("2026-10-08", date(2026, 7, 1))
    words = ["--as", "handler", "--db", place.store.url]
    (told,) = disclosure("explain", number, "--rule", "reconsideration.inaction", "--json", *words).json
    assert told["due"] == longer[1]


def test_a_remedy_comes_with_the_ways_against_the_reply_that_it_is_about(place: Place) -> None:
    number = place.bring("served")
    place.act("legal", "open_reconsideration", number, TODAY, body="市政府")
    (row,) = disclosure("remedies", number, "--json", "--as", "handler", "--db", place.store.url).json
    assert [way["kind"] for way in row["ways"]] == ["free"]
    assert "all2014:46.1" in row["ways"][0]["articles"]

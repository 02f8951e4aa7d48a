"""A case as it was known on a day: what was recorded by then, under the calendar known by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests import builders, notices
from tests.builders import Place
from tests.conftest import ENGINES, lent, places
from tests.counter import disclosure

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    made = builders.found(database_url)
    yield made
    made.store.close()


def at(clock: Any, day: str, *words: Any, who: str = "registrar") -> dict[str, Any]:
    """A command typed on a day, at noon in China, by this frozen clock."""
    clock.move_to(f"{day} 04:00:00")
    said = disclosure(*words, "--as", who, "--json")
    assert said.code == 0, said.err
    found: dict[str, Any] = said.json
    return found


def as_of(number: str, day: str) -> dict[str, Any]:
    said = disclosure("show", number, "--as-of", day, "--as", "registrar", "--json")
    assert said.code == 0, said.err
    found: dict[str, Any] = said.json
    return found


def due(case: dict[str, Any], rule: str = "reply.limit") -> str:
    return str(next(clock["due"] for clock in case["clocks"] if clock["rule"] == rule))


RECORDED = (
    "2026-03-04",
    "2026-03-05",
    "2026-03-06",
    "2026-03-09",
    "2026-03-12",
    "2026-03-12",
    "2026-03-18",
    "2026-03-18",  # what bears the wrong day and had not left is void
    "2026-03-20",
)


def recorded() -> str:
    """Received on 2 March, written up on the 4th, corrected on the 18th."""
    # Frozen once: each time the names of all modules are looked through.
    with freeze_time("2026-03-04 04:00:00") as clock:
        application = ("--channel", "post", "--name", "张三", "--request", "某信息", "--on", "2026-03-02")
        found = str(at(clock, "2026-03-04", "receive", *application)["case"])
        at(clock, "2026-03-05", "register", found, "--later")
        at(clock, "2026-03-06", "assign", found, "--unit", "ban")
        at(clock, "2026-03-09", "accept", found, who="handler")
        at(clock, "2026-03-12", "extend", found, "--reasons", "信息量大", "--later", who="head")
        at(clock, "2026-03-12", "notice-reached", found, "--letter", "P5")
        wrong = ("--field", "received-on", "--to", "2026-03-03", "--reason", "收件章日期为3日")
        at(clock, "2026-03-18", "amend", found, *wrong)
        at(clock, "2026-03-20", "undo-extension", found, "--reasons", "误操作", who="head")
    return found


@pytest.fixture(scope="module", params=ENGINES)
def number(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Such a case, for tests that only look."""
    folder = tmp_path_factory.mktemp("recorded")
    with lent(request, folder) as url, pytest.MonkeyPatch.context() as patched:
        settings = places(folder) | {"DISCLOSURE_DATABASE_URL": url, "DISCLOSURE_LANG": "en"}
        for name, value in settings.items():
            patched.setenv(name, value)
        builders.found(url).store.close()
        yield recorded()


@pytest.mark.parametrize(
    ("day", "state", "last"),
    [
        ("2026-03-04", "received", "2026-03-30"),
        ("2026-03-05", "registered", "2026-03-30"),
        ("2026-03-08", "assigned", "2026-03-30"),
        ("2026-03-09", "in_hand", "2026-03-30"),
        ("2026-03-12", "in_hand", "2026-04-28"),
        ("2026-03-17", "in_hand", "2026-04-28"),
        ("2026-03-18", "in_hand", "2026-04-29"),
        ("2026-03-20", "in_hand", "2026-03-31"),
    ],
)
def test_state_and_clocks_of_a_day(number: str, day: str, state: str, last: str) -> None:
    found = as_of(number, day)
    assert (found["state"], due(found)) == (state, last)
    assert found["received_on"] == ("2026-03-02" if day < "2026-03-18" else "2026-03-03")
    assert found["version"] == sum(recorded <= day for recorded in RECORDED)


def test_on_the_last_day_it_is_the_case_as_it_stands(number: str) -> None:
    with freeze_time("2026-03-20 04:00:00"):
        found, now = (
            as_of(number, "2026-03-20"),
            disclosure("show", number, "--as", "registrar", "--json").json,
        )
    assert {**found, "version": 0} == {**now, "version": 0}


@pytest.mark.usefixtures("place")
def test_the_day_ends_at_midnight_in_china() -> None:
    number = recorded()
    with freeze_time("2026-03-23 16:30:00"):
        disclosure("note", number, "--text", "次日零时三十分", "--as", "registrar")
    assert as_of(number, "2026-03-23")["version"] + 1 == as_of(number, "2026-03-24")["version"]


def test_before_the_case_was_recorded(number: str) -> None:
    # The legal day of receipt had come, but nobody had written it up.
    said = disclosure("show", number, "--as-of", "2026-03-03", "--as", "registrar", "--json")
    assert (said.code, said.fault["kind"]) == (3, "not_found")
    assert disclosure("show", number, "--as-of", "2026-02-30", "--as", "registrar").code == 2
    assert disclosure("show", "2026-9999", "--as-of", "2026-03-05", "--as", "registrar").code == 3


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_for_a_person(number: str, lang: str) -> None:
    said = disclosure("show", number, "--as-of", "2026-03-10", "--as", "registrar", "--lang", lang)
    assert said.code == 0
    assert "2026-03-30" in said.out
    assert "2026-04" not in said.out


def test_before_a_notice_was_known(place: Place, tmp_path: Path) -> None:
    place.today = notices.TODAY
    received = date(notices.YEAR - 1, 12, 14)
    number = place.receive(received).case.number
    before = as_of(number, str(notices.TODAY))
    notices.comes(place.desk("head"), tmp_path)
    # The day before the notice knows the deadline as it was, and that it was provisional.
    assert as_of(number, str(notices.TODAY)) == before
    assert next(clock["provisional"] for clock in before["clocks"] if clock["rule"] == "reply.limit")
    after = as_of(number, str(notices.PROMULGATED + timedelta(days=1)))
    assert due(after) > due(before)
    assert not any(clock["provisional"] for clock in after["clocks"] if clock["rule"] == "reply.limit")

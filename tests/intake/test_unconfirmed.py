"""A letter or fax whose sender has not been reached: in the register, without a clock, until he is; and what
an application lacks, named when it comes in and while a correction may be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")

REQUEST = ("--name", "李四", "--request", "2025年度城东片区征收补偿方案")


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


@pytest.fixture(autouse=True, scope="module")
def _today() -> Iterator[None]:
    with freeze_time("2026-03-20T02:00:00Z"):
        yield


def arrived(channel: str = "post_unsigned", on: str = "2026-03-02", *more: str) -> str:
    said = disclosure("receive", "--channel", channel, *REQUEST, "--on", on, *more, "--json")
    assert said.code == 0, said.err
    return str(said.json["case"])


@pytest.mark.parametrize(
    ("channel", "article"), [("post_unsigned", "ogi2019:31.1.2"), ("fax", "ogi2019:31.1.3")]
)
def test_it_is_registered_and_no_time_runs(place: Place, channel: str, article: str) -> None:
    said = disclosure("receive", "--channel", channel, *REQUEST, "--on", "2026-03-02", "--json")
    assert (said.json["state"], said.json["clocks"], said.json["article"]) == ("unconfirmed", [], article)
    assert "confirm-receipt" in "".join(said.json["notes"])
    shown = disclosure("show", "2026-0001", "--json").json
    assert shown["clocks"] == []
    assert "李四" in disclosure("show", "2026-0001").out
    listed = disclosure("list", "--json").json
    assert listed[0]["reply_due"] is None
    verify_record.verify(place.store, place.desk().office)


def test_contact_starts_the_clock_from_its_day(place: Place) -> None:
    number = arrived()
    assert disclosure("next", number, "--json").json[0]["command"] == "confirm-receipt"
    early = disclosure("confirm-receipt", number, "--on", "2026-03-01", "--json")
    assert early.fault["field"] == "on", "not before it arrived"
    said = disclosure("confirm-receipt", number, "--how", "电话", "--on", "2026-03-10", "--json")
    assert (said.json["state"], said.json["article"]) == ("received", "ogi2019:31.1.2")
    reply = next(one for one in said.json["clocks"] if one["rule"] == "reply.limit")
    assert (reply["start"], reply["due"]) == ("2026-03-10", "2026-04-08"), "20 working days, 清明 left out"
    assert disclosure("show", number, "--json").json["received_on"] == "2026-03-10"
    # The day of the confirmation can be put right like any other.
    fixed = disclosure(
        "amend", number, "--field", "received-on", "--to", "2026-03-09", "--reason", "通话记录", "--json"
    )
    assert next(one for one in fixed.json["clocks"] if one["rule"] == "reply.limit")["start"] == "2026-03-09"
    assert disclosure("register", number, "--json").code == 0
    verify_record.verify(place.store, place.desk().office)


def test_nothing_else_is_done_before(place: Place) -> None:
    number = arrived("fax")
    for words in (("register", number), ("withdraw", number, "--how", "书面")):
        assert disclosure(*words, "--json").code == 1, words
    assert disclosure("note", number, "--text", "所留号码为空号").code == 0


def test_a_confirmation_that_is_there_is_the_day_of_receipt(place: Place) -> None:
    number = arrived("fax", "2026-03-02", "--confirmed-on", "2026-03-03")
    assert disclosure("show", number, "--json").json["received_on"] == "2026-03-03"


def test_the_alerts_name_it(place: Place) -> None:
    number = arrived()
    found = [one for one in disclosure("alerts", "--json").json["alerts"] if one["kind"] == "unconfirmed"]
    assert [one["case"] for one in found] == [number]
    assert found[0]["next"].startswith(f"disclosure confirm-receipt {number}")
    disclosure("confirm-receipt", number)
    kinds = {one["kind"] for one in disclosure("alerts", "--json").json["alerts"]}
    assert "unconfirmed" not in kinds


def test_the_annual_report_counts_it_when_it_is_received(place: Place) -> None:
    builders_application = builders.application(date(2026, 3, 2))
    place.desk("registrar").receive(builders_application)
    number = arrived()
    cells = ("report", "annual", "2026", "--cell", "new_received,total", "--json")
    assert [one["number"] for one in disclosure(*cells).json] == ["2026-0001"]
    disclosure("confirm-receipt", number)
    assert [one["number"] for one in disclosure(*cells).json] == ["2026-0001", number]


def test_under_the_law_of_that_day(place: Place) -> None:
    """No text of 2015 is cited for a letter of 2013."""
    said = disclosure("receive", "--channel", "post_unsigned", *REQUEST, "--on", "2013-05-06", "--json")
    assert said.json["article"] == "ogi2008:24.2"
    later = disclosure("receive", "--channel", "post_unsigned", *REQUEST, "--on", "2016-05-04", "--json")
    assert later.json["article"] == "term2015:1.1.2"


@pytest.mark.parametrize("name", ["བསོད་ནམས།", "ئابدۇللا", "张\U0003134a"])
def test_a_name_in_any_script_is_registered(place: Place, name: str) -> None:
    said = disclosure(
        "receive", "--channel", "post", "--name", name, "--request", "环评批复", "--on", "2026-03-02"
    )
    assert said.code == 0, said.err
    registered = disclosure("register", "2026-0001", "--json")
    assert registered.code == 0, registered.err
    assert disclosure("list", "--json").json[0]["applicant_name"] == name


# --- what is missing


def lacking(*words: str) -> list[tuple[str, str]]:
    said = disclosure("receive", "--channel", "post", "--on", "2026-03-16", *words, "--json")
    assert said.code == 0, said.err
    return [(one["what"], one["ground"]) for one in said.json.get("missing", [])]


WHOLE = ("--id-number", "320500199001010017", "--phone", "13800000000", "--form", "纸质")


def test_what_is_missing_is_named_at_once(place: Place) -> None:
    assert lacking(*REQUEST, *WHOLE) == []
    assert lacking(*REQUEST) == [("identity_proof", "identity"), ("contact", "identity"), ("form", "form")]
    assert lacking("--name", "李四", "--request", "文件", *WHOLE) == [("description", "description")]
    spoilt = ("--id-number", "320500199001010018", *WHOLE[2:])
    assert lacking(*REQUEST, *spoilt) == [], "a number that fails its check is there"
    screen = disclosure("receive", "--channel", "post", "--on", "2026-03-16", *REQUEST)
    assert "身份证明" in screen.out
    assert "2026-03-25" in screen.out, "the last of the seven working days"


def test_it_is_named_again_while_a_correction_may_be_asked_for(place: Place) -> None:
    lacking(*REQUEST)
    (ask,) = [
        one for one in disclosure("next", "2026-0001", "--json").json if one["event"] == "ask_correction"
    ]
    assert ask["until"] == "2026-03-25"
    assert {one["ground"] for one in ask["missing"]} == {"identity", "form"}
    assert [one["article"] for one in ask["missing"]] == [
        "ogi2019:29.2.1",
        "ogi2019:29.2.1",
        "ogi2019:29.2.3",
    ]
    assert "身份证明" in disclosure("next", "2026-0001").out
    disclosure("ask-correction", "2026-0001", "--matters", "请提供身份证明")
    again = disclosure("next", "2026-0001", "--json").json
    assert not any("missing" in one for one in again), "it is asked for once"


def test_the_law_of_2008_asks_for_no_identity_proof(place: Place) -> None:
    said = disclosure("receive", "--channel", "post", "--on", "2013-05-06", *REQUEST, "--json")
    assert [one["article"] for one in said.json["missing"]] == ["ogi2008:20.2.1", "ogi2008:20.2.3"]

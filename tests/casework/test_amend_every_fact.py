"""Every fact that an officer can enter can be corrected, or the tables say why not and what to do instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, Place
from tests.casework.test_undo import _do, _road
from tests.counter import disclosure
from workflow.base.errors import Malformed, NotFound
from workflow.casework import amendable, application
from workflow.casework.opened import open_case
from workflow.procedure import act_forms, act_tables
from workflow.procedure.fold import effective
from workflow.storage.models import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads")
TABLE = act_forms.amendable()
# Where the facts of an application, as they are typed, stand in its entry.
OF_APPLICATION = {
    "name": "applicant.name",
    "kind": "applicant.kind",
    "item": "items",
    "on": "on",
    **{name: f"applicant.{name}" for name in application.PERSONAL},
    **{name: f"days.{name}" for name in application.DAYS if name != "on"},
}
# Tried below or in test_amend.py on cases of their own.
# (A joint answer rests on another case whose reply has gone out; for old registers see tests/intake.)
APART = {"receive", "confirm_receipt", "answer_jointly", "take_over"}


# Of a suit, and of a paper that came on the day of its act.
OTHERS = {"remedy_decided.result": "annulled", "remedy_decided.dated": None}


@pytest.fixture
def place(_sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    yield from builders.verified(_sqlite_template, tmp_path)


def _amendable(event: str, path: str) -> bool:
    # What an act made of its facts may stand one step deeper (the agent that was appointed).
    return any(
        event in row["event"].split("|") and path in (row["path"], row["path"].partition(".")[2])
        for row in TABLE.values()
    )


@pytest.mark.parametrize("event", act_forms.specs())
def test_every_fact_of_an_act_is_amendable_or_says_why_not(event: str) -> None:
    for name in ("on", *(field.name for field in act_forms.specs()[event].fields)):
        why = act_tables.fixed(f"{event}.{name}")
        assert _amendable(event, name) != (why is not None), name
        assert why is None or (why["zh"] and why["en"])


@pytest.mark.parametrize("name", application.KNOWN)
def test_every_fact_of_an_application_is_amendable_or_says_why_not(name: str) -> None:
    if why := act_tables.fixed(f"receive.{'attachments' if name == 'attach' else name}"):
        assert why["zh"]
        return
    assert _amendable("receive", OF_APPLICATION.get(name, name)), name


def _other(place: Place, number: str, key: str, row: dict[str, Any], old: Any, on: date) -> Any:
    """Another value of the same kind."""
    if key in OTHERS:
        return OTHERS[key] or on
    match row["type"]:
        case "date":
            return (date.fromisoformat(old) if old else on + timedelta(days=7)) + timedelta(days=1)
        case "tracking":
            return "EA123456785CN"
        case "moment":
            return f"{on} 10:21"
        case "int":
            return str((old or 5) + 1)
        case "tracking":
            return "RR473124829CN"
        case "moment":
            return f"{on} 11:20"
        case "choice":
            held = old if isinstance(old, list) else [old]
            other = next(choice for choice in row["choice"] if choice not in (*held, "email", "online"))
            return [other] if row.get("many") else other
    if key.endswith(".papers"):
        place.act("legal", "attach", number, place.today, file=[__file__])
        return [Path(__file__).name]
    return ["另写的一项"] if row.get("many") else "另写的内容"


@pytest.mark.parametrize("key", [key for key in TABLE if not APART & set(TABLE[key]["event"].split("|"))])
def test_every_fact_is_corrected(place: Place, key: str) -> None:
    row = TABLE[key]
    event = row["event"].split("|")[0]
    road = _road(event)
    number = place.begin(road)
    place.begin([])
    place.walk(number, road)
    place.made()
    _do(place, event, number)
    entry = _entry(place, number, event)
    old = amendable.value_of(entry, row["path"])
    if old is None and key == "correct.items":
        old = []
    new = _other(place, number, key, row, old, entry.on)
    if key == "correct.items":
        # As many as there are: this request names one thing, and no item.
        with pytest.raises(Malformed):
            place.desk("registrar").amend(number, key, new, "笔误")
        return
    done = place.desk("registrar").amend(
        number, key.replace("_", "-"), new if isinstance(new, list) else str(new), "笔误"
    )
    assert done.entry.payload["field"] == key
    now = amendable.value_of(_entry(place, number, event), row["path"])
    assert str(now) == str(new)
    place.desk("registrar").undo(number)
    assert amendable.value_of(_entry(place, number, event), row["path"]) == amendable.value_of(
        entry, row["path"]
    )


def _entry(place: Place, number: str, event: str) -> Any:
    with place.store.reading() as connection:
        entries = effective(open_case(place.desk(), connection, number).entries)
    return [entry for entry in entries if entry.event == event][-1]


# --- what follows from a corrected fact


def test_the_amount_follows_the_pages(place: Place) -> None:
    number = place.bring("fee_notified")
    assert place.case(number).fee_amount == 270
    place.desk("registrar").amend(number, "notify-fee.count", "100", "清点有误")
    assert place.case(number).fee_amount == 700
    assert place.row(number)["fee_amount"] == 700


def test_the_time_for_the_answer_follows_the_procedure(place: Place) -> None:
    number = place.bring("served")
    place.act("legal", "open_reconsideration", number, "2026-04-01", body="江州市人民政府")
    before = place.clocks(number)["remedy.defence", 1][0]
    place.desk("registrar").amend(number, "open-reconsideration.procedure", "simple", "通知书载明简易程序")
    assert place.clocks(number)["remedy.defence", 1][0] < before


def test_what_is_not_corrected_says_why(place: Place) -> None:
    number = place.bring("section_review")
    with pytest.raises(NotFound) as caught:
        place.desk("head").amend(number, "pass-review.opinion", "同意", "笔误")
    assert "undo" in caught.value.text
    assert "--list" in caught.value.advice


# --- letters


def _letters(place: Place) -> list[tuple[str, bool, bool]]:
    with place.store.reading() as connection:
        rows = connection.execute(sa.select(TABLES["letter"]).order_by(TABLES["letter"].c.id))
        return [(row.code, row.voided_on is not None, row.sent_on is not None) for row in rows]


@pytest.mark.parametrize("made", [True, False])
def test_letters_that_are_here_and_bear_it_are_made_anew(place: Place, made: bool) -> None:
    number = place.bring("correction_asked")
    if made:
        place.made()
    done = place.desk("registrar").amend(number, "applicant-name", "张三丰", "漏字")
    assert _letters(place) == [
        ("P2", True, False),
        ("P3", True, False),
        ("P2", False, False),
        ("P3", False, False),
    ]
    assert [letter["code"] for letter in done.letters] == ["P2", "P3"]
    place.made()
    assert [letter["code"] for letter in place.case(number).in_hand()] == ["P2", "P3"]
    # A fact that no letter bears leaves them as they are.
    place.desk("registrar").amend(number, "phone", "0512-1234567", "号码有误")
    assert len(_letters(place)) == 4


def test_letters_that_have_left_with_it_are_named(place: Place) -> None:
    number = place.bring("correction_asked")
    place.made()
    place.act("registrar", "letter_posted", number, RECEIVED + timedelta(days=2), letter=["P3"])
    done = place.desk("registrar").amend(number, "applicant-name", "张三丰", "漏字")
    left = [params for text, params in done.notes if "left on" in text]
    assert [one["left"] for one in left] == [RECEIVED + timedelta(days=2)]
    assert _letters(place) == [("P2", True, False), ("P3", False, True), ("P2", False, False)]


def test_a_reply_that_bears_it_is_to_be_issued_anew(place: Place) -> None:
    number = place.bring("issued")
    place.made()
    done = place.desk("registrar").amend(number, "request", "2025年度城东片区征收补偿安置方案", "漏字")
    assert any("void-reply" in text for text, _ in done.notes)


# --- what becomes overdue


def test_a_correction_that_makes_a_case_overdue_says_so(place: Place) -> None:
    place.today = date(2026, 3, 20)
    place._desks.clear()
    number = place.bring("registered")
    done = place.desk("registrar").amend(number, "received-on", "2026-01-05", "收件章日期有误")
    rules = [params["rule"] for text, params in done.notes if "overdue" in text or "days for asking" in text]
    # The days for asking for a correction were over before.
    assert rules == ["ogi2019:33.2"]
    # What was overdue before is no news of a further correction.
    again = place.desk("registrar").amend(number, "received-on", "2026-01-06", "收件章日期有误")
    assert not [text for text, _ in again.notes if "overdue" in text]


def test_what_is_received_with_an_old_day_says_so(place: Place) -> None:
    done = place.receive(date(2026, 3, 2))
    assert [params["rule"] for text, params in done.notes if "before this was entered" in text] == [
        "ogi2019:33.2",
        "ogi2019:30",
    ]


def test_the_facts_of_a_case_are_listed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", str(place.store.url))
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    number = place.bring("correction_asked")
    found = {one["field"]: one["value"] for one in disclosure("amend", number, "--list", "--json").json}
    assert found["ask-correction.matters"] == "请明确年度"
    assert found["received-on"] == "2026-03-02"
    assert "320500" not in str(found)
    shown = disclosure("amend", number, "--list", "--lang", "zh_CN").out
    assert "自然人" in shown
    assert "natural_person" not in shown
    assert "['" not in shown
    said = disclosure("amend", number, "--field", "phone", "--json")
    assert said.fault["field"] == "to"


def test_items_are_corrected_one_by_one(place: Place) -> None:
    number = place.receive(request=None, items=["甲文件", "乙文件"]).case.number
    place.desk("registrar").amend(number, "items", ["甲文件（2025）", "乙文件"], "漏字")
    case = place.case(number)
    assert (case.items, case.request) == (["甲文件（2025）", "乙文件"], "甲文件（2025）\n乙文件")
    with pytest.raises(Malformed):
        place.desk("registrar").amend(number, "items", ["只有一项"], "漏字")


def test_another_channel_brings_its_own_rule(place: Place) -> None:
    number = place.receive().case.number
    place.desk("registrar").amend(number, "channel", "in_person", "当面提交")
    entry = _entry(place, number, "receive")
    assert (place.case(number).channel, entry.payload["article"]) == ("in_person", "ogi2019:31.1.1")

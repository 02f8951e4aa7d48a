"""The last act taken back: every act of the table is done and undone, and the case is as it was before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import FACTS, LATE, OLD, RECEIVED, ROADS, USUAL, Place, Step, road_to
from tests.counter import disclosure
from workflow.base.errors import Damaged, Refused
from workflow.cases.case import CaseFile
from workflow.cases.context import OF_NO_PERSON
from workflow.casework.opened import Done
from workflow.jobs import queue
from workflow.procedure import act_tables, transitions
from workflow.procedure.fold import fold
from workflow.storage import case_entries
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")
RULES = transitions.bundled()
ACTS = act_tables.acts()
# What cannot be taken back, and where the law of good order says why (`undo_why` in its table).
FINAL = sorted(act_tables.having("undo", "no"))
# Nobody does these by hand, or they are passed over: they are no acts of an officer.
NOT_ACTS = {*act_tables.having("undo", "over"), "consulted", "contested"}
_ASKED: Step = ("handler", "consult_third_party", 5, {"name": "甲公司"})
_OBJECTED: Step = ("handler", "opinion_given", 9, {"no": 1, "answer": "object"})
_FOUGHT: Step = ("registrar", "open_suit", 11, {"kind": "direct", "body": "江州市姑江区人民法院"})
_JUDGED: Step = ("legal", "remedy_decided", 12, {"no": 1, "outcome": "upheld"})
_APPEALED: Step = ("legal", "appeal", 12, {"no": 1, "by": "applicant"})
# Roads to acts on a consultation or a remedy.
PARTS: dict[str, list[Step]] = {
    **{
        event: [*ROADS["in_hand"], _ASKED]
        for event in ("opinion_delivered", "opinion_given", "opinion_lapsed", "consultation_recalled")
    },
    "objection_overruled": [*ROADS["in_hand"], _ASKED, _OBJECTED],
    **{event: [*ROADS["served"], _FOUGHT] for event in ("defend", "set_hearing", "remedy_decided")},
    "appeal": [*ROADS["served"], _FOUGHT, _JUDGED],
    "remand": [*ROADS["served"], _FOUGHT, _JUDGED, _APPEALED],
    "propose_destruction": ROADS["filed"],
    "confirm_receipt": ROADS["unconfirmed"],
    "file_unserved": ROADS["returned"],
    "file": ROADS["served"],
}


@pytest.fixture
def place(_sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    path = tmp_path / "office.db"
    shutil.copyfile(_sqlite_template, path)
    made = builders.found(f"sqlite:///{path}")
    yield made
    made.store.close()


def _road(event: str) -> list[Step]:
    """The first road on whose last state the act can be done."""
    if event in PARTS:
        return list(PARTS[event])
    for variant in ROADS:
        state = variant.split(" ")[0]
        rows = [row for row in RULES.of("case", event, state) if row.basis("ogi2019", RECEIVED) is not None]
        if rows and (event, state) != ("file", "withdrawn"):
            return list(road_to(event, variant))
    raise AssertionError(f"no road to {event}")


def _do(place: Place, event: str, number: str) -> Done:
    """The act, by the first officer who may."""
    if event == "amend":
        return place.desk("registrar").amend(number, "applicant-name", "李四", "笔误")
    case = place.case(number)
    assert case.received_on is not None
    roles = {role for row in RULES.rows if row.event == event for role in row.roles}
    facts = {
        name: (case.received_on + value).isoformat() if isinstance(value, timedelta) else value
        for name, value in FACTS.get(event, {}).items()
    }
    days = [case.last_on, case.received_on + timedelta(days=LATE.get(event, USUAL))]
    days += [part.served or part.received for part in case.remedies]
    on = place.today if event == "propose_destruction" else max(day for day in days if day is not None)
    faults = []
    for role in sorted(roles - OF_NO_PERSON, key=builders.ROLES.index):
        for officer, (held, _) in builders.OFFICERS.items():
            if held != role:
                continue
            try:
                return place.desk(officer).act(number, event, facts, on=on)
            except Refused as fault:
                faults.append(str(fault))
    raise AssertionError(f"{event}: {faults}")


def _seen(place: Place, number: str) -> dict[str, Any]:
    """The case and its rows, but for what only grows: entries, and the letters that are void."""
    case = asdict(place.case(number))
    void = {one["letter"] for one in case["lives"] if one["void"]}
    case["letters"] = [one for one in case["letters"] if one["letter"] not in void]
    case["lives"] = [one for one in case["lives"] if one["letter"] not in void]
    del case["entries"]
    row = place.row(number)
    for name in ("version", "entries", "recorded_at"):
        del row[name]
    with place.store.reading() as connection:
        docs, remedies, letters = (TABLES[name] for name in ("search_doc", "remedy", "letter"))
        return {
            "case": case,
            "row": row,
            "clocks": place.clocks(number),
            "docs": [
                tuple(one)[1:]
                for one in connection.execute(
                    sa.select(docs).where(docs.c.text != "").order_by(docs.c.case_id, docs.c.n)
                )
            ],
            "remedies": [tuple(one)[1:] for one in connection.execute(sa.select(remedies))],
            "letters": [
                (one.id, one.code, one.number, one.sent_on)
                for one in connection.execute(sa.select(letters).where(letters.c.voided_on.is_(None)))
            ],
        }


@pytest.mark.parametrize("event", [event for event in ACTS if event not in {*NOT_ACTS, *FINAL}])
def test_every_act_can_be_taken_back(place: Place, event: str) -> None:
    received = OLD if event == "propose_destruction" else RECEIVED
    road = _road(event)
    number = place.begin(road, received)
    # What it is joined with, or linked to.
    place.begin([])
    place.begin([])
    if received == OLD:
        road = [
            (who, step, n, builders.REFUSE_2008 if facts is builders.REFUSE else facts)
            for who, step, n, facts in road
        ]
    place.walk(number, road)
    place.made()
    before = _seen(place, number)
    done = _do(place, event, number)
    changed = _seen(place, number)
    assert changed["case"] != before["case"]
    # As an officer would: the letters that it called for have been made meanwhile, or they have not.
    if sum(map(ord, event)) % 2:
        place.made()
    undone = place.desk(done.entry.actor).undo(number, "误操作")
    assert undone.entry.payload["entry"] == done.entry.n
    assert _seen(place, number) == before
    assert not [work for work in queue.waiting(place.desk()) if work.kind == queue.LETTER]
    assert verify_record.verify(place.store, place.desk().office).stale == []
    # What was taken back can be done again, with the next numbers.
    _do(place, event, number)
    assert _seen(place, number)["case"]["state"] == changed["case"]["state"]
    assert verify_record.verify(place.store, place.desk().office).unindexed == 0


@pytest.mark.parametrize("event", FINAL)
def test_what_cannot_be_taken_back_says_why(event: str) -> None:
    why = ACTS[event]["undo_why"]
    assert why["zh"]
    assert why["en"]


def test_the_first_entry_is_made_void_and_not_taken_back(place: Place) -> None:
    number = place.receive().case.number
    fault = builders.refused(lambda: place.desk("registrar").undo(number))
    assert isinstance(fault, Refused)
    assert fault.rule == "house:undo"
    assert "void-case" in fault.text


def test_a_number_that_was_taken_stays_taken(place: Place) -> None:
    number = place.bring("issued")
    first = place.case(number).reply
    assert first is not None
    place.desk("handler").undo(number)
    assert place.case(number).state == "approved"
    assert place.case(number).voided[-1].number == first.number
    place.act("handler", "issue", number, RECEIVED + timedelta(days=7))
    again = place.case(number).reply
    assert again is not None
    assert again.number != first.number


def test_acts_are_taken_back_one_after_the_other(place: Place) -> None:
    number = place.receive().case.number
    place.walk(number, ROADS["registered"])
    before = _seen(place, number)
    place.act("registrar", "assign", number, RECEIVED, unit="ban")
    place.act("handler", "accept", number, RECEIVED)
    place.act("handler", "draft", number, RECEIVED, **builders.GRANT)
    for officer in ("handler", "handler", "registrar"):
        place.desk(officer).undo(number)
    assert _seen(place, number) == before
    assert verify_record.verify(place.store, place.desk().office).cases == 1


@pytest.mark.parametrize(
    ("officer", "may"),
    [
        ("registrar", True),
        ("handler", False),
        ("other", False),
        ("head", True),
        ("legal", False),
        ("reviewer", False),
    ],
)
def test_who_did_it_or_his_head_takes_it_back(place: Place, officer: str, may: bool) -> None:
    """The case is with no unit yet: no head of a unit has it."""
    number = place.bring("registered")
    if may:
        assert place.desk(officer).undo(number).case.state == "received"
        return
    fault = builders.refused(lambda: place.desk(officer).undo(number))
    assert fault.rule == "house:undo"


def test_the_head_of_the_unit_takes_back_what_its_handler_did(place: Place) -> None:
    number = place.bring("drafting")
    assert place.desk("reviewer").undo(number).case.state == "in_hand"


@pytest.mark.parametrize(
    ("road", "step"),
    [("correction_asked", ("registrar", "letter_posted", {"letter": ["P3"]})), ("dispatched", None)],
)
def test_what_has_left_is_not_taken_back(place: Place, road: str, step: Any) -> None:
    number = place.bring(road)
    place.made()
    if step:
        place.act(step[0], step[1], number, RECEIVED + timedelta(days=3), **step[2])
    before = builders.digest(place.store)
    fault = builders.refused(lambda: place.desk("registrar").undo(number))
    assert isinstance(fault, Refused)
    assert fault.rule == "house:undo"
    assert builders.digest(place.store) == before


def test_an_arrival_recorded_by_mistake_is_taken_back_and_its_notice_is_not(place: Place) -> None:
    number = place.bring("correction_asked")
    place.made()
    place.act("registrar", "notice_reached", number, RECEIVED + timedelta(days=3), letter="P3")
    place.desk("registrar").undo(number)
    assert place.case(number).notices[-1].reached is None
    # Now the question itself can be taken back as well: nothing says that it left.
    assert place.desk("registrar").undo(number).case.state == "registered"


def test_a_letter_in_a_batch_keeps_the_act(place: Place) -> None:
    from workflow.delivery import batches

    number = place.bring("correction_asked")
    place.made()
    batches.make(place.desk("registrar"), on=RECEIVED + timedelta(days=2))
    fault = builders.refused(lambda: place.desk("registrar").undo(number))
    assert "posting drop" in fault.advice


def test_a_dispatch_is_taken_back_while_its_envelope_waits_for_the_post(place: Place) -> None:
    from workflow.delivery import batches, post_office

    number = place.bring("issued")
    place.made()
    posting = batches.make(place.desk("registrar"), on=place.today)
    before = _seen(place, number)
    place.act("registrar", "dispatch", number, place.today, served_by="post")
    assert place.case(number).state == "dispatched"
    done = place.desk("registrar").undo(number, "信封尚未交邮")
    assert done.entry.payload["batch"] == posting.number
    assert _seen(place, number) == before
    assert verify_record.verify(place.store, place.desk().office).cases == 1
    # Then it goes with its batch, and after that nothing of it is taken back.
    post_office.post(place.desk("registrar"), posting.number, on=place.today)
    assert place.case(number).state == "dispatched"
    fault = builders.refused(lambda: place.desk("registrar").undo(number))
    assert fault.rule == "house:undo"


def test_the_record_shows_what_was_taken_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", str(place.store.url))
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    number = place.bring("assigned")
    told = disclosure("undo", number, "--dry-run", "--json").json
    assert (told["event"], told["state"]) == ("assign", {"before": "assigned", "after": "registered"})
    assert place.case(number).state == "assigned"
    done = disclosure("undo", number, "--reason", "分错了科室", "--json").json
    assert (done["event"], done["state"]) == ("undo", "registered")
    history = disclosure("history", number).out
    assert "（已撤回，见第4条）" in history
    shown = disclosure("show", number, "--json").json
    assert shown["state"] == "registered"


def test_a_record_in_which_another_act_was_taken_back_is_damaged(place: Place) -> None:
    number = place.bring("in_hand")
    place.desk("handler").undo(number)
    with place.store.reading() as connection:
        case = connection.execute(sa.select(TABLES["case_file"].c.id)).scalar_one()
        entries = case_entries.entries(connection, case)
    forged = [*entries[:-1], replace(entries[-1], payload={**entries[-1].payload, "entry": 2})]
    with pytest.raises(Damaged):
        fold(forged)
    assert isinstance(fold(entries), CaseFile)


def test_the_case_as_it_was_known_on_a_day_still_has_the_act(place: Place) -> None:
    from workflow.reports.views import case_seen

    number = place.bring("assigned")
    place.today = builders.TODAY + timedelta(days=1)
    place._desks.clear()
    place.desk("registrar").undo(number)
    assert case_seen.as_of(place.desk("registrar"), number, builders.TODAY).case.state == "assigned"
    assert place.case(number).state == "registered"


def test_undoing_on_both_databases(database_url: str) -> None:
    with closing(builders.found(database_url).store) as store:
        place = Place(store)
        number = place.bring("withdrawn", on=date(2026, 3, 2))
        place.desk("registrar").undo(number)
        assert place.case(number).state == "registered"
        assert verify_record.verify(store, place.desk().office).cases == 1

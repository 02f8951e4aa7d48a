"""The desk: one act, one unit of work; what each guard refuses, by which rule; days, versions, names and
numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, ROADS, TODAY, Place, Step
from workflow.base.errors import Conflict, DisclosureError, Malformed, NotFound, OutOfLaw, Refused
from workflow.casework.desk import Desk
from workflow.casework.opened import open_case
from workflow.jobs import queue
from workflow.office import founding, profile_changes
from workflow.procedure import transitions
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

RULES = transitions.bundled()
BOTH = {"key": "both", "name": "兼任", "roles": ["handler", "reviewer", "approver"], "unit": "ban"}

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Place]:
    made = builders.found(sqlite_url, officer=[*builders.office_file()["officer"], BOTH])
    yield made
    made.store.close()


@pytest.fixture
def either(database_url: str, home: Path) -> Iterator[Place]:
    """The same on both databases."""
    made = builders.found(database_url)
    yield made
    made.store.close()


def days(n: int) -> date:
    """So many days after receipt."""
    return RECEIVED + timedelta(days=n)


# --- each guard refuses with the rule that it is there for

_ASKED: list[Step] = [*ROADS["correction_asked"], ("registrar", "notice_reached", 3, {"letter": "P3"})]
_REASONS: list[Step] = [*ROADS["reasons_asked"], ("registrar", "notice_reached", 3, {"letter": "P4"})]
_FEE: list[Step] = [*ROADS["fee_notified"], ("handler", "notice_reached", 4, {"letter": "P12"})]
_CONSULTED: list[Step] = [*ROADS["in_hand"], ("handler", "consult_third_party", 5, {"name": "甲公司"})]
_EXTEND: Step = ("head", "extend", 6, {"reasons": "信息量大"})
_BOTH: list[Step] = [
    *ROADS["registered"],
    ("registrar", "assign", 1, {"unit": "ban"}),
    ("both", "accept", 1, {}),
    ("both", "draft", 3, builders.GRANT),
    ("both", "submit", 4, {}),
]
_SUED: Step = ("registrar", "open_suit", 12, {"kind": "direct", "body": "江州市姑江区人民法院"})
_ANSWERED: Step = ("handler", "opinion_given", 6, {"no": 1, "answer": "agree"})

# guard: the road, the act that it refuses, its rule where it is not that of the guard itself
_EXTENDED: list[Step] = [*ROADS["in_hand"], ("head", "extend", 5, {"reasons": "信息量大"})]
_PROPOSED: Step = ("handler", "propose_transfer", 5, builders.FACTS["propose_transfer"])
_POSTED: Step = ("registrar", "letter_posted", 7, {"letter": ["P5"]})
GUARDED: list[tuple[str, list[Step], Step, str | None]] = [
    (
        "not_corrected_before",
        [*_ASKED, ("registrar", "correct", 5, {})],
        ("registrar", "ask_correction", 6, {"matters": "再次", "answer_by": timedelta(days=30)}),
        None,
    ),
    ("notice_served", ROADS["correction_asked"], ("registrar", "lapse_correction", 21, {}), None),
    ("notice_served", ROADS["reasons_asked"], ("registrar", "reasons_unanswered", 21, {}), None),
    ("notice_served", ROADS["fee_notified"], ("handler", "lapse_fee", 60, {}), None),
    ("correction_overdue", _ASKED, ("registrar", "lapse_correction", 20, {}), None),
    ("reasons_overdue", _REASONS, ("registrar", "reasons_unanswered", 20, {}), None),
    # 20 working days after the notice came on 2026-03-06.
    ("fee_overdue", _FEE, ("handler", "lapse_fee", 32, {}), None),
    (
        "reasons_not_asked",
        [*ROADS["reasons_asked"], ("registrar", "give_reasons", 3, {"reasons": "研究"})],
        ("registrar", "ask_reasons", 4, {"matters": "再次", "answer_by": timedelta(days=30)}),
        None,
    ),
    ("of_the_unit", ROADS["assigned"], ("other", "accept", 2, {}), None),
    (
        "of_the_unit",
        [*ROADS["registered"], ("registrar", "assign", 1, {"unit": "ban", "handler": "both"})],
        ("handler", "accept", 2, {}),
        None,
    ),
    ("is_the_handler", ROADS["in_hand"], ("other", "draft", 3, builders.GRANT), None),
    (
        "is_the_handler",
        ROADS["in_hand"],
        ("both", "consult_organ", 3, {"name": "丙局", "answer_by": timedelta(days=30)}),
        None,
    ),
    ("has_the_case", ROADS["in_hand"], ("other", *_PROPOSED[1:]), None),
    ("no_transfer_proposed", [*ROADS["in_hand"], _PROPOSED], _PROPOSED, None),
    ("transfer_proposed", ROADS["in_hand"], ("head", "approve_transfer", 6, {}), None),
    (
        "decides_for_another",
        [*ROADS["in_hand"], ("both", *_PROPOSED[1:])],
        ("both", "refuse_transfer", 6, {"reasons": "属于本单位职责"}),
        None,
    ),
    (
        "no_fee_before",
        [*ROADS["fee_notified"], ("registrar", "pay_fee", 5, {})],
        ("handler", "notify_fee", 6, {"basis": "by_page", "count": 57}),
        None,
    ),
    ("not_extended", [*ROADS["in_hand"], _EXTEND], ("head", "extend", 7, {"reasons": "再延"}), None),
    ("inside_first_period", ROADS["in_hand"], ("head", "extend", 29, {"reasons": "太晚"}), None),
    ("inside_first_period", ROADS["in_hand"], ("head", "extend", 6, {"reasons": "太长", "days": 21}), None),
    ("is_extended", ROADS["in_hand"], ("head", "undo_extension", 6, {"reasons": "误操作"}), None),
    (
        "reasons_given",
        ROADS["in_hand"],
        ("head", "delay", 6, {"until": timedelta(days=90), "reasons": "数量大"}),
        None,
    ),
    (
        "draft_complete",
        [*ROADS["in_hand"], ("handler", "draft", 3, {"outcome": "granted"})],
        ("handler", "submit", 4, {}),
        "ogi2019:36.1.2",
    ),
    (
        "no_open_consultation",
        [*_CONSULTED, ("handler", "draft", 6, builders.GRANT)],
        ("handler", "submit", 7, {}),
        None,
    ),
    ("not_the_drafter", _BOTH, ("both", "pass_review", 5, {}), None),
    ("not_the_drafter", _BOTH, ("both", "return_draft", 5, {"reasons": "重写"}), None),
    ("not_the_drafter", [*_BOTH, ("reviewer", "pass_review", 4, {})], ("both", "pass_review", 5, {}), None),
    ("letter_made", ROADS["issued"], ("registrar", "dispatch", 8, {"served_by": "post"}), None),
    (
        "inside_limit",
        ROADS["registered"],
        ("registrar", "ask_correction", 29, {"matters": "年度", "answer_by": timedelta(days=60)}),
        None,
    ),
    (
        "inside_limit",
        ROADS["in_hand"],
        ("handler", "notify_fee", 29, {"basis": "by_page", "count": 57, "payment": "现金"}),
        None,
    ),
    ("served_as_written", ROADS["issued"], ("registrar", "dispatch", 8, {"served_by": "email"}), None),
    (
        "by_china_post",
        ROADS["issued"],
        ("registrar", "dispatch", 8, {"served_by": "post", "tracking": "SF1234567890123"}),
        None,
    ),
    ("publication_last", ROADS["issued"], ("registrar", "dispatch", 8, {"served_by": "publication"}), None),
    (
        "served_that_way",
        ROADS["dispatched"],
        ("registrar", "serve", 9, {"proof": "送达回证", "how": "refused", "witnesses": "李四"}),
        None,
    ),
    (
        "refusal_witnessed",
        [*ROADS["issued"], ("registrar", "dispatch", 7, {"served_by": "hand"})],
        ("registrar", "serve", 9, {"proof": "送达回证", "how": "refused"}),
        None,
    ),
    (
        "publication_over",
        [*ROADS["returned"], ("registrar", "dispatch", 12, {"served_by": "publication"})],
        ("registrar", "serve", 13, {"proof": "公告", "published_on": timedelta(days=12)}),
        "civproc2023:95",
    ),
    ("letter_to_approve", [*_EXTENDED, _POSTED], ("reviewer", "approve_letter", 8, {"letter": ["P5"]}), None),
    ("another_approves", _EXTENDED, ("head", "approve_letter", 8, {"letter": ["P5"]}), None),
    ("letter_in_hand", [*_EXTENDED, _POSTED], ("registrar", "letter_posted", 8, {"letter": ["P5"]}), None),
    (
        "letter_in_hand",
        [*_EXTENDED, _POSTED],
        ("head", "void_letter", 8, {"letter": "P5", "reasons": "错字"}),
        None,
    ),
    (
        "letter_in_hand",
        [*_EXTENDED, ("registrar", "notice_reached", 8, {"letter": "P5"})],
        ("head", "void_letter", 9, {"letter": "P5", "reasons": "错字"}),
        None,
    ),
    (
        "letter_in_hand",
        ROADS["issued"],
        ("head", "void_letter", 9, {"letter": "D1", "reasons": "错字"}),
        None,
    ),
    ("letter_in_hand", ROADS["issued"], ("registrar", "letter_posted", 9, {"letter": ["D1"]}), None),
    (
        "letter_in_hand",
        [*_EXTENDED, _POSTED, ("registrar", "letter_returned", 9, {"letter": ["P5"], "reasons": "查无此人"})],
        ("head", "void_letter", 10, {"letter": "P5", "reasons": "错字"}),
        None,
    ),
    ("letter_on_its_way", _EXTENDED, ("registrar", "letter_arrived", 8, {"letter": ["P5"]}), None),
    (
        "letter_on_its_way",
        [*_EXTENDED, _POSTED, ("registrar", "letter_returned", 9, {"letter": ["P5"], "reasons": "查无此人"})],
        ("registrar", "letter_arrived", 10, {"letter": ["P5"]}),
        None,
    ),
    (
        "letter_on_its_way",
        [*_EXTENDED, _POSTED],
        ("registrar", "letter_arrived", 6, {"letter": ["P5"]}),
        None,
    ),
    (
        "no_delay",
        [
            *_REASONS,
            ("registrar", "give_reasons", 5, {"reasons": "研究"}),
            ("registrar", "assign", 5, {"unit": "ban"}),
            ("handler", "accept", 5, {}),
            ("head", "delay", 6, {"until": timedelta(days=90), "reasons": "数量大"}),
        ],
        ("head", "extend", 7, {"reasons": "再延"}),
        None,
    ),
    ("no_open_remedy", [*ROADS["served"], _SUED], ("archivist", "file", 13, {}), None),
    (
        "no_open_remedy",
        [*ROADS["returned"], _SUED],
        ("archivist", "file_unserved", 13, {"reasons": "两次退回"}),
        None,
    ),
    ("decision_set_aside", [*ROADS["served"], _SUED], ("legal", "redecide", 13, {"no": 1}), None),
    (
        "decision_set_aside",
        [*ROADS["served"], _SUED, ("legal", "remedy_decided", 13, {"no": 1, "outcome": "upheld"})],
        ("legal", "redecide", 14, {"no": 1}),
        None,
    ),
    (
        "no_open_remedy",
        [*ROADS["served"], _SUED, ("legal", "remedy_decided", 13, {"no": 1, "result": "ordered"})],
        ("archivist", "file", 14, {}),
        None,
    ),
    (
        "can_be_appealed",
        [
            *ROADS["served"],
            ("legal", "open_reconsideration", 12, {"body": "市政府"}),
            ("legal", "remedy_decided", 13, {"no": 1, "result": "maintained"}),
        ],
        ("legal", "appeal", 14, {"no": 1, "by": "organ"}),
        None,
    ),
    # 15 days after the judgment came.
    (
        "can_be_appealed",
        [*ROADS["served"], _SUED, ("legal", "remedy_decided", 13, {"no": 1, "result": "annulled"})],
        ("legal", "appeal", 29, {"no": 1, "by": "organ"}),
        None,
    ),
    (
        "only_longer",
        ROADS["filed"],
        ("archivist", "keep_longer", 14, {"until": timedelta(days=900), "why": "查考"}),
        None,
    ),
    ("time_is_over", ROADS["filed"], ("archivist", "propose_destruction", 14, {"why": "期满"}), None),
    ("destruction_proposed", ROADS["filed"], ("head", "destroy", 14, {"why": "同意"}), None),
    ("notice_known", ROADS["in_hand"], ("registrar", "notice_reached", 5, {"letter": "P3"}), None),
    ("notice_known", ROADS["correction_asked"], ("registrar", "notice_reached", 1, {"letter": "P3"}), None),
    ("opinion_overdue", _CONSULTED, ("handler", "opinion_lapsed", 25, {"no": 1}), None),
    (
        "objected",
        [*_CONSULTED, _ANSWERED],
        ("head", "objection_overruled", 8, {"no": 1, "reasons": "公共利益"}),
        None,
    ),
]


@pytest.mark.parametrize(("guard", "road", "step", "rule"), GUARDED)
def test_guard(place: Place, guard: str, road: list[Step], step: Step, rule: str | None) -> None:
    number = place.receive().case.number
    place.walk(number, road)
    if guard != "letter_made":
        place.made()
    before = builders.digest(place.store)
    with pytest.raises(Refused) as caught:
        if step[1] == "dispatch":
            place.act(step[0], step[1], number, days(step[2]), **step[3])
        else:
            place.walk(number, [step])
    assert caught.value.rule == (rule or RULES.guard_rule(guard, "ogi2019", days(step[2])))
    assert caught.value.advice
    assert "{" not in caught.value.text + (caught.value.advice or "")
    assert builders.digest(place.store) == before


def test_every_guard_of_the_table_is_tried() -> None:
    tried = {guard for guard, *_ in GUARDED} | {
        "fee_in_force",  # below: it looks at the law of the day
        "second_person",  # tests/archive/test_archive.py: years after the filing
        "one_step_each",  # tests/casework/test_approval.py: it needs an officer of two roles
        "approved_first",  # tests/procedure/test_letter_life.py: it needs an office that wants it
        "email_confirmed",  # tests/delivery/test_mailing.py: it needs an office with a mail server
        # tests/casework/test_void.py: what was entered by mistake.
        "nothing_has_left",
        "no_void_proposed",
        "void_proposed",
        "void_decided_by_another",
        "a_reply_left",  # tests/casework/test_mending.py
        # tests/casework/test_routing.py and test_urging.py: they need an organ above.
        "inside_hand_back_days",
        "was_passed_on",
        "was_urged",
        # tests/casework/test_scope.py and tests/intake: parts of an application, and whom a letter goes to.
        "has_an_agent",
        "is_of_the_case",
        "leaves_an_item",
        "nothing_corrected",
        "says_all_itself",
        "says_what",
        # tests/casework/test_undo.py: who takes back what.
        "can_be_undone",
        "undone_by_himself_or_head",
    }
    assert {guard for row in RULES.rows for guard in row.guard} == tried


def test_no_fee_before_there_was_one(place: Place) -> None:
    received = date(2019, 6, 3)
    number = place.receive(received).case.number
    place.walk(number, ROADS["in_hand"])
    with pytest.raises(Refused) as caught:
        place.act("handler", "notify_fee", number, "2019-06-10", basis="by_page", count=57)
    assert caught.value.rule
    assert caught.value.rule.startswith("fee2020")


def test_a_fee_may_lapse_on_what_came_before_there_was_one(place: Place) -> None:
    """Received in 2020, asked for money in 2021: the act and its letter go by the law of the day of the
    act.
    """
    number = place.receive(date(2020, 12, 28)).case.number
    place.walk(number, ROADS["in_hand"])
    place.act("handler", "notify_fee", number, "2021-01-05", basis="by_page", count=57)
    place.act("handler", "notice_reached", number, "2021-01-07", letter="P12")
    done = place.act("handler", "lapse_fee", number, "2021-03-01")
    assert [letter["code"] for letter in done.letters] == ["D13"]
    assert (done.case.state, place.row(number)["report_row"]) == ("lapsed", "r6_2_no_payment")


@pytest.mark.parametrize(
    ("road", "event", "last"),
    [(_ASKED, "lapse_correction", 20), (_REASONS, "reasons_unanswered", 20), (_FEE, "lapse_fee", 32)],
)
def test_a_period_of_the_applicant_is_over_on_the_day_after(
    place: Place, road: list[Step], event: str, last: int
) -> None:
    number = place.receive().case.number
    place.walk(number, road)
    who = "handler" if event == "lapse_fee" else "registrar"
    with pytest.raises(Refused):
        place.act(who, event, number, days(last))
    place.act(who, event, number, days(last + 1))


def test_the_last_day_of_the_first_period_is_early_enough_for_an_extension(place: Place) -> None:
    number = place.bring("in_hand")
    assert place.due(number) == date(2026, 3, 30)
    with pytest.raises(Refused):
        place.act("head", "extend", number, "2026-03-31", reasons="信息量大")
    place.act("head", "extend", number, "2026-03-30", reasons="信息量大", days=20)
    assert place.due(number) == date(2026, 3, 30)
    place.act("registrar", "notice_reached", number, "2026-03-30", letter="P5")
    assert place.due(number) == date(2026, 4, 28)


# --- what one act is


def test_an_act_is_one_entry_and_one_version(either: Place) -> None:
    number = either.receive().case.number
    before = either.row(number)
    done = either.act("registrar", "register", number, RECEIVED)
    row = either.row(number)
    assert (row["version"], row["entries"]) == (before["version"] + 1, before["entries"] + 1)
    assert done.version == row["version"]
    assert done.entry.on == RECEIVED
    assert done.entry.recorded_at.startswith("2026-09-01T")
    assert done.entry.actor == "registrar"
    assert done.entry.article == "ogi2019:45.1"
    assert [letter["code"] for letter in done.letters] == ["P2"]
    assert verify_record.verify(either.store, either.desk().office).cases == 1


def test_a_case_from_receipt_to_filing(either: Place) -> None:
    number = either.bring("filed")
    row = either.row(number)
    assert (row["state"], row["open"], row["outcome"], row["decision_code"]) == (
        "filed",
        False,
        "granted",
        "D1",
    )
    assert row["replied_on"] == days(7)
    assert row["served_on"] == days(9)
    assert either.clocks(number)["reply.limit", 0] == (date(2026, 3, 30), "met")
    assert verify_record.verify(either.store, either.desk().office, with_files=True).files == 2


@pytest.mark.parametrize("state", ROADS)
def test_every_state_on_both_databases(either: Place, state: str) -> None:
    number = either.bring(state.split(" ")[0], variant=state)
    verdict = verify_record.verify(either.store, either.desk().office)
    assert (verdict.cases, verdict.stale) == (2 if state.startswith("joined") else 1, [])
    assert either.row(number)["version"] == either.case(number).entries


# --- the legal day


def test_no_day_in_the_future(place: Place) -> None:
    number = place.bring("registered")
    with pytest.raises(Refused) as caught:
        place.act("registrar", "assign", number, TODAY + timedelta(days=1), unit="ban")
    assert (caught.value.rule, caught.value.field) == ("house:chronology", "on")
    place.act("registrar", "assign", number, TODAY, unit="ban")
    with pytest.raises(Refused) as caught:
        place.receive(TODAY + timedelta(days=1))
    assert (caught.value.rule, caught.value.field) == ("house:chronology", "on")


def test_no_day_before_the_act_that_it_follows(place: Place) -> None:
    number = place.bring("in_hand")
    with pytest.raises(Refused) as caught:
        place.act("handler", "draft", number, RECEIVED, **builders.GRANT)
    assert (caught.value.rule, caught.value.field) == ("house:chronology", "on")
    assert caught.value.params["follows"] == days(1)


def test_what_does_not_move_the_case_may_be_entered_late(place: Place) -> None:
    number = place.bring("drafting")
    place.act("registrar", "note", number, RECEIVED, text="来电询问")
    with pytest.raises(Refused):
        place.act("registrar", "note", number, days(-1), text="来电询问")


def test_a_draft_is_not_handed_in_before_the_answers_that_it_rests_on(place: Place) -> None:
    number = place.receive().case.number
    place.walk(
        number,
        [
            *_CONSULTED,
            ("handler", "draft", 6, builders.GRANT),
            ("handler", "opinion_given", 14, {"no": 1, "answer": "agree"}),
        ],
    )
    with pytest.raises(Refused) as caught:
        place.act("handler", "submit", number, days(13))
    assert caught.value.rule == "house:chronology"
    place.act("handler", "submit", number, days(14))


def test_today_is_the_day_in_china(sqlite_url: str) -> None:
    """An act without --on, at 17:30 in London on the 31st, is one of the 1st."""
    from freezegun import freeze_time

    place = builders.found(sqlite_url)
    number = place.receive().case.number
    with freeze_time("2026-08-31 16:30:00"):
        done = Desk(place.store, "registrar").act(number, "register")
    assert done.entry.on == date(2026, 9, 1)
    assert done.entry.recorded_at.startswith("2026-08-31T16:30")
    place.store.close()


# --- versions, cases, names


def test_a_stale_version_is_a_conflict(either: Place) -> None:
    number = either.bring("registered")
    version = either.row(number)["version"]
    either.desk().act(number, "assign", {"unit": "ban"}, on=days(1), expect=version)
    before = builders.digest(either.store)
    with pytest.raises(Conflict):
        either.desk().act(number, "note", {"text": "x"}, on=days(1), expect=version)
    assert builders.digest(either.store) == before


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("2026-0002", "2026-0002"),
        ("2", "2026-0002"),
        ("0003", "2026-0003"),
        ("李四", "2026-0002"),
        ("王", "2026-0003"),
    ],
)
def test_a_case_is_found_by_number_part_of_it_or_applicant(either: Place, ref: str, found: str) -> None:
    for name in ("张三", "李四", "王五"):
        either.receive(name=name)
    assert either.case(ref).number == found


def test_a_reference_that_fits_several_or_none(either: Place) -> None:
    for name in ("张三", "张四"):
        either.receive(name=name)
    with pytest.raises(Malformed, match="2026-0001.*2026-0002|2026-0002.*2026-0001"):
        either.case("张")
    for nothing in ("赵", "", " ", "%", "_", "\\", "99", "²", "9" * 5000, "'; DROP TABLE case_file; --"):
        with pytest.raises(NotFound):
            either.case(nothing)


@pytest.mark.parametrize("ref", ["张\x00", "\ud800", "\udcff"])
def test_a_reference_that_is_no_text(either: Place, ref: str) -> None:
    either.receive()
    with pytest.raises(NotFound):
        either.case(ref)


def test_units_and_officers_have_to_be_of_the_office(place: Place) -> None:
    number = place.bring("registered")
    for facts, field in (({"unit": "none"}, "unit"), ({"unit": "ban", "handler": "none"}, "handler")):
        with pytest.raises(NotFound) as missing:
            place.act("registrar", "assign", number, days(1), **facts)
        assert missing.value.field == field
    with pytest.raises(Malformed) as wrong:
        place.act("registrar", "assign", number, days(1), unit="ban", handler="other")
    assert wrong.value.field == "handler"
    with pytest.raises(Malformed) as wrong:
        place.act("registrar", "assign", number, days(1), unit="ban", handler="registrar")
    assert wrong.value.field == "handler"


def test_who_stopped_acts_no_more(place: Place) -> None:
    founding.stop_officer(place.desk("head"), "handler")
    with pytest.raises(Refused) as caught:
        Desk(place.store, "handler")
    assert caught.value.field == "as"
    number = place.bring("registered")
    with pytest.raises(NotFound):
        place.act("registrar", "assign", number, days(1), unit="ban", handler="handler")


# --- facts


@pytest.mark.parametrize(
    ("event", "facts", "field"),
    [
        ("assign", {}, "unit"),
        ("assign", {"unit": "ban", "colour": "red"}, "colour"),
        ("ask_correction", {"matters": "年度", "answer_by": "2026-02-30"}, "answer_by"),
        ("ask_correction", {"matters": "年度", "answer_by": "2026-03-01"}, "answer_by"),
        ("ask_correction", {"matters": "  ", "answer_by": "2026-03-20"}, "matters"),
        ("ask_correction", {"matters": "年\x07度", "answer_by": "2026-03-20"}, "matters"),
        ("ask_correction", {"matters": 5, "answer_by": "2026-03-20"}, "matters"),
        ("open_suit", {"kind": "third", "body": "法院"}, "kind"),
    ],
)
def test_facts_that_are_none(place: Place, event: str, facts: dict[str, Any], field: str) -> None:
    number = place.bring("registered")
    before = builders.digest(place.store)
    with pytest.raises(Malformed) as caught:
        place.desk().act(number, event, facts, on=days(1))
    assert caught.value.field == field
    assert builders.digest(place.store) == before


@pytest.mark.parametrize(
    ("facts", "kind", "field"),
    [
        ({"outcome": "maybe"}, NotFound, "outcome"),
        ({"outcome": "withheld"}, NotFound, "ground"),
        ({"outcome": "withheld", "ground": "none"}, NotFound, "ground"),
        ({"outcome": "granted", "ground": "trade_secret"}, Malformed, "ground"),
        ({"outcome": "granted", "item": 2}, Malformed, "item"),
        ({"outcome": "granted", "item": 0}, Malformed, "item"),
        ({"outcome": "granted", "item": "x"}, Malformed, "item"),
        ({"outcome": "granted", "extra": ["nothing"]}, Malformed, "extra"),
        ({"outcome": "partial"}, NotFound, "outcome"),
        ({"outcome": "lapsed_fee"}, NotFound, "outcome"),
    ],
)
def test_a_draft_that_cannot_be(
    place: Place, facts: dict[str, Any], kind: type[DisclosureError], field: str
) -> None:
    number = place.bring("in_hand")
    with pytest.raises(kind) as caught:
        place.act("handler", "draft", number, days(3), **facts)
    assert caught.value.field == field


def test_a_refusal_without_a_ground_says_that_none_is_named(place: Place) -> None:
    number = place.bring("in_hand")
    with pytest.raises(NotFound) as caught:
        place.act("handler", "draft", number, days(3), outcome="withheld")
    assert "none is named" in str(caught.value)


def test_a_refusal_for_a_third_party_needs_its_answer(place: Place) -> None:
    number = place.bring("in_hand")
    secret = {
        "outcome": "withheld",
        "ground": "trade_secret",
        "reasons": "该合同载有未公开的成本构成",
        "extra": [builders.SEVERED],
    }
    place.act("handler", "draft", number, days(3), **secret)
    with pytest.raises(Refused) as caught:
        place.act("handler", "submit", number, days(3))
    assert (caught.value.rule, caught.value.field) == ("ogi2019:15", "third_party_opinion")
    place.act("handler", "consult_third_party", number, days(4), name="甲公司")
    place.act("handler", "opinion_given", number, days(8), no=1, answer="object", reasons="核心参数")
    place.act("handler", "submit", number, days(8))


def test_grounds_of_another_law_are_none(place: Place) -> None:
    number = place.bring("in_hand", on=builders.OLD)
    with pytest.raises(NotFound) as caught:
        place.act(
            "handler",
            "draft",
            number,
            builders.OLD + timedelta(days=3),
            **{**builders.REFUSE, "ground": "other_third_party"},
        )
    assert caught.value.field == "ground"


def test_the_fee_follows_the_scale(place: Place) -> None:
    number = place.bring("in_hand")
    with pytest.raises(Refused) as caught:
        place.act("handler", "notify_fee", number, days(3), basis="by_page", count=30)
    assert caught.value.field == "count"
    done = place.act("handler", "notify_fee", number, days(3), basis="by_page", count=57)
    assert done.entry.payload["amount"] == 270
    assert place.case(number).fee_amount == 270


def test_several_consultations_run_each_for_itself(place: Place) -> None:
    number = place.receive(items=["名单", "报告"], request=None).case.number
    place.walk(number, [*_CONSULTED, ("handler", "consult_co_maker", 6, {"name": "乙局", "items": "2"})])
    case = place.case(number)
    assert [(part.no, part.kind, part.items) for part in case.consultations] == [
        (1, "third_party", [1, 2]),
        (2, "co_maker", [2]),
    ]
    place.act("handler", "opinion_given", number, days(8), no=2, answer="agree")
    assert [part.state for part in place.case(number).consultations] == ["sent", "answered"]
    for no in (0, 3, 99):
        with pytest.raises(Refused):
            place.act("handler", "opinion_given", number, days(9), no=no, answer="agree")
    with pytest.raises(Malformed) as caught:
        place.act("handler", "consult_organ", number, days(9), name="丙局", items="3", answer_by="2026-04-01")
    assert caught.value.field == "item"


# --- numbers, offices


def test_an_application_of_five_hundred_items_is_answered_item_by_item(place: Place, tmp_path: Path) -> None:
    """So many are asked for at once, and none may be turned away for it."""
    number = place.receive(items=[f"第{no}号停车场协议" for no in range(1, 501)], request=None).case.number
    place.walk(number, builders.ROADS["in_hand"])
    given = {"outcome": "granted", "means": "纸质复印件，邮寄"}
    drafted = tmp_path / "draft.json"
    drafted.write_text(json.dumps({"item": [{"no": no, **given} for no in range(1, 500)]}))
    place.act("handler", "draft", number, days(5), file=str(drafted))
    with pytest.raises(Refused, match="500"):
        place.act("handler", "submit", number, days(5))
    place.act("handler", "draft", number, days(5), item=500, **given)
    place.act("handler", "submit", number, days(5))
    assert len(place.case(number).draft) == 500
    with pytest.raises(Malformed, match="1000"):
        place.receive(items=["协议"] * 1001, request=None)


def test_case_numbers_count_by_year_of_receipt(either: Place) -> None:
    numbers = [either.receive(on).case.number for on in (RECEIVED, RECEIVED, builders.OLD, RECEIVED)]
    assert numbers == ["2026-0001", "2026-0002", "2011-0001", "2026-0003"]


def test_reply_and_notice_numbers_have_series_of_their_own(either: Place) -> None:
    for state in ("issued", "issued", "correction_asked"):
        either.bring(state)
    table = TABLES["letter"]
    with either.store.reading() as connection:
        found = [
            row.number for row in connection.execute(sa.select(table).order_by(table.c.id)) if row.number
        ]
    assert found == ["jz公复〔2026〕1号", "jz公复〔2026〕2号", "jz公告〔2026〕1号"]


def test_a_refused_act_gives_its_number_back(either: Place) -> None:
    """The reply's number is taken in the act that issues it; an act that fails takes none."""
    number = either.bring("approved")
    with pytest.raises(Refused):
        either.act("handler", "issue", number, days(-1))
    either.act("handler", "issue", number, days(7))
    assert either.case(number).reply.number == "jz公复〔2026〕1号"  # type: ignore[union-attr]


def test_offices_of_one_database_do_not_see_one_another(either: Place) -> None:
    other = builders.found(either.store.url, key="yz", name="邑州市民政局")
    first, second = either.bring("issued"), other.bring("issued")
    assert first == second == "2026-0001"
    assert either.case(first).reply.number == "jz公复〔2026〕1号"  # type: ignore[union-attr]
    assert other.case(second).reply.number == "yz公复〔2026〕1号"  # type: ignore[union-attr]
    other.receive()
    with pytest.raises(NotFound):
        either.case("2026-0002")
    with pytest.raises(Malformed) as caught:
        Desk(either.store, "registrar")
    assert caught.value.field == "office"
    for desk in (either.desk(), other.desk()):
        assert verify_record.verify(either.store, desk.office).entries > 0
    other.store.close()


def test_a_day_before_any_law(place: Place) -> None:
    before = builders.digest(place.store)
    with pytest.raises(OutOfLaw) as caught:
        place.receive(date(2008, 4, 30))
    assert caught.value.exit_code == 1
    assert builders.digest(place.store) == before


def test_only_an_approver_changes_the_office(place: Place) -> None:
    before = builders.digest(place.store)
    for officer in ("registrar", "handler", "auditor"):
        for change in (
            lambda desk: profile_changes.set_profile(desk, "telephone", "1"),
            lambda desk: founding.stop_officer(desk, "handler"),
            lambda desk: founding.add_officer(desk, {"key": "x", "name": "某", "roles": "handler"}),
        ):
            with pytest.raises(Refused) as caught:
                change(place.desk(officer))
            assert caught.value.rule == "house:office"
    with pytest.raises(Refused):
        founding.stop_officer(place.desk("both"), "head") or founding.stop_officer(place.desk("both"), "both")
    assert builders.digest(place.store) != before


# --- what third parties said, parts of an item, and several drafters


def _consulted(place: Place, *answers: str) -> str:
    """A case in hand with one third party consulted on its first item for each of these answers."""
    number = place.receive(items=["名单", "报告"], request=None).case.number
    place.walk(number, ROADS["in_hand"])
    for no, answer in enumerate(answers, 1):
        place.act("handler", "consult_third_party", number, days(3), name=f"第{no}公司", items="1")
        place.act("handler", "opinion_given", number, days(5), no=no, answer=answer, reasons="商业秘密")
    place.act("handler", "draft", number, days(6), item=2, **builders.GRANT)
    return str(number)


def test_what_a_third_party_objected_to_is_not_given_away(place: Place) -> None:
    number = _consulted(place, "object", "agree")
    place.act("handler", "draft", number, days(6), item=1, **builders.GRANT)
    with pytest.raises(Refused, match="objected") as caught:
        place.act("handler", "submit", number, days(7))
    assert caught.value.rule == "ogi2019:32.1"
    place.act("head", "objection_overruled", number, days(7), no=1, reasons="涉及公共卫生")
    place.act("handler", "submit", number, days(7))
    with pytest.raises(Refused, match="before the draft is handed in"):
        place.act("head", "objection_overruled", number, days(8), no=1, reasons="再次")


def test_an_objection_that_is_not_sound_is_overruled_and_the_third_party_told(place: Place) -> None:
    number = _consulted(place, "object")
    place.act("handler", "draft", number, days(6), item=1, **builders.GRANT)
    facts = {"no": 1, "basis": "unfounded", "reasons": "所称数据已由其自行公布"}
    done = place.act("head", "objection_overruled", number, days(7), **facts)
    assert [letter["code"] for letter in done.letters] == ["P9"]
    (part,) = done.case.consultations
    assert (part.unfounded, part.public_interest, part.overruled) == (facts["reasons"], None, days(7))
    place.act("handler", "submit", number, days(7))


def test_an_objection_without_sound_reasons_is_answered_with_why(place: Place) -> None:
    number = _consulted(place, "object")
    place.act(
        "handler",
        "draft",
        number,
        days(6),
        item=1,
        extra=["objection_unfounded=理由与所涉信息无关"],
        **builders.GRANT,
    )
    place.act("handler", "submit", number, days(7))


def test_nothing_is_withheld_for_a_third_party_that_agreed(place: Place) -> None:
    number = _consulted(place, "agree")
    place.act(
        "handler", "draft", number, days(6), item=1, outcome="withheld", ground="trade_secret", reasons="密"
    )
    with pytest.raises(Refused, match="nobody to protect"):
        place.act("handler", "submit", number, days(7))


def test_one_item_is_severed(place: Place) -> None:
    number = place.bring("in_hand")
    place.act("handler", "draft", number, days(3), part="项目名单", **builders.GRANT)
    place.act("handler", "draft", number, days(3), part="联系方式", **builders.REFUSE)
    case = place.case(number)
    assert [(row.part, row.outcome) for row in case.drafted(1)] == [
        ("联系方式", "withheld"),
        ("项目名单", "granted"),
    ]
    place.act("handler", "submit", number, days(4))
    place.act("reviewer", "pass_review", number, days(4))
    place.act("legal", "pass_review", number, days(4))
    place.act("head", "pass_review", number, days(5))
    place.act("handler", "issue", number, days(6))
    reply = place.case(number).reply
    assert reply is not None
    assert (reply.code, reply.outcome) == ("D3", "partial")
    assert {item["part"] for item in reply.items} == {"项目名单", "联系方式"}


def test_whoever_wrote_part_of_the_draft_does_not_pass_it(place: Place) -> None:
    number = place.receive(items=["名单", "报告"], request=None).case.number
    place.walk(
        number, [*ROADS["registered"], ("registrar", "assign", 1, {"unit": "ban"}), ("both", "accept", 1, {})]
    )
    place.act("both", "draft", number, days(2), item=1, **builders.GRANT)
    place.act("registrar", "reassign", number, days(3), unit="ban", handler="handler", reasons="请假")
    place.act("handler", "accept", number, days(3))
    place.act("handler", "draft", number, days(3), item=2, **builders.GRANT)
    place.act("handler", "submit", number, days(4))
    with pytest.raises(Refused, match="or part of it"):
        place.act("both", "pass_review", number, days(5))


def test_a_third_party_contests_in_its_own_time(place: Place) -> None:
    number = place.bring("served")
    place.act("registrar", "open_reconsideration", number, days(12), body="江州市人民政府", by="third_party")
    with place.store.reading() as connection:
        clocks = {clock.rule: clock.state for clock in open_case(place.desk(), connection, number).clocks}
    assert clocks["reconsideration.limit"] == clocks["litigation.limit"] == "running"


def test_withdrawn_while_waiting_it_waits_again(place: Place) -> None:
    number = place.bring("correction_asked")
    place.act("registrar", "withdraw", number, days(3), how="电话")
    assert place.act("head", "reopen", number, days(4), reasons="申请人反悔").case.state == "correction_asked"
    assert place.act("registrar", "correct", number, days(5)).case.state == "registered"


def test_a_name_that_no_face_covers_holds_up_no_case(place: Place) -> None:
    number = place.bring("received")
    place.desk().amend(number, "applicant-name", "张\U0003134a", "原件如此")
    done = place.act("registrar", "register", number, days(1))
    assert done.case.state == "registered"
    assert "U+3134A" in done.letters[0]["waits_for_face"]
    (work,) = [one for one in queue.waiting(place.desk()) if one.ref == done.letters[0]["id"]]
    assert "U+3134A" in work.last_error, "the alert tells of it at once"
    with pytest.raises(DisclosureError, match="No face has the character"):
        queue.settle(place.desk(), [done.letters[0]["id"]])

"""Corrections: consequences are recomputed, both values are kept, and the order of events cannot be
reversed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import RECEIVED, ROADS, TODAY, Place, Step
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.casework.opened import Done, open_case
from workflow.storage import encryption
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")


@pytest.fixture
def place(database_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(database_url)
    yield made
    verify_record.verify(made.store, made.desk().office, with_files=True)
    made.store.close()


def days(n: int) -> str:
    return (RECEIVED + timedelta(days=n)).isoformat()


def amend(place: Place, number: str, field: str, new: str, no: int | None = None) -> Done:
    return place.desk("registrar").amend(number, field, new, "收件章日期不同", no=no)


def refused(place: Place, number: str, field: str, new: str, no: int | None = None) -> Refused:
    """The refusal of a correction; nothing was written."""
    before = builders.digest(place.store)
    with pytest.raises(Refused) as caught:
        amend(place, number, field, new, no)
    assert builders.digest(place.store) == before
    assert caught.value.rule
    assert caught.value.advice
    return caught.value


def test_an_identity_number_is_looked_at_as_at_the_receipt(place: Place) -> None:
    number = place.bring("registered")
    sound = amend(place, number, "id-number", "320500199002020025").notes
    told = amend(place, number, "id-number", "320500199002020026").notes
    assert not any("check character" in text for text, _ in sound)
    assert any("check character" in text for text, _ in told)
    amend(place, number, "id-number", "３２０５００ １９９００１０１ ００１Ｘ")
    refused(place, number, "id-number", "32050019900101001X")
    with pytest.raises(Malformed, match="digits"):
        amend(place, number, "id-number", "1.10105E+17")
    assert any("mail address" in text for text, _ in amend(place, number, "email", "abc").notes)


# --- the day of receipt


def test_the_day_of_receipt_moves_what_runs_from_it(place: Place) -> None:
    number = place.bring("registered")
    assert place.due(number) == date(2026, 3, 30)
    done = amend(place, number, "received-on", "2026-02-27")
    row = place.row(number)
    assert row["received_on"] == date(2026, 2, 27)
    # Saturday 28 February was a working day.
    assert (row["reply_due"], place.due(number)) == (date(2026, 3, 26), date(2026, 3, 26))
    assert place.clocks(number)["correction.notice", 0][0] == date(2026, 3, 9)
    assert {moved.after.rule for moved in done.moved if moved.after} == {"reply.limit", "correction.notice"}
    assert number == "2026-0001", "the number was given and stays"


def test_both_values_are_kept(place: Place) -> None:
    number = place.bring("registered")
    done = amend(place, number, "received-on", "2026-02-27")
    [change] = done.entry.payload["changes"]
    assert (change["old"], change["new"], change["entry"]) == ("2026-03-02", "2026-02-27", 1)
    assert done.entry.payload["reasons"] == "收件章日期不同"
    again = amend(place, number, "received-on", "2026-02-26")
    assert again.entry.payload["changes"][0]["old"] == "2026-02-27"
    with place.store.reading() as connection:
        entries = open_case(place.desk(), connection, number).entries
    assert entries[0].on == RECEIVED, "the entry itself is as it was written"
    assert place.case(number).received_on == date(2026, 2, 26)


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("received-on", "2026-03-03"),  # after the registration of the 2nd
        ("received-on", "2026-09-02"),  # in the future
        ("served-on", days(6)),  # before the dispatch
        ("dispatched-on", days(6)),  # before the issue
        ("dispatched-on", days(10)),  # after the service
    ],
)
def test_the_order_of_things_is_not_turned_over(place: Place, field: str, new: str) -> None:
    fault = refused(place, place.bring("served"), field, new)
    assert (fault.rule, fault.field) == ("house:chronology", "on")


def test_receipt_under_the_other_regulations(place: Place) -> None:
    """The law that governs the application is that of the right day."""
    number = place.receive(date(2019, 5, 15)).case.number
    assert place.row(number)["regulations"] == "ogi2019"
    before = place.due(number)
    done = amend(place, number, "received-on", "2019-05-14")
    assert place.row(number)["regulations"] == "ogi2008"
    assert place.case(number).regulations == "ogi2008"
    assert place.due(number) == date(2019, 6, 4) < before
    assert "correction.notice" not in {rule for rule, _ in place.clocks(number)}
    assert {change["path"] for change in done.entry.payload["changes"]} == {"on", "regulations"}
    amend(place, number, "received-on", "2019-05-16")
    assert place.row(number)["regulations"] == "ogi2019"


def test_what_was_done_under_a_law_that_knew_it_stays_possible_only_there(place: Place) -> None:
    number = place.receive(date(2019, 5, 15)).case.number
    place.walk(number, ROADS["reasons_asked"])
    assert refused(place, number, "received-on", "2019-05-14").rule == "ogi2008"


def test_before_any_law(place: Place) -> None:
    number = place.bring("received")
    refused(place, number, "received-on", "2008-04-30")


# --- the applicant and the request


def test_the_applicants_name(place: Place) -> None:
    number = place.bring("registered")
    amend(place, number, "applicant-name", "章三")
    assert place.row(number)["applicant_name"] == "章三"
    assert place.case("章三").number == number
    with pytest.raises(NotFound):
        place.case("张三")


def test_who_was_misnamed_is_known_again_by_the_right_name(place: Place) -> None:
    """The mark by which the same applicant is found follows the correction."""
    first = place.receive(name="章三", id_number=None).case.number
    amend(place, first, "applicant-name", "张三")
    done = place.receive(name="张三", id_number=None)
    assert [params["number"] for _, params in done.notes if "number" in params] == [first]
    second = place.receive(name="李四", id_number="110101199001010011", request="别的信息").case.number
    amend(place, second, "id-number", "110101199001010022")
    done = place.receive(name="李　四", id_number="110101199001010022", request="别的信息")
    assert second in [params.get("number") for _, params in done.notes]


def test_the_kind_of_applicant(place: Place) -> None:
    number = place.bring("registered")
    amend(place, number, "applicant-kind", "法律服务机构")
    assert place.row(number)["applicant_kind"] == "legal_service"
    with pytest.raises(Malformed) as caught:
        amend(place, number, "applicant-kind", "妖怪")
    assert caught.value.field == "kind"


def test_the_request_is_one_with_its_only_item(place: Place) -> None:
    number = place.bring("in_hand")
    amend(place, number, "request", "2024年度征收补偿方案")
    case = place.case(number)
    assert case.request == "2024年度征收补偿方案"
    assert case.items == ["2024年度征收补偿方案"], "letters quote the items"
    several = place.receive(items=["名单", "报告"], request=None).case.number
    with pytest.raises(Malformed, match="2 items"):
        amend(place, several, "request", "名单和报告")
    assert place.case(several).items == ["名单", "报告"]


def test_sealed_values_stay_sealed(place: Place) -> None:
    number = place.bring("registered")
    done = amend(place, number, "address", "江州市新街99号")
    [change] = done.entry.payload["changes"]
    assert encryption.is_sealed(change["new"])
    assert encryption.is_sealed(change["old"])
    assert "新街" not in str(builders.contents(place.store))
    _, plain = place.desk().reveal(number, "核对")
    assert plain["address"] == "江州市新街99号"
    # What was not given at receipt can be added in the same way.
    amend(place, number, "phone", "0512-1")
    assert place.desk().reveal(number, "核对")[1]["phone"] == "0512-1"


def test_letters_that_come_later_have_the_right_name(place: Place) -> None:
    from workflow.casework import letter_data
    from workflow.jobs import queue
    from workflow.storage.models import TABLES

    number = place.bring("received")
    amend(place, number, "applicant-name", "章三")
    place.act("registrar", "register", number, RECEIVED)
    desk = place.desk()
    [waiting] = queue.waiting(desk)
    with place.store.reading() as connection:
        row = connection.execute(TABLES["letter"].select().where(TABLES["letter"].c.id == waiting.ref)).one()
        content = letter_data.opened(row.content, desk.case_key(connection, row.case_id))
    text = str(content)
    assert "章三" in text
    assert "张三" not in text


# --- the other days

_CONSULTED: list[Step] = [
    *ROADS["in_hand"],
    ("handler", "consult_third_party", 4, {"name": "甲公司"}),
    ("handler", "opinion_delivered", 7, {"no": 1}),
    ("handler", "opinion_given", 16, {"no": 1, "answer": "object"}),
]


def test_the_days_of_a_consultation(place: Place) -> None:
    number = place.receive().case.number
    place.walk(number, _CONSULTED)
    # Sent on 6 March, answered on the 18th: eight working days are left out.
    assert place.due(number) == date(2026, 4, 10)
    amend(place, number, "answered-on", "2026-03-20")
    assert place.due(number) == date(2026, 4, 14)
    amend(place, number, "consulted-on", "2026-03-09")
    assert place.due(number) == date(2026, 4, 13)
    amend(place, number, "delivered-on", "2026-03-10")
    assert place.clocks(number)["third_party.opinion", 1][0] == date(2026, 3, 31)
    for field, day in (
        ("answered-on", "2026-03-09"),
        ("consulted-on", "2026-03-11"),
        ("delivered-on", "2026-03-08"),
        ("delivered-on", "2026-03-21"),
    ):
        assert refused(place, number, field, day).rule == "house:chronology"


def test_of_several_consultations_one_is_named(place: Place) -> None:
    number = place.receive().case.number
    place.walk(
        number,
        [
            *_CONSULTED,
            ("handler", "consult_organ", 8, {"name": "丙局", "answer_by": timedelta(days=30)}),
            ("handler", "opinion_given", 17, {"no": 2, "answer": "agree"}),
        ],
    )
    with pytest.raises(Malformed) as caught:
        amend(place, number, "answered-on", days(15))
    assert caught.value.field == "no"
    amend(place, number, "answered-on", days(15), no=2)
    parts = place.case(number).consultations
    assert [part.answered for part in parts] == [RECEIVED + timedelta(days=16), RECEIVED + timedelta(days=15)]
    with pytest.raises(NotFound):
        amend(place, number, "answered-on", days(15), no=3)


def test_the_day_of_the_correction(place: Place) -> None:
    number = place.receive().case.number
    place.walk(number, [*ROADS["correction_asked"], ("registrar", "correct", 10, {})])
    assert place.due(number) == date(2026, 4, 10)
    amend(place, number, "corrected-on", "2026-03-11")
    assert place.due(number) == date(2026, 4, 9)
    assert refused(place, number, "corrected-on", days(1)).rule == "house:chronology"


def test_the_day_of_payment(place: Place) -> None:
    number = place.receive().case.number
    place.walk(number, [*ROADS["fee_notified"], ("registrar", "pay_fee", 16, {})])
    assert place.due(number) == date(2026, 4, 16)
    amend(place, number, "paid-on", "2026-03-16")
    assert place.due(number) == date(2026, 4, 14)
    assert refused(place, number, "paid-on", days(2)).rule == "house:chronology"


def test_the_day_of_service_moves_the_remedies(place: Place) -> None:
    number = place.bring("served")
    assert place.clocks(number)["reconsideration.limit", 0][0] == date(2026, 5, 11)
    amend(place, number, "served-on", "2026-03-12")
    assert place.clocks(number)["reconsideration.limit", 0][0] == date(2026, 5, 11)
    amend(place, number, "served-on", "2026-03-13")
    assert place.clocks(number)["reconsideration.limit", 0][0] == date(2026, 5, 12)
    assert place.row(number)["served_on"] == date(2026, 3, 13)


def test_a_reply_that_turns_out_late_is_said_to_be(place: Place) -> None:
    number = place.receive().case.number
    place.walk(number, [*ROADS["issued"]])
    place.made()
    place.act("registrar", "dispatch", number, "2026-03-30", served_by="post")
    assert place.clocks(number)["reply.limit", 0] == (date(2026, 3, 30), "met")
    done = amend(place, number, "dispatched-on", "2026-03-31")
    assert place.clocks(number)["reply.limit", 0] == (date(2026, 3, 30), "late")
    assert any("late" in text for text, _ in done.notes)


def test_an_extension_that_turns_out_late_has_no_effect(place: Place) -> None:
    number = place.bring("in_hand")
    place.act("head", "extend", number, "2026-03-30", reasons="信息量大", days=5)
    place.act("registrar", "notice_reached", number, "2026-03-30", letter="P5")
    assert place.due(number) == date(2026, 4, 7)
    done = amend(place, number, "notice-reached-on", "2026-03-31")
    assert place.due(number) == date(2026, 3, 30)
    assert any("extension" in text for text, _ in done.notes)
    amend(place, number, "extended-on", "2026-03-27")
    amend(place, number, "notice-reached-on", "2026-03-27")
    assert place.due(number) == date(2026, 4, 7)


def test_the_day_on_which_a_notice_came(place: Place) -> None:
    number = place.bring("fee_notified")
    place.act("handler", "notice_reached", number, days(4), letter="P12")
    assert place.clocks(number)["fee.payment", 0][0] == date(2026, 4, 3)
    amend(place, number, "notice-reached-on", days(7))
    assert place.clocks(number)["fee.payment", 0][0] == date(2026, 4, 7)
    assert refused(place, number, "notice-reached-on", days(2)).rule == "house:chronology"


# --- what is no correction


@pytest.mark.parametrize(
    ("field", "new", "kind", "named"),
    [
        ("received-on", "2026-02-30", Malformed, "received_on"),
        ("received-on", "", Malformed, "received_on"),
        ("applicant-name", "", Malformed, "applicant_name"),
        ("applicant-name", "张\n三", Malformed, "applicant_name"),
        ("applicant-name", "张\x00三", Malformed, "applicant_name"),
        ("address", "\ud800", Malformed, "address"),
        ("request", "x" * 300_000, Malformed, "request"),
        ("colour", "red", NotFound, "field"),
        ("state", "filed", NotFound, "field"),
        ("paid-on", "2026-03-05", NotFound, "field"),
    ],
)
def test_what_is_no_correction(place: Place, field: str, new: str, kind: type[Exception], named: str) -> None:
    number = place.bring("registered")
    before = builders.digest(place.store)
    with pytest.raises(kind) as caught:
        amend(place, number, field, new)
    assert caught.value.field == named  # type: ignore[attr-defined]
    assert builders.digest(place.store) == before


@pytest.mark.parametrize(("field", "same"), [("received-on", "2026-03-02"), ("applicant-name", "张三")])
def test_the_same_again_is_no_correction(place: Place, field: str, same: str) -> None:
    assert refused(place, place.bring("registered"), field, same).rule == "house:amend"


def test_the_same_address_again_is_no_correction(place: Place) -> None:
    assert refused(place, place.bring("registered"), "address", "江州市平安路12号").rule == "house:amend"


def test_who_may_not_correct(place: Place) -> None:
    number = place.bring("registered")
    before = builders.digest(place.store)
    for who in ("handler", "reviewer", "archivist", "auditor"):
        with pytest.raises(Refused):
            place.desk(who).amend(number, "applicant-name", "章三", "笔误")
    assert builders.digest(place.store) == before


@pytest.mark.parametrize("reason", ["", "  ", "\x07"])
def test_a_correction_has_a_reason(place: Place, reason: str) -> None:
    number = place.bring("registered")
    before = builders.digest(place.store)
    with pytest.raises(Malformed) as caught:
        place.desk().amend(number, "applicant-name", "章三", reason)
    assert caught.value.field == "reason"
    with pytest.raises(Malformed) as caught:
        place.desk().reveal(number, reason)
    assert caught.value.field == "reason"
    assert builders.digest(place.store) == before


def test_a_correction_after_the_end_of_the_case(place: Place) -> None:
    number = place.bring("filed")
    amend(place, number, "received-on", "2026-02-27")
    case: Any = place.case(number)
    assert case.state == "filed"
    assert place.clocks(number)["reply.limit", 0] == (date(2026, 3, 26), "met")
    assert place.row(number)["last_on"] == RECEIVED + timedelta(days=10)
    assert TODAY.isoformat() in str(place.row(number)["recorded_at"])

"""How a reply is served: by China Post alone, with a number that can be one; refused signatures, the post's
own record, the system that the applicant named, publication; and from which day the applicant's time runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import ROADS, Place
from workflow.base.errors import DisclosureError, Malformed, Refused
from workflow.cases import ways
from workflow.procedure import mail_numbers

pytestmark = pytest.mark.usefixtures("repeated_roads")


@pytest.fixture
def place(sqlite_url: str, home: Path) -> Iterator[Place]:
    """An office with an online way of asking for reconsideration, so that it may serve electronically."""
    made = builders.found(sqlite_url, online_reconsideration="https://fy.example.gov.cn")
    yield made
    made.store.close()


def issued(place: Place, on: str = "2026-07-06", served_by: str = "post") -> str:
    """A reply issued a week after the application came."""
    first = date.fromisoformat(on)
    number = place.receive(first, channel="in_person").case.number
    place.walk(number, [*ROADS["approved"], ("handler", "issue", 7, {"served_by": served_by})])
    place.made()
    return number


def sent(place: Place, on: str = "2026-07-13", **facts: Any) -> str:
    number = issued(place, served_by=facts["served_by"] if facts["served_by"] != "publication" else "post")
    place.act("registrar", "dispatch", number, on, **facts)
    return number


def article(place: Place, number: str, rule: str = "reconsideration.limit") -> str:
    """The provision by which the applicant's time runs."""
    case = place.case(number)
    (clock,) = [due for key, due in place.clocks(number).items() if key == (rule, 0)]
    assert clock is not None
    reply = case.reply
    assert reply is not None
    assert reply.served is not None
    found = ways.start(case, rule, reply.served, place.desk().context)
    assert found is not None
    return found.article


# --- couriers and numbers


@pytest.mark.parametrize(
    "number",
    [
        "SF1234567890123",
        "顺丰 1234567890123",
        "YT1234567890123",
        "JD0012345678901",
        "4312345678901",
        # Cut short it is still the courier's, and the law is named.
        "SF12345",
        "YT1",
    ],
)
def test_a_courier_serves_no_official_document(place: Place, number: str) -> None:
    case = issued(place)
    with pytest.raises(Refused) as caught:
        place.act("registrar", "dispatch", case, "2026-07-13", served_by="post", tracking=number)
    assert (caught.value.rule, caught.value.field) == ("svc2016:2", "tracking")
    place.act("head", "void_reply", case, "2026-07-13", reasons="错字")


def test_the_same_holds_of_notices_and_not_of_a_receipt(place: Place) -> None:
    case = place.bring("in_hand", on=date(2026, 7, 6), channel="post")
    place.act("head", "extend", case, "2026-07-08", reasons="信息量大")
    place.made()
    with pytest.raises(Refused):
        place.act("registrar", "letter_posted", case, "2026-07-08", letter=["P5"], tracking="SF1234567890123")
    # The receipt bears no document number; a number of a courier has to be one.
    with pytest.raises(Malformed):
        place.act("registrar", "letter_posted", case, "2026-07-08", letter=["P2"], tracking="SF12345")
    place.act("registrar", "letter_posted", case, "2026-07-08", letter=["P2"], tracking="SF1234567890123")
    place.act("registrar", "letter_posted", case, "2026-07-08", letter=["P5"], tracking="RR473124829CN")


@pytest.mark.parametrize("number", ["XA555", "RR473124828CN", "12", "没有"])
def test_what_is_no_number_is_a_fault_everywhere(place: Place, number: str) -> None:
    case = issued(place)
    with pytest.raises(Malformed):
        place.act("registrar", "dispatch", case, "2026-07-13", served_by="post", tracking=number)
    place.act("registrar", "dispatch", case, "2026-07-13", served_by="post", tracking="RR473124829CN")
    with pytest.raises(Malformed):
        place.desk("registrar").amend(case, "tracking", number, "录入有误")
    with pytest.raises(Refused):
        place.desk("registrar").amend(case, "tracking", "SF1234567890123", "录入有误")


def test_a_number_belongs_to_what_is_posted(place: Place) -> None:
    case = issued(place, served_by="hand")
    with pytest.raises(Refused):
        place.act("registrar", "dispatch", case, "2026-07-13", served_by="hand", tracking="RR473124829CN")


def test_what_forbids_couriers_is_cited_as_in_force(place: Place) -> None:
    law = place.desk().context.law
    days = (date(2014, 1, 6), date(2016, 1, 4), date(2026, 7, 6))
    assert [mail_numbers.forbidden(day, law) for day in days] == [
        "house:delivery",
        "post2015:55",
        "svc2016:2",
    ]


# --- how it was served


@pytest.mark.parametrize(
    ("way", "facts", "ref"),
    [
        ({"served_by": "hand"}, {}, "arl-impl2026:23.1.2"),
        (
            {"served_by": "hand"},
            {"how": "refused", "witnesses": "李四（平安村村民委员会）", "left_at": "申请人住所"},
            "arl-impl2026:23.1.2",
        ),
        ({"served_by": "post"}, {}, "arl-impl2026:23.1.3"),
        ({"served_by": "post"}, {"how": "recorded"}, "arl-impl2026:23.1.3"),
        (
            {"served_by": "online", "system": "平台账号 zhang", "sent_at": "2026-07-13 10:20"},
            {"arrived_at": "2026-07-16 10:21"},
            "arl-impl2026:23.1.4",
        ),
        # Where no system was named, knowledge counts.
        ({"served_by": "online"}, {}, "arl2023:20.1"),
    ],
)
def test_the_time_for_the_remedies_follows_from_the_way(
    place: Place, way: dict[str, Any], facts: dict[str, Any], ref: str
) -> None:
    number = sent(place, **way)
    done = place.act("registrar", "serve", number, "2026-07-16", proof="送达回证", **facts)
    assert done.entry.article == ref == article(place, number)


@pytest.mark.parametrize(
    ("way", "facts"),
    [
        ("post", {"how": "refused", "witnesses": "李四"}),
        ("post", {"how": "system"}),
        ("hand", {"how": "recorded"}),
        ("hand", {"how": "refused"}),
        ("hand", {"how": "published", "published_on": "2026-07-14"}),
    ],
)
def test_what_does_not_fit_the_way_is_refused(place: Place, way: str, facts: dict[str, Any]) -> None:
    number = sent(place, served_by=way)
    with pytest.raises(DisclosureError):
        place.act("registrar", "serve", number, "2026-07-16", proof="回证", **facts)
    assert place.case(number).state == "dispatched"


@pytest.mark.parametrize(("way", "left"), [("hand", "--how refused"), ("post", "disclosure returned")])
def test_a_proof_that_speaks_of_a_refusal_is_not_taken_for_a_signature(
    place: Place, way: str, left: str
) -> None:
    number = sent(place, served_by=way)
    with pytest.raises(Refused) as caught:
        place.act("registrar", "serve", number, "2026-07-16", proof="送达回证，申请人拒绝签收")
    assert caught.value.field == "how"
    assert left in str(caught.value.way_on)
    place.act("registrar", "serve", number, "2026-07-16", proof="初次拒收，次日签收", how="signed")


def test_a_late_reply_says_so_when_it_leaves_and_when_it_is_signed_for(place: Place) -> None:
    by_post, by_hand = issued(place), issued(place, served_by="hand")

    def says(event: str, number: str, on: str, **facts: Any) -> bool:
        done = place.act("registrar", event, number, on, **facts)
        return any("unlawful whatever it says" in text for text, _ in done.notes)

    # Handed over, the reply is made by the signature.
    assert says("dispatch", by_hand, "2026-08-12", served_by="hand")
    assert says("serve", by_hand, "2026-08-13", proof="送达回证")
    assert says("dispatch", by_post, "2026-08-12", served_by="post")
    assert not says("serve", by_post, "2026-08-14", proof="回执")


def test_that_no_system_was_named_is_said(place: Place) -> None:
    for system, said in ((None, True), ("平台账号 zhang", False)):
        number = issued(place, served_by="online")
        facts = {"system": system} if system else {}
        done = place.act("registrar", "dispatch", number, "2026-07-13", served_by="online", **facts)
        assert any("--system" in text for text, _ in done.notes) is said


def test_a_time_lies_on_the_day_of_its_act(place: Place) -> None:
    number = issued(place, served_by="online")
    for at in ("2026-07-12 10:20", "10:20", "2026-07-13"):
        with pytest.raises(Malformed):
            place.act("registrar", "dispatch", number, "2026-07-13", served_by="online", sent_at=at)


def test_arrival_in_a_system_says_when(place: Place) -> None:
    """It starts the time for the remedies: the day of entering it is not taken for it."""
    number = sent(place, served_by="online", system="平台账号 zhang", sent_at="2026-07-13 10:20")
    with pytest.raises(Refused) as caught:
        place.act("registrar", "serve", number, "2026-07-16", proof="系统回执", how="system")
    assert (caught.value.rule, caught.value.field) == ("arl-impl2026:23.1.4", "arrived_at")
    place.act(
        "registrar",
        "serve",
        number,
        "2026-07-14",
        proof="系统回执",
        how="system",
        arrived_at="2026-07-14 09:05",
    )
    assert place.clocks(number)["reconsideration.limit", 0]


def test_publication_is_the_last_way_and_has_its_period(place: Place) -> None:
    number = sent(place, served_by="post")
    place.act("registrar", "come_back", number, "2026-07-20", reasons="查无此人")
    place.act("registrar", "dispatch", number, "2026-07-21", served_by="publication")
    # The posting had met the time for the reply.
    reply = place.case(number).reply
    assert reply is not None
    assert reply.replied_on == date(2026, 7, 13)
    facts = {"proof": "公告及网页截图", "published_on": "2026-07-21"}
    with pytest.raises(Refused) as caught:
        place.act("registrar", "serve", number, "2026-08-20", **facts)
    assert caught.value.rule == "civproc2023:95"
    done = place.act("registrar", "serve", number, "2026-08-21", **facts)
    assert done.entry.article == "arl-impl2026:23.1.5"

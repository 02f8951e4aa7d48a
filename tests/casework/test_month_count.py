"""The fee by the item, counted by the program: who asked how often in a month, and what cannot be known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import ROADS, Place
from tests.counter import disclosure
from workflow.base.errors import Malformed, Refused
from workflow.casework import letter_data
from workflow.casework.opened import open_case
from workflow.storage.models import TABLES

MARCH = date(2026, 3, 2)


@pytest.fixture
def place(_sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    path = tmp_path / "office.db"
    shutil.copyfile(_sqlite_template, path)
    made = builders.found(f"sqlite:///{path}")
    yield made
    made.store.close()


def _many(place: Place, n: int, **given: Any) -> list[str]:
    return [
        place.receive(MARCH, request=f"第{no}号批复及其附件{no * 37}", **given).case.number
        for no in range(1, n + 1)
    ]


def _told(done: Any) -> list[int]:
    return [params["n"] for text, params in done.notes if "application" in text and "n" in params]


def _said(place: Place, number: str) -> str:
    """What the fee notice of a case says."""
    import sqlalchemy as sa

    letters = TABLES["letter"]
    with place.store.reading() as connection:
        opened = open_case(place.desk(), connection, number)
        query = sa.select(letters.c.content).where(letters.c.case_id == opened.id, letters.c.code == "P12")
        content = letter_data.opened(connection.execute(query).scalar_one(), opened.key or b"")
    return "".join(block.get("text", "") for block in content["blocks"])


def test_receipt_says_which_of_the_month_it_is_from_the_first_that_may_cost(place: Place) -> None:
    _many(place, 9)
    assert _told(place.receive(MARCH, request="第十件")) == []
    assert _told(place.receive(MARCH, request="第十一件")) == [11]
    # Another month, and another person, begin anew; one of two names with one number is one person.
    assert _told(place.receive(date(2026, 4, 1), request="四月")) == []
    assert _told(place.receive(MARCH, request="别人", id_number="320500199002020026")) == []
    done = place.receive(MARCH, request="第十二件", name="张三丰")
    assert _told(done) == [12]
    (renamed,) = (params["numbers"] for text, params in done.notes if "another name" in text)
    assert renamed.count("张三") == 11


def test_the_notice_counts_the_month_and_lists_it(place: Place) -> None:
    numbers = _many(place, 12)
    last = numbers[-1]
    place.walk(last, ROADS["in_hand"])
    done = place.act("handler", "notify_fee", last, "2026-03-05", basis="by_item")
    payload = done.entry.payload
    assert (payload["count"], payload["already"], payload["amount"]) == (1, 11, 100)
    assert [one["number"] for one in payload["counted"]] == numbers[:-1]
    text = _said(place, last)
    assert "第12件，100元" in text
    assert "第12至12件" not in text
    assert f"此前已向本机关提出申请11件：{numbers[0]}（2026年3月2日）" in text


def test_void_entries_do_not_count(place: Place) -> None:
    numbers = _many(place, 12)
    place.act("registrar", "propose_void", numbers[0], MARCH, why="mistake", reasons="误登记")
    place.act("head", "void_case", numbers[0], MARCH)
    place.walk(numbers[-1], ROADS["in_hand"])
    done = place.act("handler", "notify_fee", numbers[-1], "2026-03-05", basis="by_item")
    assert done.entry.payload["already"] == 10


def test_below_the_threshold_nothing_is_charged(place: Place) -> None:
    (number,) = _many(place, 1)
    place.walk(number, ROADS["in_hand"])
    fault = builders.refused(
        lambda: place.act("handler", "notify_fee", number, "2026-03-05", basis="by_item")
    )
    assert isinstance(fault, Refused)


def test_without_an_identity_number_the_officer_is_asked(place: Place) -> None:
    numbers = _many(place, 12, id_number=None, id_type=None)
    place.walk(numbers[-1], ROADS["in_hand"])

    def notify(**facts: Any) -> Any:
        return place.act("handler", "notify_fee", numbers[-1], "2026-03-05", basis="by_item", **facts)

    fault = builders.refused(notify)
    assert isinstance(fault, Malformed)
    assert (fault.field, numbers[0] in fault.advice) == ("already", True)
    done = notify(already=11)
    assert done.entry.payload["amount"] == 100
    # What is not known is not written to the applicant as if it were.
    assert "counted" not in done.entry.payload


def test_what_was_said_otherwise_is_told(place: Place) -> None:
    numbers = _many(place, 12)
    place.walk(numbers[-1], ROADS["in_hand"])
    done = place.act("handler", "notify_fee", numbers[-1], "2026-03-05", basis="by_item", already=30)
    assert [(p["already"], p["counted"]) for text, p in done.notes if "counted" in p] == [(30, 11)]


def test_by_the_page_the_other_way_is_shown(place: Place) -> None:
    numbers = _many(place, 12)
    place.walk(numbers[-1], ROADS["in_hand"])
    fault = builders.refused(
        lambda: place.act("handler", "notify_fee", numbers[-1], "2026-03-05", basis="by_page")
    )
    assert fault.field == "count"
    done = place.act("handler", "notify_fee", numbers[-1], "2026-03-05", basis="by_page", count=57)
    assert [(p["amount"], p["n"]) for text, p in done.notes if "amount" in p] == [(100, 12)]


@pytest.mark.parametrize(
    ("payment", "good"),
    [
        ("扫描通知书所附缴款码缴纳", False),
        ("扫描随附的二维码缴纳", False),
        ("凭缴款码扫描二维码缴纳", False),
        ("汇入以下账户", False),
        ("到县政务大厅非税窗口扫描二维码缴纳", True),
        ("凭缴款码32050126000012345缴纳", True),
        ("凭本通知到市财政局非税窗口缴纳", True),
    ],
)
def test_a_code_is_promised_only_where_there_is_one(place: Place, payment: str, good: bool) -> None:
    number = place.bring("in_hand")

    def notify() -> Any:
        return place.act(
            "handler", "notify_fee", number, "2026-03-05", basis="by_page", count=57, payment=payment
        )

    if good:
        notify()
        return
    assert builders.refused(notify).rule == "house:payment"


def test_both_ways_are_shown_before_one_is_chosen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", str(place.store.url))
    monkeypatch.setenv("DISCLOSURE_OFFICER", "handler")
    numbers = _many(place, 12)
    found = disclosure("fee", "case", numbers[-1], "--pages", "57", "--json").json
    assert (found["place"], found["by_item"]["amount_yuan"], found["by_page"]["amount_yuan"]) == (
        12,
        100,
        270,
    )
    assert len(found["earlier"]) == 11
    assert numbers[0] in disclosure("fee", "case", numbers[-1]).out


SECOND = {"name": "李四", "id_number": "320500199002020026"}


def test_of_several_applicants_the_one_with_the_most_decides(database_url: str, home: Path) -> None:
    """李四 has asked for eleven, once as a co-applicant; 张三 for one, the joint one."""
    place = builders.found(database_url)
    alone = _many(place, 10, **SECOND)
    joint = place.receive(MARCH, request="共同的第一件", applicants=[SECOND]).case.number
    done = place.receive(MARCH, request="共同的第二件，内容不同", applicants=[SECOND])
    number = done.case.number
    assert _told(done) == [12]
    assert [(p["name"], p["count"], p["others"]) for _, p in done.notes if "others" in p] == [
        ("李四", 11, "张三 1")
    ]
    place.walk(number, ROADS["in_hand"])
    done = place.act("handler", "notify_fee", number, "2026-03-05", basis="by_item")
    payload = done.entry.payload
    assert (payload["already"], payload["amount"], payload["counted_of"]) == (11, 100, 2)
    assert [one["number"] for one in payload["counted"]] == [*alone, joint]
    text = _said(place, number)
    assert "按其中本自然月申请件数最多的申请人计，即李四" in text
    assert "张三本自然月" not in text
    place.store.close()


def test_a_co_applicant_without_a_number_who_may_have_more_is_asked_about(place: Place) -> None:
    nameless = {"name": "王五"}
    _many(place, 3, name="王五", id_number=None, id_type=None)
    number = place.receive(MARCH, request="共同申请", applicants=[nameless]).case.number
    place.walk(number, ROADS["in_hand"])
    fault = builders.refused(
        lambda: place.act("handler", "notify_fee", number, "2026-03-05", basis="by_item")
    )
    assert (isinstance(fault, Malformed), fault.field) == (True, "already")
    # Who cannot have asked for more than one who is known stands in nobody's way.
    _many(place, 11)
    late = place.receive(MARCH, request="又一件共同申请，另一内容", applicants=[nameless]).case.number
    place.walk(late, ROADS["in_hand"])
    assert (
        place.act("handler", "notify_fee", late, "2026-03-05", basis="by_item").entry.payload["already"] == 12
    )

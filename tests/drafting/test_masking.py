"""Personal data in a draft: found however it is typed, shown masked, and masked on the officer's word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letters.check import personal
from letters.check.subject import Known
from tests import builders
from tests.builders import Place
from tests.counter import disclosure

ID = "11010519491231002X"


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        (f"车辆由{ID}的驾驶员调度", ["id_number"]),
        ("身份证 110105 1949\n1231 002X 的驾驶员", ["id_number"]),
        ("１１０１０５１９４９１２３１００２Ｘ", ["id_number"]),
        ("电话138-1234-5678，账号6222021001116245702", ["account", "phone"]),
        ("驾驶员住姑江区平安路12号3幢501室", ["address"]),
        ("调度单编号110105194912310021", []),
    ],
)
def test_what_is_found_keeps_its_place(typed: str, kinds: list[str]) -> None:
    found = list(personal.spans(typed, "reasons", ()))
    assert sorted(kind for kind, *_ in found) == kinds
    for _, start, end, masked in found:
        assert "*" in masked
        assert typed[start:end].strip() == typed[start:end]


def test_what_the_case_knows_is_found() -> None:
    known = [Known("applicant", "address", "江州市平安路12号")]
    (found,) = personal.spans("申请人住江州市 平安路12号，已核实", "reasons", known)
    assert found[:3] == ("address", 4, 14)


def test_a_draft_is_masked_on_the_officer_s_word(place: Place) -> None:
    number = place.bring("in_hand")
    place.act(
        "handler",
        "draft",
        number,
        "2026-03-05",
        **{
            **builders.REFUSE,
            "reasons": f"本机关车辆调度的记录，由身份证号{ID}的驾驶员签字，公开会影响秩序。",
        },
    )
    refused = builders.refused(lambda: place.act("handler", "submit", number, "2026-03-05"))
    assert refused.params["rules"] == ["personal_data"]
    done = disclosure("letter", "mask", number, "--reason", "与公开内容无关", "--yes", "--as", "handler")
    assert done.code == 0, done.err
    assert ID not in done.out
    assert "110*" in done.out
    row = next(iter(place.case(number).draft.values()))
    assert ID not in row.reasons
    assert "驾驶员签字" in row.reasons
    last = builders.entries(place, number)[-1]
    assert "与公开内容无关" in str(disclosure("history", number, "--json").json)
    assert last is not None
    place.act("handler", "submit", number, "2026-03-05")
    nothing = disclosure("letter", "mask", number, "--yes", "--as", "handler")
    assert nothing.code == 0

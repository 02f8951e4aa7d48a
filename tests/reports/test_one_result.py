"""One result, one number: letter, register, performance figures, cell and annual report tell the same of a
case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure

SEARCHED = "search=检索了公文系统和档案室目录，检索词为项目名称，未查到。"
GIVEN = {"outcome": "granted", "means": "纸质复印件，邮寄"}
PUBLIC = {"outcome": "already_public", "means": "本机关网站，网址https://www.example.invalid/xxgk"}
ABSENT = {"outcome": "not_held", "extra": [SEARCHED], "reasons": "该年度没有制作。"}
WITHHELD: dict[str, Any] = {**builders.REFUSE}
PASSES = (("reviewer", "pass_review"), ("legal", "pass_review"), ("head", "pass_review"))


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def answered(place: Place, *answers: dict[str, Any]) -> str:
    texts = ["某项目的实施方案", "某项目的年度公报", "某项目的会议签到表"]
    number = place.receive(items=texts[: len(answers)]).case.number
    place.walk(number, builders.ROADS["in_hand"])
    on = date(2026, 3, 10)
    for no, facts in enumerate(answers, 1):
        place.act("handler", "draft", number, on, item=no, **facts)
    place.act("handler", "submit", number, on)
    for who, event in PASSES:
        if place.case(number).state != "approved" and (who != "legal" or "legal" in place.case(number).state):
            place.act(who, event, number, on)
    place.act("handler", "issue", number, on)
    place.made()
    place.act("registrar", "dispatch", number, on, served_by="post")
    return number


@pytest.mark.parametrize(
    ("answers", "letter", "outcome", "row"),
    [
        ((GIVEN, PUBLIC, ABSENT), "D3", "partial", "r2_partial"),
        ((GIVEN, ABSENT), "D3", "partial", "r2_partial"),
        ((GIVEN, PUBLIC), "D1", "granted", "r1_granted"),
        ((ABSENT, WITHHELD), "D4e", "withheld", "r3_5_internal_affairs"),
    ],
    ids=["given, public, absent", "given and absent", "given and public", "absent and withheld"],
)
def test_a_case_counts_the_same_everywhere(
    place: Place, answers: tuple[dict[str, Any], ...], letter: str, outcome: str, row: str
) -> None:
    number = answered(place, *answers)
    assert place.case(number).replies[-1].code == letter
    (line,) = disclosure("roll", "--json", "--columns", "number,outcome,report_row").json
    assert (line["outcome"], line["report_row"]) == (outcome, row)
    report = disclosure("report", "annual", "2026", "--json").json
    counted = {
        key
        for key, cells in report["report"]["table3"].items()
        if cells.get("natural_person") and key.startswith("r") and key != "r7_total"
    }
    assert counted == {row}
    behind = disclosure("report", "annual", "2026", "--cell", f"{row},natural_person", "--json").json
    assert number in str(behind)
    figures = disclosure("report", "performance", "--from", "2026-01-01", "--to", "2026-12-31", "--json").json
    assert outcome in str(figures)


def test_the_register_names_the_row_as_the_form_of_the_year_has_it(place: Place) -> None:
    answered(place, GIVEN, ABSENT)
    said = disclosure("roll", "--columns", "number,report_row", "--lang", "zh_CN").out
    assert "部分公开" in said

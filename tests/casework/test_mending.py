"""The organ mends its own reply: a supplement, or the reply made anew, also while it is contested."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import GRANT, Place
from workflow.base.errors import Refused
from workflow.casework import letter_data
from workflow.casework.opened import open_case
from workflow.storage.models import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads")

BOTH = ("supplement_reply", "redo_reply")


@pytest.fixture
def place(_sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    yield from builders.verified(_sqlite_template, tmp_path)


def _mended(place: Place, number: str, event: str, on: str = "2026-04-01") -> None:
    """The new reply on its way to the applicant, received by him."""
    place.act("head", event, number, on, reasons="遗漏附件")
    day = date.fromisoformat(on)
    place.act("handler", "draft", number, day, **GRANT)
    place.act("handler", "submit", number, day)
    place.act("reviewer", "pass_review", number, day)
    place.act("head", "pass_review", number, day)
    place.act("handler", "issue", number, day)
    place.made()
    place.act("registrar", "dispatch", number, day, served_by="post")
    place.act("registrar", "serve", number, day + timedelta(days=3), proof="签收回执")


def _opening(place: Place, number: str) -> str:
    letters = TABLES["letter"]
    with place.store.reading() as connection:
        opened = open_case(place.desk(), connection, number)
        query = sa.select(letters.c.content).where(
            letters.c.case_id == opened.id, letters.c.number.is_not(None)
        )
        newest = connection.execute(query.order_by(letters.c.id.desc())).scalars()
        said = [letter_data.opened(one, opened.key or b"") for one in newest]
    return "".join(block.get("text", "") for block in said[0]["blocks"])


@pytest.mark.parametrize("event", BOTH)
def test_the_reply_stands_until_the_new_one_has_left(place: Place, event: str) -> None:
    number = place.bring("served")
    before = place.clocks(number)["reconsideration.limit", 0]
    done = place.act("head", event, number, "2026-04-01", reasons="遗漏附件")
    assert (done.case.state, done.case.round) == ("in_hand", 2)
    # Its time for remedies runs on; the organ's own day is no time by law, and nobody is silent.
    assert place.clocks(number)["reconsideration.limit", 0] == before
    assert place.clocks(number)["reply.limit", 0] == (date(2026, 4, 30), "running")
    clock = next(clock for clock in done.clocks if clock.rule == "reply.limit")
    assert clock.deadline.article == "house:own_mending"


def test_a_supplement_stands_beside_the_reply(place: Place) -> None:
    number = place.bring("served")
    first = place.clocks(number)["reconsideration.limit", 0]
    reply = place.case(number).reply
    assert reply is not None
    _mended(place, number, "supplement_reply")
    clocks = place.clocks(number)
    assert clocks["reconsideration.limit", 1] == first
    assert clocks["reconsideration.limit", 0] == (date(2026, 6, 3), "running")
    said = _opening(place, number)
    assert f"（{reply.number}）" in said
    assert "经审查：遗漏附件。现依职权补充答复如下，原答复继续有效" in said


def test_a_reply_made_anew_takes_the_place_of_the_first(place: Place) -> None:
    number = place.bring("served")
    _mended(place, number, "redo_reply")
    clocks = place.clocks(number)
    assert ("reconsideration.limit", 1) not in clocks
    assert clocks["reconsideration.limit", 0] == (date(2026, 6, 3), "running")
    assert "经审查：遗漏附件。本机关决定撤销该答复" in _opening(place, number)


def test_a_reply_made_anew_takes_the_place_of_a_supplement_and_of_what_it_added_to(place: Place) -> None:
    number = place.bring("served")
    first = place.case(number).reply
    _mended(place, number, "supplement_reply")
    second = place.case(number).reply
    assert first is not None
    assert second is not None
    before = place.clocks(number)["reconsideration.limit", 1]
    place.act("head", "redo_reply", number, "2026-04-07", reasons="适用依据错误")
    # Until the new reply has left, both stand, and their times run.
    assert place.clocks(number)["reconsideration.limit", 1] == before
    day = date(2026, 4, 8)
    place.act("handler", "draft", number, day, **GRANT)
    place.act("handler", "submit", number, day)
    place.act("reviewer", "pass_review", number, day)
    place.act("head", "pass_review", number, day)
    place.act("handler", "issue", number, day)
    place.made()
    said = _opening(place, number)
    assert f"（{second.number}）" in said
    assert f"撤销该答复以及此前的答复（{first.number}）" in said
    place.act("registrar", "dispatch", number, day, served_by="post")
    assert ("reconsideration.limit", 1) not in place.clocks(number)


@pytest.mark.parametrize("event", BOTH)
def test_it_counts_once_in_the_annual_report(place: Place, event: str) -> None:
    number = place.bring("served")
    before = {name: place.row(number)[name] for name in ("counted_on", "report_row")}
    _mended(place, number, event)
    assert {name: place.row(number)[name] for name in before} == before
    place.made()
    place.act("archivist", "file", number, "2026-04-20")
    assert place.row(number)["state"] == "filed"


@pytest.mark.parametrize(
    ("kind", "facts", "rule"),
    [
        ("open_reconsideration", {"body": "江州市人民政府"}, "arl2023:65.2.2"),
        ("open_suit", {"kind": "direct", "body": "江州市姑江区人民法院"}, "spc2018:81.1"),
    ],
)
def test_while_it_is_contested_who_decides_is_told_and_the_remedy_goes_its_way(
    place: Place, kind: str, facts: dict[str, Any], rule: str
) -> None:
    number = place.bring("served")
    place.act("legal", kind, number, "2026-03-20", **facts)
    done = place.act("head", "redo_reply", number, "2026-04-01", reasons="依据错误")
    assert [params["rule"] for _, params in done.notes if "body" in params] == [rule]
    # What is brought while the new reply is being made is brought against the one that stands.
    done = place.act("legal", "open_reconsideration", number, "2026-04-02", body="江州市人民政府")
    assert rule in [params.get("rule") for _, params in done.notes], "it is told of the change too"
    assert [part.against_round for part in place.case(number).remedies] == [1, 1]
    place.act("legal", "remedy_decided", number, "2026-04-10", no=1, result="withdrawn")
    assert place.case(number).remedies[0].outcome == "other"


def test_who_decides_is_told_when_the_new_reply_is_issued(place: Place) -> None:
    number = place.bring("served")
    done = place.act("legal", "open_suit", number, "2026-03-20", kind="direct", body="江州市姑江区人民法院")
    assert not [params for _, params in done.notes if "body" in params], "nothing was changed yet"
    day = date(2026, 4, 1)
    place.act("head", "redo_reply", number, day, reasons="依据错误")
    place.act("handler", "draft", number, day, **GRANT)
    for role, act in (("handler", "submit"), ("reviewer", "pass_review"), ("head", "pass_review")):
        place.act(role, act, number, day)
    done = place.act("handler", "issue", number, day)
    assert [params["rule"] for _, params in done.notes if "body" in params] == ["spc2018:81.1"]


def test_an_order_to_decide_anew_is_obeyed_even_so(place: Place) -> None:
    number = place.bring("served")
    place.act("legal", "open_reconsideration", number, "2026-03-20", body="江州市人民政府")
    _mended(place, number, "supplement_reply")
    place.act("legal", "remedy_decided", number, "2026-04-20", no=1, result="annulled", redecide="yes")
    done = place.act("registrar", "redecide", number, "2026-04-21", no=1)
    assert done.case.round == 3


@pytest.mark.parametrize("road", ["in_hand", "issued", "withdrawn"])
def test_there_is_nothing_to_mend_before_a_reply_has_left(place: Place, road: str) -> None:
    number = place.bring(road)
    fault = builders.refused(lambda: place.act("head", "redo_reply", number, "2026-04-01", reasons="错误"))
    assert isinstance(fault, Refused)


def test_it_is_for_the_head_to_decide(place: Place) -> None:
    number = place.bring("served")
    fault = builders.refused(lambda: place.act("handler", "redo_reply", number, "2026-04-01", reasons="错误"))
    assert fault.rule == "house:own_mending"

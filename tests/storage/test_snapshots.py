"""Cases with long histories: what an act begins from is what all entries say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import RECEIVED, Place
from tests.counter import disclosure
from tests.thorough import examples
from workflow.cases import frozen
from workflow.cases.case import CaseFile
from workflow.cases.reply import DraftItem, Passed
from workflow.casework.opened import open_case
from workflow.procedure.fold import fold
from workflow.storage import case_entries, snapshots
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("lines_kept")

ROWS = TABLES["case_snapshot"]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot at every fourth entry."""
    monkeypatch.setattr(snapshots, "EVERY", 4)


def snapshot_of(place: Place, number: str) -> Any:
    with place.store.reading() as connection:
        return connection.execute(sa.select(ROWS).where(ROWS.c.case_id == place.row(number)["id"])).first()


def folded(place: Place, number: str) -> CaseFile:
    with place.store.reading() as connection:
        return fold(case_entries.entries(connection, place.row(number)["id"]), number=number)


def opened(place: Place, number: str) -> Any:
    with place.store.reading() as connection:
        found = open_case(place.desk("registrar"), connection, number)
        assert len(found.entries) == found.case.entries
        return found


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("state", ["section_review", "issued", "served"])
def test_a_case_begun_from_a_snapshot_is_the_folded_case(place: Place, state: str) -> None:
    number = place.bring(state)
    assert snapshot_of(place, number) is not None
    assert opened(place, number).case == folded(place, number)
    verify_record.verify(place.store, place.desk().office)


@pytest.mark.usefixtures("often")
def test_a_view_shows_a_long_case_whole(place: Place) -> None:
    """It looks at the entries before the snapshot when its connection is closed."""
    number = place.bring("section_review")
    assert snapshot_of(place, number).n > 1
    at = ("--as", "registrar", "--db", place.store.url)
    told = disclosure("history", number, *at, "--json").json
    assert [entry["n"] for entry in told] == list(range(1, folded(place, number).entries + 1))
    assert disclosure("show", number, *at).code == 0


@pytest.mark.usefixtures("often")
def test_after_a_correction_the_snapshot_is_of_what_holds_now(place: Place) -> None:
    number = place.bring("registered")
    for text in ("一", "二", "三", "四", "五"):
        place.desk("registrar").act(number, "note", {"text": text})
    place.desk("registrar").amend(number, "request", "更正后的申请内容", "录入错误")
    kept = snapshot_of(place, number)
    assert kept.n == folded(place, number).entries
    assert opened(place, number).case.request == "更正后的申请内容"
    place.desk("registrar").act(number, "note", {"text": "六"})
    place.desk("registrar").undo(number, "误记")
    assert opened(place, number).case == folded(place, number)


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("column", ["program", "content"])
def test_a_snapshot_that_is_not_this_programs_is_not_used(place: Place, column: str) -> None:
    number = place.bring("registered")
    place.desk("registrar").act(number, "note", {"text": "一"})
    place.desk("registrar").act(number, "note", {"text": "二"})
    assert snapshot_of(place, number) is not None
    with place.store.writing() as connection:
        connection.execute(sa.update(ROWS).values({column: "x"}))
    assert opened(place, number).case == folded(place, number)


@pytest.mark.usefixtures("often")
def test_verify_finds_a_snapshot_that_says_something_else(place: Place) -> None:
    number = place.bring("registered")
    for text in ("一", "二", "三"):
        place.desk("registrar").act(number, "note", {"text": text})
    found = opened(place, number)
    wrong = folded(place, number)
    wrong.request = "别的内容"
    with place.store.writing() as connection:
        snapshots.forget(connection, found.id)
        wrong.entries = snapshots.EVERY
        snapshots.keep(connection, place.desk().office.id, found.id, wrong, found.key, anew=True)
    with pytest.raises(Exception, match="case_snapshot"):
        verify_record.verify(place.store, place.desk().office)


@given(
    texts=st.lists(st.text(max_size=20), max_size=4),
    days=st.lists(st.dates(date(2008, 5, 1), date(2030, 1, 1)), max_size=3),
    people=st.sets(st.text(min_size=1, max_size=8), max_size=3),
)
@settings(deadline=None, max_examples=examples(60))
def test_what_is_written_is_read_again(texts: list[str], days: list[date], people: set[str]) -> None:
    case = CaseFile(number="2026-0001", received_on=RECEIVED, items=texts, corrected=days, authors=people)
    case.draft[1, "a"] = DraftItem(1, "granted", extra={"k": "v"}, attachments=texts)
    case.extension = (RECEIVED + timedelta(3), 20)
    case.passed = [Passed(("review", "a"), RECEIVED, "x", {"p": "q"}, frozenset(people or {"a"}))]
    again = frozen.read(frozen.write(case))
    assert again == case
    assert again.passed[0].persons == case.passed[0].persons
    assert frozen.write(again) == frozen.write(case)

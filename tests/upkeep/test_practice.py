"""The practice office: a year in all states, marked as practice, and never mixed with a real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from letters.pdf import reading, render
from tests import builders
from tests.counter import disclosure
from tests.practising import TODAY, practised
from workflow.base.errors import Conflict, Malformed, Refused
from workflow.casework import letter_data
from workflow.casework.desk import Desk
from workflow.office import founding, office_file, offices, profile_changes
from workflow.storage.database import Store
from workflow.storage.models import TABLES
from workflow.upkeep import practice, verify_record

pytestmark = pytest.mark.usefixtures("migrated_once")

STATES = {
    *("received", "registered", "assigned", "in_hand", "drafting", "section_review", "legal_review"),
    *("head_review", "approved", "issued", "dispatched", "served", "filed", "returned", "withdrawn", "void"),
    *("correction_asked", "fee_notified"),
}


@dataclass
class Practised:
    """The office, its store, and the place that a real office would have had."""

    made: practice.Made
    store: Store
    real: Path

    def rows(self, table: str) -> list[Any]:
        with self.store.reading() as connection:
            return list(connection.execute(sa.select(TABLES[table]).order_by(TABLES[table].c.id)))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practised]:
    folder = tmp_path_factory.mktemp("practice")
    real = folder / "real.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISCLOSURE_DATABASE_URL", f"sqlite:///{real}")
        made = practised(folder / "练习")
    store = Store(f"sqlite:///{made.folder / practice.DATABASE}")
    yield Practised(made, store, real)
    store.close()


def test_dozens_of_cases_in_all_states_up_to_today(office: Practised) -> None:
    cases = office.rows("case_file")
    assert len(cases) == office.made.cases > 30
    assert {row.state for row in cases} >= STATES
    entries = office.rows("ledger")
    assert all(row.on_day <= TODAY for row in entries)
    assert [row.recorded_at for row in entries] == sorted(row.recorded_at for row in entries)
    with office.store.reading() as connection:
        found = offices.listed(connection)[0]
    assert verify_record.verify(office.store, found).cases == len(cases)


def test_every_letter_bears_the_mark(office: Practised) -> None:
    desk = Desk(office.store, "chen", today=lambda: TODAY)
    letters = office.rows("letter")
    assert len(letters) > 40
    with office.store.reading() as connection:
        said = [letter_data.opened(row.content, desk.case_key(connection, row.case_id)) for row in letters]
    for one in said:
        assert '<p class="draft">练习</p>' in render.html(one)
        assert "练习" in one["organ"]
        assert one["data"]["practice"] is True
    # Also where the office's own template has no place for it.
    own = {"letter.html": "<html><body><p>{{ organ }}</p></body></html>"}
    letter = next(one for one in said if one["template"] != "form" and one["layout"] == "letter")
    assert '<p class="draft">练习</p>' in render.html({**letter, "own_templates": own})
    assert "练习" in reading.text_of(render.pdf(letter))


def test_every_screen_says_so(office: Practised, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_HOME", str(office.made.folder))
    said = disclosure("list", "--as", "chen", "--json", "--lang", "zh_CN")
    assert "【练习】" in said.err
    assert len(said.json) == office.made.cases


def test_it_is_never_made_over_anything_nor_mixed_with_a_real_office(
    office: Practised, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not office.real.exists()
    assert office.made.elsewhere == ("DISCLOSURE_DATABASE_URL",)
    with pytest.raises(Conflict):
        practice.make(office.made.folder)
    real = office_file.checked(builders.office_file("jz"))
    with monkeypatch.context() as patch, pytest.raises(Refused):
        patch.delenv("DISCLOSURE_KEY_FILE")
        founding.init(office.store, *real)
    store = Store(f"sqlite:///{home}/real.db")
    founding.init(store, *real)
    with pytest.raises(Refused):
        founding.init(store, *office_file.checked(dict(practice.table()["office"])))
    store.close()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [("practice", "false", Refused), ("name", "清江县数据局", Malformed), ("practice", "true", Refused)],
)
def test_the_mark_is_never_taken_away(
    office: Practised, name: str, value: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        profile_changes.set_profile(Desk(office.store, "zhou", today=lambda: TODAY), name, value)
    kept = json.loads(office.rows("office")[0].profile)
    assert (kept["practice"], kept["name"]) == (True, "清江县数据局（练习）")


def test_the_command(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = practice.Made(home / "x", 37, 55, 5, ("DISCLOSURE_KEY_FILE",))
    monkeypatch.setattr(practice, "make", lambda folder, seen: made)
    said = disclosure("practice", "x", "--lang", "en")
    assert f"export DISCLOSURE_HOME={home / 'x'}" in said.out
    assert "unset DISCLOSURE_KEY_FILE" in said.out
    assert disclosure("practice", "x", "--json").json["officers"]["chen"] == "陈登记"


def test_an_interrupted_practice_office_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        practice.make(tmp_path / "练习", interrupted)
    assert not (tmp_path / "练习").exists()

"""A drill of recovery: what it says would be lost, what it records, and what doctor says of it and of
checkpoints.
"""

from __future__ import annotations

import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders import Place
from tests.counter import disclosure
from workflow.base import dates, messages
from workflow.evidence import checkpoints, keys, witness
from workflow.storage.tables import TABLES
from workflow.upkeep import doctor, verify_machine
from workflow.upkeep.finding import Finding
from workflow.upkeep.parts import reading

pytestmark = pytest.mark.usefixtures("migrated_once", "repeated_roads")

LEDGER = TABLES["ledger"]


@pytest.fixture
def place(quick: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    quick.receive()
    return quick


def entries(place: Place) -> list[sa.Row]:
    with place.store.reading() as connection:
        return list(connection.execute(sa.select(LEDGER).order_by(LEDGER.c.seq)).all())


def told(name: str) -> Finding:
    (finding,) = [one for one in doctor.checks() if one.name == name]
    return finding


def test_a_drill_says_what_would_be_lost_and_is_recorded(place: Place, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    assert disclosure("backup", kept / "b.zip").code == 0
    (kept / "z.zip").write_bytes(b"no backup")
    last = entries(place)[-1].seq
    place.receive()
    place.receive()
    added = entries(place)[last:]
    beside = sorted(place.store.folder.iterdir())
    said = disclosure("drill", "--backup", kept, "--as", "head", "--json")
    assert said.code == 0, said.err
    (lost,) = said.json["lost"]
    assert lost == {
        "office": place.desk().office.key,
        "entries": len(added),
        "first": last + 1,
        "first_at": added[0].recorded_at,
        "last": added[-1].seq,
        "last_at": added[-1].recorded_at,
    }
    assert sorted(place.store.folder.iterdir()) == beside
    row = entries(place)[-1]
    assert (row.event, row.case_id, row.actor) == ("drill_made", None, "head")
    assert json.loads(row.payload)["lost"] == {lost["office"]: len(added)}
    assert disclosure("verify").code == 0
    plain = disclosure("drill", "--backup", kept / "b.zip", "--as", "head")
    assert f"{len(added) + 1} entries would be lost: {last + 1} of " in plain.out


def test_without_a_backup_one_is_made_and_goes_again(place: Place, tmp_path: Path) -> None:
    beside = sorted(place.store.folder.iterdir())
    said = disclosure("drill", "--as", "head")
    assert said.code == 0, said.err
    assert "nothing would be lost" in said.out
    assert "made for this drill" in said.out
    assert sorted(place.store.folder.iterdir()) == beside


def test_the_newest_of_a_folder_is_taken_by_what_it_says_itself(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = dates.now()
    for name, days in (("a.zip", 0), ("b.zip", 3)):
        monkeypatch.setattr(dates, "now", lambda days=days: now - timedelta(days=days))
        assert disclosure("backup", tmp_path / name).code == 0
    monkeypatch.undo()
    os.utime(tmp_path / "b.zip", (time.time() + 60, time.time() + 60))
    assert reading.newest_file(tmp_path) == tmp_path / "a.zip"


def test_it_is_for_an_approver_and_for_a_backup_that_holds(place: Place, tmp_path: Path) -> None:
    before = len(entries(place))
    assert disclosure("drill", "--as", "registrar").code == 1
    (tmp_path / "x.zip").write_bytes(b"no backup")
    assert disclosure("drill", "--backup", tmp_path / "x.zip", "--as", "head").code == 2
    assert disclosure("drill", "--backup", tmp_path, "--as", "head").code == 3
    assert len(entries(place)) == before


def test_a_record_that_does_not_continue_the_backup_is_found(place: Place, tmp_path: Path) -> None:
    place.receive()
    assert disclosure("backup", tmp_path / "all.zip").code == 0
    with place.store.writing() as connection:
        for name in [one for one in verify_machine.SQLITE if one.startswith("ledger")]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        newest = connection.execute(sa.select(sa.func.max(LEDGER.c.seq))).scalar_one()
        connection.execute(sa.delete(LEDGER).where(LEDGER.c.seq == newest))
    said = disclosure("drill", "--backup", tmp_path / "all.zip", "--as", "head")
    assert said.code == 5
    assert "does not continue the backup" in said.err


def test_doctor_knows_the_last_drill(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    never = told("drill")
    assert (never.level, "disclosure drill" in (never.remedy or "")) == ("warning", True)
    assert disclosure("drill", "--as", "head").code == 0
    assert told("drill").level == "ok"
    today = dates.today()
    for days, level in ((92, "ok"), (93, "warning")):
        monkeypatch.setattr(dates, "today", lambda days=days: today + timedelta(days=days))
        assert told("drill").level == level
    monkeypatch.undo()


def test_doctor_knows_the_last_checkpoint_and_who_countersigned(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages.use("en")
    assert "no checkpoint of the record" in told("checkpoints").detail
    keys.create(keys.place(place.store.folder))
    head = place.desk("head")
    asked = checkpoints.request(head, 0)
    finding = told("checkpoints")
    assert finding.level == "warning"
    assert "no witness ever countersigned" in finding.detail
    assert "--old 0" in (finding.remedy or "")
    public, private = checkpoints.public_key(head), keys.create(tmp_path / "w.pem")
    seen = witness.cosign(asked, tmp_path / "seen.json", "archive.example", private, 1_790_000_000, public)
    checkpoints.accept(head, str(seen.note))
    assert told("checkpoints").level == "ok"
    today = dates.today()
    made = dates.china_day(datetime.fromisoformat(checkpoints.state(head)[0]["made_at"]))
    monkeypatch.setattr(dates, "today", lambda: made + timedelta(days=400))
    # Nothing was added: there is nothing newer to be signed.
    assert told("checkpoints").level == "ok"
    monkeypatch.setattr(dates, "today", lambda: today)
    place.receive()
    monkeypatch.setattr(dates, "today", lambda: made + timedelta(days=32))
    finding = told("checkpoints")
    assert (finding.level, "evidence checkpoint" in (finding.remedy or "")) == ("warning", True)
    monkeypatch.setattr(dates, "today", lambda: made + timedelta(days=31))
    assert told("checkpoints").level == "ok"
    newer = datetime.fromisoformat(checkpoints.state(head)[0]["made_at"]) + timedelta(days=32)
    monkeypatch.setattr(dates, "now", lambda: newer)
    checkpoints.make(place.desk("head"))
    monkeypatch.setattr(dates, "today", lambda: made + timedelta(days=32))
    finding = told("checkpoints")
    assert "countersigned checkpoint is 32 days old" in finding.detail
    assert f"--old {seen.point.size} " in (finding.remedy or "")

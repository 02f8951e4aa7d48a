"""Faults in the middle of commands: kill -9 before any step, no room on the disk, a torn log after a power
loss, a clock that jumps. Whatever happened: nothing acknowledged is lost, nothing is there twice, `verify`
is clean, and the same command again goes on.

A few points of each command here; all of them with FAULTS=long (make faults).
"""

from __future__ import annotations

import os
import shutil
import tarfile
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from tests import builders
from tests.builders import RECEIVED, Place
from tests.counter import disclosure
from tests.faults import harness, power
from tests.faults.harness import Office
from workflow.delivery import batches
from workflow.storage.database import Store

LONG = os.environ.get("FAULTS") == "long"
ROOMS = (0, 4096, 65_536, 400_000) if LONG else (20_000,)
ROWS = 6


@pytest.fixture(scope="module")
def prepared(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office on SQLite."""
    office = Office(tmp_path_factory.mktemp("prepared"))
    shutil.copyfile(_sqlite_template, office.folder / "disclosure.db")
    fill(office)
    return office


def fill(office: Office) -> None:
    """An office with a case that was received, letters that wait, a reply to be posted, a list and a
    backup."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in office.surroundings().items():
            patch.setenv(name, value)
        place = builders.found(office.url)
        issued = place.receive(channel="in_person").case.number
        place.walk(issued, [*builders.ROADS["approved"], ("handler", "issue", 7, {})])
        place.made()
        batches.make(place.desk(), date(2026, 3, 12))
        place.receive()
        # A letter of it waits to be made.
        place.bring("registered")
        place.store.close()
        rows = "".join(f"当面,2026-03-0{n % 5 + 2},申请人{n},第{n}项信息\n" for n in range(ROWS))
        (office.folder / "list.csv").write_text("申请渠道,收到日期,姓名,申请内容\n" + rows, "utf-8")
        (office.folder / "parts").mkdir()
        assert disclosure("backup", office.folder / "kept.zip", "--with-key", "--as", "head").code == 0


DEEDS: dict[str, list[str]] = {
    "an act": ["register", "2026-0002", "--on", "2026-03-02", "--later"],
    "a list": ["intake", "list.csv"],
    "letters": ["work"],
    "posting": ["posting", "post", "2026-001", "--on", "2026-03-12"],
    "a backup": ["backup", "another.zip", "--as", "head"],
    "a backup in parts": ["backup", "--to", "parts", "--unencrypted", "--as", "head"],
}
POWER = ("an act", "a list", "posting", "a backup in parts")


def points(whole: int) -> list[int]:
    """Before which steps the fault happens."""
    return list(range(1, whole + 1)) if LONG else sorted({2, whole // 2})


def goes_on(office: Office, words: list[str], wanted: dict[str, object], *, done: bool = False) -> None:
    """The same command again: it does what is left, or says that all is done (of an act that is `done`, that
    it may not be any more); then everything is there once."""
    again = harness.run(office, words)
    assert again.code in ((0, 1, 3, 4) if done else (0, 3, 4)), again
    harness.verified(office)
    assert harness.summary(office) == wanted


# Making a letter takes seconds: that it is killed is tried at length, and by tests/casework/test_kill.py.
@pytest.mark.parametrize("name", [name for name in DEEDS if LONG or name != "letters"])
def test_killed_before_any_step(prepared: Office, tmp_path: Path, name: str) -> None:
    killed_before_any_step(prepared, tmp_path, DEEDS[name])


def killed_before_any_step(prepared: Office, tmp_path: Path, words: list[str]) -> None:
    """Kill the command before each step that is tried; each time it is there wholly or not at all, and goes
    on."""
    harness.rehearse(prepared, tmp_path / "rehearsed", words)
    ended, wanted = harness.undisturbed(prepared.copy(tmp_path / "whole"), words)
    for at in points(ended.steps):
        office = prepared.copy(tmp_path / "killed")
        killed = harness.run(office, words, at=at, what=harness.die)
        # How a list is worked through in lots hangs on the time that it takes: the last steps may not come.
        late = killed.code == 0 and killed.steps < at and 2 * at > ended.steps
        assert killed.code is None or late, f"step {at} of {ended.steps}: {killed}"
        harness.verified(office)
        # What was all done when it was killed may be refused a second time, as a list that was entered is.
        goes_on(office, words, wanted, done=harness.summary(office) == wanted)


@pytest.mark.parametrize("name", [name for name in DEEDS if LONG or name != "letters"])
def test_no_room(prepared: Office, tmp_path: Path, name: str) -> None:
    """A full disk, and a file that takes nothing at all (as one that is read-only)."""
    words = DEEDS[name]
    first, wanted = harness.undisturbed(prepared.copy(tmp_path / "whole"), words)
    for room in ROOMS:
        office = prepared.copy(tmp_path / "full")
        full = harness.run(office, words, before=partial(harness.no_room, room))
        assert full.code not in (None, harness.CRASHED, 70), f"{room}: {full}"
        harness.verified(office)
        # There was room enough for it.
        done = full.code == 0 and harness.summary(office) == wanted
        goes_on(office, words, wanted, done=done)


def test_a_log_torn_by_a_power_loss(
    prepared: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was on the disk when an act was acknowledged stays, wherever the log after it is torn or
    garbled."""
    office = prepared.copy(tmp_path / "torn")
    for name, value in office.surroundings().items():
        monkeypatch.setenv(name, value)
    log = office.folder / "disclosure.db-wal"
    store = Store(office.url)
    place = Place(store)
    acknowledged: list[int] = []
    for n in range(4):
        place.act("registrar", "note", "2026-0002", RECEIVED, text=f"第{n}次来电")
        acknowledged.append(log.stat().st_size)
    # As they lie: nothing was closed.
    database, whole = (office.folder / "disclosure.db").read_bytes(), log.read_bytes()
    store.close()
    assert len(whole) == acknowledged[-1]
    step = 512 if LONG else max(1, len(whole) // 3)
    for cut in sorted({*range(0, len(whole) + 1, step), *acknowledged}):
        for garbled in (False, True) if LONG else (False,):
            lost = prepared.copy(tmp_path / "lost")
            (lost.folder / "disclosure.db").write_bytes(database)
            (lost.folder / "disclosure.db-shm").unlink(missing_ok=True)
            rest = os.urandom(min(4096, len(whole) - cut)) if garbled else b""
            (lost.folder / "disclosure.db-wal").write_bytes(whole[:cut] + rest)
            harness.verified(lost)
            notes = harness.summary(lost)["events"].get("note", 0)
            assert notes >= sum(size <= cut for size in acknowledged), cut


def test_a_clock_that_jumps(quick: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts of a clock that was set back are recorded in their order, and the doctor says so."""
    from workflow.upkeep import machine_clock_check, verify_record

    quick.receive()
    back = datetime(2020, 1, 1, tzinfo=UTC)
    desk = quick.desk("registrar")
    desk.now = lambda: back
    done = desk.act("2026-0001", "note", {"text": "时钟拨回"}, on=RECEIVED)
    assert done.entry.recorded_at.startswith("2020")
    received = quick.receive(on=date(2026, 3, 3))
    amended = desk.amend("2026-0001", "request", "关于2024年排水管网改造的预算", "笔误")
    undone = desk.undo("2026-0001")
    # Whoever acts under it is told at once, whether he receives, corrects, takes back or does anything else.
    for told in (done, received, amended, undone):
        assert [params["now"][:10] for text, params in told.notes if "timedatectl" in text] == ["2020-01-01"]
    desk.now = quick.now
    after = quick.act("registrar", "note", "2026-0001", RECEIVED, text="时钟校准后")
    assert not [text for text, _ in after.notes if "timedatectl" in text]
    found = verify_record.verify(quick.store, desk.office)
    # The day of the act lies after that on which it says that it was recorded.
    assert sorted(one.event for one in found.refused) == ["note", "receive"]
    monkeypatch.setattr("workflow.base.dates.now", lambda: back)
    (finding,) = machine_clock_check.check_clock(quick.store.url)
    assert finding.level == "failure"


def test_a_restore_and_an_upgrade_killed(prepared: Office, tmp_path: Path) -> None:
    """Both write one commit: the database is as it was, or done; again, and it is done."""
    released = Path(__file__).parent.parent / "storage" / "released" / "0001.tar.gz"
    with tarfile.open(released) as archive:
        archive.extractall(tmp_path / "released", filter="data")
    old = Office(tmp_path / "released", where_it_lies=True)
    empty = Office(tmp_path / "empty")
    empty.folder.mkdir()
    archived = str(prepared.folder / "kept.zip")
    for office, words in ((old, ["upgrade"]), (empty, ["restore", archived])):
        if LONG:
            harness.rehearse(office, tmp_path / "rehearsed", words)
        whole = harness.run(office.copy(tmp_path / "whole"), words)
        assert whole.code == 0, words
        for at in points(whole.steps):
            killed = office.copy(tmp_path / "killed")
            assert harness.run(killed, words, at=at, what=harness.die).code is None
            assert harness.run(killed, words).code in (0, 4)
            harness.verified(killed)


@pytest.mark.postgres
def test_the_server_drops_the_connection(
    postgres_server: object, _postgres_template: str, home: Path
) -> None:
    """Before any step of an act the connection is gone: it was done wholly or not at all, and can be done."""
    import sqlalchemy as sa
    from sqlalchemy import event

    from workflow.base.errors import DisclosureError
    from workflow.upkeep import verify_record

    name = postgres_server.create(_postgres_template)  # type: ignore[attr-defined]
    place = builders.found(postgres_server.url(name))  # type: ignore[attr-defined]
    place.receive()
    other = sa.create_engine(place.store.url, poolclass=sa.NullPool)
    for at in range(1, 16) if LONG else (1, 4, 9):
        seen = 0

        def dropped(*given: object, at: int = at) -> None:
            nonlocal seen
            if str(given[2]).startswith(harness.LOOKS):
                return
            seen += 1
            if seen == at:
                with other.begin() as connection:
                    connection.execute(
                        sa.text(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n AND pid <> pg_backend_pid()"
                        ),
                        {"n": name},
                    )

        event.listen(place.store.engine, "before_cursor_execute", dropped)
        before = place.case("2026-0001").entries
        try:
            place.act("registrar", "note", "2026-0001", RECEIVED, text="来电")
            acknowledged = 1
        except DisclosureError:
            acknowledged = 0
        event.remove(place.store.engine, "before_cursor_execute", dropped)
        after = place.case("2026-0001").entries
        assert acknowledged <= after - before <= 1
        place.act("registrar", "note", "2026-0001", RECEIVED, text="再次来电")
        assert verify_record.verify(place.store, place.desk().office).refused == []
    place.store.close()
    other.dispose()
    postgres_server.drop(name)  # type: ignore[attr-defined]


@pytest.mark.skipif(not power.found(), reason="strace is not here: a torn log is tried all the same")
@pytest.mark.parametrize("name", POWER if LONG else ["an act"])
def test_a_power_loss_after_any_call(prepared: Office, tmp_path: Path, name: str) -> None:
    """What the command had said to be done is there in every state of the disk; what it had not is there
    wholly or not at all, and can be done."""
    words = DEEDS[name]
    whole = prepared.copy(tmp_path / "whole")
    trace, code = power.traced(whole, words)
    assert code == 0, (whole.folder / "said").read_text("utf-8")
    wanted = harness.summary(whole)
    states = list(power.Disk(prepared.folder, whole.folder).states(trace, seed=1))
    assert [state for state in states if state.told], "the command said nothing"
    harness.rehearse(prepared, tmp_path / "rehearsed", words)
    for state in states if LONG else states[-3:]:
        lost = state.put(tmp_path / "lost")
        harness.verified(lost)
        there = harness.summary(lost) == wanted
        assert there or not state.told, (state.after, state.how)
        goes_on(lost, words, wanted, done=there)

"""Backup and restore: complete or not at all, from either database into either, and never over
existing data.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import random
import resource
import shutil
import signal
import sys
import textwrap
import traceback
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import migrations
from tests import builders
from workflow.base.errors import Conflict, Damaged, DisclosureError, Environment, Malformed, NotFound
from workflow.cases.entry import Entry, Known
from workflow.office import offices
from workflow.storage import database, encryption, file_store, ledger
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record
from workflow.upkeep.backup import backup, examine, restore

pytestmark = pytest.mark.usefixtures("migrated_once")

MOMENT = "2026-03-02T01:02:03.000000Z"
HOSTILE = "<b>{{ 7*7 }}</b> '; DROP TABLE ledger; -- =1+1 😀\u2028\n第二行\\"
OFFICES = ("gongkai", "minzheng")


def found_office(
    store: Store, key: str, cases: int, ring: encryption.Keyring, *, entries: int = 3, size: int = 0
) -> None:
    """An office with cases, each with its key, clock, file, letter, outgoing work and entries."""
    folder = file_store.folder(store.folder)
    with store.writing() as connection:

        def put(table: str, **values: Any) -> int:
            made = connection.execute(sa.insert(TABLES[table]).values(**values))
            return int(made.inserted_primary_key[0])

        office = put("office", key=key, name=f"{key}局", profile='{"level": "county"}', created_at=MOMENT)
        put("chain_head", office_id=office, seq=0, hash=ledger.GENESIS)
        put("officer", office_id=office, key="li", name="李四", roles="handler|approver", active=True)
        put("series", office_id=office, name="case", year=2026, last=cases)
        said: list[tuple[int | None, Entry]] = []
        for number in range(1, cases + 1):
            case = put(
                "case_file",
                office_id=office,
                number=f"2026-{number:04d}",
                version=3,
                state="in_hand",
                open=True,
                round=1,
                regulations="ogi2019",
                received_on=date(2026, 3, 2),
                channel="post",
                applicant_name=HOSTILE,
                applicant_kind="natural_person",
                applicant_mark="m",
                request=HOSTILE,
                reply_due=date(2026, 3, 30),
                reply_provisional=False,
                last_on=date(2026, 3, 2),
                entries=3,
                recorded_at=MOMENT,
            )
            data_key, wrapped = encryption.new_case_key(ring, case)
            put("case_key", case_id=case, wrapped=wrapped)
            put(
                "clock",
                office_id=office,
                case_id=case,
                rule="reply.limit",
                ref=0,
                party="organ",
                unit="working_day",
                start=date(2026, 3, 2),
                due=date(2026, 3, 30),
                state="running",
                provisional=False,
                length=20,
                article="ogi2019:33.2",
                calendar="2026-1",
            )
            kept = file_store.put(folder, f"{key} {number}".encode() * 50)
            put(
                "attachment", office_id=office, case_id=case, sha256=kept.sha256, name=HOSTILE, size=kept.size
            )
            put(
                "letter",
                office_id=office,
                case_id=case,
                code="D1",
                number=f"{key}〔2026〕{number}号",
                round=1,
                dated=date(2026, 3, 9),
                content=encryption.seal(data_key, "letter", "x"),
                sha256=kept.sha256,
            )
            put("outbox", office_id=office, case_id=case, kind="letter", ref=1, created_at=MOMENT, attempts=0)
            for n in range(1, entries + 1):
                payload = {"text": HOSTILE, "more": random.Random(n * case).randbytes(size).hex()}
                noted = Entry(
                    n,
                    "note",
                    "case",
                    date(2026, 3, 2),
                    MOMENT,
                    "li",
                    "in_hand",
                    "in_hand",
                    "house:file",
                    payload,
                    Known("none"),
                )
                said.append((case, noted))
        ledger.append_all(connection, office, said, ledger.head(connection, office))


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    store = Store(url)
    try:
        with store.reading(checked=False) as connection:
            return {
                name: [
                    tuple(row)
                    for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
                ]
                for name, table in TABLES.items()
            }
    finally:
        store.close()


def schema_of(url: str) -> str | None:
    store = Store(url)
    try:
        return store.schema()
    finally:
        store.close()


class Place:
    """A machine of its own: key file and files of a store lie where no other store looks."""

    def __init__(self, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.url, self._patch = folder, url, monkeypatch
        folder.mkdir(exist_ok=True)
        self.store = Store(url)

    def enter(self) -> Store:
        """The store, with the surroundings of this machine."""
        self._patch.setenv("DISCLOSURE_KEY_FILE", str(self.key))
        self._patch.setenv("DISCLOSURE_FILES", str(self.folder / "files"))
        return self.store

    @property
    def key(self) -> Path:
        return self.folder / "key.json"

    def files(self) -> list[str]:
        return list(file_store.every(self.folder / "files"))


@dataclass(frozen=True)
class Archived:
    """A backup, what was told of it, and every row that it was made of."""

    archive: Path
    told: dict[str, Any]
    contents: dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path, str], Place]]:
    made: list[Place] = []

    def make(folder: Path, url: str) -> Place:
        made.append(Place(folder, url, monkeypatch))
        return made[-1]

    yield make
    for place in made:
        place.store.close()


@pytest.fixture
def old(database_url: str, tmp_path: Path, places: Callable[[Path, str], Place]) -> Place:
    """A database at work, with two offices."""
    place = places(tmp_path / "old", database_url)
    store = place.enter()
    ring = encryption.create(place.key)
    for key in OFFICES:
        found_office(store, key, 3, ring)
    return place


@pytest.fixture
def new(blank_url: str, tmp_path: Path, places: Callable[[Path, str], Place]) -> Place:
    """An empty place to restore into."""
    return places(tmp_path / "new", blank_url)


@pytest.fixture
def small(sqlite_url: str, tmp_path: Path, places: Callable[[Path, str], Place]) -> Place:
    """A database at work, with one office, on SQLite."""
    place = places(tmp_path / "old", sqlite_url)
    found_office(place.enter(), "gongkai", 2, encryption.create(place.key))
    return place


@pytest.fixture(scope="module")
def archived(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Archived:
    """A backup of a database at work, with its key: made once, for tests that take a copy of it."""
    folder = tmp_path_factory.mktemp("archived")
    path = folder / "disclosure.db"
    shutil.copyfile(_sqlite_template, path)
    with pytest.MonkeyPatch.context() as patch:
        place = Place(folder, f"sqlite:///{path}", patch)
        found_office(place.enter(), "gongkai", 2, encryption.create(place.key))
        told = backup(place.store, folder / "b.zip", with_key=True)
        place.store.close()
    return Archived(folder / "b.zip", told, contents(place.url))


@pytest.fixture
def elsewhere(tmp_path: Path, places: Callable[[Path, str], Place]) -> Place:
    """An empty place on SQLite, where there is not even a file."""
    return places(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'restored.db'}")


# --- there and back ------------------------------------------------------------------------------------


def test_round_trip_between_all_kinds_of_database(old: Place, new: Place, tmp_path: Path) -> None:
    told = backup(old.enter(), tmp_path / "b.zip", with_key=True)
    assert told["rows"]["ledger"] == 18
    assert [office["key"] for office in told["offices"]] == list(OFFICES)
    assert told["missing"] == []
    assert examine(tmp_path / "b.zip") == told
    assert restore(new.enter(), tmp_path / "b.zip") == told
    assert contents(new.url) == contents(old.url)
    assert new.files() == old.files()
    assert new.key.read_bytes() == old.key.read_bytes()
    assert new.key.stat().st_mode & 0o777 == 0o600
    new.store.check()


def test_work_goes_on_after_a_restore(old: Place, new: Place, tmp_path: Path) -> None:
    """Numbers of new rows go on after the highest that came, chains after their heads; the ledger stays
    append-only.
    """
    backup(old.enter(), tmp_path / "b.zip", with_key=True)
    store = new.enter()
    restore(store, tmp_path / "b.zip")
    found_office(store, "tudi", 2, encryption.load(new.key))
    with store.reading() as connection:
        for office in (1, 2, 3):
            assert len(list(ledger.walk(connection, office))) == (6 if office == 3 else 9)
        wrapped = connection.execute(sa.select(TABLES["case_key"].c.wrapped)).scalars().first()
        assert encryption.unwrap(encryption.load(new.key), 1, wrapped)
    with pytest.raises(DisclosureError), store.writing() as connection:
        connection.execute(sa.update(TABLES["ledger"]).values(actor="x"))


def test_tables_of_others_are_neither_taken_nor_in_the_way(old: Place, new: Place, tmp_path: Path) -> None:
    for place in (old, new):
        with place.store.writing(checked=False) as connection:
            connection.exec_driver_sql("CREATE TABLE procrastinate_jobs (id integer)")
            connection.exec_driver_sql("CREATE TABLE places (id integer)")
            connection.exec_driver_sql("INSERT INTO places VALUES (1)")
    assert not {"places", "procrastinate_jobs"} & set(
        backup(old.enter(), tmp_path / "b.zip", with_key=True)["rows"]
    )
    restore(new.enter(), tmp_path / "b.zip")
    assert contents(new.url) == contents(old.url)


def test_an_empty_database_is_backed_up_and_restored(
    database_url: str, tmp_path: Path, elsewhere: Place, places: Callable[[Path, str], Place]
) -> None:
    place = places(tmp_path / "old", database_url)
    store = place.enter()
    encryption.create(place.key)
    backup(store, tmp_path / "b.zip", with_key=True)
    assert restore(elsewhere.enter(), tmp_path / "b.zip")["offices"] == []


def test_a_database_that_has_the_schema_and_no_office_is_a_place_to_restore_into(
    small: Place, tmp_path: Path, elsewhere: Place
) -> None:
    backup(small.enter(), tmp_path / "b.zip", with_key=True)
    store = elsewhere.enter()
    with store.writing(checked=False) as connection:
        migrations.upgrade(connection)
    restore(store, tmp_path / "b.zip")
    assert contents(elsewhere.url) == contents(small.url)


def test_a_backup_sees_one_moment(old: Place, new: Place, tmp_path: Path) -> None:
    """What is written while the backup runs is not in it, whatever table it is in."""
    store, began = old.enter(), []
    before = contents(old.url)

    def work_meanwhile(done: int, total: int) -> None:
        if not began:
            began.append(done)
            other = Store(old.url)
            found_office(other, "tudi", 1, encryption.load(old.key))
            other.close()

    backup(store, tmp_path / "b.zip", with_key=True, seen=work_meanwhile)
    assert began
    restore(new.enter(), tmp_path / "b.zip")
    assert contents(new.url) == before


def test_progress_is_told_to_the_end(small: Place, elsewhere: Place, tmp_path: Path) -> None:
    for work in (
        lambda seen: backup(small.enter(), tmp_path / "b.zip", with_key=True, seen=seen),
        lambda seen: examine(tmp_path / "b.zip", seen=seen),
        lambda seen: restore(elsewhere.enter(), tmp_path / "b.zip", seen=seen),
    ):
        steps: list[tuple[int, int]] = []
        work(lambda done, total, steps=steps: steps.append((done, total)))
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0


@contextmanager
def tidied() -> Iterator[None]:
    """Garbage is collected as often as in the program; the tests do it seldom (see tests/conftest.py)."""
    seldom = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*seldom)


@pytest.mark.slow
def test_memory_stays_flat(tmp_path: Path, places: Callable[[Path, str], Place]) -> None:
    """Three times as many rows take no more memory, there or back."""
    peaks: dict[str, list[int]] = {"backup": [], "restore": []}
    here = places(tmp_path / "here", f"sqlite:///{tmp_path / 'here.db'}")
    with here.enter().writing(checked=False) as connection:
        migrations.upgrade(connection)
    ring = encryption.create(here.key)
    # How the tables look is known from here on.
    backup(here.store, tmp_path / "empty.zip")
    # An office at a time is walked, a thousand entries at once: already the first has more.
    for key, entries in (("gongkai", 505), ("minzheng", 1010)):
        found_office(here.store, key, 2, ring, entries=entries, size=500)
        there = places(tmp_path / f"{key}-new", f"sqlite:///{tmp_path / f'{key}-new.db'}")
        for name, place, work in (("backup", here, backup), ("restore", there, restore)):
            store = place.enter()
            with tidied():
                tracemalloc.start()
                work(store, tmp_path / f"{key}.zip", **({"with_key": True} if work is backup else {}))
                peaks[name].append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
    for name, (few, many) in peaks.items():
        assert many < 1.2 * few, (name, few, many)


# --- what is in the file -------------------------------------------------------------------------------


def test_a_backup_can_be_read_without_the_program(small: Place, tmp_path: Path) -> None:
    backup(small.enter(), tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        rows = [json.loads(line) for line in archive.read("tables/ledger.jsonl").splitlines()]
        assert len(rows) == manifest["tables"]["ledger"]["rows"] == 6
        assert manifest["offices"][0]["hash"] == rows[-1]["hash"]
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
        assert rows[0]["on_day"] == "2026-03-02"
        for sha256 in manifest["files"]:
            assert file_store.read(small.folder / "files", sha256) == archive.read(f"files/{sha256}")


def test_the_key_is_in_it_only_where_asked_for(small: Place, tmp_path: Path) -> None:
    assert not backup(small.enter(), tmp_path / "a.zip")["key"]
    assert "key.json" not in zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert backup(small.enter(), tmp_path / "b.zip", with_key=True)["key"]
    assert zipfile.ZipFile(tmp_path / "b.zip").read("key.json") == small.key.read_bytes()
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600


def test_a_missing_and_a_damaged_file_are_told_and_hold_up_nothing(
    small: Place, elsewhere: Place, tmp_path: Path
) -> None:
    first, second = small.files()
    shelf = small.folder / "files"
    (shelf / first[:2] / first[2:]).unlink()
    (shelf / second[:2] / second[2:]).write_bytes(b"rotten")
    assert backup(small.enter(), tmp_path / "b.zip", with_key=True)["missing"] == [first, second]
    assert restore(elsewhere.enter(), tmp_path / "b.zip")["missing"] == [first, second]
    assert elsewhere.files() == []


# --- refused, and nothing done -------------------------------------------------------------------------


def test_no_file_is_ever_replaced(small: Place, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"mine")
    with pytest.raises(Conflict):
        backup(small.enter(), tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == b"mine"


def test_a_file_that_appears_meanwhile_is_not_replaced(small: Place, tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        backup(small.enter(), tmp_path / "b.zip", seen=lambda *_: (tmp_path / "b.zip").touch())
    assert (tmp_path / "b.zip").read_bytes() == b""


def test_a_disk_without_links_takes_a_backup_too(
    small: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory stick has no hard links; a name that is taken is refused there as well."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    backup(small.enter(), tmp_path / "b.zip")
    examine(tmp_path / "b.zip")
    with pytest.raises(Conflict):
        backup(small.enter(), tmp_path / "c.zip", seen=lambda *_: (tmp_path / "c.zip").touch())


def test_a_folder_gets_a_file_named_by_the_hour(small: Place, tmp_path: Path) -> None:
    shelf = tmp_path / "backups"
    shelf.mkdir()
    told = backup(small.enter(), shelf)
    assert [str(path) for path in shelf.iterdir()] == [told["archive"]]


def test_no_database_no_backup(elsewhere: Place, tmp_path: Path) -> None:
    with pytest.raises(Environment, match="no disclosure database"):
        backup(elsewhere.enter(), tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_a_broken_chain_is_not_backed_up_as_if_it_were_whole(small: Place, tmp_path: Path) -> None:
    store = small.enter()
    with store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger_no_update")
        connection.exec_driver_sql("UPDATE ledger SET actor = 'wang' WHERE id = 2")
    with pytest.raises(Damaged, match="entry 2"):
        backup(store, tmp_path / "b.zip")
    assert list(tmp_path.glob("*.zip")) == []
    assert list(tmp_path.glob(".new-*")) == []


def test_a_restore_replaces_nothing(old: Place, sqlite_url: str, tmp_path: Path) -> None:
    backup(old.enter(), tmp_path / "b.zip", with_key=True)
    before = contents(old.url)
    with pytest.raises(Conflict, match="already holds an office") as caught:
        restore(old.enter(), tmp_path / "b.zip")
    assert "DISCLOSURE_DATABASE_URL" in str(caught.value.way_on)
    assert contents(old.url) == before


def test_a_backup_of_a_newer_program_is_refused(
    small: Place, elsewhere: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(small.enter(), tmp_path / "b.zip", with_key=True)
    monkeypatch.setattr(database, "SCHEMA", "0000")
    with pytest.raises(Environment, match="newer"):
        restore(elsewhere.enter(), tmp_path / "b.zip")


@pytest.mark.parametrize("ending", ["", "sub/b.zip"])
def test_what_is_not_there_is_not_found(elsewhere: Place, tmp_path: Path, ending: str) -> None:
    with pytest.raises(NotFound):
        restore(elsewhere.enter(), tmp_path / ending)


# --- keys ----------------------------------------------------------------------------------------------


def test_without_a_key_anywhere_it_is_told_what_is_missing(
    small: Place, elsewhere: Place, tmp_path: Path
) -> None:
    backup(small.enter(), tmp_path / "b.zip")
    with pytest.raises(Environment, match=r"key\.json"):
        restore(elsewhere.enter(), tmp_path / "b.zip")
    assert not (elsewhere.folder / "restored.db").exists()


def test_the_key_that_is_here_will_do(small: Place, elsewhere: Place, tmp_path: Path) -> None:
    backup(small.enter(), tmp_path / "b.zip")
    shutil.copy(small.key, elsewhere.key)
    restore(elsewhere.enter(), tmp_path / "b.zip")


def test_a_key_that_was_rotated_since_then_will_do(small: Place, elsewhere: Place, tmp_path: Path) -> None:
    backup(small.enter(), tmp_path / "b.zip", with_key=True)
    shutil.copy(small.key, elsewhere.key)
    encryption.rotate(elsewhere.key)
    rotated = elsewhere.key.read_bytes()
    restore(elsewhere.enter(), tmp_path / "b.zip")
    assert elsewhere.key.read_bytes() == rotated


def test_the_keys_of_the_public_counter_go_with_the_key(
    small: Place, elsewhere: Place, tmp_path: Path
) -> None:
    """Into the backup with the key file, and back; others that are there are not replaced."""
    secret = b'{"seal": "a", "sign": "b"}\n'
    path = encryption.web_key_file(small.enter().folder)
    path.write_bytes(secret)
    assert not backup(small.enter(), tmp_path / "a.zip")["web_key"]
    assert b"web_key" not in zipfile.ZipFile(tmp_path / "a.zip").read("manifest.json")
    assert backup(small.enter(), tmp_path / "b.zip", with_key=True)["web_key"]
    store = elsewhere.enter()
    there = encryption.web_key_file(store.folder)
    there.write_bytes(b"others")
    with pytest.raises(Conflict, match="not the one"):
        restore(store, tmp_path / "b.zip")
    assert there.read_bytes() == b"others"
    there.unlink()
    restore(store, tmp_path / "b.zip")
    assert there.read_bytes() == secret
    assert there.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("with_key", [True, False])
def test_another_key_is_neither_used_nor_replaced(
    small: Place, elsewhere: Place, tmp_path: Path, with_key: bool
) -> None:
    backup(small.enter(), tmp_path / "b.zip", with_key=with_key)
    encryption.create(elsewhere.key)
    before = elsewhere.key.read_bytes()
    with pytest.raises(Conflict, match="not the one"):
        restore(elsewhere.enter(), tmp_path / "b.zip")
    assert elsewhere.key.read_bytes() == before
    assert not (elsewhere.folder / "restored.db").exists()


def test_a_key_that_lacks_an_older_one_is_refused(small: Place, elsewhere: Place, tmp_path: Path) -> None:
    backup(small.enter(), tmp_path / "b.zip")
    shutil.copy(small.key, elsewhere.key)
    ring = json.loads(encryption.rotate(elsewhere.key) and elsewhere.key.read_text())
    ring["keys"] = {ring["current"]: ring["keys"][ring["current"]]}
    elsewhere.key.write_text(json.dumps(ring))
    with pytest.raises(Environment, match="has no key"):
        restore(elsewhere.enter(), tmp_path / "b.zip")


# --- older schemas -------------------------------------------------------------------------------------


@pytest.fixture
def grown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and the program is one revision ahead: a column more, and a table more."""

    def grow() -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(
            Path(migrations.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__")
        )
        newest = migrations.head()
        (folder / "versions" / "9999_more.py").write_text(
            textwrap.dedent(f"""
            import sqlalchemy as sa
            from alembic import op
            revision, down_revision = "9999", "{newest}"
            def upgrade():
                op.add_column("officer", sa.Column("rank", sa.Integer, nullable=False, server_default="7"))
                op.create_table("parcel", sa.Column("id", sa.Integer, primary_key=True))
                op.execute("INSERT INTO parcel (id) SELECT count(*) FROM officer")
            """)
        )
        plain = migrations.config

        def config(connection: Any) -> Any:
            made = plain(connection)
            made.set_main_option("script_location", str(folder))
            return made

        monkeypatch.setattr(migrations, "config", config)
        monkeypatch.setattr(database, "SCHEMA", "9999")

    return grow


def test_an_older_backup_is_upgraded_on_the_way(
    old: Place, new: Place, tmp_path: Path, grown: Callable[[], None]
) -> None:
    backup(old.enter(), tmp_path / "b.zip", with_key=True)
    before = contents(old.url)
    grown()
    restore(new.enter(), tmp_path / "b.zip")
    assert schema_of(new.url) == "9999"
    assert contents(new.url) == before
    with new.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT rank FROM officer").scalars().all() == [7, 7]
        assert connection.exec_driver_sql("SELECT id FROM parcel").scalar() == 2


def test_an_older_database_is_backed_up_before_its_upgrade(
    small: Place, elsewhere: Place, tmp_path: Path, grown: Callable[[], None]
) -> None:
    grown()
    store = small.enter()
    with pytest.raises(Environment, match="older schema"):
        store.check()
    backup(store, tmp_path / "b.zip", with_key=True)
    restore(elsewhere.enter(), tmp_path / "b.zip")
    assert contents(elsewhere.url) == contents(small.url)


def test_an_older_backup_does_not_go_into_a_newer_schema(
    small: Place, elsewhere: Place, tmp_path: Path, grown: Callable[[], None]
) -> None:
    backup(small.enter(), tmp_path / "b.zip", with_key=True)
    grown()
    store = elsewhere.enter()
    with store.writing(checked=False) as connection:
        migrations.upgrade(connection)
    with pytest.raises(Conflict, match="older schema"):
        restore(store, tmp_path / "b.zip")


# --- damaged and hostile archives ----------------------------------------------------------------------


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of an archive with its members changed."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def _manifest(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, bytes]], None]:
    def changed(members: dict[str, bytes]) -> None:
        table = json.loads(members["manifest.json"])
        change(table)
        members["manifest.json"] = json.dumps(table).encode()

    return changed


def _row(table: str, change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, bytes]], None]:
    """A row changed by somebody who also knows how to put the manifest right."""

    def changed(members: dict[str, bytes]) -> None:
        from hashlib import sha256

        name = f"tables/{table}.jsonl"
        rows = [json.loads(line) for line in members[name].splitlines()]
        change(rows[-1])
        members[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        _manifest(
            lambda m: m["tables"][table].update(
                size=len(members[name]), sha256=sha256(members[name]).hexdigest()
            )
        )(members)

    return changed


def _one_file(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.startswith("files/"))


HOSTILE_CHANGES: dict[str, tuple[type[DisclosureError], Callable[[dict[str, bytes]], Any]]] = {
    "no manifest": (Malformed, lambda m: m.pop("manifest.json")),
    "manifest is no JSON": (Malformed, lambda m: m.update({"manifest.json": b"{"})),
    "manifest is a list": (Malformed, lambda m: m.update({"manifest.json": b"[1]"})),
    "manifest is nested too deep": (Malformed, lambda m: m.update({"manifest.json": b"[" * 200_000})),
    "another format": (Malformed, _manifest(lambda m: m.update(format="else"))),
    "another version": (Malformed, _manifest(lambda m: m.update(version=2))),
    "an entry too many": (Malformed, _manifest(lambda m: m.update(more=1))),
    "negative size": (Malformed, _manifest(lambda m: m["tables"]["ledger"].update(size=-1))),
    "a size of text": (Malformed, _manifest(lambda m: m["tables"]["ledger"].update(size="1"))),
    "a bomb": (Damaged, _manifest(lambda m: m["tables"]["ledger"].update(size=2**62))),
    "an office with an absurd number": (Malformed, _manifest(lambda m: m["offices"][0].update(id=10**30))),
    "an office without a name": (Malformed, _manifest(lambda m: m["offices"][0].pop("name"))),
    "an office less": (Damaged, _manifest(lambda m: m["offices"].clear())),
    "an office more": (Damaged, _manifest(lambda m: m["offices"].append({**m["offices"][0], "id": 9}))),
    "another head": (Damaged, _manifest(lambda m: m["offices"][0].update(hash="0" * 64))),
    "an unknown schema": (Malformed, _manifest(lambda m: m.update(schema="0000"))),
    "a path for a table": (
        Malformed,
        _manifest(lambda m: m["tables"].update({"../x": m["tables"]["office"]})),
    ),
    "a path for a file": (
        Malformed,
        _manifest(lambda m: m["files"].update({"../../x": m["tables"]["office"]})),
    ),
    "a member that climbs": (Damaged, lambda m: m.update({"../../evil": b"x"})),
    "a member too many": (Damaged, lambda m: m.update({"files/readme": b"x"})),
    "a table too few": (Damaged, lambda m: m.pop("tables/ledger.jsonl")),
    "a table left out everywhere": (
        Damaged,
        lambda m: (m.pop("tables/outbox.jsonl"), _manifest(lambda t: t["tables"].pop("outbox"))(m)),
    ),
    "Alembic's table": (
        Damaged,
        lambda m: (
            m.update({"tables/alembic_version.jsonl": m.pop("tables/outbox.jsonl")}),
            _manifest(lambda t: t["tables"].update(alembic_version=t["tables"].pop("outbox")))(m),
        ),
    ),
    "a file too few": (Damaged, lambda m: m.pop(_one_file(m))),
    "a file with other bytes": (Damaged, lambda m: m.update({_one_file(m): m[_one_file(m)][::-1]})),
    "a row too few": (Damaged, lambda m: m.update({"tables/officer.jsonl": b""})),
    "a key that is none": (Damaged, lambda m: m.update({"key.json": b" " * len(m["key.json"])})),
    "an entry that was changed": (Damaged, _row("ledger", lambda row: row.update(actor="wang"))),
    "an entry that is missing": (Damaged, _row("chain_head", lambda row: row.update(seq=5))),
    "a column more": (Damaged, _row("officer", lambda row: row.update(more=1))),
    "a column less": (Damaged, _row("officer", lambda row: row.pop("name"))),
    "a day that is none": (Damaged, _row("clock", lambda row: row.update(due="2026-02-30"))),
    "text for a number": (Damaged, _row("clock", lambda row: row.update(length="20"))),
    "a number for a truth": (Damaged, _row("clock", lambda row: row.update(provisional=0))),
    "an absurd number": (Damaged, _row("clock", lambda row: row.update(length=10**30))),
    "nothing where there must be something": (Damaged, _row("clock", lambda row: row.update(rule=None))),
    "half a character": (Damaged, _row("officer", lambda row: row.update(name="\ud800"))),
    "a reference to nothing": (Conflict, _row("clock", lambda row: row.update(case_id=99))),
    "a number given twice": (Conflict, _row("letter", lambda row: row.update(id=1))),
    "a key of another case": (Damaged, _row("case_key", lambda row: row.update(case_id=1))),
    "a key that is a number": (Damaged, _row("case_key", lambda row: row.update(wrapped=5))),
}


@pytest.mark.parametrize("name", HOSTILE_CHANGES)
def test_a_changed_archive_is_refused_and_nothing_is_done(
    archived: Archived, elsewhere: Place, tmp_path: Path, name: str
) -> None:
    kind, change = HOSTILE_CHANGES[name]
    bad = rewritten(archived.archive, tmp_path / "bad.zip", change)
    store = elsewhere.enter()
    with pytest.raises(DisclosureError) as caught:
        restore(store, bad)
    assert type(caught.value) is kind, caught.value
    assert [path.name for path in elsewhere.folder.iterdir() if path.name != "files"] == []
    assert not (tmp_path / "evil").exists()
    restore(store, archived.archive)
    assert contents(elsewhere.url) == archived.contents


def test_broken_bytes_are_never_a_traceback(archived: Archived, tmp_path: Path) -> None:
    """Flipped bytes and truncated files: the damage is noticed, or the data is intact."""
    told, good, chance, noticed = archived.told, archived.archive.read_bytes(), random.Random(26), 0
    bad = tmp_path / "bad.zip"
    for turn in range(400):
        data = bytearray(good)
        if turn % 4 == 0:
            del data[chance.randrange(len(data)) :]
        else:
            for _ in range(turn % 4):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        bad.write_bytes(data)
        try:
            assert {**examine(bad), "archive": "", "bytes": 0} == {**told, "archive": "", "bytes": 0}
        except (Malformed, Damaged):
            noticed += 1
    assert noticed > 300


def test_other_zip_files_are_no_backup(elsewhere: Place, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    for data in (b"", b"PK\x05\x06" + bytes(18), b"no zip at all" * 99):
        path.write_bytes(data)
        with pytest.raises(Malformed):
            restore(elsewhere.enter(), path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("manifest.json", "{}")
    with pytest.raises(Malformed):
        restore(elsewhere.enter(), path)


# --- killed, and no room -------------------------------------------------------------------------------


class Stopped(Exception):
    pass


def _stop_after(step: int) -> Callable[[int, int], None]:
    def seen(done: int, total: int) -> None:
        if done >= step:
            raise Stopped

    return seen


def test_a_backup_that_is_stopped_leaves_nothing(small: Place, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        backup(small.enter(), tmp_path / "b.zip", seen=_stop_after(9))
    assert [
        path.name for path in tmp_path.iterdir() if path.suffix == ".zip" or path.name.startswith(".")
    ] == []


@pytest.mark.parametrize("part", [0.1, 0.6, 0.8, 1.0])
def test_a_restore_that_is_stopped_leaves_the_database_as_it_was(
    old: Place, new: Place, tmp_path: Path, part: float
) -> None:
    told = backup(old.enter(), tmp_path / "b.zip", with_key=True)
    total = 2 * (sum(told["rows"].values()) + told["files"])
    store = new.enter()
    with pytest.raises(Stopped):
        restore(store, tmp_path / "b.zip", seen=_stop_after(int(total * part)))
    assert schema_of(new.url) is None
    assert not new.key.exists()
    if new.url.startswith("sqlite"):
        assert list(tmp_path.glob("blank.db*")) == []
    restore(store, tmp_path / "b.zip")
    assert contents(new.url) == contents(old.url)


def _status(work: Callable[[], None], *places: Place) -> int:
    """Do it in a process of its own, which has nothing open that this one has; how that process ended."""
    for place in places:
        place.store.close()
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except DisclosureError as fault:
            os._exit(fault.exit_code)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _kill_after(part: float) -> Callable[[int, int], None]:
    def seen(done: int, total: int) -> None:
        if done >= part * total:
            os.kill(os.getpid(), signal.SIGKILL)

    return seen


@pytest.mark.parametrize("part", [0.55, 0.85, 1.0])
def test_a_killed_restore_leaves_the_database_as_it_was(
    old: Place, new: Place, tmp_path: Path, part: float
) -> None:
    backup(old.enter(), tmp_path / "b.zip", with_key=True)
    store = new.enter()
    ended = _status(lambda: restore(Store(new.url), tmp_path / "b.zip", seen=_kill_after(part)), old, new)
    assert ended == -signal.SIGKILL
    assert schema_of(new.url) is None
    restore(store, tmp_path / "b.zip")
    assert contents(new.url) == contents(old.url)


def test_a_killed_backup_is_not_there(old: Place, tmp_path: Path) -> None:
    before = contents(old.url)
    old.enter()
    ended = _status(lambda: backup(Store(old.url), tmp_path / "b.zip", seen=_kill_after(0.7)), old)
    assert ended == -signal.SIGKILL
    assert not (tmp_path / "b.zip").exists()
    backup(old.enter(), tmp_path / "b.zip")
    assert contents(old.url) == before


def _short(most: int) -> None:
    """From here on no file of this process grows longer, as on a full disk."""
    # Else what is compiled would be cut off too, and kept.
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize(("what", "most"), [("backup", 4000), ("restore", 30_000), ("restore", 100_000)])
def test_a_full_disk_is_told_and_leaves_nothing(
    small: Place, elsewhere: Place, tmp_path: Path, what: str, most: int, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "b.zip"
    backup(small.enter(), archive, with_key=True)
    elsewhere.enter()

    def work() -> None:
        _short(most)
        if what == "backup":
            backup(Store(small.url), tmp_path / "c.zip")
        else:
            restore(Store(elsewhere.url), archive)

    assert (_status(work, small, elsewhere), capfd.readouterr().err) == (Environment.exit_code, "")
    assert not (tmp_path / "c.zip").exists()
    assert schema_of(elsewhere.url) is None
    # The key file goes before the commit, for nothing may be there that cannot be opened.
    assert not elsewhere.key.exists() or elsewhere.key.read_bytes() == small.key.read_bytes()
    if what == "restore":
        restore(elsewhere.enter(), archive)
        assert contents(elsewhere.url) == contents(small.url)


# --- a database at real work ---------------------------------------------------------------------------


def test_a_restored_office_verifies_and_goes_on(
    sqlite_url: str, new: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cases driven by the desk come back with row, clocks and chain as the entries give them, and can be
    driven on.
    """
    monkeypatch.setenv("DISCLOSURE_KEY_FILE", str(tmp_path / "key.json"))
    monkeypatch.setenv("DISCLOSURE_FILES", str(tmp_path / "files"))
    place = builders.found(sqlite_url)
    numbers = [place.bring(state) for state in ("in_hand", "served", "correction_asked")]
    told = backup(place.store, tmp_path / "b.zip", with_key=True)
    assert told["offices"][0]["seq"] == told["rows"]["ledger"]
    store = new.enter()
    restore(store, tmp_path / "b.zip")
    with store.reading() as connection:
        (office,) = offices.listed(connection)
    assert verify_record.verify(store, office).cases == 3
    again = builders.Place(store, place.key, place.today)
    before = again.case(numbers[0])
    assert before == place.case(numbers[0])
    again.act("registrar", "note", numbers[0], builders.TODAY, text="恢复后继续办理")
    assert verify_record.verify(store, office).entries == told["rows"]["ledger"] + 1

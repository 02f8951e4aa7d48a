"""A key file that does not belong to the database is refused before anything is sealed with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Environment
from workflow.office import founding, office_file
from workflow.storage import encryption, key_mark
from workflow.storage.database import Store
from workflow.storage.models import TABLES
from workflow.upkeep import doctor


def other_key(place: Place) -> None:
    path = encryption.key_file(place.store.folder)
    path.unlink()
    encryption.create(path)


@pytest.fixture
def place(database_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(database_url)
    yield made
    made.store.close()


def test_another_key_seals_nothing(place: Place) -> None:
    place.receive()
    other_key(place)
    place._desks.clear()
    with pytest.raises(Environment):
        place.receive(name="李四")
    with place.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(TABLES["case_file"])).scalar() == 1


def test_the_doctor_says_so(place: Place) -> None:
    other_key(place)
    found = [one for one in doctor.checks(place.store.url) if one.name == "key"]
    assert [one.level for one in found] == ["failure"]


def test_a_second_machine_makes_no_key_of_its_own(place: Place) -> None:
    encryption.key_file(place.store.folder).unlink()
    raw = builders.office_file("yz")
    with pytest.raises(Environment):
        founding.init(place.store, *office_file.checked(raw))


def test_a_new_master_key_is_of_the_same_keys(place: Place) -> None:
    place.receive()
    path = encryption.key_file(place.store.folder)
    encryption.rotate(path)
    place._desks.clear()
    place.receive(name="李四")


def test_a_database_of_an_earlier_version_is_marked_by_the_key_that_opens_it(place: Place) -> None:
    place.receive()
    with place.store.writing() as connection:
        connection.execute(sa.delete(TABLES["database_mark"]))
    founding.migrate(place.store)
    with place.store.reading() as connection:
        assert key_mark.kept(connection)
    with place.store.writing() as connection:
        connection.execute(sa.delete(TABLES["database_mark"]))
    other_key(place)
    with pytest.raises(Environment):
        founding.migrate(place.store)


def test_two_databases_with_their_keys_exchanged(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISCLOSURE_KEY_FILE")
    one = builders.found(f"sqlite:///{tmp_path / 'a' / 'disclosure.db'}")
    two = builders.found(f"sqlite:///{tmp_path / 'b' / 'disclosure.db'}")
    keys = [encryption.key_file(made.store.folder) for made in (one, two)]
    kept = [path.read_bytes() for path in keys]
    keys[0].write_bytes(kept[1])
    keys[1].write_bytes(kept[0])
    for made in (one, two):
        made._desks.clear()
        with pytest.raises(Environment):
            made.receive()
        made.store.close()
    shutil.copy(keys[1], keys[0])
    again = Place(Store(one.store.url))
    assert again.receive().case.number == "2026-0001"
    again.store.close()


def test_on_the_command_line_it_is_an_error_of_the_machine(place: Place) -> None:
    other_key(place)
    said = disclosure(
        *("receive", "--name", "张三", "--channel", "in_person", "--request", "x"),
        *("--as", "registrar", "--db", place.store.url, "--json"),
    )
    assert said.code == 6
    assert json.loads(said.err)["error"]["advice"]

"""Backups in parts: what is new goes into each, they are encrypted, linked, and restored as one; whatever is
missing, exchanged, damaged or left half written is named.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from tests.builders import Place
from tests.counter import Said, disclosure
from tests.upkeep.test_backup import contents
from workflow.base import dates
from workflow.base.errors import DisclosureError, Environment
from workflow.evidence import checkpoints, keys
from workflow.storage import file_store
from workflow.upkeep import doctor
from workflow.upkeep.parts import age_files, making, part_names, targets
from workflow.upkeep.parts.making import Wanted
from workflow.upkeep.parts.targets import Folder

pytestmark = pytest.mark.usefixtures("migrated_once", "repeated_roads")

AS = ("--as", "head")


@pytest.fixture
def place(quick: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    quick.receive()
    return quick


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


@pytest.fixture
def person(tmp_path: Path) -> tuple[str, Path]:
    """A public key, and the file with the private one."""
    return age_files.new_key(tmp_path / "person.txt"), tmp_path / "person.txt"


def parts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if part_names.read(path.name))


def next_part(folder: Path, *words: str) -> Said:
    said = disclosure("backup", "--to", folder, *words, "--json")
    assert said.code == 0, said.err
    return said


def elsewhere(tmp_path: Path, source: Path, *words: str | Path) -> tuple[Said, str]:
    """A restore into an empty database with files of its own."""
    (tmp_path / "new").mkdir(exist_ok=True)
    url = f"sqlite:///{tmp_path / 'new' / 'restored.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISCLOSURE_FILES", str(tmp_path / "new" / "files"))
        return disclosure("restore", source, "--db", url, *words, "--json"), url


def test_parts_hold_what_is_new_and_restore_as_one(
    place: Place, kept: Path, tmp_path: Path, person: tuple[str, Path]
) -> None:
    public, private = person
    first = next_part(kept, "--recipient", public).json
    for _ in range(3):
        place.receive()
    second = next_part(kept).json
    third = next_part(kept).json
    assert (first["part"], second["part"], third["part"]) == (1, 2, 3)
    assert third["new_blocks"] == 0 < second["new_blocks"] < second["blocks"]
    assert third["bytes"] < first["bytes"]
    assert [path.name.split(".")[1] for path in parts(kept)] == ["0001", "0002", "0003"]
    # Nothing of it is readable without the key, and other tools compare the digests.
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in parts(kept))
    sums = part_names.sums_of(first["set"])
    assert (
        subprocess.run(["sha256sum", "--check", "--strict", sums], cwd=kept, capture_output=True).returncode
        == 0
    )
    said, url = elsewhere(tmp_path, kept, "--identity", private)
    assert said.code == 0, said.err
    assert said.json["parts"] == 3
    assert contents(url) == contents(place.store.url)
    shutil.rmtree(tmp_path / "new")
    # An earlier moment: the part is named.
    said, url = elsewhere(tmp_path, parts(kept)[0], "--identity", private)
    assert said.json["rows"]["case_file"] == 1


def test_a_part_opens_by_the_format_alone(
    place: Place, kept: Path, tmp_path: Path, person: tuple[str, Path]
) -> None:
    """Any tool for age, with the key of a person, gives a zip archive with lines of JSON."""
    import io
    import zipfile

    next_part(kept, "--recipient", person[0])
    out = io.BytesIO()
    key = pyrage.x25519.Identity.from_str(person[1].read_text().splitlines()[-1])
    pyrage.decrypt_io(io.BytesIO(parts(kept)[0].read_bytes()), out, [key])
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        blocks = [name for name in archive.namelist() if name.startswith("blocks/")]
        assert all(hashlib.sha256(archive.read(name)).hexdigest() in name for name in blocks)


def test_files_go_into_one_part_and_are_gone_where_no_row_names_them(
    place: Place, kept: Path, tmp_path: Path
) -> None:
    files = file_store.folder(place.store.folder)
    one, two = file_store.put(files, b"one" * 99).sha256, file_store.put(files, b"two" * 99).sha256
    named = [one]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making.contents, "files_named", lambda *_: sorted(named))
        assert next_part(kept, "--unencrypted").json["new_files"] == 1
        assert next_part(kept).json["new_files"] == 0
        named.append(two)
        (files / two[:2] / two[2:]).write_bytes(b"rotten")
        said = disclosure("backup", "--to", kept, "--json")
        assert (said.code, said.json["missing"]) == (5, [two])
        (files / two[:2] / two[2:]).write_bytes(b"two" * 99)
        assert next_part(kept).json["new_files"] == 1
        named.remove(one)
        next_part(kept)
    said, _ = elsewhere(tmp_path, kept)
    assert said.code == 0, said.err
    assert list(file_store.every(tmp_path / "new" / "files")) == [two]


def test_a_passphrase_is_asked_for_once_and_opens_all_parts(
    place: Place, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_BACKUP_PASSPHRASE", "too short")
    assert disclosure("backup", "--to", kept, "--passphrase").code == 2
    monkeypatch.setenv("DISCLOSURE_BACKUP_PASSPHRASE", "five words that are apart")
    next_part(kept, "--passphrase")
    monkeypatch.delenv("DISCLOSURE_BACKUP_PASSPHRASE")
    place.receive()
    next_part(kept)
    said, _ = elsewhere(tmp_path, kept)
    assert (said.code, said.fault["field"]) == (2, "passphrase")
    monkeypatch.setenv("DISCLOSURE_BACKUP_PASSPHRASE", "other words that are apart")
    said, _ = elsewhere(tmp_path, kept)
    assert (said.code, said.fault["field"]) == (4, "passphrase")
    monkeypatch.setenv("DISCLOSURE_BACKUP_PASSPHRASE", "five words that are apart")
    said, url = elsewhere(tmp_path, kept)
    assert said.code == 0, said.err
    assert contents(url) == contents(place.store.url)


def test_it_is_proved_against_a_checkpoint_and_drilled(
    place: Place, kept: Path, tmp_path: Path, person: tuple[str, Path]
) -> None:
    keys.create(keys.place(place.store.folder))
    head = place.desk("head")
    next_part(kept, "--recipient", person[0])
    place.receive()
    (tmp_path / "c.txt").write_text(str(checkpoints.make(head)), "utf-8")
    office = checkpoints.public_key(head).text
    proof = ("--check", "--identity", person[1], "--checkpoint", tmp_path / "c.txt", "--key", office)
    # What was signed is not all in it.
    assert disclosure("restore", kept, *proof).code == 5
    next_part(kept)
    said = disclosure("restore", kept, *proof, "--json")
    assert said.code == 0, said.err
    assert said.json["verified"][0]["checkpoint"]["signed"]
    said = disclosure("drill", "--backup", kept, "--identity", person[1], *AS, "--json")
    assert said.code == 0, said.err
    assert said.json["lost"][0]["entries"] == 0
    assert said.json["parts"] == 2
    assert disclosure("drill", "--backup", kept, *AS).code == 2


def test_a_missing_or_exchanged_part_is_named(
    place: Place, kept: Path, tmp_path: Path, person: tuple[str, Path]
) -> None:
    next_part(kept, "--recipient", person[0])
    for _ in range(2):
        place.receive()
        next_part(kept)
    first, second, third = parts(kept)
    away = tmp_path / "away"
    shutil.move(second, away)
    said, _ = elsewhere(tmp_path, kept, "--identity", person[1])
    assert said.code == 5
    assert "0002 of the backup is missing" in said.fault["message"]
    refused = disclosure("backup", "--to", kept, "--json")
    assert refused.code == 5
    assert second.name in refused.fault["message"]
    assert "--base" in refused.fault["advice"]
    (finding,) = [one for one in doctor.checks() if one.name == "backups"]
    assert (finding.level, second.name in finding.detail) == ("warning", True)
    # Another part that opens as well: the link to it shows that it is not the one.
    shutil.copy(third, second)
    said, _ = elsewhere(tmp_path, kept, "--identity", person[1])
    assert said.code == 5
    assert "0002 in" in said.fault["message"]
    assert "exchanged" in said.fault["message"]
    data = bytearray(away.read_bytes())
    data[len(data) // 2] ^= 1
    second.write_bytes(data)
    assert elsewhere(tmp_path, kept, "--identity", person[1])[0].code == 5
    second.write_bytes(away.read_bytes())
    data = bytearray(third.read_bytes())
    data[-10] ^= 1
    third.write_bytes(data)
    said, _ = elsewhere(tmp_path, kept, "--identity", person[1])
    assert (said.code, third.name in said.fault["message"]) == (5, True)
    said, _ = elsewhere(tmp_path, second, "--identity", person[1])
    assert said.code == 0, said.err


def test_another_key_opens_nothing(
    place: Place, kept: Path, tmp_path: Path, person: tuple[str, Path]
) -> None:
    next_part(kept, "--recipient", person[0])
    age_files.new_key(tmp_path / "other.txt")
    said, _ = elsewhere(tmp_path, kept, "--identity", tmp_path / "other.txt")
    assert (said.code, said.fault["field"]) == (4, "identity")
    (tmp_path / "none.txt").write_text("nothing")
    assert elsewhere(tmp_path, kept, "--identity", tmp_path / "none.txt")[0].code == 2
    assert elsewhere(tmp_path, kept, "--identity", tmp_path / "away.txt")[0].code == 3
    assert elsewhere(tmp_path, kept)[0].code == 2


WRONG: dict[str, tuple[list[str], int]] = {
    "nowhere": ([], 2),
    "two places": (["x.zip", "--to", "."], 2),
    "how it is encrypted is not said": (["--to", "."], 2),
    "encrypted in two ways": (["--to", ".", "--unencrypted", "--recipient", "age1x"], 2),
    "no key": (["--to", ".", "--recipient", "age1x"], 2),
    "what belongs to --to": (["x.zip", "--base"], 2),
    "a folder that is not there": (["--to", "none", "--unencrypted"], 6),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_written(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    words, code = WRONG[what]
    said = disclosure("backup", *words, "--json")
    assert said.code == code, said.err
    assert said.fault["advice"]
    assert not [path for path in tmp_path.iterdir() if "disclosure-2" in path.name or path.suffix == ".zip"]


def test_a_set_goes_on_as_it_was_begun(
    place: Place, kept: Path, person: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    next_part(kept, "--recipient", person[0])
    assert disclosure("backup", "--to", kept, "--unencrypted").code == 4
    next_part(kept, "--recipient", person[0])
    # Of two that begin within a second, one in 65,536 has the name of the other.
    later = dates.now() + timedelta(seconds=1)
    monkeypatch.setattr(dates, "now", lambda: later)
    assert next_part(kept, "--unencrypted", "--base").json["part"] == 1
    assert len({part_names.read(path.name).of_set for path in parts(kept)}) == 2  # type: ignore[union-attr]


def test_a_record_that_was_put_back_does_not_go_on_in_the_set(
    place: Place, kept: Path, tmp_path: Path
) -> None:
    next_part(kept, "--unencrypted")
    database = str(place.store.url).removeprefix("sqlite:///")
    with closing(sqlite3.connect(database)) as now, closing(sqlite3.connect(tmp_path / "old.db")) as old:
        now.backup(old)
        place.receive()
        next_part(kept)
        old.backup(now)
    said = disclosure("backup", "--to", kept, "--json")
    assert said.code == 4, said.out
    assert "does not continue" in said.fault["message"]


@pytest.mark.parametrize("when", ["before the part", "before it is remembered", "before the sums"])
def test_stopped_at_any_point_the_next_run_goes_on(
    place: Place, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    next_part(kept, "--unencrypted")
    place.receive()

    class Stopped(Exception):
        pass

    def stop(*_: object, **__: object) -> None:
        raise Stopped

    with pytest.MonkeyPatch.context() as patch:
        if when == "before it is remembered":
            patch.setattr(making.memory, "keep", stop)
        else:
            whole = Folder.write

            def write(self: Folder, name: str, fill: targets.Fill) -> None:
                if (part_names.read(name) is not None) == (when == "before the part"):
                    stop()
                whole(self, name, fill)

            patch.setattr(Folder, "write", write)
        with pytest.raises(Stopped):
            making.make(place.store, Folder(kept), Wanted())
    place.receive()
    later = dates.now() + timedelta(seconds=5)
    monkeypatch.setattr(dates, "now", lambda: later)
    next_part(kept)
    numbers = [path.name.split(".")[1] for path in parts(kept)]
    assert numbers == (["0001", "0002", "0003"] if when == "before the sums" else ["0001", "0002"])
    assert not list(kept.glob(".new-*"))
    assert len(next(kept.glob("*.sha256")).read_text().splitlines()) == len(numbers)
    said, url = elsewhere(tmp_path, kept)
    assert said.code == 0, said.err
    assert contents(url) == contents(place.store.url)


def test_a_full_disk_is_said_and_leaves_the_set_as_it_was(
    place: Place, kept: Path, monkeypatch: pytest.MonkeyPatch, person: tuple[str, Path]
) -> None:
    next_part(kept, "--recipient", person[0])
    before = sorted(kept.iterdir())

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making._Digest, "write", full)
        with pytest.raises(Environment, match="no room"):
            making.make(place.store, Folder(kept), Wanted())
    assert sorted(kept.iterdir()) == before
    assert next_part(kept).json["part"] == 2


def test_two_at_once_do_not_mix(place: Place, kept: Path) -> None:
    next_part(kept, "--unencrypted")
    tried: list[DisclosureError] = []

    def meanwhile(*_: object) -> None:
        if not tried:
            try:
                making.make(place.store, Folder(kept), Wanted())
            except DisclosureError as fault:
                tried.append(fault)

    making.make(place.store, Folder(kept), Wanted(), seen=meanwhile)
    assert [fault.exit_code for fault in tried] == [4]


def test_doctor_knows_the_last_part(place: Place, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [one for one in doctor.checks() if one.name == "backups"]
    next_part(kept, "--unencrypted")
    today = dates.today()
    for days, level in ((7, "ok"), (8, "warning")):
        monkeypatch.setattr(dates, "today", lambda days=days: today + timedelta(days=days))
        (finding,) = [one for one in doctor.checks() if one.name == "backups"]
        assert finding.level == level

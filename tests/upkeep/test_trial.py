"""A backup proved without being restored over anything, by itself and against a checkpoint."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.builders import Place
from tests.counter import Said, disclosure
from workflow.evidence import checkpoints, keys, notes, witness
from workflow.evidence.notes import COSIGNED, Key
from workflow.upkeep import trial

pytestmark = pytest.mark.usefixtures("migrated_once", "repeated_roads")


@pytest.fixture
def place(quick: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    keys.create(keys.place(quick.store.folder))
    quick.receive()
    return quick


def backup(place: Place, out: Path, *words: str) -> Path:
    said = disclosure("backup", out, *words, "--as", "head", "--office", place.desk().office.key)
    assert said.code == 0, said.err
    return out


def prove(archive: Path, *words: str | Path) -> Said:
    return disclosure("restore", archive, "--check", *words)


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but those that SQLite makes for itself."""
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.mark.parametrize("words", [(), ("--with-key",)])
def test_a_backup_is_proved_beside_the_data_and_leaves_nothing(
    place: Place, tmp_path: Path, home: Path, words: tuple[str, ...]
) -> None:
    archive = backup(place, tmp_path / "all.zip", *words)
    before, beside = everything(tmp_path), sorted(place.store.folder.iterdir())
    said = prove(archive, "--json")
    assert said.code == 0, said.err
    (verdict,) = said.json["verified"]
    assert verdict["cases"] == 1
    assert verdict["keys"] == 1
    assert verdict["unread"] == 0
    assert verdict["entries"] == said.json["offices"][0]["seq"]
    told = prove(archive).out
    assert "restores whole" in told
    assert "cut off" in told
    assert everything(tmp_path) == before
    assert sorted(place.store.folder.iterdir()) == beside


def test_a_backup_with_its_key_needs_no_other(place: Place, tmp_path: Path, home: Path) -> None:
    with_key = backup(place, tmp_path / "key.zip", "--with-key")
    without = backup(place, tmp_path / "all.zip")
    (home / "key.json").unlink()
    assert prove(with_key).code == 0
    assert not (home / "key.json").exists()
    said = prove(without)
    assert said.code == 6
    assert str(home / "key.json") in said.err


def test_what_is_not_what_was_written_is_not_proved(place: Place, tmp_path: Path) -> None:
    archive = backup(place, tmp_path / "all.zip")
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"registrar", b"registrat") if "ledger" in name else data)
    said = prove(changed)
    assert said.code == 5
    assert "Nothing was restored" in said.err
    assert prove(tmp_path / "none.zip").code == 3


def test_a_checkpoint_and_its_witness_are_compared_with_the_backup(place: Place, tmp_path: Path) -> None:
    head = place.desk("head")
    early = backup(place, tmp_path / "early.zip")
    place.receive()
    public = checkpoints.public_key(head)
    private = keys.create(tmp_path / "witness.pem")
    seen = witness.cosign(
        checkpoints.request(head, 0),
        tmp_path / "seen.json",
        "archive.example",
        private,
        1_790_000_000,
        public,
    )
    kept = tmp_path / "signed.txt"
    kept.write_text(str(seen.note), "utf-8")
    other = Key("archive.example", COSIGNED, private.public_key().public_bytes_raw())
    place.receive()
    archive = backup(place, tmp_path / "late.zip")
    both = ("--checkpoint", kept, "--key", public.text, "--key", other.text)
    said = prove(archive, *both, "--json")
    assert said.code == 0, said.err
    point = said.json["verified"][0]["checkpoint"]
    assert point["size"] == seen.point.size
    assert point["cosigned_by"] == ["archive.example"]
    assert point["entries_since"] == said.json["offices"][0]["seq"] - seen.point.size > 0
    shown = prove(archive, *both)
    assert f"The first {seen.point.size} entries are those of the checkpoint" in shown.out
    # Older than what was signed: it is not in it.
    said = prove(early, *both)
    assert said.code == 5
    assert "not all in it" in said.err
    # Nobody whose key is given signed it.
    stranger = Key(
        "archive.example", COSIGNED, keys.create(tmp_path / "x.pem").public_key().public_bytes_raw()
    )
    assert prove(archive, *both, "--key", stranger.text).code == 5
    # The witness alone does not say that it is this office's.
    assert prove(archive, "--checkpoint", kept, "--key", other.text).code == 4


def test_a_record_of_the_same_length_that_is_another_is_found(place: Place, tmp_path: Path) -> None:
    archive = backup(place, tmp_path / "all.zip")
    note = checkpoints.make(place.desk("head"))
    point = notes.checkpoint_of(note.text)
    forged = notes.Checkpoint(point.origin, point.size, bytes(32)).text
    key = keys.load(keys.place(place.store.folder))
    kept = tmp_path / "forked.txt"
    kept.write_text(str(notes.Note(forged, (notes.sign(forged, point.origin, key),))), "utf-8")
    said = prove(archive, "--checkpoint", kept, "--key", checkpoints.public_key(place.desk("head")).text)
    assert said.code == 5
    assert "rewritten" in said.err


@pytest.mark.parametrize(
    "words",
    [["--check", "--checkpoint", "x"], ["--check", "--key", "x"], ["--key", "x"], ["--checkpoint", "x"]],
)
def test_what_belongs_together_is_given_together(place: Place, tmp_path: Path, words: list[str]) -> None:
    said = disclosure("restore", tmp_path / "all.zip", *words, "--json")
    assert said.code == 2
    assert json.loads(said.err)["error"]["field"] in ("key", "checkpoint", "check")


def test_what_a_killed_trial_left_goes_with_the_next(place: Place, tmp_path: Path) -> None:
    import os

    archive = backup(place, tmp_path / "all.zip")
    left = place.store.folder / f"{trial._NAME}old"
    left.mkdir()
    (left / "trial.db").touch()
    os.utime(left, (0, 0))
    assert prove(archive).code == 0
    assert not left.exists()

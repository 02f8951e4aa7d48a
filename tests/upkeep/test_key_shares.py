"""The master key in the hands of several persons: any k of n open it, whoever is lost is no loss, and a share
that is wrong, foreign or given twice is named.
"""

from __future__ import annotations

import itertools
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders import Place
from tests.counter import Said, disclosure
from workflow.base import dates
from workflow.base.errors import Conflict, Damaged, DisclosureError, Malformed
from workflow.storage import encryption
from workflow.storage.tables import TABLES
from workflow.upkeep import doctor, key_shares
from workflow.upkeep.finding import Finding

PERSONS = ["赵一", "钱二", "孙三", "李四", "周五"]
AS = ("--as", "head")
FILE = b'{"a key file": "of any length"}' * 7


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return key_shares.split(FILE, current="k1", needed=3, persons=PERSONS, made="2026-09-01")


def read(texts: list[str], *numbers: int) -> list[key_shares.Share]:
    return [key_shares.read(f"{number}.txt", texts[number - 1]) for number in numbers]


# --- the shares themselves -----------------------------------------------------------------------------


def test_any_three_of_five_open_it_and_two_never(texts: list[str]) -> None:
    for count in (3, 4, 5):
        for chosen in itertools.permutations(range(1, 6), count):
            assert key_shares.join(read(texts, *chosen)) == FILE
    for chosen in itertools.combinations(range(1, 6), 2):
        with pytest.raises(Malformed, match="3 shares are needed, 2 were given"):
            key_shares.join(read(texts, *chosen))


def test_nothing_of_the_key_shows_in_a_share(texts: list[str]) -> None:
    for text in texts:
        assert "key file" not in text
        assert "secret=" not in repr(key_shares.read("x", text))


def test_fewer_shares_that_claim_to_be_enough_open_nothing(texts: list[str]) -> None:
    """Whoever lowers the number that is needed in two shares gets no key out of them."""
    lowered = []
    for text in texts[:2]:
        lines = dict(line.split(": ", 1) for line in text.splitlines()[1:])
        lowered.append(key_shares._text({**lines, "needed": "2"}))
    with pytest.raises(Damaged):
        key_shares.join(read(lowered, 1, 2))


def test_a_share_given_twice_is_named(texts: list[str]) -> None:
    shares = [*read(texts, 1, 2), key_shares.read("copy.txt", texts[1])]
    with pytest.raises(Conflict, match=r"copy\.txt is the same share as 2\.txt: number 2, of 钱二"):
        key_shares.join(shares)


def test_a_foreign_share_is_named(texts: list[str]) -> None:
    other = key_shares.split(FILE, current="k1", needed=3, persons=PERSONS, made="2026-09-01")
    shares = [key_shares.read("foreign.txt", other[0]), *read(texts, 2, 3)]
    with pytest.raises(Conflict, match=r"foreign\.txt comes from another splitting"):
        key_shares.join(shares)


def test_a_made_up_share_is_named(texts: list[str]) -> None:
    """By someone who knows the form, and puts the check right."""
    lines = dict(line.split(": ", 1) for line in texts[0].splitlines()[1:])
    for change in (
        {"secret": lines["secret"][::-1].strip("=-")[:8] + lines["secret"][8:]},
        # Of the right form: only its digest tells.
        {"secret": ("A" if lines["secret"][0] != "A" else "B") + lines["secret"][1:]},
        {"digests": "0" * 64},
    ):
        bad = key_shares._text({**lines, **change})
        with pytest.raises(Damaged, match=r"bad\.txt"):
            key_shares.join([*read(texts, 2, 3), key_shares.read("bad.txt", bad)])


def test_any_other_character_is_noticed(texts: list[str]) -> None:
    chance = random.Random(16)
    text = texts[0]
    for _ in range(300):
        at = chance.randrange(len(text))
        changed = text[:at] + chance.choice("0aZ=-: \n") + text[at + 1 :]
        try:
            share = key_shares.read("x.txt", changed)
        except (Malformed, Damaged):
            continue
        # White space at the ends of lines makes no difference.
        assert share == key_shares.read("x.txt", text)


@pytest.mark.parametrize(
    ("needed", "persons"),
    [(1, ["a", "b"]), (3, ["a", "b"]), (2, ["a"]), (2, ["a", "a"]), (2, ["a", "b\nc"]), (2, ["a", " "])],
)
def test_what_makes_no_sense_is_refused(needed: int, persons: list[str]) -> None:
    with pytest.raises(Malformed):
        key_shares.split(FILE, current="k", needed=needed, persons=persons, made="")


# --- in an office --------------------------------------------------------------------------------------


@pytest.fixture
def place(quick: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    quick.receive()
    return quick


def split(folder: Path, *words: str) -> list[Path]:
    persons = [word for person in PERSONS[:3] for word in ("--person", person)]
    said = disclosure("key", "split", "--needed", "2", *persons, "--out", folder, *AS, "--json", *words)
    assert said.code == 0, said.err
    return [Path(file) for file in said.json["shares"]]


def events(place: Place) -> list[tuple[str, dict[str, object]]]:
    ledger = TABLES["ledger"]
    with place.store.reading() as connection:
        rows = connection.execute(sa.select(ledger.c.event, ledger.c.payload).order_by(ledger.c.seq))
        return [(row.event, json.loads(row.payload)) for row in rows if row.event.startswith("key_")]


def key_of(place: Place) -> Path:
    return encryption.key_file(place.store.folder)


def told() -> Finding:
    (finding,) = [one for one in doctor.checks() if one.name == "shares"]
    return finding


def test_the_key_is_lost_and_two_persons_bring_it_back(place: Place, tmp_path: Path) -> None:
    first, second, third = split(tmp_path / "shares")
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (first, second, third))
    key = key_of(place)
    kept = key.read_bytes()
    again = disclosure("key", "join", first, third, "--json")
    assert (again.code, key.read_bytes()) == (4, kept)
    key.unlink()
    assert disclosure("key", "join", third).code == 2
    assert not key.exists()
    assert disclosure("key", "join", second, third).code == 0
    assert key.read_bytes() == kept
    assert key.stat().st_mode & 0o777 == 0o600
    assert disclosure("verify").code == 0


def test_a_trial_shows_that_they_open_and_writes_no_key(place: Place, tmp_path: Path) -> None:
    shares = split(tmp_path / "shares")
    key = key_of(place)
    kept = key.read_bytes()
    secrets = [*json.loads(kept)["keys"].values(), json.loads(kept)["index"]]
    for gone in (False, True):
        if gone:
            key.unlink()
        said = disclosure("key", "drill", *shares[:2], *AS, "--json")
        assert said.code == 0, said.err
        assert (said.json["cases"], said.json["persons"]) == (1, PERSONS[:2])
        assert not any(secret in said.out + said.err for secret in secrets)
    assert not key.exists()
    # Nothing that was written anywhere holds the key.
    for path in [*place.store.folder.rglob("*"), *tmp_path.rglob("*")]:
        if path.is_file():
            assert not any(secret.encode() in path.read_bytes() for secret in secrets), path
    key.write_bytes(kept)
    names = [name for name, _ in events(place)]
    assert names == ["key_split", "key_drilled", "key_drilled"]
    assert events(place)[0][1]["persons"] == PERSONS[:3]
    assert events(place)[1][1]["shares"] == [1, 2]
    assert disclosure("verify").code == 0


def test_shares_of_an_older_key_are_told(place: Place, tmp_path: Path) -> None:
    shares = split(tmp_path / "shares")
    assert disclosure("key", "rotate", *AS).code == 0
    said = disclosure("key", "drill", *shares, *AS, "--json")
    assert (said.code, "a new one was made since" in said.fault["message"]) == (4, True)
    assert (told().level, "older" in told().detail) == ("warning", True)
    split(tmp_path / "anew")
    assert told().level == "ok"


def test_doctor_knows_the_last_trial(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [one for one in doctor.checks() if one.name == "shares"]
    split(tmp_path / "shares")
    today = dates.today()
    for days, level in ((92, "ok"), (93, "warning")):
        monkeypatch.setattr(dates, "today", lambda days=days: today + timedelta(days=days))
        assert told().level == level


def test_it_is_for_an_approver(place: Place, tmp_path: Path) -> None:
    shares = split(tmp_path / "shares")
    words = ("--needed", "2", "--person", "a", "--person", "b", "--out", tmp_path / "x")
    asked: list[Said] = [
        disclosure("key", "split", *words, "--as", "registrar"),
        disclosure("key", "drill", *shares, "--as", "registrar"),
    ]
    assert [said.code for said in asked] == [1, 1]
    assert not (tmp_path / "x").exists()


def test_no_room_leaves_no_share(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workflow.base import whole_files
    from workflow.upkeep import key_custody

    whole, count = whole_files.write, itertools.count(1)

    def full(path: Path, data: bytes, *, replace: bool) -> None:
        if next(count) == 2:
            raise OSError(28, "No space left on device")
        whole(path, data, replace=replace)

    monkeypatch.setattr(key_custody.whole_files, "write", full)
    with pytest.raises((OSError, DisclosureError)):
        key_custody.split(place.desk("head"), tmp_path / "shares", needed=2, persons=["a", "b"])
    assert list((tmp_path / "shares").iterdir()) == []
    assert events(place) == []

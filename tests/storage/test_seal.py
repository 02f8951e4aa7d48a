"""Personal data: only the right key opens, a moved or changed value never does, and a destroyed key is
final.
"""

from __future__ import annotations

import itertools
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.base import masking
from workflow.base.errors import Conflict, Damaged, Environment, NotFound
from workflow.storage import encryption

ID = "440103198001011234"


@pytest.fixture
def ring(tmp_path: Path) -> encryption.Keyring:
    return encryption.create(tmp_path / "key.json")


# --- the keyring file ----------------------------------------------------------------------------------


def test_key_file_is_beside_the_database_unless_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert encryption.key_file(tmp_path).parent == tmp_path
    monkeypatch.setenv("DISCLOSURE_KEY_FILE", "/elsewhere/k.json")
    assert encryption.key_file(tmp_path) == Path("/elsewhere/k.json")


def test_created_keyring_is_read_back_and_private(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key.json"
    assert encryption.create(path) == encryption.load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["key.json"]


def test_keys_are_in_no_repr(ring: encryption.Keyring) -> None:
    assert ring.current in repr(ring)
    assert repr(ring.index)[2:8] not in repr(ring)
    assert "keys=" not in repr(ring)


def test_a_keyring_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    encryption.create(path)
    before = path.read_bytes()
    with pytest.raises(Conflict):
        encryption.create(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_missing_keyring_says_how_to_restore_it(tmp_path: Path) -> None:
    with pytest.raises(Environment) as caught:
        encryption.load(tmp_path / "none.json")
    assert "DISCLOSURE_KEY_FILE" in str(caught.value.way_on)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"{}",
        b'{"current": "a", "keys": {}, "index": ""}',
        b'{"current": "a", "keys": {"a": "AAAA"}, "index": "AAAA"}',
        b'{"current": "a", "keys": 3, "index": "A"}',
    ],
)
def test_damaged_keyring(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content)
    with pytest.raises(Damaged):
        encryption.load(path)


def test_keyring_whose_current_key_is_gone_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    encryption.create(path)
    table = json.loads(path.read_bytes())
    path.write_text(json.dumps({**table, "current": "other"}))
    with pytest.raises(Damaged):
        encryption.load(path)


# --- case keys -----------------------------------------------------------------------------------------


def test_a_case_key_is_unwrapped_for_its_own_case_only(ring: encryption.Keyring) -> None:
    key, wrapped = encryption.new_case_key(ring, 7)
    assert encryption.unwrap(ring, 7, wrapped) == key
    assert encryption.unwrap(ring, "7", wrapped) == key
    with pytest.raises(Damaged):
        encryption.unwrap(ring, 8, wrapped)


def test_rotation_opens_the_old_and_wraps_with_the_new(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    old = encryption.create(path)
    key, wrapped = encryption.new_case_key(old, 1)
    new = encryption.rotate(path)
    assert new == encryption.load(path)
    assert new.current != old.current
    assert new.index == old.index
    assert encryption.unwrap(new, 1, wrapped) == key
    again = encryption.rewrap(new, 1, wrapped)
    assert again != wrapped
    assert encryption.unwrap(new, 1, again) == key
    assert encryption.rewrap(new, 1, again) == again
    with pytest.raises(Environment):
        encryption.unwrap(old, 1, again)


@pytest.mark.parametrize("wrapped", [None, ""])
def test_a_destroyed_key_is_final(ring: encryption.Keyring, wrapped: str | None) -> None:
    with pytest.raises(NotFound):
        encryption.unwrap(ring, 1, wrapped)


@pytest.mark.parametrize("wrapped", ["x", "k1", "k1.", "k1.name", "k2.a.b", "k1..x"])
def test_malformed_wrapped_key(ring: encryption.Keyring, wrapped: str) -> None:
    with pytest.raises((Damaged, Environment)):
        encryption.unwrap(ring, 1, wrapped)


# --- fields --------------------------------------------------------------------------------------------

KEY = bytes(range(32))


@given(st.text())
def test_what_is_sealed_is_opened(text: str) -> None:
    token = encryption.seal(KEY, "address", text)
    assert encryption.is_sealed(token)
    assert token.isascii()
    assert encryption.open_(KEY, "address", token) == text


def test_two_seals_of_one_text_differ() -> None:
    assert encryption.seal(KEY, "id_number", ID) != encryption.seal(KEY, "id_number", ID)


def test_an_identity_number_stays_short() -> None:
    assert len(encryption.seal(KEY, "id_number", ID)) <= 65


def test_a_value_moved_to_another_field_or_case_does_not_open() -> None:
    token = encryption.seal(KEY, "id_number", ID)
    with pytest.raises(Damaged):
        encryption.open_(KEY, "phone", token)
    with pytest.raises(Damaged):
        encryption.open_(bytes(32), "id_number", token)


@given(st.data())
def test_a_changed_token_never_opens(data: st.DataObject) -> None:
    # Some bits of the last character are only padding where the length is none of three.
    token = encryption.seal(KEY, "phone", "13800138000"[: data.draw(st.integers(9, 11))])
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda one: one != token[place]))
    with pytest.raises(Damaged):
        encryption.open_(KEY, "phone", token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize(("sign", "other"), [("-", "+"), ("_", "/")])
def test_a_token_in_the_other_alphabet_does_not_open(sign: str, other: str) -> None:
    """Base64 has two: decoded, both are the same bytes."""
    tokens = (encryption.seal(KEY, "phone", "13800138000") for _ in itertools.count())
    token = next(one for one in tokens if sign in one)
    with pytest.raises(Damaged):
        encryption.open_(KEY, "phone", token.replace(sign, other))


@pytest.mark.parametrize("token", ["", "s1", "s1.", "s1.AAAA", "13800138000", "s1.\u4e2d", "s2.AAAA"])
def test_what_is_no_token_is_damaged(token: str) -> None:
    with pytest.raises(Damaged):
        encryption.open_(KEY, "phone", token)


# --- blind index ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["44010319800101123X", "44010319800101123x", " 440103 19800101 123X ", "44010319800101123Ｘ"]
)
def test_the_same_number_however_typed_is_found(typed: str) -> None:
    assert encryption.blind_index(KEY, typed) == encryption.blind_index(KEY, "44010319800101123X")


def test_other_numbers_and_other_keys_have_other_fingerprints() -> None:
    assert encryption.blind_index(KEY, ID) != encryption.blind_index(KEY, ID[:-1] + "5")
    assert encryption.blind_index(KEY, ID) != encryption.blind_index(bytes(32), ID)
    assert len(encryption.blind_index(KEY, ID)) == 64


# --- masks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("id_number", ID, "440*************34"),
        ("id_number", "12345", "*****"),
        ("phone", "13800138000", "138******00"),
        ("phone", "020-12345678", "020*******78"),
        ("organisation_code", "91440101MA5ABCDE0X", "91**************0X"),
        ("postcode", "510000", "51****"),
        ("email", "lijian@example.cn", "l***@example.cn"),
        ("email", "a@example.cn", "***@example.cn"),
        ("email", "no-address", "***"),
        ("address", "广东省广州市天河区体育东路1号", "广东省广州市******"),
        ("address", "上海市黄浦区人民大道200号", "上海市******"),
        ("address", "新疆维吾尔自治区伊犁州某街2号", "新疆维吾尔自治区伊犁州******"),
        ("address", "体育东路1号", "******"),
        ("address", "", ""),
        ("name", "张三", "张*"),
        ("nickname", "张三", "**"),
        ("passport", "E12345678", "******"),
    ],
)
def test_masks(kind: str, text: str, shown: str) -> None:
    assert masking.mask(kind, text) == shown


@given(
    st.sampled_from(["id_number", "phone", "organisation_code", "postcode"]),
    st.text(alphabet="0123456789X", min_size=1),
)
def test_a_mask_hides_at_least_half(kind: str, text: str) -> None:
    assert 2 * sum(one == "*" for one in masking.mask(kind, text)) >= min(len(text), 12)


# --- start-up ------------------------------------------------------------------------------------------


def test_importing_seal_does_not_import_cryptography() -> None:
    code = "import sys, workflow.storage.encryption; sys.exit('cryptography' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], check=False, cwd=Path(__file__).parent.parent.parent
        ).returncode
        == 0
    )

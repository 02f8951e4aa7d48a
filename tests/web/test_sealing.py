"""Sealing: opens only with the key, in its own place; codes are typed off paper without guessing."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from workflow.base import follow_codes
from workflow.base.errors import Damaged, Malformed, Refused
from workflow.web.public import card, rows, sealing

SECRETS = st.binary(min_size=follow_codes.SECRET, max_size=follow_codes.SECRET)


@given(SECRETS)
def test_a_code_is_read_back_however_it_is_typed(secret: bytes) -> None:
    code = follow_codes.code(secret)
    assert follow_codes.secret_of_code(code) == secret
    assert (
        follow_codes.secret_of_code(code.lower().replace("-", " ").replace("0", "O").replace("1", "l"))
        == secret
    )


@given(SECRETS, st.integers(0, 27), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_slip_of_one_letter_is_nearly_always_seen(secret: bytes, at: int, letter: str) -> None:
    code = follow_codes.code(secret).replace("-", "")
    typed = code[:at] + letter + code[at + 1 :]
    found = follow_codes.secret_of_code(typed)
    assert found == (secret if typed == code else found)
    assert typed == code or found != secret


@pytest.mark.parametrize("typed", ["", "W20261128-000001", "张", "Z" * 28, "\x00" * 28, "1" * 10_000])
def test_what_is_no_code(typed: str) -> None:
    assert follow_codes.secret_of_code(typed) is None


def test_what_is_sealed_opens_with_its_key_in_its_place_alone() -> None:
    key = X25519PrivateKey.generate()
    sealed = sealing.seal("身份证".encode(), key.public_key(), "submission", "a", "bc")
    assert sealing.open_(sealed, key, "submission", "a", "bc") == "身份证".encode()
    for other in (("submission", "ab", "c"), ("paper", "a", "bc"), ("submission", "a")):
        with pytest.raises(Damaged):
            sealing.open_(sealed, key, *other)
    with pytest.raises(Damaged):
        sealing.open_(sealed, X25519PrivateKey.generate(), "submission", "a", "bc")
    for at in (0, len(sealed) // 2, len(sealed) - 1):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Damaged):
            sealing.open_(changed, key, "submission", "a", "bc")


def _card(sign: Ed25519PrivateKey) -> card.Card:
    seal = X25519PrivateKey.generate().public_key()
    return card.parse(card.text("jz", "民政局", {}, [], seal, sign.public_key()), "card")


def test_a_row_is_shown_only_as_the_office_signed_it() -> None:
    sign, secret = Ed25519PrivateKey.generate(), follow_codes.new_secret()
    place = follow_codes.lookup(secret)
    made = rows.written(place, 3, {"state": "with_organ"}, [], sealing.public_key(secret), sign)
    ours = _card(sign)
    read = rows.read(made.text, ours)
    assert rows.opened(read, secret) == {"state": "with_organ"}
    with pytest.raises(Damaged):
        rows.opened(read, follow_codes.new_secret())
    forged = made.text.replace('"version": 3', '"version": 9')
    for text in (forged, "{}", "", "[1]", made.text[:-9]):
        with pytest.raises(Refused):
            rows.read(text, ours)
    with pytest.raises(Refused):
        rows.read(made.text, _card(Ed25519PrivateKey.generate()))
    # With its version in what was sealed, a newer signature does not lend itself to old contents.
    again = rows.written(place, 4, {}, [], sealing.public_key(secret), sign)
    with pytest.raises(Damaged):
        rows.opened(read._replace(sealed=again.sealed), secret)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 2}'])
def test_what_is_no_card(text: str) -> None:
    with pytest.raises(Malformed):
        card.parse(text, "card")

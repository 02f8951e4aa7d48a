"""Sealing between the two sides: to the office by its public key, to an applicant by his code.

Both are HPKE (RFC 9180) in base mode with X25519, HKDF-SHA-256 and AES-256-GCM. What is sealed is bound to a
context (what it is, and to what it belongs), so that nothing opens in another place than its own.

The applicant's code is a secret of 128 bits. From it follow, each by HKDF under its own label: the place at
which his rows are looked up, and the key pair by which he alone opens them. The outer side keeps neither the
code nor the key.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflow.base.errors import Damaged
from workflow.base.messages import N_

SECRET = 16
# Crockford's alphabet: no I, L, O, U, so that a code can be read aloud and typed off paper.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = str.maketrans("ILO", "110", "- \u3000\n\r\t")
_LETTERS, _CHECK, _GROUP = 26, 2, 4
_LABEL = b"disclosure web 1 "


def _suite() -> hpke.Suite:
    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def _info(context: tuple[str, ...]) -> bytes:
    """The context as bytes; lengths stand before the parts, so that no two contexts are the same bytes."""
    parts = [part.encode() for part in context]
    return _LABEL + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def seal(plain: bytes, key: X25519PublicKey, *context: str) -> bytes:
    """Seal bytes to a public key, bound to what they are and belong to."""
    return _suite().encrypt(plain, key, info=_info(context))


def open_(sealed: bytes, key: X25519PrivateKey, *context: str) -> bytes:
    """Open what was sealed in this context; Damaged for anything else."""
    try:
        return _suite().decrypt(sealed, key, info=_info(context))
    except (InvalidTag, ValueError):
        raise Damaged(
            N_("What was sealed for '{what}' does not open: it was changed, or belongs elsewhere."),
            what=" ".join(context),
            way_on=N_("Leave it where it is, and look who has access to the outer machine."),
        ) from None


# --- the applicant's code


def new_secret() -> bytes:
    """A new secret of 128 bits."""
    return secrets.token_bytes(SECRET)


def _derived(secret: bytes, label: bytes, length: int = 32) -> bytes:
    return HKDF(hashes.SHA256(), length, None, _LABEL + label).derive(secret)


def lookup(secret: bytes) -> str:
    """The place of the applicant's rows: nobody finds the code from it."""
    return _derived(secret, b"lookup").hex()


def private_key(secret: bytes) -> X25519PrivateKey:
    """The key by which the applicant opens what the office sealed to him."""
    return X25519PrivateKey.from_private_bytes(_derived(secret, b"key"))


def public_key(secret: bytes) -> X25519PublicKey:
    """The key to which the office seals what this applicant may read."""
    return private_key(secret).public_key()


def secret_of_token(token: str) -> bytes:
    """The secret that follows from the token of a form: the same form sent twice has the same receipt."""
    return _derived(token.encode(), b"secret of a form", SECRET)


def _check_letters(letters: str) -> str:
    digest = hashlib.sha256(_LABEL + letters.encode()).digest()
    return _ALPHABET[digest[0] & 31] + _ALPHABET[digest[1] & 31]


def code(secret: bytes) -> str:
    """The secret as it stands on a receipt: groups of four letters, the last two to notice a slip."""
    number = int.from_bytes(secret, "big") << 2  # 26 letters hold 130 bits
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LETTERS)))
    letters += _check_letters(letters)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def secret_of_code(text: Any) -> bytes | None:
    """The secret of a code as it was typed; none where it cannot be one."""
    letters = str(text)[:200].upper().translate(_READ)
    if len(letters) != _LETTERS + _CHECK or not set(letters) <= set(_ALPHABET):
        return None
    body = letters[:_LETTERS]
    number = 0
    for letter in body:
        number = number << 5 | _ALPHABET.index(letter)
    if letters[_LETTERS:] != _check_letters(body) or number & 3:
        return None
    return (number >> 2).to_bytes(SECRET, "big")

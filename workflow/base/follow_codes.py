"""The code by which a case is followed on the public pages: a secret of 128 bits, and what follows from it.

From it follow, each by HKDF under its own label, the place at which its rows are looked up and the key that
opens them. A receipt and a letter bear it as letters and as the address of its page.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET = 16
# Crockford's alphabet: no I, L, O, U, so that a code can be read aloud and typed off paper.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = str.maketrans("ILO", "110", "- \u3000\n\r\t")
_LETTERS, _CHECK, _GROUP = 26, 2, 4
LABEL = b"disclosure web 1 "
# Where on the public pages a code leads: in the address itself, or typed.
PAGE, TYPED = "/s/", "/follow"


def new_secret() -> bytes:
    """A new secret of 128 bits."""
    return secrets.token_bytes(SECRET)


def derived(secret: bytes, label: bytes, length: int = 32) -> bytes:
    """What follows from a secret under a label; nobody finds the secret, or another label's, from it."""
    return HKDF(hashes.SHA256(), length, None, LABEL + label).derive(secret)


def lookup(secret: bytes) -> str:
    """The place of the applicant's rows: nobody finds the code from it."""
    return derived(secret, b"lookup").hex()


def secret_of_token(token: str) -> bytes:
    """The secret that follows from the token of a form: the same form sent twice has the same receipt."""
    return derived(token.encode(), b"secret of a form", SECRET)


def _check_letters(letters: str) -> str:
    digest = hashlib.sha256(LABEL + letters.encode()).digest()
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

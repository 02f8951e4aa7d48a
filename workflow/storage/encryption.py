"""Personal data at rest: identity numbers, addresses and the like are stored sealed, and only shown masked.

Three keys, each with one use. The master key lies in the keyring file, outside the database; it only wraps
case keys. A case key is random, one a case, stored wrapped beside the case; it seals the fields of that case.
Deleting the wrapped key makes all that was sealed under it unreadable for good, also where it stands in the
append-only ledger and in backups made of it. The index key finds equal values again without opening them.

AES-256-GCM throughout. What a value belongs to (the case, the field) is authenticated with it, so that a
value moved to another row or column does not open.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.base import key_files, variables, whole_files
from workflow.base.errors import Damaged, Environment, NotFound
from workflow.base.messages import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY = 32
_NONCE = 12
_WRAPPED = "k1"
_SEALED = "s1"
_DEFAULT_NAME = "disclosure.key.json"
_WEB_NAME = "web.key.json"


@dataclass(frozen=True)
class Keyring:
    """The master keys by their id, the one in use, and the key of the blind index. Never shown, never
    logged.
    """

    current: str
    keys: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)


# --- the keyring file ----------------------------------------------------------------------------------


def key_file(beside: Path) -> Path:
    """Where the keyring lies: DISCLOSURE_KEY_FILE, else in the folder `beside` (that of the database)."""
    return Path(key_file_name(str(beside)))


def key_file_name(beside: str) -> str:
    """The same as text: every act looks whether that file has changed."""
    return variables.given("DISCLOSURE_KEY_FILE") or os.path.join(beside, _DEFAULT_NAME)


def web_key_file(beside: Path) -> Path:
    """Where the keys of the public counter lie: DISCLOSURE_WEB_KEY, else in the folder of the database."""
    named = variables.given("DISCLOSURE_WEB_KEY")
    return Path(named) if named else beside / _WEB_NAME


def create(path: Path) -> Keyring:
    """A new keyring file, readable by its owner alone; Conflict if there is one already."""
    ring = Keyring(current="", keys={}, index=secrets.token_bytes(_KEY))
    ring = _with_new_key(ring)
    key_files.create(
        path,
        _as_json(ring),
        N_("It is never overwritten: what it has sealed could not be read again. Move it away first."),
    )
    return ring


def load(path: Path) -> Keyring:
    """The keyring of a file; Environment if it is not there, Damaged if it is not one."""
    way_on = N_(
        "Put back the copy that was kept of it (mode 0600), or name it by DISCLOSURE_KEY_FILE. "
        "A new key does not open what an old one sealed."
    )
    return read(key_files.read(path, way_on), str(path))


def read(raw: bytes, shown: str) -> Keyring:
    """The keyring in the bytes of a file; Damaged if they are none."""
    try:
        table = json.loads(raw)
        keys = {str(name): _key(value) for name, value in table["keys"].items()}
        ring = Keyring(current=str(table["current"]), keys=keys, index=_key(table["index"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        ring = None
    if ring is None or ring.current not in ring.keys:
        raise key_files.damaged(shown)
    return ring


def rotate(path: Path) -> Keyring:
    """Add a master key and make it the one in use; the old ones still open what they wrapped (see rewrap)."""
    ring = _with_new_key(load(path))
    whole_files.write(path, _as_json(ring), replace=True)
    return ring


def _with_new_key(ring: Keyring) -> Keyring:
    name = secrets.token_hex(4)
    return Keyring(current=name, keys={**ring.keys, name: secrets.token_bytes(_KEY)}, index=ring.index)


def _as_json(ring: Keyring) -> bytes:
    encode = base64.b64encode
    table = {
        "current": ring.current,
        "keys": {name: encode(key).decode() for name, key in ring.keys.items()},
        "index": encode(ring.index).decode(),
    }
    return json.dumps(table, indent=1).encode() + b"\n"


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY:
        raise ValueError
    return key


# --- case keys -----------------------------------------------------------------------------------------


def new_case_key(ring: Keyring, case_id: str | int) -> tuple[bytes, str]:
    """(key, wrapped): a random key for one case, and the form of it that is stored beside the case."""
    key = secrets.token_bytes(_KEY)
    return key, _wrap(ring, case_id, key)


def unwrap(ring: Keyring, case_id: str | int, wrapped: str | None) -> bytes:
    """The key of a case; NotFound if it was destroyed, Environment if its master key is missing, Damaged
    else.
    """
    if not wrapped:
        raise NotFound(N_("The key of this case was destroyed: its personal data cannot be read any more."))
    kind, _, rest = wrapped.partition(".")
    name, _, token = rest.partition(".")
    if kind != _WRAPPED or not token:
        raise _damaged("case key")
    if name not in ring.keys:
        raise Environment(
            N_("The key file has no key {name}, under which this case was sealed."),
            name=name,
            way_on=N_("Put back the key file of that time, or merge its keys into this one."),
        )
    return _open(ring.keys[name], _binding("case", case_id), token, "case key")


def rewrap(ring: Keyring, case_id: str | int, wrapped: str) -> str:
    """The same case key under the master key in use now; unchanged if it is that one already."""
    if wrapped.startswith(f"{_WRAPPED}.{ring.current}."):
        return wrapped
    return _wrap(ring, case_id, unwrap(ring, case_id, wrapped))


def _wrap(ring: Keyring, case_id: str | int, key: bytes) -> str:
    token = _seal(ring.keys[ring.current], _binding("case", case_id), key)
    return f"{_WRAPPED}.{ring.current}.{token}"


# --- fields --------------------------------------------------------------------------------------------


def seal(case_key: bytes, field: str, text: str) -> str:
    """The text of a field, sealed under the key of its case: what the database and the ledger hold."""
    return f"{_SEALED}.{_seal(case_key, _binding('field', field), text.encode())}"


def open_(case_key: bytes, field: str, token: str) -> str:
    """The text that was sealed for this field of this case; Damaged if this is not that."""
    kind, _, rest = token.partition(".")
    if kind != _SEALED:
        raise _damaged(field)
    return _open(case_key, _binding("field", field), rest, field).decode()


def is_sealed(text: str) -> bool:
    """Whether a stored value has the form that seal() gives."""
    return text.startswith(_SEALED + ".")


def blind_index(index_key: bytes, text: str) -> str:
    """A keyed fingerprint (hex HMAC-SHA256) by which the same value, however typed, is found without opening
    any.

    Full-width and half-width forms, case and spaces make no difference. `index_key` is Keyring.index, which
    rotation leaves alone. Whoever destroys a case key deletes the fingerprints of that person too.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    return hmac.digest(index_key, plain.encode(), "sha256").hex()


def digest(case_key: bytes, field: str, text: str) -> str:
    """A digest that distinguishes texts of a field without revealing them: HMAC-SHA-256 under the key of
    their case.
    """
    return hmac.digest(case_key, _binding("digest", field) + b"\0" + text.encode(), "sha256").hex()


def _binding(kind: str, name: object) -> bytes:
    return f"disclosure:{kind}:{name}".encode()


@lru_cache(maxsize=128)
def _cipher(key: bytes) -> AESGCM:
    # It takes 20 ms to import: only acts that seal or open something pay for it.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def forget() -> None:
    """Hold no key that was used."""
    _cipher.cache_clear()


def _seal(key: bytes, binding: bytes, plain: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return _as_token(nonce + _cipher(key).encrypt(nonce, plain, binding))


def _as_token(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@cache
def _not_opened() -> tuple[type[Exception], ...]:
    """What is raised for a token that is none, or none of this key."""
    from cryptography.exceptions import InvalidTag

    return binascii.Error, ValueError, InvalidTag


def _open(key: bytes, binding: bytes, token: str, what: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        # The decoder reads the same bytes from several texts: a token is as it was made, or none.
        if _as_token(raw) != token:
            raise _damaged(what)
        return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], binding)
    except _not_opened():
        raise _damaged(what) from None


def _damaged(what: str) -> Damaged:
    return Damaged(
        N_("The sealed value of '{what}' is not what was stored for this case."),
        what=what,
        field=what,
        way_on=N_("Run the verification of the ledger, and restore from a backup if it confirms this."),
    )

"""Encryption of backups, in the format of age (age-encryption.org/v1): `age` and `rage` open them too.

A set is encrypted to the public keys of persons. A passphrase protects a key that is made for the set, so
that a part needs only that key's public half: the nightly run knows no secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from workflow.base import whole_files
from workflow.base.errors import Conflict, Damaged, Malformed, NotFound
from workflow.base.messages import N_

# A shorter passphrase is found by trying.
SHORTEST = 12
_LONGEST = 1024 * 1024


@dataclass(frozen=True)
class Secrets:
    """What opens an encrypted backup: files with private keys, and how to come by a passphrase."""

    files: tuple[Path, ...] = ()
    passphrase: Callable[[], str] | None = field(default=None, repr=False)


def new_key(path: Path) -> str:
    """Write a new private key to a file of its own; its public half. Conflict where the file is there."""
    key = pyrage.x25519.Identity.generate()
    public = str(key.to_public())
    try:
        whole_files.write(path, f"# public key: {public}\n{key}\n".encode(), replace=False)
    except FileExistsError:
        raise Conflict(
            N_("There is a file already: {path}"),
            field="out",
            path=str(path),
            way_on=N_("A key never replaces another file. Choose another name."),
        ) from None
    return public


def require_recipients(given: Iterable[str]) -> tuple[str, ...]:
    """Public keys that can be encrypted to, each once; Malformed where one is none."""
    found = tuple(dict.fromkeys(one.strip() for one in given))
    for one in found:
        _recipient(one)
    return found


def sealed_key(passphrase: str) -> tuple[bytes, str]:
    """A new key under a passphrase, as a file of age; and its public half. Malformed if it is too short."""
    if len(passphrase) < SHORTEST:
        raise Malformed(
            N_("The passphrase has fewer than {least} characters: it would be found by trying."),
            field="passphrase",
            least=SHORTEST,
            way_on=N_("Take five or six words that do not belong together."),
        )
    if not passphrase.isprintable():
        raise Malformed(
            N_("The passphrase holds characters that could not be typed again."),
            field="passphrase",
            way_on=N_("Take five or six words that do not belong together."),
        )
    key = pyrage.x25519.Identity.generate()
    return pyrage.passphrase.encrypt(f"{key}\n".encode(), passphrase), str(key.to_public())


def opened_key(data: bytes, passphrase: str, shown: str) -> Any:
    """The key that was sealed by sealed_key(); Conflict where this passphrase does not open it."""
    try:
        text = pyrage.passphrase.decrypt(data, passphrase)
        return pyrage.x25519.Identity.from_str(text.decode().strip())
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeError):
        raise Conflict(
            N_("{path} is not opened by this passphrase."),
            field="passphrase",
            path=shown,
            way_on=N_("Type it again. If it is surely the right one, the file is damaged."),
        ) from None


def keys_of(files: Iterable[Path]) -> list[Any]:
    """The private keys in these files; NotFound where one is not there, Malformed where it holds none."""
    return [key for path in files for key in _keys_in(path)]


def encrypt(source: BinaryIO, out: BinaryIO, recipients: Iterable[str]) -> None:
    """Write `source` encrypted to `out`; OSError where that cannot be written."""
    kept = _Kept(out)
    try:
        pyrage.encrypt_io(source, kept, [_recipient(one) for one in recipients])
    except (pyrage.EncryptError, OSError):
        if kept.fault is None:
            raise
    # The library passes over an error in its last write.
    if kept.fault is not None:
        raise kept.fault


def decrypt(source: BinaryIO, out: BinaryIO, keys: list[Any], shown: str) -> None:
    """Write what is encrypted in `source` to `out`; Conflict where no key opens it, else Damaged."""
    kept = _Kept(out)
    try:
        pyrage.decrypt_io(source, kept, keys)
    except (pyrage.DecryptError, OSError) as fault:
        if kept.fault is not None:
            raise kept.fault from None
        if "No matching keys" in str(fault):
            raise Conflict(
                N_("None of the keys that were given opens {path}."),
                field="identity",
                path=shown,
                way_on=N_("Give the file with the private key of one of those to whom it was encrypted."),
            ) from None
        raise Damaged(
            N_("The backup {path} is damaged: it does not decrypt."),
            field="archive",
            path=shown,
            way_on=N_("Nothing was restored. Take another backup."),
        ) from None
    if kept.fault is not None:
        raise kept.fault


def _recipient(text: str) -> Any:
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except (pyrage.RecipientError, UnicodeError):
        raise Malformed(
            N_("'{key}' is no public key to encrypt to."),
            field="recipient",
            key=text[:80],
            way_on=N_("Give age1… as 'disclosure key pair' or age-keygen prints it, or ssh-ed25519 …"),
        ) from None


def _keys_in(path: Path) -> list[Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST)
    except OSError as fault:
        raise NotFound(
            N_("The file {path} cannot be read: {detail}"),
            field="identity",
            path=str(path),
            detail=fault.strerror or str(fault),
        ) from None
    try:
        if b"OPENSSH PRIVATE KEY" in data:
            return [pyrage.ssh.Identity.from_buffer(data)]
        lines = [line.strip() for line in data.decode().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, ValueError):
        found = []
    if not found:
        raise Malformed(
            N_("{path} holds no private key."),
            field="identity",
            path=str(path),
            way_on=N_("Give the file that 'disclosure key pair' or age-keygen wrote."),
        )
    return found


class _Kept:
    """Writes on, and keeps the error of the machine, which the library tells as text only."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.fault: OSError | None = None

    def write(self, part: bytes) -> int:
        try:
            return self._out.write(part)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self) -> None:
        """Nothing is held back."""

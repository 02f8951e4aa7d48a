"""Signed notes, checkpoints and cosignatures as text (C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0,
tlog-cosignature v1.0.0), with Ed25519.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later

SIGNED, COSIGNED = 1, 4  # types of signatures, by the two specifications
_LINE = later(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_NAME = later(r"[^\s+\x00-\x1f]{1,200}")
_SIZE = later(r"0|[1-9][0-9]{0,18}")
MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Key:
    """A public key as it is written down: name, type of signature, 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """name+id+base64: what is handed to whoever verifies."""
        return f"{self.name}+{self.id.hex()}+{_encoded(bytes([self.kind]) + self.public)}"

    def verifies(self, text: str, signature: bytes) -> int | None:
        """0 for a signature of this text, the moment (POSIX) for a cosignature; None if it is neither."""
        moment, message = 0, text.encode()
        if self.kind == COSIGNED:
            if len(signature) != 72:
                return None
            moment, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = cosigned_message(text, moment)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return moment


@dataclass(frozen=True, slots=True)
class Note:
    """A text with its signature lines: names of keys, ids and signatures."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def __str__(self) -> str:
        lines = [f"— {name} {_encoded(key_id + signature)}\n" for name, key_id, signature in self.signatures]
        return self.text + "\n" + "".join(lines)

    def signed_by(self, key: Key) -> int | None:
        """As Key.verifies, for the first signature under the key's name and id that holds."""
        for name, key_id, signature in self.signatures:
            if (name, key_id) == (key.name, key.id):
                moment = key.verifies(self.text, signature)
                if moment is not None:
                    return moment
        return None

    def joined_with(self, others: Iterable[tuple[str, bytes, bytes]]) -> Note:
        """With signatures added that it does not have yet."""
        known = {(name, key_id) for name, key_id, _ in self.signatures}
        added = [one for one in others if (one[0], one[1]) not in known]
        return Note(self.text, (*self.signatures, *added))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin, how many entries, the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"


def read_key(text: str) -> Key:
    """A public key from its text; Malformed where it is none, or the id is not its own."""
    parts = text.strip().split("+", 2)
    try:
        data = base64.b64decode(parts[2], validate=True)
        key = Key(parts[0], data[0], data[1:])
        sound = key.id.hex() == parts[1] and len(key.public) == 32 and key.kind in (SIGNED, COSIGNED)
    except (IndexError, ValueError):
        sound = False
    if not sound or not _NAME.fullmatch(parts[0]):
        raise Malformed(
            N_("This is no public key: {text}"),
            field="key",
            text=text[:80],
            way_on=N_("It is one line: name+id+base64, as printed by: disclosure evidence key"),
        )
    return key


def read(text: str) -> Note:
    """A note from its text; Malformed where it is none."""
    body, found, lines = text.rpartition("\n\n")
    signatures = []
    sound = (
        bool(found)
        and lines.endswith("\n")
        and len(text) <= MOST
        and not re.search(r"[\x00-\x09\x0b-\x1f]", text)
    )
    for line in lines.split("\n")[:-1] if sound else []:
        matched = _LINE.fullmatch(line)
        data = _decoded(matched[2]) if matched else b""
        if matched is None or len(data) < 5:
            sound = False
            break
        signatures.append((matched[1], data[:4], data[4:]))
    if not sound or not signatures:
        raise Malformed(
            N_("This is no signed note."),
            field="note",
            way_on=N_("A note is a text, an empty line, and lines that begin with '—'."),
        )
    return Note(body + "\n", tuple(signatures))


def checkpoint_of(text: str) -> Checkpoint:
    """The checkpoint that a note's text says; Malformed where it is none."""
    lines = text.split("\n")
    root = _decoded(lines[2]) if len(lines) >= 4 else b""
    if len(root) != 32 or not lines[0] or not _SIZE.fullmatch(lines[1]) or not all(lines[:-1]) or lines[-1]:
        raise Malformed(N_("This is no checkpoint."), field="checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def sign(text: str, name: str, key: Ed25519PrivateKey) -> tuple[str, bytes, bytes]:
    """A signature line of the log itself."""
    public = Key(name, SIGNED, key.public_key().public_bytes_raw())
    return name, public.id, key.sign(text.encode())


def cosign(text: str, name: str, key: Ed25519PrivateKey, moment: int) -> tuple[str, bytes, bytes]:
    """A witness's signature line: that at this moment it was the largest tree that he saw, and consistent."""
    public = Key(name, COSIGNED, key.public_key().public_bytes_raw())
    return name, public.id, moment.to_bytes(8, "big") + key.sign(cosigned_message(text, moment))


def cosigned_message(text: str, moment: int) -> bytes:
    """What a witness signs."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        # No base64, or characters that are none of it at all.
        return b""

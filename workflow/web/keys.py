"""The office's keys for the public counter, beside its other keys: one opens what applicants sealed, one
signs what is published.

They lie on the inner side alone. What is carried to the outer machine is the card, which holds the public
halves.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from workflow.base import key_files
from workflow.base.messages import N_
from workflow.storage import encryption
from workflow.web.public import card

if TYPE_CHECKING:
    from workflow.office.profile import Office

_CONTACT = ("address", "postcode", "telephone", "fax", "email")


@dataclass(frozen=True)
class Keys:
    """The two private keys. Never shown, never logged."""

    seal: X25519PrivateKey
    sign: Ed25519PrivateKey

    def __repr__(self) -> str:
        """Nothing of them."""
        return "Keys()"


def place(beside: Path) -> Path:
    """Where the keys lie: DISCLOSURE_WEB_KEY, else in the folder of the database."""
    return encryption.web_key_file(beside)


def create(path: Path) -> Keys:
    """New keys, readable by their owner alone; Conflict where there are some."""
    made = Keys(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    pair = {"seal": made.seal.private_bytes_raw(), "sign": made.sign.private_bytes_raw()}
    text = json.dumps({name: base64.b64encode(key).decode() for name, key in pair.items()}, indent=1)
    key_files.create(
        path,
        text.encode() + b"\n",
        N_("It is never overwritten: what was sealed to it could not be opened again."),
    )
    return made


def load(path: Path) -> Keys:
    """The keys of a file; Environment where it is not there, Damaged where it is none."""
    data = key_files.read(path, N_("Make one with: disclosure web key --create"))
    try:
        raw = {name: base64.b64decode(value, validate=True) for name, value in json.loads(data).items()}
        return Keys(
            X25519PrivateKey.from_private_bytes(raw["seal"]),
            Ed25519PrivateKey.from_private_bytes(raw["sign"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise key_files.damaged(path) from None


def card_text(office: Office, keys: Keys, below: Sequence[Office] = ()) -> str:
    """The card of an office, for its outer machine, with the organs that can be asked there too."""
    contact = {name: str(office.entry(name)) for name in _CONTACT}
    organs = [
        card.Organ(one.key, one.name, tuple(one.entry("areas")), tuple(one.entry("matters")))
        for one in (office, *below)
    ]
    return card.text(
        office.key,
        office.name,
        contact,
        organs,
        keys.seal.public_key(),
        keys.sign.public_key(),
        str(office.entry("site_address")),
    )

"""The office's card: what the outer side knows of the office. Its name and its public keys, and no secret.

It is a JSON file that the office writes (disclosure web card) and carries to the outer machine. The outer
side seals what comes to the key `seal`, and shows only rows that the key `sign` signed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from workflow.base import tables, typed_text
from workflow.base.errors import Malformed
from workflow.base.messages import N_

FORMAT = 1


@dataclass(frozen=True)
class Organ:
    """An organ to which an application can be addressed here."""

    key: str
    name: str
    # By what it is found beside its name.
    areas: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """The office as the outer side knows it."""

    key: str
    name: str
    contact: dict[str, str]
    organs: tuple[Organ, ...]
    seal: X25519PublicKey
    sign: Ed25519PublicKey
    # Where the public pages of the office are, if it has some.
    site: str = ""

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether the office signed this."""
        try:
            self.sign.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def text(
    key: str,
    name: str,
    contact: dict[str, str],
    organs: Sequence[Organ],
    seal: X25519PublicKey,
    sign: Ed25519PublicKey,
    site: str = "",
) -> str:
    """A card as its file has it."""
    card: dict[str, Any] = {
        "format": FORMAT,
        "key": key,
        "name": name,
        "contact": contact,
        "organs": [
            {
                "key": one.key,
                "name": one.name,
                **({"areas": list(one.areas)} if one.areas else {}),
                **({"matters": list(one.matters)} if one.matters else {}),
            }
            for one in organs
        ],
        "seal": base64.b64encode(seal.public_bytes_raw()).decode(),
        "sign": base64.b64encode(sign.public_bytes_raw()).decode(),
        **({"site": site} if site else {}),
    }
    return json.dumps(card, ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> Card:
    """The card of a file; Malformed where it is none."""
    return parse(tables.text_of(path), path.name)


def parse(written: str, name: str) -> Card:
    """The card of its text; Malformed where it is none."""
    try:
        raw: dict[str, Any] = json.loads(written)
        if raw["format"] != FORMAT:
            raise ValueError(raw["format"])
        site = str(raw.get("site", ""))
        if site and not typed_text.is_web_address(site):
            raise ValueError(site)
        return Card(
            str(raw["key"]),
            str(raw["name"]),
            {str(key): str(value) for key, value in raw["contact"].items()},
            tuple(
                Organ(
                    str(one["key"]),
                    str(one["name"]),
                    tuple(str(word) for word in one.get("areas", ())),
                    tuple(str(word) for word in one.get("matters", ())),
                )
                for one in raw["organs"]
            ),
            X25519PublicKey.from_public_bytes(base64.b64decode(raw["seal"], validate=True)),
            Ed25519PublicKey.from_public_bytes(base64.b64decode(raw["sign"], validate=True)),
            site,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Malformed(
            N_("{name} is no card of an office."),
            field="card",
            name=name,
            way_on=N_("Let the office write it with: disclosure web card --out FILE"),
        ) from None

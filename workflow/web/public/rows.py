"""Rows that the office publishes: what they are, how they are signed, how an applicant's code opens one.

A row names the place of the applicant's code, its version, its letters by the SHA-256 of their sealed bytes,
and its sealed contents; the office's signature covers all of it. A row of another place, an older one in
place of a newer one, and a changed one are refused.
"""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from workflow.base import follow_codes
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.web.public import sealing
from workflow.web.public.card import Card

_SIGNED = b"disclosure web row 1\n"


class Row(NamedTuple):
    """A row as it is published, with what was signed."""

    lookup: str
    version: int
    letters: tuple[str, ...]
    sealed: bytes
    text: str


def written(
    lookup: str,
    version: int,
    contents: dict[str, Any],
    letters: list[str],
    to: X25519PublicKey,
    sign: Ed25519PrivateKey,
) -> Row:
    """A signed row with contents sealed to an applicant; `letters` are the SHA-256 of sealed letters."""
    plain = json.dumps(contents, ensure_ascii=False, sort_keys=True).encode()
    sealed = sealing.seal(plain, to, "row", lookup, str(version))
    row = {
        "lookup": lookup,
        "version": version,
        "letters": [{"sha256": one} for one in letters],
        "sealed": base64.b64encode(sealed).decode(),
    }
    signature = sign.sign(_message(row))
    text = json.dumps({**row, "signature": base64.b64encode(signature).decode()}, sort_keys=True)
    return Row(lookup, version, tuple(letters), sealed, text)


def _message(row: dict[str, Any]) -> bytes:
    named = {name: row[name] for name in ("lookup", "version", "letters", "sealed")}
    return _SIGNED + json.dumps(named, sort_keys=True, separators=(",", ":")).encode()


def read(text: str, card: Card) -> Row:
    """A row of its text; Refused unless the office signed exactly this."""
    try:
        raw = json.loads(text)
        made = Row(
            str(raw["lookup"]),
            int(raw["version"]),
            tuple(str(one["sha256"]) for one in raw["letters"]),
            base64.b64decode(raw["sealed"], validate=True),
            text,
        )
        signature = base64.b64decode(raw["signature"], validate=True)
        signed = card.signed(_message(raw), signature)
    except (ValueError, KeyError, TypeError):
        signed = False
    if not signed:
        raise Refused(
            N_("A row that the office did not sign was not taken."),
            field="signature",
            way_on=N_("Publish again from the office: disclosure web publish"),
        )
    return made


def opened(row: Row, secret: bytes) -> dict[str, Any]:
    """The contents of a row, for whoever has the code; Damaged where it is not his."""
    plain = sealing.open_(row.sealed, sealing.private_key(secret), "row", row.lookup, str(row.version))
    contents: dict[str, Any] = json.loads(plain)
    return contents


def seal_letter(pdf: bytes, lookup: str, to: X25519PublicKey) -> bytes:
    """A letter sealed to the applicant whose place this is."""
    return sealing.seal(pdf, to, "letter", lookup)


def open_letter(sealed: bytes, secret: bytes) -> bytes:
    """A letter opened with the code, in memory."""
    return sealing.open_(sealed, sealing.private_key(secret), "letter", follow_codes.lookup(secret))

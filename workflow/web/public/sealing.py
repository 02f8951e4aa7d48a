"""Sealing between the two sides: to the office by its public key, to an applicant by his code.

Both are HPKE (RFC 9180) in base mode with X25519, HKDF-SHA-256 and AES-256-GCM. What is sealed is bound to a
context (what it is, and to what it belongs), so that nothing opens in another place than its own.

From the applicant's code follows the key pair by which he alone opens his rows; the outer side keeps neither
the code nor the key.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from workflow.base import follow_codes
from workflow.base.errors import Damaged
from workflow.base.messages import N_


def _suite() -> hpke.Suite:
    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def _info(context: tuple[str, ...]) -> bytes:
    """The context as bytes; lengths stand before the parts, so that no two contexts are the same bytes."""
    parts = [part.encode() for part in context]
    return follow_codes.LABEL + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


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


def private_key(secret: bytes) -> X25519PrivateKey:
    """The key by which the applicant opens what the office sealed to him."""
    return X25519PrivateKey.from_private_bytes(follow_codes.derived(secret, b"key"))


def public_key(secret: bytes) -> X25519PublicKey:
    """The key to which the office seals what this applicant may read."""
    return private_key(secret).public_key()

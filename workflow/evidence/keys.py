"""Keys that sign evidence: the office's own, apart from the master keys, and a witness's."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workflow.base import key_files, variables
from workflow.base.messages import N_

_NAME = "evidence.key.pem"


def place(beside: Path) -> Path:
    """Where the office's key lies: DISCLOSURE_EVIDENCE_KEY, else in the folder of the database."""
    named = variables.given("DISCLOSURE_EVIDENCE_KEY")
    return Path(named) if named else beside / _NAME


def create(path: Path) -> Ed25519PrivateKey:
    """A new key, readable by its owner alone; Conflict where there is one."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_files.create(
        path, pem, N_("It is never overwritten: what it signed could not be verified by the same key again.")
    )
    return key


def load(path: Path) -> Ed25519PrivateKey:
    """The key of a file; Environment where it is not there, Damaged where it is none."""
    data = key_files.read(path, N_("Make one with: disclosure evidence key --create"))
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise key_files.damaged(path)
    return key

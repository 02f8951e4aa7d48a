"""Keys that sign evidence: the office's own, apart from the master keys, and a witness's."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workflow.base import variables, whole_files
from workflow.base.errors import Conflict, Damaged, Environment
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
    try:
        whole_files.write(path, pem, replace=False)
    except FileExistsError:
        raise Conflict(
            N_("There is a key file already: {path}"),
            path=str(path),
            way_on=N_("It is never overwritten: what it signed could not be verified by the same key again."),
        ) from None
    return key


def load(path: Path) -> Ed25519PrivateKey:
    """The key of a file; Environment where it is not there, Damaged where it is none."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise Environment(
            N_("The key file {path} cannot be read: {detail}"),
            path=str(path),
            detail=fault.strerror or str(fault),
            way_on=N_("Make one with: disclosure evidence key --create"),
        ) from None
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Damaged(
            N_("The key file {path} is not what was written."),
            path=str(path),
            way_on=N_("Put back the copy that was kept of it."),
        )
    return key

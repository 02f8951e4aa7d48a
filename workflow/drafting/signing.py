"""A signature with a PKCS#12 key on a letter that was made: an increment to its PDF, kept and recorded beside
it.

The letter's own bytes stay what they were, so that both the plain and the signed copy can be verified;
PDF/A-3 allows the increment. pyHanko is an extra: an office that signs by hand does not need it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflow.base import variables
from workflow.base.errors import Environment, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.casework import lookup
from workflow.casework.desk import Desk
from workflow.storage import file_store
from workflow.storage.tables import TABLES

LETTERS = TABLES["letter"]
PASSPHRASE = "DISCLOSURE_SIGN_PASSPHRASE"  # noqa: S105  # the name of a variable, not what is in it
FIELD = "Signature1"


def sign(
    desk: Desk, ref: str, letter_id: int | None, key: Path, ask: Callable[[], str] | None = None
) -> dict[str, Any]:
    """Sign a letter of a case (the newest that was made, where none is named); where it is kept, as plain
    data.

    `ask` gives the passphrase where the environment has none.
    """
    _require_pyhanko()
    with desk.store.reading() as connection:
        row = lookup.one(connection, desk, ref)
        query = select(LETTERS).where(LETTERS.c.case_id == row.id, LETTERS.c.sha256.is_not(None))
        made = list(connection.execute(query.order_by(LETTERS.c.id)))
    chosen = [one for one in made if letter_id in (None, one.id)]
    if not chosen:
        raise NotFound(
            N_("The case {number} has no letter {id} that was made."),
            field="letter",
            number=row.number,
            id=letter_id or "",
            way_on=N_("See them with: disclosure letters {number}"),
        )
    letter = chosen[-1]
    if getattr(letter, "voided_on", None):
        raise Refused(
            N_("The letter {letter} was made void and is not signed."),
            field="letter",
            letter=letter.number or letter.id,
        )
    store = file_store.folder(desk.store.folder)
    signed, signer = signed_bytes(file_store.read(store, letter.sha256), key, _passphrase(ask))
    kept = file_store.put(store, signed)
    desk.letter_signed(row.number, letter, kept.sha256, signer)
    return {
        "case": row.number,
        "letter": letter.id,
        "code": letter.code,
        "number": letter.number,
        "sha256": letter.sha256,
        "signed_sha256": kept.sha256,
        "signer": signer,
    }


def _passphrase(ask: Callable[[], str] | None) -> bytes | None:
    given = variables.given(PASSPHRASE)
    if given is None and ask is not None:
        given = ask()
    return given.encode() if given else None


def _require_pyhanko() -> None:
    try:
        import pyhanko.sign  # noqa: F401
    except ImportError:
        raise Environment(
            N_("Signing needs pyHanko, which is not installed."),
            field="sign",
            way_on=N_("Install it: pip install 'disclosure[sign]'"),
        ) from None


def signed_bytes(pdf: bytes, key: Path, passphrase: bytes | None) -> tuple[bytes, str]:
    """The PDF with an invisible signature added, and who signed. Malformed for a key that does not open."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError

    signer = _signer(key, passphrase)
    name = str(signer.subject_name)
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    out = io.BytesIO()
    try:
        signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=signer, output=out)
    except (PdfError, SigningError) as fault:
        raise Refused(
            N_("The letter cannot be signed with this key: {detail}"),
            field="key",
            detail=str(fault)[:200],
            way_on=N_("Look at the certificate: it has to be valid now and to allow signatures."),
        ) from None
    return out.getvalue(), name


def _signer(key: Path, passphrase: bytes | None) -> Any:
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign import signers

    try:
        data = key.read_bytes()
    except OSError as fault:
        raise Malformed(
            N_("The file {path} cannot be read: {detail}"),
            path=str(key),
            field="key",
            detail=fault.strerror or str(fault),
        ) from None
    try:
        private, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError:
        raise Malformed(
            N_("The key {path} does not open: it is no PKCS#12 file, or the passphrase is another."),
            field="key",
            path=key.name,
            way_on=N_("Give the passphrase at the prompt, or in the variable {variable}."),
            variable=PASSPHRASE,
        ) from None
    if private is None or certificate is None:
        raise Malformed(N_("The file {path} holds no key with its certificate."), field="key", path=key.name)
    signer = signers.SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=passphrase)
    if signer is None:
        raise Malformed(N_("The file {path} holds no key with its certificate."), field="key", path=key.name)
    return signer

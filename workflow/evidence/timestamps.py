"""Time-stamps of a service of others on a checkpoint (RFC 3161), where one can be reached: beside the
witnesses, a signed word of when the checkpoint was there at the latest. The token is a file, which
`openssl ts -verify` reads too.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workflow.base.errors import Damaged, Environment, Malformed, Refused
from workflow.base.messages import N_

RULE = "house:evidence"
_SECONDS, _MOST = 30, 256 * 1024


@dataclass(frozen=True)
class Stamp:
    """What a token says: the moment (with its zone), and whether its signature was checked up to a root."""

    moment: datetime
    verified: bool


def fetch(data: bytes, url: str, roots: list[Any]) -> tuple[bytes, Stamp]:
    """The token of a service on some bytes, and what it says; Environment where the service gives none."""
    client = _client()
    asked = client.TimestampRequestBuilder().data(data).build()
    token = _sent(url, asked.as_bytes())
    return token, _read(client, token, data, roots, client.VerifierBuilder.from_request(asked))


def check(token: bytes, data: bytes, roots: list[Any]) -> Stamp:
    """What a kept token says of some bytes; Refused where it is of others, or its signature does not hold."""
    client = _client()
    return _read(client, token, data, roots, client.VerifierBuilder())


def certificates(path: Path) -> list[Any]:
    """The certificates of a PEM file; Malformed where there are none."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise Malformed(
            N_("{path} holds no certificates."),
            field="root",
            path=str(path),
            way_on=N_("Give the root certificate of the time-stamp service as PEM."),
        ) from None


def _read(client: Any, token: bytes, data: bytes, roots: list[Any], builder: Any) -> Stamp:
    try:
        answer = client.decode_timestamp_response(token)
        granted = answer.status in (0, 1)
    except ValueError as fault:
        raise Damaged(
            N_("This is no time-stamp that can be read: {detail}"),
            detail=str(fault)[:200],
            way_on=N_("It is the file that the service answered with."),
        ) from None
    if not granted:
        raise Environment(
            N_("The time-stamp service refused: {detail}"),
            detail=", ".join(answer.status_string) or str(answer.status),
            way_on=N_("Ask another service, or a witness: disclosure evidence request"),
        )
    info = answer.tst_info
    imprint = info.message_imprint
    if imprint.message != _hashed(imprint, data):
        raise Refused(
            N_("The time-stamp is of another file."),
            rule=RULE,
            way_on=N_("Name the checkpoint that it is of."),
        )
    if roots:
        for root in roots:
            builder = builder.add_root_certificate(root)
        try:
            sound = builder.build().verify_message(answer, data)
        except (client.VerificationError, ValueError):
            sound = False
        if not sound:
            raise Refused(
                N_("The signature of the time-stamp does not hold under the roots that were given."),
                rule=RULE,
                way_on=N_("Compare the root certificate with the one that the service publishes."),
            )
    return Stamp(info.gen_time, bool(roots))


def _hashed(imprint: Any, data: bytes) -> bytes:
    import hashlib

    names = {
        "2.16.840.1.101.3.4.2.1": "sha256",
        "2.16.840.1.101.3.4.2.2": "sha384",
        "2.16.840.1.101.3.4.2.3": "sha512",
    }
    name = names.get(imprint.hash_algorithm.dotted_string)
    return hashlib.new(name, data).digest() if name else b""


def _sent(url: str, body: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise Malformed(
            N_("'{value}' is no address of a time-stamp service."),
            field="url",
            value=url[:80],
            way_on=N_("It begins with https:// or http://."),
        )
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=_SECONDS) as answer:  # noqa: S310  # its scheme was looked at
            found: bytes = answer.read(_MOST + 1)
    except (urllib.error.URLError, OSError, ValueError) as fault:
        raise Environment(
            N_("The time-stamp service {url} does not answer: {detail}"),
            url=url,
            detail=str(getattr(fault, "reason", fault)),
            way_on=N_(
                "Try later, or go on without: a witness's signature says the same and needs no network."
            ),
        ) from None
    return found


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise Environment(
            N_("Time-stamps need a library that is not installed."),
            way_on=N_("Install it: pip install 'disclosure[timestamp]'"),
        ) from None
    return rfc3161_client

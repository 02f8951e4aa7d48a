"""Handing in: what an applicant sends is sealed to the office and kept; only then is it confirmed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from workflow.base import dates, follow_codes
from workflow.base.patterns import later
from workflow.web.public import sealing, uploads
from workflow.web.public.card import Card
from workflow.web.public.store import OuterStore, Sealing, Submission

_TOKEN = later(r"[A-Za-z0-9_-]{43}")
_DIGEST = later(r"[0-9a-f]{64}")
PURPOSES = ("identity", "authority", "other")
APPLICATION = "application"


class Held(NamedTuple):
    """A paper that was taken for a form that is not confirmed yet, as the form carries it along."""

    no: int
    purpose: str
    name: str
    sha256: str  # of its sealed bytes

    @property
    def text(self) -> str:
        """As a hidden field holds it."""
        return json.dumps(self._asdict(), ensure_ascii=False)


class Receipt(NamedTuple):
    """That something was taken: when, under which number, and the secret by which it is followed."""

    submission: Submission
    secret: bytes
    first: bool


def new_token() -> str:
    """A token for a form; whoever sends the form twice gets one receipt."""
    return secrets.token_urlsafe(32)


def token_of(given: Any) -> str | None:
    """The token of a form that came, none where it is not one."""
    return given if isinstance(given, str) and _TOKEN.fullmatch(given) else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def held(texts: Sequence[Any]) -> list[Held]:
    """The papers that a form carries along; what is no such text is left out."""
    found = []
    for text in texts[: uploads.MOST]:
        try:
            raw = json.loads(str(text)[:1000])
            one = Held(int(raw["no"]), str(raw["purpose"]), str(raw["name"]), str(raw["sha256"]))
        except (ValueError, KeyError, TypeError):
            continue
        if one.purpose in PURPOSES and _DIGEST.fullmatch(one.sha256):
            found.append(one)
    return found


def take_paper(
    store: OuterStore, card: Card, token: str, no: int, purpose: str, paper: uploads.Paper, at: datetime
) -> Held:
    """Seal a paper and keep it, before its form is confirmed."""
    head = json.dumps({"name": paper.name, "purpose": purpose}, ensure_ascii=False).encode()
    sealed = sealing.seal(head + b"\n" + paper.data, card.seal, "paper", _hash(token), str(no))
    store.keep_paper(_hash(token), no, sealed, at)
    return Held(no, purpose, paper.name, hashlib.sha256(sealed).hexdigest())


@dataclass(frozen=True)
class Handing:
    """A form that is handed in: what is kept of it, and its secret."""

    form: Sealing
    secret: bytes


def handing(
    card: Card,
    kind: str,
    token: str,
    answers: dict[str, Any],
    papers: Sequence[Held],
    at: datetime,
    secret: bytes | None = None,
) -> Handing:
    """A form as it is to be kept. `secret` is that of the application which it belongs to; a new application
    has one of its own.
    """
    hashed = _hash(token)
    own = secret is None
    secret = follow_codes.secret_of_token(token) if secret is None else secret
    listed = [one._asdict() for one in papers]
    said = json.dumps([kind, answers, listed], ensure_ascii=False, sort_keys=True)
    mark = hmac.digest(token.encode(), said.encode(), "sha256").hex()
    lookup, stamp = follow_codes.lookup(secret), dates.stamp(at)

    def sealed(receipt: str) -> bytes:
        payload = {
            "format": 1,
            "kind": kind,
            "receipt": receipt,
            "at": stamp,
            "lookup": lookup,
            "answers": answers,
            "papers": listed,
        }
        if own:
            payload["secret"] = secret.hex()
        plain = json.dumps(payload, ensure_ascii=False).encode()
        return sealing.seal(plain, card.seal, "submission", kind, hashed, receipt)

    form = Sealing(kind, hashed, mark, lookup, stamp, [one.no for one in papers], sealed)
    return Handing(form, secret)


def hand_in(store: OuterStore, handed: Handing) -> Receipt | None:
    """Seal a form and keep it; its receipt, or none where papers that it names are not there any more.

    Conflict where the token was used for a form with other contents.
    """
    return _receipt(handed, store.submit(handed.form))


async def hand_in_soon(store: OuterStore, handed: Handing) -> Receipt | None:
    """The same for who awaits it."""
    return _receipt(handed, await store.submit_soon(handed.form))


def _receipt(handed: Handing, kept: tuple[Submission, bool] | None) -> Receipt | None:
    return Receipt(kept[0], handed.secret, kept[1]) if kept is not None else None

"""Opening what came from outside: each form and paper checked against the place that it was sealed for."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflow.base import dates, follow_codes
from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.web.keys import Keys
from workflow.web.public import sealing, uploads
from workflow.web.public.store import Submission


@dataclass
class Came:
    """A form that came, opened."""

    receipt: str
    kind: str
    token: str
    lookup: str
    at: str
    answers: dict[str, Any] = field(repr=False)
    papers: list[uploads.Paper] = field(repr=False)
    # Of an application: the secret of its receipt.
    secret: bytes | None = field(default=None, repr=False)

    @property
    def day(self) -> date:
        """The legal day on which the system took it."""
        return dates.china_day(datetime.fromisoformat(self.at))


def opened(one: Submission, papers: list[tuple[int, bytes]], keys: Keys) -> Came:
    """A submission and its papers; Damaged where anything is not what was sealed."""
    plain = sealing.open_(one.sealed, keys.seal, "submission", one.kind, one.token, one.receipt)
    said = json.loads(plain)
    # What stands open on the outer machine could be changed there: what was sealed decides.
    if any(said[name] != getattr(one, name) for name in ("kind", "receipt", "at", "lookup")):
        raise _changed(one)
    secret = bytes.fromhex(said["secret"]) if "secret" in said else None
    if secret is not None and follow_codes.lookup(secret) != one.lookup:
        raise _changed(one)
    sealed = dict(papers)
    found = []
    for named in said["papers"]:
        data = sealed.get(int(named["no"]))
        if data is None or hashlib.sha256(data).hexdigest() != named["sha256"]:
            raise _changed(one)
        found.append(_paper(one, int(named["no"]), data, named, keys))
    return Came(one.receipt, one.kind, one.token, one.lookup, one.at, said["answers"], found, secret)


def _paper(one: Submission, no: int, data: bytes, named: dict[str, Any], keys: Keys) -> uploads.Paper:
    head, _, content = sealing.open_(data, keys.seal, "paper", one.token, str(no)).partition(b"\n")
    told = json.loads(head)
    # A hostile outer machine could have sealed anything: it is looked at here again.
    if told["name"] != named["name"] or uploads.fault(content):
        raise _changed(one)
    return uploads.Paper(uploads.name(told["name"], content, no), content)


def _changed(one: Submission) -> Damaged:
    return Damaged(
        N_("What came as {receipt} is not what was sealed: it was changed on the outer machine."),
        field="receipt",
        receipt=one.receipt,
        way_on=N_("It stays there. Keep the outer database, and look who has access to it."),
    )

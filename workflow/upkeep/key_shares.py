"""The key file shared among persons: any k of n open it, fewer learn nothing (Shamir's scheme).

A random key seals the key file; that key is what is shared, in two halves of 16 bytes by the same numbers,
since the library shares so much at once. Each share carries the sealed key file, so that k of them are all
that is needed, and the digest of every share, so that a wrong one is named before anything is opened.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from workflow.base.errors import Conflict, Damaged, DisclosureError, Malformed
from workflow.base.messages import N_

FORMAT = "disclosure key share 1"
MOST = 20
_HALF, _NONCE, _CHECK = 16, 12, 8
_COMMON = ("set", "of", "needed", "key", "made", "digests", "sealed")
_LINES = ("set", "share", "of", "needed", "person", "key", "made", "digests", "sealed", "secret", "check")


@dataclass(frozen=True)
class Share:
    """What one person keeps. `name` is the file that it came from, for messages."""

    name: str
    number: int
    person: str
    common: dict[str, str]
    secret: bytes = field(repr=False)

    @property
    def of_set(self) -> str:
        """The splitting that it comes from."""
        return self.common["set"]


def split(key_file: bytes, *, current: str, needed: int, persons: list[str], made: str) -> list[str]:
    """The shares of a key file as texts, one a person; any `needed` of them open it.

    Malformed unless 2 <= needed <= number of persons <= 20, each with a name of his own.
    """
    from Cryptodome.Protocol.SecretSharing import Shamir
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    persons = [one.strip() for one in persons]
    _require_sensible(needed, persons)
    key = secrets.token_bytes(2 * _HALF)
    halves = [Shamir.split(needed, len(persons), part, False) for part in (key[:_HALF], key[_HALF:])]
    parts = [first[1] + second[1] for first, second in zip(*halves, strict=True)]
    common = {
        "set": secrets.token_hex(4),
        "of": str(len(persons)),
        "needed": str(needed),
        "key": current,
        "made": made,
        "digests": ",".join(hashlib.sha256(part).hexdigest() for part in parts),
    }
    nonce = secrets.token_bytes(_NONCE)
    common["sealed"] = base64.b64encode(nonce + AESGCM(key).encrypt(nonce, key_file, _bound(common))).decode()
    return [
        _text({**common, "share": str(number), "person": person, "secret": _letters(part)})
        for number, (person, part) in enumerate(zip(persons, parts, strict=True), 1)
    ]


def read(name: str, text: str) -> Share:
    """A share out of its file. Malformed where it is none, Damaged where a character is another."""
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    given = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    if not lines or lines[0] != FORMAT or set(given) != set(_LINES):
        raise Malformed(
            N_("{name} is no share of a key."),
            field="shares",
            name=name,
            way_on=N_("Give the files that 'disclosure key split' wrote."),
        )
    if given["check"] != _check(given):
        raise _wrong(name)
    try:
        secret = base64.b32decode(given["secret"].replace("-", ""))
        numbers = {one: int(given[one]) for one in ("share", "of", "needed")}
    except (ValueError, binascii.Error):
        raise _wrong(name) from None
    if not 1 <= numbers["share"] <= numbers["of"] <= MOST or not 2 <= numbers["needed"] <= numbers["of"]:
        raise _wrong(name)
    return Share(name, numbers["share"], given["person"], {one: given[one] for one in _COMMON}, secret)


def join(shares: list[Share]) -> bytes:
    """The key file that the shares open.

    Conflict where one is given twice or comes from another splitting, Damaged where one is not what was
    handed out, Malformed where there are too few; the file is named.
    """
    from Cryptodome.Protocol.SecretSharing import Shamir
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    _require_one_set(shares)
    common = shares[0].common
    digests, needed = common["digests"].split(","), int(common["needed"])
    for share in shares:
        if len(digests) != int(common["of"]) or (
            hashlib.sha256(share.secret).hexdigest() != digests[share.number - 1]
        ):
            raise _wrong(share.name)
    if len(shares) < needed:
        raise Malformed(
            N_("{needed} shares are needed, {given} were given."),
            field="shares",
            needed=needed,
            given=len(shares),
            way_on=N_("Ask {more} more of the persons for theirs."),
            more=needed - len(shares),
        )
    chosen = shares[:needed]
    key = b"".join(
        Shamir.combine([(one.number, one.secret[at : at + _HALF]) for one in chosen], False)
        for at in (0, _HALF)
    )
    try:
        raw = base64.b64decode(common["sealed"], validate=True)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], _bound(common))
    except (InvalidTag, ValueError):
        raise _wrong(shares[0].name) from None


def _require_sensible(needed: int, persons: list[str]) -> None:
    if not 2 <= needed <= len(persons) <= MOST:
        raise Malformed(
            N_("Of {persons} persons {needed} cannot be needed."),
            field="needed",
            persons=len(persons),
            needed=needed,
            way_on=N_("Name 2 to {most} persons, and of them at least 2; for instance 3 of 5."),
            most=MOST,
        )
    if len(set(persons)) < len(persons) or not all(name and name.isprintable() for name in persons):
        raise Malformed(
            N_("Each person is named once, by a name that can be printed."),
            field="person",
            way_on=N_("Whoever held two shares would count twice."),
        )


def _require_one_set(shares: list[Share]) -> None:
    """All are of one splitting, none is there twice."""
    if not shares:
        raise Malformed(N_("No share was given."), field="shares", way_on=N_("Name the files of the shares."))
    sets = Counter(share.of_set for share in shares).most_common()
    most = sets[0][0]
    for share in shares:
        if share.of_set != most:
            raise Conflict(
                N_("{name} comes from another splitting ({other}) than {first} ({this})."),
                field="shares",
                name=share.name,
                other=share.of_set,
                first=next(one.name for one in shares if one.of_set == most),
                this=most,
                way_on=N_("After a new splitting the shares of the old one open nothing together with it."),
            )
    common = Counter(json.dumps(share.common) for share in shares).most_common()[0][0]
    seen: dict[int, str] = {}
    for share in shares:
        if json.dumps(share.common) != common:
            raise _wrong(share.name)
        if share.number in seen:
            raise Conflict(
                N_("{name} is the same share as {first}: number {number}, of {person}."),
                field="shares",
                name=share.name,
                first=seen[share.number],
                number=share.number,
                person=share.person,
                way_on=N_("Give the share of another person."),
            )
        seen[share.number] = share.name


def _wrong(name: str) -> DisclosureError:
    return Damaged(
        N_("{name} is not the share that was handed out."),
        field="shares",
        name=name,
        way_on=N_("A character of it is another, or it was made up. Take another person's share."),
    )


def _text(lines: dict[str, str]) -> str:
    whole = {**lines, "check": _check(lines)}
    return "\n".join([FORMAT, *(f"{name}: {whole[name]}" for name in _LINES)]) + "\n"


def _check(lines: dict[str, Any]) -> str:
    told = "\n".join(f"{name}: {lines[name]}" for name in _LINES if name != "check")
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:_CHECK]


def _bound(common: dict[str, str]) -> bytes:
    return json.dumps([common[one] for one in _COMMON if one != "sealed"]).encode()


def _letters(secret: bytes) -> str:
    text = base64.b32encode(secret).decode().rstrip("=")
    text += "=" * (-len(text) % 8)
    return "-".join(text[at : at + 8] for at in range(0, len(text), 8))

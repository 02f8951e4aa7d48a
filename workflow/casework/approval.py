"""What an approval binds: whoever passes a draft has passed this letter, and no other goes out.

Each pass keeps the digest of the letter as it was composed then, and of each of its parts. Digests are made
under the key of the case: nobody finds out by guessing what a destroyed letter said, and the entry names
nobody. What is settled only at the issue is not part of them (letters/content/parts.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from letters.check.approval import Since
from workflow.cases.case import CaseFile
from workflow.storage import encryption

if TYPE_CHECKING:
    from workflow.procedure import payloads

EVENT, TEST = "pass_review", "as_approved"
_FIELD, _PART = "letter.approved", 16


class Digests(NamedTuple):
    """The digests of a letter: of each of its parts, and of all of them together."""

    parts: dict[str, str]
    # The parts as an entry keeps them.
    text: str
    whole: str


def digests(key: bytes, said: Mapping[str, str]) -> Digests:
    """The digests of a letter under the key of its case, by what each of its parts says."""
    by_part = {name: encryption.digest(key, f"{_FIELD}.{name}", text)[:_PART] for name, text in said.items()}
    text = json.dumps(by_part, sort_keys=True)
    return Digests(by_part, text, encryption.digest(key, _FIELD, text))


def bound(letter: Digests) -> payloads.PassReview:
    """What the entry of a pass keeps of the letter that was passed."""
    return {"letter": letter.whole, "parts": letter.text}


def since(case: CaseFile, letter: Digests) -> Iterator[Since]:
    """For each pass of the present draft: which parts of the letter are others now. One that was recorded
    before passes kept a digest binds nothing.
    """
    for one in case.passed:
        if not one.letter or one.letter == letter.whole:
            continue
        changed = sorted(
            name for name in {**letter.parts, **one.parts} if letter.parts.get(name) != one.parts.get(name)
        )
        yield Since(one.by, one.on, tuple(changed))

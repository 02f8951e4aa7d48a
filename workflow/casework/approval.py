"""What an approval binds: whoever passes a draft has passed this letter, and no other goes out.

Each pass keeps the digest of the letter as it was composed then, and of each of its parts. Digests are made
under the key of the case: nobody finds out by guessing what a destroyed letter said, and the entry names
nobody. What is settled only at the issue is not part of them (letters/content/parts.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from letters.check.approval import Since
from letters.content import parts
from letters.content.letter_content import Content
from workflow.cases.case import CaseFile
from workflow.storage import encryption

if TYPE_CHECKING:
    from workflow.procedure import payloads

EVENT, TEST = "pass_review", "as_approved"
_FIELD, _PART = "letter.approved", 16


def bound(key: bytes, content: Content) -> payloads.PassReview:
    """What the entry of a pass keeps of the letter that was passed."""
    by_part = _digests(key, content)
    return {"letter": _whole(key, by_part), "parts": json.dumps(by_part, sort_keys=True)}


def since(case: CaseFile, key: bytes, content: Content) -> Iterator[Since]:
    """For each pass of the present draft: which parts of the letter are others now. One that was recorded
    before passes kept a digest binds nothing.
    """
    by_part = _digests(key, content)
    whole = _whole(key, by_part)
    for one in case.passed:
        if not one.letter or one.letter == whole:
            continue
        changed = sorted(
            name for name in {**by_part, **one.parts} if by_part.get(name) != one.parts.get(name)
        )
        yield Since(one.by, one.on, tuple(changed))


def _digests(key: bytes, content: Content) -> dict[str, str]:
    return {
        name: encryption.digest(key, f"{_FIELD}.{name}", text)[:_PART]
        for name, text in parts.said(content).items()
    }


def _whole(key: bytes, by_part: dict[str, str]) -> str:
    return encryption.digest(key, _FIELD, json.dumps(by_part, sort_keys=True))

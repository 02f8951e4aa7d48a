"""How a letter tells its addressee to follow the case on the public pages: a QR code, the code in letters,
where it is typed.

It is put into a letter when that is put down, and no part of what an officer drafts, checks and approves.
"""

from __future__ import annotations

from letters.content import kinds, phrases
from letters.content.letter_content import Content, Follow
from workflow.base import follow_codes

ADDRESSEES = ("applicant", "third_party")


def bears(code: str) -> bool:
    """Whether letters of this kind bear the code: those that tell somebody outside something. A slip comes
    back to the office."""
    kind = kinds.get(code)
    return kind.to in ADDRESSEES and kind.format != "slip"


def put(content: Content, code: str, counter: str) -> Content:
    """The letter with its code; `counter` is the address of the public pages."""
    return _put(content, code, code, counter)


def put_blank(content: Content, counter: str) -> Content:
    """A draft with the place of the code: it is made with the letter, and no draft leads to a case."""
    return _put(content, phrases.bundled().say("follow", "later"), "", counter)


def _put(content: Content, told: str, code: str, counter: str) -> Content:
    words, base = phrases.bundled(), counter.rstrip("/")
    given = {"code": told, "page": f"{base}{follow_codes.TYPED}"}
    follow: Follow = {
        "address": f"{base}{follow_codes.PAGE}{code}" if code else base,
        "lines": [words.say("follow", name, **given) for name in ("code", "how", "care")],
        "alt": words.say("follow", "picture", **given),
    }
    return {**content, "follow": follow}

"""The court of a direct suit that the office names: whether the law leaves such a suit to it.

Most organs are sued before a basic court; some kinds before an intermediate court; none before a higher one,
which hears only what is grave and complex in its area. Where another rule makes the named court competent
(one court for the suits of several districts), the office says which (`court_because`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from workflow.base.messages import N_
from workflow.law import Law

WAY_ON = N_("Name that court, or say which rule makes another competent: court_because = '...'")
_LOWER = N_(
    "Name the court of first instance of the office's place, or say which rule makes this one competent: court_because = '...'"
)


class Fault(NamedTuple):
    """Why the court is not the one: the message with what it needs, the provision, and what to do."""

    message: str
    rule: str
    way_on: str
    params: dict[str, str]


def fault(office: Mapping[str, Any], court: str, *, on: date, law: Law) -> Fault | None:
    """What the law of a day holds against the court that is named; None where nothing, or where a rule is
    given.
    """
    if office.get("court_because"):
        return None
    alone = law.court_level(
        kind=office.get("kind", ""), level=office.get("level", ""), on=on, name=str(office.get("name") or "")
    )
    if alone is not None:
        if alone.word in court:
            return None
        return Fault(
            N_(
                "A suit against such an organ belongs to an intermediate court ({word}); the office names: {court}"
            ),
            alone.article,
            WAY_ON,
            {"word": alone.word, "court": court},
        )
    high = law.too_high(court, on=on)
    if high is None:
        return None
    return Fault(
        N_(
            "Such a court ({word}) hears at first instance only what is grave and complex in its area; the office names: {court}"
        ),
        high.article,
        _LOWER,
        {"word": high.word, "court": court},
    )

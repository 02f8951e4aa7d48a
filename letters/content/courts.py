"""The court of a direct suit that the office names: whether the law leaves such a suit to it.

Most organs are sued before a basic court; some kinds before an intermediate court; none before a higher one,
which hears only what is grave and complex in its area. Where another rule makes the named court competent
(one court for the suits of several districts), the office says which (`court_because`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from letters.content import typed_text
from workflow.base.errors import Refused
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


def named(office: Mapping[str, Any], *, on: date, rule: str, law: Law) -> str:
    """The court of a direct suit; Refused where none is named, or one of a level that the law does not leave
    it to.
    """
    court = typed_text.clean(office.get("court"), "office.court", longest=200)
    if not court:
        raise Refused(
            N_("The remedy notice needs the court, and the office's profile does not name it."),
            field="office.court",
            rule=rule,
            way_on=N_("Name the court in the office's profile."),
        )
    if (wrong := fault(office, court, on=on, law=law)) is not None:
        raise Refused(
            wrong.message, field="office.court", rule=wrong.rule, way_on=wrong.way_on, **wrong.params
        )
    return court

"""The test that a letter still says what was approved: whoever passed the draft passed this letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from letters.check.subject import Causes, Subject, test
from letters.content import parts
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_, listed


class Since(NamedTuple):
    """What changed since an officer passed the draft on a day: the parts of the letter."""

    by: str
    on: date
    parts: tuple[str, ...]
    # What of the office was changed meanwhile, put into words when it is shown.
    causes: Causes | None = None


@test
def _as_approved(subject: Subject) -> Iterable[DisclosureError] | None:
    if subject.since is None:
        return None
    changed: dict[tuple[str, ...], list[str]] = {}
    causes = next((one.causes for one in subject.since if one.causes), "-")
    for one in subject.since:
        changed.setdefault(one.parts, []).append(f"{one.by} {one.on.isoformat()}")
    return [
        Refused(
            N_("Since it was passed ({passes}) the letter says something else: {parts}. Changed: {causes}."),
            field="draft",
            passes=listed(passes),
            parts=parts.Named(parts_of_it),
            causes=causes,
        )
        for parts_of_it, passes in changed.items()
    ]

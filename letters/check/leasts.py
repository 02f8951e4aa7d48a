"""Tests of the minimum content of an entry: a search, a classification, special rules, a prohibiting law."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from letters.check.marked import Told
from letters.check.subject import Subject, marks, test
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.law import terms

GUARDED = "state_secret"


@test
def _least(subject: Subject) -> Iterable[DisclosureError] | None:
    """The minimum that each of these entries has to name, for a court to be able to examine it."""
    wanted = marks()["least"]
    looked_at = [one for one in subject.said if one.name in wanted]
    if not looked_at:
        return None
    faults: list[DisclosureError] = []
    for one in looked_at:
        for row in wanted[one.name]:
            lacks = not _pattern(row["has"]).search(one.plain)
            if lacks or ("not" in row and _pattern(row["not"]).search(one.plain)):
                faults.append(
                    Refused(
                        N_("Item {no}, {name}: {what}"),
                        field=one.name,
                        no=one.no,
                        name=Named("need", one.name),
                        what=Told(row, one.typed[:40]),
                    )
                )
    return faults


@test
def _secret_term(subject: Subject) -> Iterable[DisclosureError] | None:
    """A secret is one while its term runs: the day on which it ends, or what stands in its place, is stated
    and never guessed.
    """
    rows = [row for row in subject.items if row.get("ground") == GUARDED]
    if not rows:
        return None
    return [
        Refused(
            N_("Item {no}: until when the information is secret is not said."),
            field=terms.SECRET_UNTIL,
            no=int(row["no"]),
        )
        for row in rows
        if not terms.stated(row.get("extra") or {})
    ]


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)

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
from workflow.base.patterns import later
from workflow.law import terms
from workflow.law.words import number

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


@test
def _secret_run_out(subject: Subject) -> Iterable[DisclosureError] | None:
    """The year in which it was classified and the years of its term, as the officer wrote them, are over on
    the day of the letter."""
    rows = [row for row in subject.items if row.get("ground") == GUARDED]
    if not rows:
        return None
    faults: list[DisclosureError] = []
    for row in rows:
        if (row.get("extra") or {}).get(terms.SECRET_UNTIL):
            continue
        said = subject.of(row, "reasons", "facts", terms.SECRET_MARK)
        made, term = _CLASSIFIED.search(said), _TERM.search(said)
        if made is None or term is None:
            continue
        last = int(made[1]) + _years(term[1])
        if last < subject.on.year:
            faults.append(
                Refused(
                    N_("Item {no}: classified in {year} for {n} years, which ended in {last}."),
                    field=terms.SECRET_MARK,
                    no=int(row["no"]),
                    year=made[1],
                    n=_years(term[1]),
                    last=last,
                )
            )
    return faults


_CLASSIFIED = later(r"((?:19|20)\d{2})年[^。;]{0,24}?(?:确定|定|列|标注?|划)(?:为|成|密)")
_TERM = later(r"(?:保密)?期限(?:为|是|:)?(\d{1,2}|[一二三四五六七八九十]{1,3})年")


def _years(text: str) -> int:
    return int(text) if text.isdigit() else number(text)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)

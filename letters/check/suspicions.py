"""Tests of what a program can only suspect and no single pattern finds: a search by the applicant's words
alone, etc.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from letters.check.subject import Subject, of_items, plain, test
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.base.names import Named

_TERM = re.compile(r"[“\"「‘]([^”\"」’]{2,40})[”\"」’]")
_MARKUP = re.compile(
    r"^[ \t\u3000]*\|.*\|[ \t\u3000]*$|</?[a-zA-Z][^<>]*>|\[[^\[\]]+\]\([^()]+\)|`[^`]+`|^[ \t\u3000]*```",
    re.MULTILINE,
)


@test
def _literal_search(subject: Subject) -> Iterable[DisclosureError] | None:
    """A search by the applicant's own words alone: the organ has its own names for such papers."""
    rows = list(of_items(subject, "not_held"))
    if not rows:
        return None
    faults: list[DisclosureError] = []
    for row in rows:
        said, asked = subject.of(row, "search", "facts"), subject.asked(int(row["no"]))
        terms = _TERM.findall(said)
        if terms and all(term in asked for term in terms) and len(set(terms)) == 1 and "及" not in said:
            faults.append(
                Refused(
                    N_("Item {no}: the search was made by the applicant's own word alone: {term}"),
                    field="search",
                    no=row["no"],
                    term=terms[0],
                )
            )
    return faults


@test
def _plain_words(subject: Subject) -> Iterable[DisclosureError] | None:
    """Markup that a letter cannot typeset and would print raw: tables, tags, links, code."""
    if not subject.said:
        return None
    return [
        Refused(
            N_("Item {no}, {name}: a letter prints this as it is typed: {text}"),
            field=one.name,
            no=one.no,
            name=Named("need", one.name),
            text=found[0].strip()[:40],
        )
        for one in subject.said
        if (found := _MARKUP.search(one.typed)) is not None
    ]


def same_words(one: str, other: str) -> float:
    """The share of pairs of neighbouring characters that two texts have in common (Jaccard, 0 to 1)."""
    first, second = _pairs(one), _pairs(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _pairs(text: str) -> set[str]:
    flat = plain(text)
    return {flat[place : place + 2] for place in range(len(flat) - 1)}

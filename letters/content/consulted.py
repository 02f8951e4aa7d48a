"""What a reply says of those who were asked before it: third parties, co-makers, other organs, the
authorities.

Each is told once. Several third parties are told apart by the items that they were asked about; those of whom
the same would be said are named together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from letters.content import chinese, typed_text
from letters.content.facts import Facts

Row = Mapping[str, Any]
THIRD_PARTY = "third_party"
# Why something is disclosed against an objection.
_OVERRULED = ("public_interest", "unfounded")


def held(data: Mapping[str, Any], kind: str, no: int | None = None) -> list[Row]:
    """The consultations of a kind, of one item where it is named."""
    rows: Sequence[Row] = data.get("consultations") or []
    return [
        row
        for row in rows
        if row.get("kind") == kind and (no is None or not row.get("items") or no in row["items"])
    ]


def paragraphs(facts: Facts, given: frozenset[int]) -> Iterator[str]:
    """One paragraph a consultation, in the order of the kinds; given: the items of which something is
    disclosed.
    """
    for kind in facts.phrases.section("consulted"):
        rows = held(facts.data, kind)
        # Told apart only where there is something to tell apart.
        apart = kind == THIRD_PARTY and len({tuple(row.get("items") or ()) for row in rows}) > 1
        told: dict[str, list[Row]] = {}
        for row in rows:
            told.setdefault(_said(facts, kind, row, given, apart=apart, many=False), []).append(row)
        for text, same in told.items():
            many = len(same) > 1 and kind == THIRD_PARTY
            yield _said(facts, kind, same[0], given, apart=apart, many=True) if many else text


def _said(facts: Facts, kind: str, row: Row, given: frozenset[int], *, apart: bool, many: bool) -> str:
    phrases, asked = facts.phrases, row.get("items") or ()
    closed = row.get("answered") or row.get("state") == "silent"
    answer = row.get("answer") or ("silent" if closed else "open")
    if answer not in phrases.section("consulted", kind):
        answer = "open"
    which = (
        phrases.say("opening", "these_items", ordinal=chinese.enumeration(list(asked)))
        if apart and asked
        else ""
    )
    params = {
        "name": typed_text.clean(row.get("name"), "consultations.name", longest=200),
        "sent": chinese.day(facts.as_day(row["sent"], "consultations.sent")),
        "answered": chinese.day(facts.as_day(row["answered"], "consultations.answered"))
        if row.get("answered")
        else "",
        "why": phrases.say("opening", "why_given") if row.get("reasons") else "",
        "which": which or phrases.say("opening", "what_asked"),
        "asked": phrases.say("opening", "asked_many" if many else "asked_one"),
        "they": phrases.say("opening", "they_many" if many else "they_one"),
    }
    text = phrases.say("consulted", kind, answer, **params)
    why = next((one for one in _OVERRULED if row.get(one)), None)
    if why is not None and (not asked or given & set(asked)):
        # What is not known to have gone out is not said to have.
        text += phrases.say("consulted", kind, why if row.get("told") is not False else f"{why}_alone")
    return text

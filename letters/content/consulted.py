"""What a reply says of those who were asked before it: third parties, co-makers, other organs, the
authorities.

Each is told once. Several third parties are told apart by the items that they were asked about; those of whom
the same would be said are named together.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from letters.content import chinese, typed_text
from letters.content.facts import Facts
from workflow.base.errors import Malformed

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
        if not rows:
            continue
        # Told apart only where there is something to tell apart.
        about = {tuple(row.get("items") or ()) for row in rows}
        apart = kind == THIRD_PARTY and (len(about) > 1 or _of_some(facts, about))
        if len(rows) == 1:
            yield _said_of_one(facts, kind, rows, given, apart=apart)
            continue
        told: dict[str, list[Row]] = {}
        for row in rows:
            # Third parties of one mind are told of together, on whichever days they were asked and answered.
            same = _said(facts, kind, [row], given, apart=apart, days=kind != THIRD_PARTY)
            told.setdefault(same, []).append(row)
        for alike in told.values():
            yield _said(facts, kind, alike, given, apart=apart)


def _said_of_one(facts: Facts, kind: str, rows: list[Row], given: frozenset[int], *, apart: bool) -> str:
    """The paragraph on the only one of a kind."""
    try:
        return _said(facts, kind, rows, given, apart=apart)
    except Malformed:
        # As of several, what is wrong beside the days is told first.
        _said(facts, kind, rows, given, apart=apart, days=kind != THIRD_PARTY)
        raise


def _of_some(facts: Facts, about: set[tuple[int, ...]]) -> bool:
    """Whether those who were asked were asked about some of the items only."""
    return any(0 < len(items) < len(facts.data["case"]["items"]) for items in about)


def _said(
    facts: Facts, kind: str, rows: list[Row], given: frozenset[int], *, apart: bool, days: bool = True
) -> str:
    """The paragraph on those of whom the same is said; without `days` what is the same of them."""
    phrases, row = facts.phrases, rows[0]
    asked, many = row.get("items") or (), len(rows) > 1
    answer = _answer(row, phrases.section("consulted", kind))
    which = (
        phrases.say("opening", "these_items", ordinal=chinese.enumeration(list(asked)))
        if apart and asked
        else ""
    )
    sent, answered = (_days(facts, name, rows) if days else ["-"] for name in ("sent", "answered"))
    params = {
        "name": typed_text.clean(row.get("name"), "consultations.name", longest=200),
        "sent": "、".join(sent),
        "answered": "、".join(answered),
        "why": phrases.say("opening", "why_given") if row.get("reasons") else "",
        "which": which or phrases.say("opening", "what_asked"),
        "asked": phrases.say("opening", "asked_many" if many else "asked_one"),
        "they": phrases.say("opening", _they(many, answered)),
    }
    text = phrases.say("consulted", kind, answer, **params)
    why = next((one for one in _OVERRULED if row.get(one)), None)
    if why is not None and (not asked or given & set(asked)):
        # What is not known to have gone out is not said to have.
        text += phrases.say("consulted", kind, why if row.get("told") is not False else f"{why}_alone")
    return text


def _answer(row: Row, known: Container[str]) -> str:
    """What came of a consultation, as far as the phrases have words for it."""
    closed = row.get("answered") or row.get("state") == "silent"
    answer = str(row.get("answer") or ("silent" if closed else "open"))
    return answer if answer in known else "open"


def _they(many: bool, answered: list[str]) -> str:
    """How those who were asked are referred to: one, several on one day, several on several days."""
    if not many:
        return "they_one"
    return "they_many" if len(answered) < 2 else "they_each"


def _days(facts: Facts, name: str, rows: list[Row]) -> list[str]:
    """The days of this name, each once, in their order."""
    days = {facts.as_day(row[name], f"consultations.{name}") for row in rows if row.get(name)}
    return [chinese.day(day) for day in sorted(days)]

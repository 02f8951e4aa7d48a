"""What narrows a search, of texts and of people alike: year, state, kind of text, which page of the hits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from workflow.base import names, typed_words
from workflow.casework.search_index import CASES, text_kinds
from workflow.procedure import transitions


class Asked(TypedDict, total=False):
    """What a person may give besides the words; states and kinds by key or by name."""

    year: int | None
    state: str | None
    kind: str | None
    limit: int
    skip: int


@dataclass(frozen=True)
class Filters:
    """The same with keys for names; `limit` hits a page, of which `skip` are left out before it."""

    year: int | None = None
    state: str | None = None
    kind: str | None = None
    limit: int = 20
    skip: int = 0

    @classmethod
    def read(cls, asked: Asked) -> Filters:
        """What was given; Malformed for an unknown state or kind."""
        state, kind = asked.get("state"), asked.get("kind")
        known = names.both("state", transitions.bundled().states("case")) if state else {}
        return cls(
            asked.get("year"),
            typed_words.resolve(state, known, "state") if state else None,
            typed_words.resolve(kind, text_kinds(), "kind") if kind else None,
            asked.get("limit", cls.limit),
            asked.get("skip", cls.skip),
        )

    def of_case(self) -> list[Any]:
        """The conditions on a case's row."""
        where: list[Any] = []
        if self.year is not None:
            where.append(CASES.c.received_on.between(date(self.year, 1, 1), date(self.year, 12, 31)))
        if self.state:
            where.append(CASES.c.state == self.state)
        return where

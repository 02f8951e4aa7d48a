"""The reply: what the draft says to each item, the steps of review that it passed, what was issued, and how
an earlier one is mended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self


class Passed(tuple[str, str]):  # noqa: SLOT001  (a tuple keeps no slots)
    """One step of review that a draft has passed, and who passed it; with the day, and the digests of the
    letter that was passed: of the whole ("" where passes kept none yet), and of its parts by their names."""

    on: date
    letter: str
    parts: dict[str, str]
    # Everybody who stands behind the pass, see `persons`.
    persons: frozenset[str]

    def __new__(
        cls,
        step_and_officer: Iterable[str],
        on: date = date.min,
        letter: str = "",
        parts: dict[str, str] | None = None,
        persons: frozenset[str] = frozenset(),
    ) -> Self:
        made = super().__new__(cls, step_and_officer)
        made.on, made.letter, made.parts = on, letter, parts or {}
        made.persons = persons or frozenset({made.by})
        return made

    @property
    def step(self) -> str:
        """The step of review."""
        return self[0]

    @property
    def by(self) -> str:
        """The officer's key."""
        return self[1]


# The acts by which the organ mends its own reply.
SUPPLEMENT, REDO = "supplement_reply", "redo_reply"


@dataclass
class Mending:
    """A round that the organ began of its own accord, to add to an earlier reply or to replace it."""

    round: int
    event: str
    of_round: int
    of_number: str
    on: date
    reasons: str


@dataclass
class DraftItem:
    """What the draft says to one item of the request."""

    no: int
    outcome: str
    ground: str | None = None
    reasons: str = ""
    facts: str = ""
    means: str = ""
    part: str = ""
    by: str = ""
    attachments: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Reply:
    """A reply that was issued: one in each round."""

    round: int
    code: str
    number: str
    issued: date
    items: list[dict[str, Any]]
    outcome: str
    dispatched: date | None = None
    written_for: str | None = None
    served_by: str | None = None
    served: date | None = None
    replied_on: date | None = None
    # How it reached the applicant, where that was recorded (workflow/law/starts.toml).
    how: str | None = None
    # The mailbox or account that the applicant named for electronic service.
    system: str | None = None
    # When it entered a system outside the office, as the officer gave it (YYYY-MM-DD HH:MM).
    sent_at: str | None = None

"""What the page of today shows: sections, and in each a row for every thing that is to be seen to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Row:
    """One thing of a section: the case, what is to be seen to, its day, and what is to be said of it."""

    case: str
    applicant: str
    what: str
    day: date | None
    detail: str = ""
    command: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {**vars(self), "day": self.day.isoformat() if self.day else None}


# A row, or what makes it: of a long section only the first rows are shown, the others counted.
Made = Row | Callable[[], Row]


@dataclass(frozen=True)
class Section:
    """One heading with what stands below it."""

    id: str
    title: str
    day: str
    found: list[Made] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return self.first(len(self.found))

    def first(self, most: int) -> list[Row]:
        """The first rows."""
        return [one if isinstance(one, Row) else one() for one in self.found[:most]]

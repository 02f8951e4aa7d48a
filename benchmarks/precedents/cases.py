"""A decided case as its file tells it: the request, what happened on which day, the letters item by item, the
verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workflow.base import tables
from workflow.base.errors import Malformed

WHOLE = 0
"""The item of an answer that speaks of the whole application."""
OTHER = "other"
"""An outcome that is not told: the day counts, no letter is drafted."""
VERDICTS = ("stop", "warn", "outside", "pass")
LATENESS = frozenset({"late", "no_reply"})


@dataclass(frozen=True)
class Answer:
    """One outcome that the organ gave to one item; what the file does not tell is not in `told`."""

    item: int
    outcome: str
    told: dict[str, Any]

    def text(self, name: str) -> str | None:
        """What the letter said under this name: "" for nothing, None where that is not known."""
        value = self.told.get(name)
        return None if value is None else str(value)

    @property
    def ground(self) -> str | None:
        """The ground of a refusal, "none_stated" for none; None where it is not told."""
        return self.text("ground")

    @property
    def cites_nothing(self) -> bool:
        """Whether it is known that the letter cited no provision at all."""
        return self.told.get("cited") == [] and self.told.get("cited_known", True)


@dataclass(frozen=True)
class Event:
    """One thing that happened: `first` and `last` are the days between which it lies (None: not told)."""

    what: str
    first: date | None
    last: date | None
    told: dict[str, Any]
    answers: tuple[Answer, ...] = ()
    unanswered: tuple[int, ...] | None = None

    @property
    def day(self) -> date | None:
        """The day, where it is told exactly."""
        return self.first if self.first == self.last else None

    @property
    def how(self) -> str:
        """In which way it happened."""
        return str(self.told.get("how", ""))


@dataclass(frozen=True)
class Case:
    """One decided case."""

    id: str
    title: str
    law: str
    request: tuple[str, ...]
    fault: frozenset[str]
    organ: dict[str, Any]
    applicant: dict[str, Any]
    events: tuple[Event, ...]
    verdict: str
    because: frozenset[str]
    acts: frozenset[str]
    articles: tuple[str, ...]
    said: str = field(default="", repr=False)
    decided: int = 0

    @property
    def late(self) -> bool:
        """Whether the verdict rests on lateness or silence (among other things)."""
        return bool(self.because & LATENESS)

    @property
    def only_late(self) -> bool:
        """Whether it rests on nothing else."""
        return self.late and self.because <= LATENESS


def read(folder: Path) -> list[Case]:
    """All cases of a folder, or of its folder `cases`, by the names of their files; Malformed names the file
    that is not one.
    """
    files = sorted(folder.glob("*.toml")) or sorted((folder / "cases").glob("*.toml"))
    if not files:
        raise Malformed("There are no cases in {path}.", field="folder", path=str(folder))
    return [_case(path) for path in files]


def _case(path: Path) -> Case:
    raw = tables.parse(tables.text_of(path), path.name)
    try:
        expect = raw["expect"]
        if expect["verdict"] not in VERDICTS:
            raise ValueError(expect["verdict"])
        return Case(
            id=raw["id"],
            title=raw["title"],
            law=raw["law"],
            request=tuple(raw["request"]) or ("（未载）",),
            fault=frozenset(raw["fault"]),
            organ=raw.get("organ", {}),
            applicant=raw.get("applicant", {}),
            events=tuple(_event(row) for row in raw.get("event", ())),
            verdict=expect["verdict"],
            because=frozenset(expect["because"]),
            acts=frozenset({expect["fatal"], *expect.get("also", ())}) - {"none"},
            articles=tuple(expect["article"]),
            said="".join([*raw["request"], *(str(row.get("said", "")) for row in raw.get("event", ()))]),
            decided=int(str(raw.get("decided_on", "0"))[:4]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        detail = f"{type(fault).__name__} {fault}"
        raise Malformed("{name} is no case: {detail}", field="file", name=path.name, detail=detail) from None


def _event(row: dict[str, Any]) -> Event:
    first, last = _days(row.get("on"))
    answers = row.get("answer", [])
    return Event(
        what=row["what"],
        first=first,
        last=last,
        told=row,
        answers=tuple(Answer(int(one["item"]), one["outcome"], one) for one in answers)
        if isinstance(answers, list)
        else (),
        unanswered=tuple(row["unanswered"]) if "unanswered" in row else None,
    )


def _days(on: Any) -> tuple[date | None, date | None]:
    """A day, a month or a year as its first and last day."""
    if on is None:
        return None, None
    parts = [int(part) for part in str(on).split("-")]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    if len(parts) == 2:
        year, month = parts
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), after - timedelta(days=1)
    return date(parts[0], 1, 1), date(parts[0], 12, 31)

"""Compares what the program did in a case with what it should have done, and sums over all cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.precedents import articles, replay
from benchmarks.precedents.cases import LATENESS, Case
from benchmarks.precedents.replay import Replay, Seen
from workflow import law

STOPPED, WARNED, MISSED, BLOCKED, LET_THROUGH, OUTSIDE = (
    "stopped",
    "warned",
    "missed",
    "blocked",
    "let through",
    "outside",
)
NEEDED = 0.9


@dataclass(frozen=True)
class Result:
    """The result of one case, and the message that decided it."""

    case: Case
    result: str
    by: str = ""
    provision: str = ""

    def line(self) -> str:
        """One line for the list."""
        told = "  ".join(part for part in (self.provision, self.by) if part)
        return f"{self.case.id}  {self.result:<11}  {self.case.verdict:<7}  {told}".rstrip()


@dataclass
class Score:
    """All results."""

    results: list[Result] = field(default_factory=list)

    def count(self, result: str) -> int:
        """How many cases came out so."""
        return sum(1 for one in self.results if one.result == result)

    @property
    def defeats(self) -> int:
        """Cases that a program could have known of."""
        return sum(1 for one in self.results if one.case.verdict in ("stop", "warn"))

    @property
    def points(self) -> float:
        """Stopped, or warned where no more was wanted, counts whole; a stop that was only warned of, half."""
        return sum(
            1.0 if one.result == STOPPED or one.case.verdict == "warn" else 0.5
            for one in self.results
            if one.result in (STOPPED, WARNED)
        )

    @property
    def passed(self) -> bool:
        """Whether enough was caught, and no lawful act refused."""
        return self.points >= NEEDED * self.defeats and not self.count(BLOCKED)

    def line(self) -> str:
        """The score in one line."""
        victories = sum(1 for one in self.results if one.case.verdict == "pass")
        return (
            f"stopped {self.count(STOPPED)}, warned {self.count(WARNED)}, missed {self.count(MISSED)} of "
            f"{self.defeats} defeats; blocked {self.count(BLOCKED)} of {victories} victories; "
            f"outside {self.count(OUTSIDE)}"
        )


def judge(driven: Replay) -> Result:
    """The result of one case."""
    case = driven.case
    refused = [one for one in driven.seen if one.kind == replay.REFUSED]
    if case.verdict == "outside":
        return Result(case, OUTSIDE)
    if case.verdict == "pass":
        if refused:
            return Result(case, BLOCKED, f"{refused[-1].act}: {refused[-1].text}", " ".join(refused[-1].refs))
        return Result(case, LET_THROUGH)
    if (found := _first(refused, case)) is not None or (found := _in_time(driven)) is not None:
        return Result(case, STOPPED, found[0].act, found[1])
    warnings = [one for one in driven.seen if one.kind == replay.WARNED]
    if (found := _first(warnings, case)) is not None:
        return Result(case, WARNED, found[0].act, found[1])
    said = [one for one in driven.seen if one.kind in (replay.REFUSED, replay.WARNED)]
    return Result(case, MISSED, "; ".join(f"{one.act} {' '.join(one.refs)}" for one in said))


def _first(seen: Sequence[Seen], case: Case) -> tuple[Seen, str] | None:
    table = law.bundled()
    for one in seen:
        for ref in one.refs:
            if any(articles.names(ref, wanted, table) for wanted in case.articles):
                return one, ref
    return None


def _in_time(driven: Replay) -> tuple[Seen, str] | None:
    """Of lateness and silence: an alert stood before the last day, and the reply after it was marked as
    late.
    """
    if not driven.case.because & LATENESS:
        return None
    alerted = _first([one for one in driven.seen if one.kind == replay.ALERTED], driven.case)
    marks = [one for one in driven.seen if one.kind in (replay.WARNED, replay.OVERDUE)]
    if alerted is None or (driven.replied_late and _first(marks, driven.case) is None):
        return None
    return alerted

"""What became of a list and of each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_, Remark, listed, translate
from workflow.base.sheets.reader import Row
from workflow.intake.row_read import Fault, Read
from workflow.procedure.particulars import Missing


@dataclass(slots=True)
class RowResult:
    """What became of one row: its number in the file, the case, or its faults. A list has many of these: what
    is empty in most of them is the same for all.
    """

    row: int
    name: str
    case: str | None = None
    known: str | None = None
    faults: Sequence[Fault] = ()
    notes: Sequence[Remark] = ()
    cells: list[Any] | None = None
    # What an application that was entered lacks.
    missing: Sequence[Missing] = ()

    @property
    def fault(self) -> DisclosureError | None:
        """The first fault."""
        return self.faults[0].error if self.faults else None

    @property
    def remarks(self) -> list[str]:
        """The notes in words, in the language in force."""
        return [translate(text, **params) for text, params in self.notes]

    @property
    def status(self) -> str:
        """What became of it, as reports say it."""
        if self.faults:
            return "refused"
        return "known" if self.known else "entered" if self.case else "in order"


@dataclass
class Outcome:
    """What became of a list."""

    sheet: str
    heading: int
    titles: list[str]
    results: list[RowResult] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    stopped: bool = False
    broken: DisclosureError | None = None

    @property
    def refused(self) -> list[RowResult]:
        """The rows that were not entered."""
        return [one for one in self.results if one.faults]

    def count(self, status: str) -> int:
        """How many rows there are of a status."""
        return sum(1 for one in self.results if one.status == status)


def of_row(row: Row, read: Read) -> RowResult:
    """What is known of a row when it was read; its cells are kept of what is given back."""
    return RowResult(
        row.number,
        str(read.given.get("name", "")),
        faults=read.faults,
        notes=read.remarks,
        cells=row.cells if read.faults else None,
    )


def twice(row: Row, first: int) -> Refused:
    """The fault of a row that stands twice in a list."""
    return Refused(
        N_("The row says to the letter what row {first} says."),
        rule="house:intake",
        field="row",
        first=first,
        way_on=N_("If it is a second application: --again"),
    )


def counted(outcome: Outcome) -> str:
    """How many rows there are of each kind, in words."""
    parts = {
        "entered": N_("{n} entered"),
        "in order": N_("{n} in order"),
        "known": N_("{n} entered before"),
        "refused": N_("{n} refused"),
    }
    return listed(
        translate(text, n=outcome.count(status)) for status, text in parts.items() if outcome.count(status)
    )

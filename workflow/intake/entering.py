"""The real run: rows entered as cases, each an act of its own, kept as entered in the commit that makes it.

The applications of an ordinary list are committed one by one, so that nobody at another desk waits for the
list; those of an old register, which may have a hundred thousand, many at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workflow.base.errors import Conflict, Damaged, DisclosureError, Environment, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.sheets.reader import Row
from workflow.casework import application as applications
from workflow.casework import incoming
from workflow.casework.incoming import Incoming
from workflow.casework.opened import Done
from workflow.intake import entered
from workflow.intake.results import Outcome, RowResult, of_row, twice
from workflow.intake.row_read import Read
from workflow.intake.rows import Reader
from workflow.intake.stopping import stoppable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.casework.desk import Desk

LOT = 50
"""Rows that are looked up together; of an old register, also entered in one commit."""


class _Line(NamedTuple):
    """A row as it was read, its fingerprint where it is an application, and the case made of it before."""

    row: Row
    read: Read
    mark: str
    known: str | None


class Entering:
    """Enters the rows of one list."""

    def __init__(
        self,
        desk: Desk,
        path: Path,
        mine: entered.List,
        rows: Reader,
        outcome: Outcome,
        seen: Callable[[RowResult], None],
    ) -> None:
        self.desk, self.path, self.mine, self.rows = desk, path, mine, rows
        self.outcome, self._seen = outcome, seen
        self._marks: dict[str, int] = {}

    def run(self, entries: Iterable[Row], *, again: bool, together: bool) -> None:
        """Enter the rows, one a commit or many `together`; what was entered before only `again`."""
        waiting = iter(entries)
        with stoppable(self.outcome):
            while not self._ended() and (some := list(islice(waiting, LOT))):
                lines = self._looked_up(some, again)
                size = LOT if together else 1
                for start in range(0, len(lines), size):
                    try:
                        self._enter(lines[start : start + size], again)
                    except (Environment, Damaged, Conflict) as fault:
                        # Not the row's fault: the other rows would fail too.
                        self.outcome.broken = fault
                    if self._ended():
                        break

    def _ended(self) -> bool:
        return self.outcome.stopped or self.outcome.broken is not None

    def _looked_up(self, some: list[Row], again: bool) -> list[_Line]:
        """The rows read; whether they were entered before is asked for all of them at once."""
        read = [self.rows.read(row) for row in some]
        marks = [
            entered.mark(one.application, self.desk.ring().index, one.past) if one.application else ""
            for one in read
        ]
        known: dict[str, str] = {}
        if not again and any(marks):
            with self.desk.store.reading() as connection:
                known = entered.known(connection, self.desk.office.id, filter(None, marks))
        return [
            _Line(row, one, mark, known.get(mark)) for row, one, mark in zip(some, read, marks, strict=True)
        ]

    def _enter(self, lot: list[_Line], again: bool) -> None:
        """Enter what is in order and new of some rows in one commit; then, no sooner, they are told of."""
        results = [of_row(line.row, line.read) for line in lot]
        waiting: list[tuple[int, Incoming]] = []
        for place, line in enumerate(lot):
            if line.read.application is None:
                continue
            try:
                ready = self._ready(line, results[place], again)
            except (Refused, Malformed, NotFound) as fault:
                self._refuse(line, results[place], fault)
            else:
                waiting += [(place, ready)] if ready is not None else []
        if waiting:
            made = self._commit(lot, waiting, again)
            for (place, _), done in zip(waiting, made, strict=False):
                if isinstance(done, Done):
                    _told(results[place], done)
                else:
                    self._refuse(lot[place], results[place], done)
            if len(made) < len(waiting):
                # Interrupted: of the rows from here on nothing was done.
                del results[waiting[len(made)][0] :]
        for result in results:
            self.outcome.results.append(result)
            self._seen(result)

    def _ready(self, line: _Line, result: RowResult, again: bool) -> Incoming | None:
        """The application of a row ready to be entered; None where it was entered before."""
        application = line.read.application
        assert application is not None
        if (first := self._marks.setdefault(line.mark, line.row.number)) != line.row.number and not again:
            raise twice(line.row, first)
        result.known = line.known
        if result.known:
            return None
        application.attach = [applications.beside(self.path, one) for one in application.attach]
        return incoming.ready(self.desk, application, line.read.past)

    def _commit(
        self, lot: list[_Line], waiting: list[tuple[int, Incoming]], again: bool
    ) -> list[Done | DisclosureError]:
        def keep(connection: Connection, made: list[Done | DisclosureError]) -> None:
            cases = [
                (lot[place].row.number, lot[place].mark, done.case_id)
                for (place, _), done in zip(waiting, made, strict=False)
                if isinstance(done, Done)
            ]
            if cases and not again:
                self._require_new(connection, [mark for _, mark, _ in cases])
            if cases:
                self.mine.keep(connection, cases)

        made = self.desk.enter_several(
            [one for _, one in waiting], stopped=lambda: self.outcome.stopped, also=keep
        )
        self.mine.kept()
        return made

    def _require_new(self, connection: Connection, marks: list[str]) -> None:
        """Looked up once more where nobody else writes: two may enter the same list at once."""
        if found := entered.known(connection, self.desk.office.id, marks):
            raise Conflict(
                N_("The list is being entered by somebody else too: {case} was made of one of its rows."),
                case=next(iter(found.values())),
                way_on=N_("Let the other run end, then repeat this one: it goes on where it stopped."),
            )

    def _refuse(self, line: _Line, result: RowResult, fault: DisclosureError) -> None:
        result.faults = [*result.faults, self.rows.fault(line.row, fault)]
        result.cells = line.row.cells


def _told(result: RowResult, done: Done) -> None:
    result.case, result.missing = done.case.number, done.missing
    # The remarks of the row are among those of the act.
    result.notes = [*(one for one in result.notes if one not in done.notes), *done.notes]

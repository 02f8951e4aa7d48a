"""A dry run: all that the real run would ask and say of a row, without writing; what many rows share is asked
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, Remark
from workflow.base.sheets.reader import Row
from workflow.cases.case import CaseFile
from workflow.cases.context import Act
from workflow.casework import application as applications
from workflow.casework import attached_files, day_of_receipt, duplicates, taking_over
from workflow.intake import entered
from workflow.intake.alike import Kind
from workflow.intake.entered import Texts
from workflow.intake.results import RowResult, twice
from workflow.intake.row_read import Read
from workflow.intake.rows import Reader
from workflow.procedure import days, machine

if TYPE_CHECKING:
    from workflow.casework.desk import Desk

AT_ONCE = 400
_Pending = tuple[RowResult, applications.Application | None, str]


_REPEATED = N_("Row {row} of the list has the same applicant ask for the same.")


class Rehearsal:
    """Goes through the rows of one list; `finish` when they are all through."""

    def __init__(self, desk: Desk, path: Path, again: bool, rows: Reader) -> None:
        self.desk, self.path, self.again, self.rows = desk, path, again, rows
        self._days: dict[Any, list[Remark] | DisclosureError] = {}
        self._rows: dict[int, int] = {}
        self._requests: dict[int, tuple[int, str]] = {}
        self._waiting: list[_Pending] = []
        with desk.store.reading() as connection:
            self._any = entered.any_entered(connection, desk.office.id)
            self._cases = duplicates.any_case(connection, desk.office.id)

    def look(self, row: Row, read: Read, result: RowResult) -> Sequence[Remark] | None:
        """Ask of a row what the act would ask; its faults and remarks go to the result. The remarks, but
        those that come of other rows and cases; None where it is refused.
        """
        application = read.application
        if application is None:
            return None
        try:
            application.attach = [applications.beside(self.path, one) for one in application.attach]
            for path in application.attach:
                attached_files.require_file(path)
            # Its own remarks stand in the result already.
            own = application.remarks
            if read.past is not None:
                taking_over.rehearse(application, read.past, self.desk)
            else:
                result.notes = [
                    *(one for one in result.notes if one not in own),
                    *self._received(application),
                    *own,
                ]
            like = entered.likeness(application, read.past)
            if (first := self._rows.setdefault(like, row.number)) != row.number and not self.again:
                raise twice(row, first)
        except DisclosureError as fault:
            result.faults = [*result.faults, self.rows.fault(row, fault)]
            result.cells = row.cells
            return None
        notes = result.notes
        if read.past is None:
            number = application.personal.get("id_number", "")
            self._repeated(result, application.name, application.request, number)
        # Whether an application of former years repeats another is nobody's question any more.
        if self._any or (self._cases and read.past is None):
            self._wait(result, application, read)
        return notes

    def take(self, number: int, kind: Kind, texts: Texts, like: int) -> RowResult | None:
        """The result of a row of a kind that was looked at before; None where an earlier row says the same to
        the letter.
        """
        if self._rows.setdefault(like, number) != number and not self.again:
            return None
        result = RowResult(number, texts[0], notes=kind.notes)
        self._repeated(result, *texts[:3])
        if self._any or self._cases:
            self._wait(result, kind.of(texts))
        return result

    def _wait(
        self, result: RowResult, application: applications.Application, read: Read | None = None
    ) -> None:
        past = read.past if read is not None else None
        mark = entered.mark(application, self.desk.ring().index, past) if self._any else ""
        self._waiting.append((result, application if past is None else None, mark))
        if len(self._waiting) == AT_ONCE:
            self._settle()

    def _repeated(self, result: RowResult, name: str, request: str, number: str) -> None:
        """A remark where an earlier row has the same applicant ask for the same, with other data."""
        before, other = self._requests.setdefault(hash((name, request)), (result.row, number))
        if before != result.row and (number == other or not (number and other)):
            result.notes = [*result.notes, (_REPEATED, {"row": before})]

    def finish(self) -> None:
        """Settle what still waits."""
        self._settle()

    def _received(self, application: applications.Application) -> list[Remark]:
        """The remarks on the day of receipt: what follows from channel and days is asked once for all rows
        that share them."""
        shared = (application.channel, *sorted(application.days.items()))
        found = self._days.get(shared)
        if found is None:
            try:
                found = self._asked(application)
            except DisclosureError as fault:
                found = fault
            self._days[shared] = found
        if isinstance(found, DisclosureError):
            raise found
        return found

    def _asked(self, application: applications.Application) -> list[Remark]:
        desk = self.desk
        bare = applications.Application(
            application.channel,
            application.name,
            application.kind,
            application.request,
            application.items,
            days=application.days,
        )
        arrival = day_of_receipt.receipt_day(bare, desk.office, desk.context, desk.today())
        on = arrival.day
        days.check(CaseFile(), on, desk.today(), "receive", True)
        payload = applications.payload(bare, desk.context.regulations(on), [], arrival.rule)
        entered = CaseFile(unconfirmed=arrival.unconfirmed)
        machine.take(entered, Act("receive", on, payload, desk.officer.actor), desk.context)
        return arrival.notes

    def _settle(self) -> None:
        """Ask the database of several rows at once: were they entered before, do they repeat what was asked
        for.
        """
        if not self._waiting:
            return
        desk = self.desk
        with desk.store.reading() as connection:
            if self._any and not self.again:
                found = entered.known(connection, desk.office.id, [mark for _, _, mark in self._waiting])
                for result, _, mark in self._waiting:
                    result.known = found.get(mark)
            for result, application, _ in self._waiting:
                if not result.known and application is not None:
                    result.notes = [
                        *result.notes,
                        *duplicates.likely_duplicates(
                            connection, desk.office.id, application, desk.ring(connection)
                        ),
                    ]
        self._waiting.clear()

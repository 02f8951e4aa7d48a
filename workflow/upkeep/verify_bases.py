"""From which calendar, law and settings a clock was computed, by the name that its row bears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from workflow import calendar
from workflow.base.errors import OutOfLaw
from workflow.calendar import Calendar
from workflow.cases.context import Context
from workflow.office.profile import Office
from workflow.upkeep.verify_told import Told


class Bases:
    """The contexts that were in force in an office, by their names; made when the first is asked for."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._found: dict[str, Context] = {}
        self._profiles = -1

    def of(self, name: str) -> Context | None:
        """The context of a name; None for one that neither the present law nor the record knows."""
        if self._profiles != len(self._told.profiles):
            self._profiles = len(self._told.profiles)
            for office in reversed(self._told.profiles):
                for context in self._variants(office):
                    self._found.setdefault(context.basis, context)
        return self._found.get(name)

    def calendars(self) -> list[Calendar]:
        """Every calendar that there was, the present one first."""
        self.of("")
        return list({id(context.calendar): context.calendar for context in self._found.values()}.values())

    def _variants(self, office: Office) -> Iterator[Context]:
        present = office.context(self._told.notices)
        yield present
        for older in self._calendars(office):
            yield replace(present, calendar=older)

    def _calendars(self, office: Office) -> Iterator[Calendar]:
        """The calendar before each notice that was imported here, and before each that the program
        brought."""
        local, notices = office.local_days, self._told.notices
        for count in range(len(notices)):
            yield calendar.known(local=local, extra=notices[:count])
        for notice in calendar.notices():
            try:
                yield calendar.known(notice.promulgated - timedelta(days=1), local=local)
            except OutOfLaw:
                continue

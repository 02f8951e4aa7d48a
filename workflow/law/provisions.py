"""What the program cites itself, in refusals, hints and pages: the provision on a point, by day."""

from __future__ import annotations

from datetime import date

from workflow.law import rows
from workflow.law.history import Series
from workflow.law.legal_values import Values
from workflow.law.rows import Provision


class Provisions(Values):
    """The part of the law on these; `Law` adds to it. The points: workflow.law.keys.Provision."""

    def provision(self, id: str, on: date | None = None) -> str:
        """The provision on a point, in force on a day (None: the latest); NotFound or OutOfLaw."""
        series = self._provisions(id)
        return (series.rows[-1] if on is None else series.on(on)).article

    def has_provision(self, id: str, on: date) -> bool:
        """Whether there is one in force on a day."""
        series = self._provisions(id)
        return series.has(on) and self.holds(series.on(on).article, on)

    def provisions(self, on: date) -> list[Provision]:
        """All of them that are in force on a day."""
        all_series = (self._provisions(id) for id in self.tables["provisions"]["cited"])
        return [series.on(on) for series in all_series if series.has(on)]

    def _provisions(self, id: str) -> Series[Provision]:
        return self._make("provision", id, "provisions", "cited", rows.provision)

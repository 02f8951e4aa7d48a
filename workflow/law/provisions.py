"""What the program cites itself, in refusals, hints and pages: the provision on a point, by day."""

from __future__ import annotations

from datetime import date

from workflow.law import rows
from workflow.law.history import Series
from workflow.law.legal_values import Values
from workflow.law.rows import Provision


class Provisions(Values):
    """The part of the law on these; `Law` adds to it. The points: workflow.law.keys.Provision."""

    def provision(self, id: str, on: date) -> str:
        """The provision on a point on a day; before there was one, the first: what cites it fails for no
        such reason. NotFound for a point that there is not.
        """
        rows = self._provisions(id).rows
        return next((row.article for row in reversed(rows) if row.effective_from <= on), rows[0].article)

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

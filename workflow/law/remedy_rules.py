"""Who decides on a remedy, which court hears a suit, when the time for it begins, and what a faulty notice
does: the tables of organs, starts and faulty notices, by name and day.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.law import readings
from workflow.law.entries import Court, FaultyNotice, Further, Organs, Start
from workflow.law.history import Series
from workflow.law.legal_values import Values, by_start

if TYPE_CHECKING:
    from workflow.base.tables import Table


class RemedyRules(Values):
    """The part of the law on organs and courts; `Law` adds to it."""

    def reconsideration_organs(self, *, kind: str, level: str, on: date) -> Organs:
        """Who may be asked for reconsideration of an act of such an organ on a day; NotFound if no row
        fits.
        """
        rows = [one for row, one in self._organs if row["kind"] == kind and level in row["levels"]]
        if not rows:
            raise NotFound(
                N_("No rule says who reconsiders acts of an organ of kind {kind} at level {level}."),
                field="kind",
                kind=Named("office_kind", kind),
                level=Named("office_level", level),
            )
        return Series(f"{kind}/{level}", {}, rows).on(on)

    @cached_property
    def _organs(self) -> list[tuple[Table, Organs]]:
        """The rules on who reconsiders, in order, each with its row."""
        rows = ((row, readings.organs(row)) for row in self.tables["organs"]["organ"])
        return sorted(rows, key=lambda one: by_start(one[1]))

    def further(self, role: str, on: date) -> Further | None:
        """What is open besides a suit against a decision on reconsideration by an organ of a role: of one
        that reviewed its own act, the State Council's ruling. None where there is nothing.
        """
        rows = [one for one in self._further if one.role == role]
        series = Series(f"against the decision of {role}", {}, rows)
        return series.on(on) if rows and series.has(on) else None

    @cached_property
    def _further(self) -> list[Further]:
        """The rules on what is open besides a suit, in order."""
        return sorted(map(readings.further, self.tables["organs"].get("final", ())), key=by_start)

    def start(self, remedy: str, how: str, on: date) -> Start | None:
        """What starts the time for a remedy ('reconsideration', 'suit') on a day, by how the decision came to
        be known; the general rule where there is none for that; None where the tables know none for the day.
        """
        for name in (how, "general"):
            rows = [
                readings.start(row)
                for row in self.tables["starts"]["start"]
                if row["remedy"] == remedy and row["how"] == name
            ]
            series = Series(f"start of {remedy}, {name}", {}, sorted(rows, key=by_start))
            if rows and series.has(on):
                return series.on(on)
        return None

    def faulty_notice(self, remedy: str, fault: str, on: date) -> FaultyNotice | None:
        """What follows on a day where the notice of a remedy ('reconsideration', 'suit', 'choice') has a
        fault of faulty_notices.toml; None where the tables know nothing for the day."""
        found = (one for one in self.faulty_notices(on) if (one.remedy, one.fault) == (remedy, fault))
        return next(found, None)

    def faulty_notices(self, on: date | None = None) -> list[FaultyNotice]:
        """All rules of faulty_notices.toml; those of one day, where it is given."""
        rows = [readings.faulty_notice(row) for row in self.tables["faulty_notices"]["notice"]]
        return [
            row
            for row in rows
            if on is None
            or (row.effective_from <= on and (row.effective_until is None or on <= row.effective_until))
        ]

    def court_level(self, *, kind: str, level: str, on: date, name: str = "") -> Court | None:
        """The level of court that alone hears a direct suit against such an organ; None where the table has
        no rule.
        """
        rows = [
            one
            for row, one in self._courts
            if kind in row["kinds"] and level in row["levels"] and row.get("named", "") in name
        ]
        series = Series(f"court {kind}/{level}", {}, rows)
        return series.on(on) if rows and series.has(on) else None

    @cached_property
    def _courts(self) -> list[tuple[Table, Court]]:
        """The rules on the court that alone hears a suit, in order, each with its row."""
        rows = ((row, readings.court(row)) for row in self.tables["organs"].get("court", ()))
        return sorted(rows, key=lambda one: by_start(one[1]))

    def too_high(self, court: str, *, on: date) -> Court | None:
        """The rule by which such a court hears no suit for what organ decided; None where there is none."""
        return next(
            (
                row
                for row in self._too_high
                if row.word in court
                and row.effective_from <= on
                and (row.effective_until is None or on <= row.effective_until)
            ),
            None,
        )

    @cached_property
    def _too_high(self) -> list[Court]:
        """The rules on courts that hear no such suit."""
        return list(map(readings.court, self.tables["organs"].get("too_high", ())))

    def organ_levels(self) -> dict[str, tuple[str, ...]]:
        """The kinds of organ that the rules on reconsideration know, each with its levels."""
        found: dict[str, dict[str, None]] = {}
        for row in self.tables["organs"]["organ"]:
            found.setdefault(row["kind"], {}).update(dict.fromkeys(row["levels"]))
        return {kind: tuple(levels) for kind, levels in found.items()}

    def role(self, key: str) -> dict[str, str]:
        """The names of a role of reconsideration ('same_level_government', ...)."""
        return dict(self.tables["organs"]["roles"][key])

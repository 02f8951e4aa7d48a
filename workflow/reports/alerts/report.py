"""The alerts of an office on a day, for all output forms: queried again for each form, on one database
snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from workflow.base import names, typed_words
from workflow.base.errors import Malformed
from workflow.base.messages import N_, translate
from workflow.office import alert_settings, profile
from workflow.office.profile import Office, Officer
from workflow.office.seat import Seat
from workflow.reports.alerts import queries, thresholds, workload
from workflow.reports.alerts import scope as scopes
from workflow.reports.alerts.alert import Alert, Words
from workflow.reports.alerts.search import Search
from workflow.reports.alerts.workload import Load


@dataclass
class Tally:
    """How many alerts of each kind there are, counted as they go by."""

    kinds: Counter[str] = field(default_factory=Counter)

    def seen(self, alerts: Iterator[Alert]) -> Iterator[Alert]:
        """The alerts, counted as they pass."""
        for alert in alerts:
            self.kinds[alert.kind] += 1
            yield alert

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.kinds.values())

    @property
    def overdue(self) -> int:
        """What the office did not do in time."""
        return self.kinds["overdue"]

    def lines(self) -> list[tuple[str, int]]:
        """Kind and number, in the order of the table, without those that there are none of."""
        return [(kind, self.kinds[kind]) for kind in thresholds.kinds() if self.kinds[kind]]


@dataclass
class Report:
    """One question: whose alerts, of which kinds, on which day."""

    office: Office
    search: Search
    officers: list[Officer]
    # What the last listing counted.
    counted: Tally = field(default_factory=Tally)

    def alerts(self) -> Iterator[Alert]:
        """The alerts, found anew each time."""
        return queries.alerts(self.search)

    def tally(self) -> Tally:
        """All alerts counted, without keeping them."""
        tally = Tally()
        for _ in tally.seen(self.alerts()):
            pass
        return tally

    @cached_property
    def words(self) -> Words:
        """Names of units and officers."""
        return Words(self.office.units, {one.key: one.name for one in self.officers})

    @property
    def today(self) -> date:
        """The day of the question."""
        return self.search.today

    @property
    def title(self) -> str:
        """Of what and of whom."""
        return translate(N_("Time limits and alerts"))

    def notes(self) -> list[str]:
        """What a reader has to know of the days that were counted."""
        calendar, notes = self.search.limits.calendar, []
        ahead = max(
            (
                *self.search.limits.near.values(),
                self.search.limits.until(self.search.limits.of("provisional")),
            )
        )
        if calendar.provisional(ahead):
            notes.append(
                translate(
                    N_("Days off are announced until {day}; what lies after it is provisional."),
                    day=calendar.announced_until,
                )
            )
        return notes

    def load(self, weeks: int | None = None) -> Load:
        """What the picture of the coming weeks shows."""
        _, low, high = alert_settings.defaults()["weeks"]
        if weeks is not None and not low <= weeks <= high:
            raise Malformed(
                N_("'{field}' is a number from {low} to {high}, not {value}."),
                field="weeks",
                low=low,
                high=high,
                value=weeks,
            )
        return workload.read(self.search, weeks or self.search.limits.of("weeks"))


@contextmanager
def opened(
    seat: Seat,
    *,
    mine: bool = False,
    whole: bool = False,
    unit: str | None = None,
    handler: str | None = None,
    kinds: tuple[str, ...] = (),
    clock: str | None = None,
    on: date | None = None,
) -> Iterator[Report]:
    """The report that was asked for, on one snapshot. Malformed, NotFound or OutOfLaw for what cannot be
    asked.
    """
    scopes.require_one(mine=mine, unit=unit, handler=handler, all=whole)
    limits = thresholds.of_office(seat.office.entry("alerts"), seat.context.calendar, on or seat.today())
    with seat.store.reading() as connection:
        officers = profile.officers_of(connection, seat.office.id)
        scope = scopes.chosen(
            seat.office, seat.officer, officers, mine=mine, whole=whole, unit=unit, handler=handler
        )
        known = {key: {"zh": one.zh, "en": one.en} for key, one in thresholds.kinds().items()}
        kinds = tuple(typed_words.resolve(one, known, "kind") for one in kinds)
        if clock is not None:
            clock = typed_words.resolve(clock, names.both("clock", limits.clocks), "clock")
        search = Search(connection, seat.office, limits, seat.context.process, scope, kinds, clock)
        yield Report(seat.office, search, officers)


def as_json(report: Report, tally: Tally) -> dict[str, Any]:
    """What is told beside the alerts themselves."""
    scope = report.search.scope
    return {
        "office": report.office.key,
        "on": report.today.isoformat(),
        "scope": {"unit": scope.unit, "officer": scope.officer.key if scope.officer else None},
        "total": tally.total,
        "overdue": tally.overdue,
        "counts": dict(tally.lines()),
        "notes": report.notes(),
    }

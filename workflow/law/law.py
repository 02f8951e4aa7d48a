"""The law as one object: every legal value, outcome, ground, remedy, fee and citation, by name and day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from workflow.base import nested
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.patterns import later
from workflow.law import entries, fees, keys, readings, routes
from workflow.law.entries import Band, Channel, Fee, Ground, Outcome, ReportFormat, ReportPart, Route
from workflow.law.history import Row, Series, Together
from workflow.law.legal_values import by_start
from workflow.law.provisions import Provisions
from workflow.law.remedy_rules import RemedyRules
from workflow.law.routes import Variant
from workflow.law.row_checks import Checked

MOST_UNITS = 100_000
# A day as tables hold it.
_DAY = later(r"\d{4}-\d{2}-\d{2}")


class Law(RemedyRules, Provisions):
    """The tables of one folder, made by workflow.law.load. All it gives is immutable."""

    # -------------------------------------------------------------------- outcomes, grounds, remedies

    def outcome(self, id: str, on: date | None = None) -> Outcome:
        """An outcome under the law of a day (None: the latest); NotFound or OutOfLaw."""
        return self._of(self._outcomes(id), on)

    def outcomes(self, on: date, act: date | None = None) -> list[Outcome]:
        """The outcomes that the law knows on a day; with the day of the act, those judged by it as of that
        day.
        """
        known = self._all_outcomes.on(on)
        if act is None or act == on:
            return list(known)
        later = [row for row in self._all_outcomes.on(act) if row.by_act]
        return [*(row for row in known if not row.by_act), *later]

    def outcomes_by_id(self, on: date, act: date | None = None) -> Mapping[str, Outcome]:
        """The same by their ids."""
        spans = self._all_outcomes.span(on), self._all_outcomes.span(act or on)
        found = self._outcomes_of.get(spans)
        if found is None:
            found = self._outcomes_of[spans] = {row.id: row for row in self.outcomes(on, act)}
        return found

    def ground(self, id: str, on: date | None = None) -> Ground:
        """A ground of refusal under the law of a day (None: the latest); NotFound or OutOfLaw."""
        return self._of(self._grounds(id), on)

    def grounds(self, on: date) -> list[Ground]:
        """The grounds of refusal in force on a day."""
        return list(self._all_grounds.on(on))

    def grounds_by_id(self, on: date) -> Mapping[str, Ground]:
        """The same by their ids."""
        span = self._all_grounds.span(on)
        found = self._grounds_of.get(span)
        if found is None:
            found = self._grounds_of[span] = {row.id: row for row in self._all_grounds.on(on)}
        return found

    @cached_property
    def _all_outcomes(self) -> Together[Outcome]:
        return Together(map(self._outcomes, self.tables["outcomes"]["outcome"]))

    @cached_property
    def _outcomes_of(self) -> dict[tuple[int, int], Mapping[str, Outcome]]:
        return {}

    @cached_property
    def _grounds_of(self) -> dict[int, Mapping[str, Ground]]:
        return {}

    @cached_property
    def _all_grounds(self) -> Together[Ground]:
        return Together(map(self._grounds, self.tables["grounds"]["ground"]))

    def _outcomes(self, id: str) -> Series[Outcome]:
        return self._make("outcome", id, "outcomes", "outcome", self._outcome)

    def _outcome(self, id: str, head: dict[str, Any], row: dict[str, Any]) -> Outcome:
        return readings.outcome(id, head, row)

    def _grounds(self, id: str) -> Series[Ground]:
        return self._make("ground", id, "grounds", "ground", readings.ground)

    def route(self, outcome: str, ground: str | None = None, *, on: date, answer: str | None = None) -> Route:
        """The way against a decision made on a day, by its outcome; NotFound or OutOfLaw.

        Besides the outcomes there are those of routes.toml ('no_reply', 'procedural', ...). A ground has to
        be in force on that day; all grounds share one route. `answer` names the variant (see `cell`); Refused
        where the way hangs on it and it is not known.
        """
        if ground is not None:
            self.ground(ground, on)
        return routes.choose(self.tables, self.routes(outcome), outcome, on, answer)

    def routes(self, outcome: str) -> dict[str, Series[Route]]:
        """All routes of an outcome by variant ('' where it has none), oldest first; NotFound."""
        found = self._routes.get(outcome)
        if found is None:
            found = self._routes[outcome] = routes.all_series(self.tables, outcome)
        return found

    def cell(
        self, outcome: str, facts: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
    ) -> str | None:
        """The variant of an outcome's route that facts of the answer or settings choose; None: they do not
        say.
        """
        return routes.cell_of(self.tables, outcome, facts, settings)

    def variant(self, outcome: str) -> Variant | None:
        """What the route of an outcome hangs on besides the day; None for most."""
        return routes.variant(self.tables, outcome)

    def contested(self) -> list[str]:
        """All that has a route: the outcomes, silence, procedural notices, what is told to third parties."""
        return routes.contested(self.tables)

    # ------------------------------------------------------------------- receipt, fees, report

    def channel(self, id: str, on: date) -> Channel:
        """How the day of receipt is found for a channel on a day; NotFound or OutOfLaw."""
        heads = self.tables["channels"]["channel"]
        if id not in heads:
            raise NotFound(
                N_("The law tables have no {kind} called {id}."), kind=Named("law", "channel"), id=id
            )
        rows = [
            readings.channel(id, heads[id], row)
            for row in self.tables["channels"]["rule"]
            if id in row["channel"]
        ]
        return Series(id, heads[id], sorted(rows, key=by_start)).on(on)

    def channels(self) -> list[str]:
        """The names of all channels."""
        return list(self.tables["channels"]["channel"])

    def by_page(self, pages: int, on: date) -> Fee:
        """The fee for so many pages of one application; OutOfLaw before there was one, Malformed for no
        count.
        """
        return self._fee("by_page", pages, 0, on)

    def by_item(self, items: int, already: int = 0, *, on: date) -> Fee:
        """The fee for so many items when the applicant already had `already` in this calendar month."""
        return self._fee("by_item", items, already, on)

    def _fee(self, schedule: str, units: int, already: int, on: date) -> Fee:
        for field, number in (("units", units), ("already", already)):
            if not 0 <= number <= MOST_UNITS:
                message = N_("The number must lie between 0 and {most}: {number}.")
                raise Malformed(message, field=field, number=number, most=MOST_UNITS)
        table = self.tables["fees"]
        rows = [readings.rate(row) for row in table["rate"] if row["id"] == schedule]
        rate = Series(schedule, table["schedule"][schedule], rows).on(on)
        found: tuple[Band, ...] = fees.bands(rate.bands, already + 1, already + units)
        return entries.Fee(
            schedule, units, already, sum(b.yuan for b in found), found, rate.article, rate.status
        )

    def report_format(self, year: int) -> ReportFormat:
        """The format in which a year is reported; OutOfLaw for a year before there was a national one."""
        if year not in self._formats:
            self._formats[year] = readings.report_format(self.tables["report"], year)
        return self._formats[year]

    @cached_property
    def _formats(self) -> dict[int, ReportFormat]:
        return {}

    def report_rank(self) -> tuple[str, ...]:
        """The rows of table 3 in the order in which they count where a decision answers in several ways."""
        return tuple(self.tables["report"]["several"]["rank"])

    def report_remedies(self) -> tuple[ReportPart, ...]:
        """The three parts of table 4, each under the kind of remedy that is counted in it."""
        return readings.report_parts(self.tables["report"], "remedy")

    def report_results(self) -> tuple[ReportPart, ...]:
        """The columns of each part of table 4, with the outcomes that are counted in them."""
        return readings.report_parts(self.tables["report"], "result")

    def report_due(self, kind: str, on: date) -> tuple[str, str]:
        """When a kind of organ's report is due: (month-day, article) by the law of a day."""
        due = self.tables["report"]["due"]
        # A kind of organ that the article does not name reports with those that report first.
        rows = [readings.due(row) for row in due if row["who"] == kind] or [
            readings.due(row) for row in due if row["who"] == "department"
        ]
        found = Series(f"report due: {kind}", {}, rows).on(on)
        return found.day, found.article

    def report_row(self, outcome: str, ground: str | None, year: int) -> str:
        """The row of table 3 under which an item is counted in a year's report."""
        key = self.result_row(outcome, ground)
        return self.report_format(year).merged.get(key, key)

    def result_row(self, outcome: str, ground: str | None = None) -> str:
        """The same in the latest format, of which older ones merge rows."""
        refused = outcome == keys.Outcome.WITHHELD and ground
        return self.ground(ground).report_row if refused and ground else self.outcome(outcome).report_row

    def same(self, first: date, last: date) -> bool:
        """Whether no day that stands in the tables lies in this time: then the law of all its days is one."""
        return bisect_left(self._days, first.isoformat()) == bisect_right(self._days, last.isoformat())

    @cached_property
    def _days(self) -> list[str]:
        """Every day that stands anywhere in the tables (ISO), in order: nothing begins or ends on another."""
        said = {text for table in self.tables.values() for text in nested.texts(table)}
        return sorted(filter(_DAY.fullmatch, said))

    def check(self) -> list[Checked]:
        """Everything that the loader checks, with what is wrong; nothing is, in tables that could be
        loaded.
        """
        from workflow.law import checks

        return list(checks.everything(self.tables))

    @staticmethod
    def _of(series: Series[Row], on: date | None) -> Row:
        return series.rows[-1] if on is None else series.on(on)

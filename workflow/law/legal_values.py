"""Legal values, settings and citations: the part of the law that clocks need."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.law import citations, continuing, rows
from workflow.law.history import Row, Series
from workflow.law.rows import Citation, Value

if TYPE_CHECKING:
    from workflow.law.entries import Instrument, Route, Setting
    from workflow.law.eras import Era
    from workflow.law.history import Dated

Tables = Mapping[str, dict[str, Any]]

# Cells of a row beside the rule itself.
_ASIDE = ("text", "note", "source", "checked_on")
_ROWS = {"value": "value", "outcome": "basis", "ground": "basis", "provision": "provision"}


class Values:
    """Values, instruments and citations of one set of tables. Rows are made when first asked for."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._series: dict[tuple[str, str], Series[Any]] = {}
        self._legal: dict[str, Series[Value]] = {}  # the same for legal values: the way most often gone
        self._instruments: dict[str, Instrument] = {}
        self._citations: dict[str, Citation] = {}
        self._cited: dict[tuple[str, tuple[str, ...], int], str | None] = {}
        self._current: dict[tuple[str, int], str] = {}
        self._routes: dict[str, dict[str, Series[Route]]] = {}

    @cached_property
    def version(self) -> int:
        """A checksum of everything that affects values, periods and remedies."""
        import zlib

        rows = (*self.tables["durations"]["value"], *self.tables["routes"]["route"])
        kept = [[value for name, value in row.items() if name not in _ASIDE] for row in rows]
        return zlib.crc32(repr(kept).encode())

    # ------------------------------------------------------------------------------------- values

    def value(self, id: str, on: date, known_on: date | None = None) -> Value:
        """The legal value `id` on a day; with `known_on`, by what had been promulgated on that day.

        NotFound for a name that no table has, OutOfLaw for a day without a value.
        """
        series = self._legal.get(id) or self._values(id)
        if known_on is None:
            return series.on(on)
        told = [row for row in series.rows if row.promulgated <= known_on]
        if not told:
            raise series.before(known_on)
        return Series(id, series.head, [*told[:-1], told[-1]._replace(effective_until=None)]).on(on)

    @cached_property
    def newest_limit(self) -> tuple[date, int, str, str, str]:
        """The reply limit in force last, at a glance: its first day, length, instrument, article and status.
        The first day is the last that there is where it is not in working days, or has ended.
        """
        newest = self._values("reply.limit").rows[-1]
        plain = newest.effective_until is None and newest.unit == "working_day"
        since = newest.effective_from if plain else date.max
        return since, newest.value, newest.instrument, newest.article, newest.status

    @cached_property
    def newest_eras(self) -> frozenset[str]:
        """The eras under which that limit holds for whatever was received from its first day on."""
        since = self.newest_limit[0]
        return frozenset(era.key for era in self.eras() if era.last is None or era.last >= since)

    def knows(self, id: str, on: date) -> bool:
        """Whether a legal value has a version on a day."""
        return self._values(id).has(on)

    def values_on(self, on: date) -> list[Value]:
        """All legal values in force on a day."""
        all_series = (self._values(id) for id in self.parameters())
        return [series.on(on) for series in all_series if series.has(on)]

    def stale(self, on: date, days: int = 365) -> list[Value]:
        """The values in force on a day that nobody has compared with their source for so many days before
        it.
        """
        return [value for value in self.values_on(on) if (on - value.checked_on).days > days]

    def history(self, id: str) -> list[Value]:
        """All versions of a legal value, oldest first."""
        return list(self._values(id).rows)

    def parameters(self) -> list[str]:
        """The names of all legal values."""
        return list(self.tables["durations"]["parameter"])

    def parameter(self, id: str) -> dict[str, Any]:
        """Names and coverage of a legal value: zh, en, from, before, until, after (dates as ISO strings)."""
        return dict(self._values(id).head)

    def unit(self, unit: str) -> dict[str, str]:
        """The names of a unit."""
        return dict(self.tables["durations"]["units"][unit])

    def _values(self, id: str) -> Series[Value]:
        found = self._legal.get(id)
        if found is None:
            found = self._legal[id] = self._make("value", id, "durations", "parameter", rows.value)
        return found

    @cached_property
    def _eras(self) -> dict[str, Era]:
        from workflow.law import eras

        return eras.read(self.tables["eras"], self.tables["instruments"])

    def eras(self) -> tuple[Era, ...]:
        """The eras of the Regulations, oldest first."""
        return tuple(self._eras.values())

    def era(self, key: str) -> Era:
        """The era of a key as recorded with an application; the latest for ''. Malformed for another key."""
        from workflow.law import eras

        return eras.of(self._eras, key)

    def era_on(self, on: date) -> Era:
        """The era in which a day lies; OutOfLaw for a day before the first Regulations."""
        for era in reversed(self._eras.values()):
            if on >= era.first:
                return era
        raise self._values("reply.limit").before(on)

    def cite(self, regulations: str, refs: tuple[str, ...], on: date) -> str | None:
        """Of provisions listed together the one under the Regulations of an era (see Era.cite), as it is
        cited on a day: what was not yet in force on it or no longer gives way to the next of the same era.
        """
        # Between the days on which an instrument begins or ends nothing changes.
        key = (regulations, refs, bisect_right(self._instrument_days, on))
        if key not in self._cited:
            found = self.era(regulations).cite(refs, lambda ref: self.holds(ref, on))
            self._cited[key] = found and self.current(found, on)
        return self._cited[key]

    def holds(self, ref: str, on: date) -> bool:
        """Whether a provision, as it is cited on a day, is in force on it. Rules of good order always
        are, and so are those of the Regulations: of them the era of an application decides.
        """
        key = ref.partition(":")[0]
        if key not in self.tables["instruments"] or key in self.era("").owners:
            return True
        one = self.instrument(self.current(ref, on).partition(":")[0])
        return one.effective_from <= on and (one.effective_until is None or on <= one.effective_until)

    def ended(self, ref: str) -> date | None:
        """The day from which a provision holds no longer, with nothing in its place; None where it goes on,
        or is one of an earlier era.
        """
        key = ref.partition(":")[0]
        if key not in self.tables["instruments"] or key in self.era("").owners:
            return None
        last = self.instrument(key).effective_until
        after = last and last + timedelta(1)
        return after if after and not self.holds(ref, after) else None

    def turns(self, era: Era, last: date | None = None) -> list[date]:
        """The days from an era's first on (up to `last`) on which another instrument is in force than the day
        before, its first day among them.
        """
        days = [day for day in self._instrument_days if day > era.first and (last is None or day <= last)]
        return [era.first, *days]

    @cached_property
    def _instrument_days(self) -> list[date]:
        """The days on which an instrument begins, or holds no longer."""
        found = self.instruments()
        ends = (one.effective_until for one in found)
        return sorted({*(one.effective_from for one in found), *(end + timedelta(1) for end in ends if end)})

    def current(self, ref: str, on: date) -> str:
        """A provision as it is cited on a day: under the instrument that stands in the place of its own by
        then.

        Not so one of the Regulations: under which of them an application is dealt with is a matter of its
        era.
        """
        if ref.partition(":")[0] in self.era("").owners:
            return ref
        key = (ref, bisect_right(self._instrument_days, on))
        if key not in self._current:
            self._current[key] = continuing.current(ref, self.tables["instruments"], on.isoformat())
        return self._current[key]

    def regulations(self, on: date) -> str:
        """Which Regulations govern an application received on a day, by the key of their era ('ogi2019')."""
        return self.era_on(on).key

    # ----------------------------------------------------------------------------------- settings

    def setting(self, id: str) -> Setting:
        """A point that the office settles for itself; NotFound if there is none."""
        try:
            return self._settings[id]
        except KeyError:
            raise NotFound(N_("No setting is called {id}."), field="settings", id=id) from None

    @cached_property
    def _settings(self) -> dict[str, Setting]:
        from workflow.law import readings

        return {id: readings.setting(id, row) for id, row in self.tables["settings"]["setting"].items()}

    def settings(self) -> list[Setting]:
        """All points that the office settles for itself."""
        return list(self._settings.values())

    def chosen(self, settings: Mapping[str, Any], id: str) -> Any:
        """What an office has settled for a point, by its settings, else the default of the table; NotFound if
        the table has no such point.
        """
        return settings.get(id, self.setting(id).default)

    # -------------------------------------------------------------------------------- instruments

    def instrument(self, key: str) -> Instrument:
        """A statute, interpretation or measure by its key; NotFound if there is none."""
        if key not in self._instruments:
            from workflow.law import readings

            try:
                self._instruments[key] = readings.instrument(key, self.tables["instruments"][key])
            except KeyError:
                raise NotFound(N_("No instrument is called {key}."), field="instrument", key=key) from None
        return self._instruments[key]

    def instruments(self) -> list[Instrument]:
        """All instruments."""
        return [self.instrument(key) for key in self.tables["instruments"]]

    def structure(self, key: str) -> dict[str, Any]:
        """Of an instrument, the items of each paragraph of each article ('?' where not verified)."""
        return dict(self.tables[key]["articles"]) if key in self.tables["instruments"] else {}

    def citation(self, ref: str) -> Citation:
        """A reference spelt out; Malformed if the instrument, article, paragraph or item does not exist."""
        found = self._citations.get(ref)
        if found is None:
            found = self._citations[ref] = self._spell(ref)
        return found

    def _spell(self, ref: str) -> Citation:
        problem = citations.citation_fault(self.tables, ref)
        reference = citations.take_apart(ref)
        if problem or reference is None:
            raise Malformed(
                N_("'{ref}' is not a citation: {problem}."), field="citation", ref=ref, problem=problem
            )
        if reference.instrument == citations.HOUSE:
            rules = self.tables["settings"].get("house", {})
            return citations.spell_house(ref, reference, rules.get(reference.article))
        structure = self.tables[reference.instrument]["articles"]
        return citations.spell(ref, reference, structure, self.tables["instruments"][reference.instrument])

    def _make(
        self,
        kind: str,
        id: str,
        table: str,
        heads: str,
        read: Callable[[str, dict[str, Any], dict[str, Any]], Row],
    ) -> Series[Row]:
        found: Series[Row] | None = self._series.get((kind, id))
        if found is None:
            whole = self.tables[table]
            head = whole[heads].get(id)
            if head is None:
                raise NotFound(
                    N_("The law tables have no {kind} called {id}."),
                    kind=Named("law", kind),
                    id=id,
                    field="name",
                )
            rows = [read(id, head, row) for row in whole[_ROWS[kind]] if row["id"] == id]
            found = self._series[kind, id] = Series(id, head, sorted(rows, key=by_start))
        return found


def by_start(row: Dated) -> date:
    """The first day of a row, to sort by."""
    return row.effective_from

"""The thresholds of alerts: thresholds.toml with what the office set under [alerts], and the days that
follow.

All numbers are working days; none is a rule of law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple

from workflow.base.completeness import require_known, require_same
from workflow.base.errors import OutOfLaw
from workflow.base.messages import pick
from workflow.calendar import Calendar
from workflow.cases import case_clock
from workflow.office.alert_settings import defaults, flat, table
from workflow.procedure import act_forms, transitions, usual_steps

SIGHTS = ("mine", "unit", "all")


class Kind(NamedTuple):
    """One kind of alert."""

    id: str
    zh: str
    en: str
    severity: str
    shape: str
    days: int | None = None
    # The state of a case of which the kind tells.
    state: str | None = None

    @property
    def name(self) -> str:
        """In the language in force."""
        return pick(self.zh, self.en)


# What a row of [kind] has to say.
CELLS = ("zh", "en", "severity", "shape")


class Clock(NamedTuple):
    """Settings of a clock besides its rule."""

    rule: str
    days: int
    lane: str
    kind: str | None = None
    near: str = "soon"
    day: str = "soon"
    act: str | None = None
    roles: tuple[str, ...] | None = None


class State(NamedTuple):
    """Whose turn it is in a state of the case."""

    id: str
    act: str
    roles: tuple[str, ...]
    unit: bool = False
    idle: int | None = None


class Mark(NamedTuple):
    """A mark of the picture."""

    id: str
    zh: str
    en: str
    shape: str
    colour: str

    @property
    def name(self) -> str:
        """In the language in force."""
        return pick(self.zh, self.en)


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds in the order in which they are shown."""
    return {name: _kind(name, row) for name, row in table()["kind"].items()}


def _kind(name: str, row: Mapping[str, Any]) -> Kind:
    where = f"thresholds.toml: kind.{name}"
    require_known("alerts/thresholds.CELLS", [*CELLS, *(["days"] if "state" in row else [])], where, row)
    require_known(where, row, "alerts/thresholds.Kind", Kind._fields)
    return Kind(name, **row)


@cache
def marks() -> Mapping[str, Mark]:
    """The marks of the picture, the most pressing first."""
    return {name: Mark(name, **row) for name, row in table()["mark"].items()}


@cache
def states() -> Mapping[str, State]:
    """All states in which something is still to be done."""
    rows = table()["state"].items()
    return {
        name: State(name, usual_steps.usual("case", name)[0], **{**row, "roles": tuple(row["roles"])})
        for name, row in rows
    }


def sign(shape: str) -> str:
    """A shape as a character."""
    return str(table()["sign"][shape])


def name(section: str, key: str) -> str:
    """The name of a lane or severity in the language in force."""
    row = table()[section][key]
    return pick(row["zh"], row["en"])


@dataclass(frozen=True)
class Thresholds:
    """The thresholds of an office on a day, and the calendar days that they correspond to."""

    calendar: Calendar
    today: date
    chosen: Mapping[str, int] = field(default_factory=dict)

    def of(self, key: str) -> int:
        """The number of working days of a threshold."""
        return self.chosen[key] if key in self.chosen else defaults()[key][0]

    @cached_property
    def clocks(self) -> Mapping[str, Clock]:
        """All clocks that alerts look at, with the office's own days."""
        return {
            rule: Clock(rule, **{**row, "days": self.of(rule), "roles": _roles(row)})
            for rule, row in table()["clock"].items()
        }

    def until(self, days: int) -> date:
        """The last day that lies no more than so many working days ahead."""
        try:
            return self.calendar.add(self.today, days + 1) - timedelta(days=1)
        except OutOfLaw:
            # Beyond the end of the calendar nothing more can be due.
            self.calendar.is_working(self.today)
            return self.calendar.last

    @cached_property
    def near(self) -> Mapping[str, date]:
        """By clock the last day that is near."""
        return {rule: self.until(clock.days) for rule, clock in self.clocks.items()}

    def since(self, days: int) -> date:
        """The last day after which, up to today, more than so many working days have gone by."""
        calendar = self.calendar
        day, left = self.today, days + 1
        while True:
            left -= calendar.is_working(day)
            day -= timedelta(days=1)
            if not left:
                return day

    def left(self, due: date) -> int | None:
        """Working days until a last day (0: today; below 0: so many are over); None beyond the calendar."""
        if due > self.calendar.last:
            return None
        return self.calendar.count(self.today, due)

    def waited(self, since: date) -> int:
        """Working days since a day."""
        return self.calendar.count(since, self.today)


def of_office(chosen: Mapping[str, Any], calendar: Calendar, today: date) -> Thresholds:
    """The thresholds of an office, with what it chose under [alerts]; OutOfLaw where the calendar does not
    reach the day.
    """
    _require_whole()
    calendar.is_working(today)
    return Thresholds(calendar, today, dict(flat(chosen)))


def _roles(row: Mapping[str, Any]) -> tuple[str, ...] | None:
    return tuple(row["roles"]) if "roles" in row else None


@cache
def _require_whole() -> None:
    check(table())


def check(found: Mapping[str, Any]) -> None:
    """Refuse a table that forgets a clock or state of the procedure, or names what there is not."""
    made, events, place = transitions.bundled(), act_forms.specs(), "thresholds.toml"
    clocks, states, kinds = found["clock"], found["state"], found["kind"]
    for key, row in kinds.items():
        _kind(key, row)
        if "state" in row:
            require_known(f"{place}: kind.{key}", [row["state"]], f"{place}: state", states)
    require_same(
        f"{place}: clock", [*clocks, *found["aside"]["clocks"]], "case_clock.RULES", case_clock.RULES
    )
    require_same(
        f"{place}: state",
        [*states, *found["aside"]["states"]],
        "workflow/procedure/acts",
        made.states("case"),
    )
    for key, row in states.items():
        where = f"{place}: state.{key}"
        require_known(f"{where}: usual", [next(iter(usual_steps.usual("case", key)), "")], "acts", events)
        require_known(where, row["roles"], "names.toml: role", made.names["role"])
    for rule, row in clocks.items():
        where = f"{place}: clock.{rule}"
        require_known(where, [row.get("act", "show")], "workflow/procedure/acts", (*events, "show"))
        named = [row[key] for key in ("kind", "near", "day") if key in row]
        require_known(where, named, f"{place}: kind", kinds)
        require_known(where, [row["lane"]], f"{place}: lane", found["lane"])
    shapes = [row["shape"] for row in (*kinds.values(), *found["mark"].values())]
    require_known(place, shapes, f"{place}: sign", found["sign"])
    severities = [row["severity"] for row in kinds.values()]
    require_known(f"{place}: kind", severities, f"{place}: severity", found["severity"])

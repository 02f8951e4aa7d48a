"""What guards receive: the officer, the act, and the tables in which they look things up."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from workflow import clocks
from workflow.base.completeness import require_known
from workflow.calendar import Calendar
from workflow.cases.entry import Known, persons
from workflow.cases.periods import Periods
from workflow.law import Law
from workflow.law.setting_keys import SettingKey

# The settings of an office on which no clock depends.
NO_CLOCK = (
    SettingKey.NUMBER_WITH_DI,
    SettingKey.LONGEST_TEXT,
    SettingKey.EMAIL_SERVICE,
    SettingKey.ONE_OFFICER_SEVERAL_STEPS,
    SettingKey.STATE_COUNCIL_RULING,
    SettingKey.DRILL_DAYS,
    SettingKey.CHECKPOINT_DAYS,
)


# Roles of no person: what the program does of its own, and what it writes in one organ's record by an act of
# another organ's officer.
SYSTEM, ABOVE, BELOW = "system", "above", "below"
OF_NO_PERSON = frozenset({SYSTEM, ABOVE, BELOW})


@dataclass(frozen=True)
class Actor:
    """The officer who acts."""

    key: str
    roles: frozenset[str]
    unit: str | None = None
    known: Known | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Who stands behind what this officer does."""
        return persons(self.key, self.known)

    def stands_for(self, officer: str | None) -> bool:
        """Whether this is the officer himself, or who acts for him."""
        return officer is not None and officer in (self.key, self.known.acting_for if self.known else None)


@dataclass(frozen=True)
class Act:
    """What an officer wants to do: the event, its legal day and its facts."""

    event: str
    on: date
    payload: dict[str, Any]
    actor: Actor


class Transition(Protocol):
    """One row of the process table: who may do what, from where to where."""

    @property
    def track(self) -> str: ...
    @property
    def event(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def dest(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def when(self) -> str: ...
    @property
    def guard(self) -> tuple[str, ...]: ...
    @property
    def article(self) -> str: ...
    @property
    def letters(self) -> tuple[str, ...]: ...
    @property
    def moves(self) -> bool: ...
    def basis(self, regulations: str, on: date) -> str | None: ...


class ReviewStep(Protocol):
    """One step of the review route."""

    @property
    def state(self) -> str: ...
    @property
    def condition(self) -> str: ...


class Provisions(Protocol):
    """The process table as a case sees it; workflow.procedure.process.Process is the one."""

    @property
    def rows(self) -> Sequence[Transition]: ...
    @property
    def steps(self) -> Sequence[ReviewStep]: ...
    @property
    def house(self) -> dict[str, tuple[str, str]]: ...
    @property
    def electronic(self) -> dict[str, Any]: ...
    @property
    def presupposes(self) -> dict[str, dict[str, Any]]: ...
    @property
    def names(self) -> dict[str, dict[str, dict[str, str]]]: ...
    def __hash__(self) -> int: ...
    def states(self, track: str) -> list[str]: ...
    def of(self, track: str, event: str, source: str) -> Sequence[Transition]: ...
    def first(self, track: str, event: str) -> Transition | None: ...
    def rows_of(self, event: str) -> Sequence[Transition]: ...
    def roles_of(self, event: str) -> frozenset[str]: ...
    def from_state(self, track: str, source: str) -> Sequence[Transition]: ...
    def track_of(self, event: str) -> str: ...
    def guard_rule(self, guard: str, regulations: str, on: date) -> str: ...
    def provision(self, row: Any, regulations: str, on: date, consulted: str | None = None) -> str | None: ...
    def reason(self, article: str) -> str: ...


@dataclass(frozen=True)
class Context:
    """What guards and clocks look things up in.

    `settings` are the office's choices for the points of law/settings.toml, `targets` its own targets in
    working days, `payment` how a fee is paid, `mail` whether it sends mail itself,
    `approve` the letters that a second person approves before they go out.
    """

    law: Law
    calendar: Calendar
    process: Provisions
    settings: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)
    payment: str = ""
    mail: bool = False
    approve: frozenset[str] = frozenset()
    # How an officer and a unit are called, by their keys; without an office they are called by these.
    officer_called: Callable[[str], str] = field(default=str, compare=False, repr=False)
    unit_called: Callable[[str], str] = field(default=str, compare=False, repr=False)

    def setting(self, id: str) -> Any:
        """The office's choice for a point of law, else its default; NotFound if settings.toml has none."""
        return self.law.chosen(self.settings, id)

    def regulations(self, on: date) -> str:
        """Which Regulations govern an application received on a day, by the office's choice for those open in
        between.
        """
        due = clocks.reply(clocks.ReplyFacts(on), self.law, self.calendar).due
        return clocks.governing(on, self.law, self.settings, due)

    @cached_property
    def periods(self) -> Periods:
        """Periods under this law, this calendar and these settings."""
        return Periods(self.law, self.calendar, self.settings)

    @cached_property
    def basis(self) -> str:
        """Version of what clocks are computed from, kept in their rows: the calendar, '/', law and
        settings.
        """
        require_known(
            "cases/context.NO_CLOCK", NO_CLOCK, "law/settings.toml", self.law.tables["settings"]["setting"]
        )
        counted = {name: value for name, value in self.settings.items() if name not in NO_CLOCK}
        chosen = sorted({**counted, "targets": dict(self.targets)}.items())
        return f"{self.calendar.version}/{zlib.crc32(repr((self.law.version, chosen)).encode()):08x}"

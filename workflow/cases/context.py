"""Who asks for what, what guards look things up in, and where they are kept."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workflow.cases.case import CaseFile

if TYPE_CHECKING:
    from workflow.calendar import Calendar
    from workflow.law import Law
    from workflow.procedure.transitions import Process

# Entries of an office's settings on which no clock depends.
NO_CLOCK = ("payment", "number_with_di", "longest_text", "email_service", "mail")


@dataclass(frozen=True)
class Actor:
    """The officer who acts."""

    key: str
    roles: frozenset[str]
    unit: str | None = None


@dataclass(frozen=True)
class Act:
    """What an officer wants to do: the event, its legal day and its facts."""

    event: str
    on: date
    payload: dict[str, Any]
    actor: Actor


@dataclass(frozen=True)
class Context:
    """What guards and clocks look things up in."""

    law: Law
    calendar: Calendar
    process: Process
    settings: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def basis(self) -> str:
        """By what clocks are computed, for their rows: the calendar, '/', and the law with the office's settings."""
        chosen = sorted((name, value) for name, value in self.settings.items() if name not in NO_CLOCK)
        return f"{self.calendar.version}/{zlib.crc32(repr((self.law.version, chosen)).encode()):08x}"


Guard = Callable[[CaseFile, Act, Context], None]

Selector = Callable[[CaseFile, str, Context], bool]

Condition = Callable[[CaseFile, Context], bool]

GUARDS: dict[str, Guard] = {}

SELECTORS: dict[str, Selector] = {}

CONDITIONS: dict[str, Condition] = {}


def guard(function: Guard) -> Guard:
    """Keeps a guard under its name."""
    GUARDS[function.__name__.lstrip("_")] = function
    return function


def selector(function: Selector) -> Selector:
    """Keeps a selector under its name."""
    SELECTORS[function.__name__.lstrip("_")] = function
    return function


def condition(function: Condition) -> Condition:
    """Keeps a condition under its name."""
    CONDITIONS[function.__name__.lstrip("_")] = function
    return function

"""What the modules of acts compute, kept under the names that the tables use. Each register is filled by
decorators.

guard       looks at the facts before an act: silence, or Refused with the rule that says so
selector    chooses between rows of one event; condition: whether a step of review is taken
prepares    adds to the facts that were given what follows from the case and the law
reacts      adds to the case what an entry of the act means; ends: the outcome that the act's letter tells
tells       adds facts to the act's letter; calls_for: whether an act really calls for a letter
holds       whether what a letter of the act says is still so
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life

Facts = dict[str, Any]
Guard = Callable[[CaseFile, Act, Context], None]
Selector = Callable[[CaseFile, str, Context], bool]
Condition = Callable[[CaseFile, Context], bool]
Preparer = Callable[[Facts, CaseFile, date, Context], Facts]
Reaction = Callable[[CaseFile, Entry[Any]], None]
Telling = Callable[[CaseFile, Entry[Any]], Facts]
Ending = Callable[[CaseFile, Entry[Any], list[CaseClock]], tuple[str, Facts]]
Holding = Callable[[CaseFile, Life], bool]
Calling = Callable[[CaseFile, Entry[Any], Context], bool]

GUARDS: dict[str, Guard] = {}
SELECTORS: dict[str, Selector] = {}
CONDITIONS: dict[str, Condition] = {}
PREPARERS: dict[str, Preparer] = {}
REACTIONS: dict[str, Reaction] = {}
TELLINGS: dict[str, Telling] = {}
ENDINGS: dict[str, Ending] = {}
CALLINGS: dict[str, Calling] = {}
HOLDINGS: dict[str, Holding] = {}

Kept = TypeVar("Kept", bound=Callable[..., Any])


def _by_name(register: dict[str, Kept]) -> Callable[[Kept], Kept]:
    """Registers a function under its own name, without a leading underscore."""

    def keep(function: Kept) -> Kept:
        return _once(register, function.__name__.lstrip("_"), function)

    return keep


def _for(register: dict[str, Kept]) -> Callable[..., Callable[[Kept], Kept]]:
    """Registers a function for each of the events (or letters) named."""

    def of(*names: str) -> Callable[[Kept], Kept]:
        def keep(function: Kept) -> Kept:
            for name in names:
                _once(register, name, function)
            return function

        return keep

    return of


def _once(register: dict[str, Kept], name: str, function: Kept) -> Kept:
    if name in register:
        raise ValueError(f"{name} is kept twice: {register[name]} and {function}")
    register[name] = function
    return function


guard = _by_name(GUARDS)
selector = _by_name(SELECTORS)
condition = _by_name(CONDITIONS)
prepares = _for(PREPARERS)
reacts = _for(REACTIONS)
tells = _for(TELLINGS)
ends = _for(ENDINGS)
calls_for = _for(CALLINGS)
holds = _for(HOLDINGS)

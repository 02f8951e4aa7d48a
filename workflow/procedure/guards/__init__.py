"""The guards named in the process table: each looks at the facts and refuses with the rule that says so.

Guards ask for what the law wants before an act. All are pure: facts in, silence or Refused out. The provision behind
a guard stands in the process table ([guard]); the machine adds it to the refusal.
"""

from workflow.cases.context import (
    CONDITIONS,
    GUARDS,
    NO_CLOCK,
    SELECTORS,
    Act,
    Actor,
    Condition,
    Context,
    Guard,
    Selector,
)
from workflow.procedure.guards import closing, conditions, handling, reply, service

__all__ = [
    "CONDITIONS",
    "GUARDS",
    "NO_CLOCK",
    "SELECTORS",
    "Act",
    "Actor",
    "Condition",
    "Context",
    "Guard",
    "Selector",
    "closing",
    "conditions",
    "handling",
    "reply",
    "service",
]

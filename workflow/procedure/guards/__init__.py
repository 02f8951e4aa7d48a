"""The guards named in the process table: each looks at the facts and refuses with the rule that says so.

Guards ask for what the law wants before an act. All are pure: facts in, silence or Refused out. The provision behind
a guard stands in the process table ([guard]); the machine adds it to the refusal.
"""

from workflow.procedure.guards import conditions, reply, closing, handling, service
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
    "conditions",
    "deciding",
    "ending",
    "proceeding",
    "serving",
]

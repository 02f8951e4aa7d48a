"""The guards named in the process table: each looks at the facts and refuses with the rule that says so.

Guards ask for what the law wants before an act. All are pure: facts in, silence or Refused out. The provision behind
a guard stands in the process table ([guard]); the machine adds it to the refusal.
"""

from workflow.cases.context import CONDITIONS, GUARDS, SELECTORS
from workflow.procedure.guards import closing, conditions, handling, reply, service

__all__ = ["CONDITIONS", "GUARDS", "SELECTORS", "closing", "conditions", "handling", "reply", "service"]

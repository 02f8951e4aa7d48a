"""One clock of a case: its rule, for whom it runs, until when, and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.base.completeness import require_known
from workflow.cases import states
from workflow.cases.states import ClockState, Party, State
from workflow.clocks import Deadline
from workflow.clocks.deadline import NOTES

# States in which the organ owes nothing more on the application.
CLOSED = (State.WITHDRAWN, State.LAPSED, State.FILED, *states.UNCOUNTED)

# Clocks of things that the organ may do until a day, but need not: ask for a correction, appeal.
_MAY = ("correction.notice", "remedy.appeal")
# Notes of a deadline that depends on more than its start and length.
_MORE_TO_IT = {
    "delayed",
    "delay_idle",
    "ordered",
    "office_set",
    "window",
    "window_open",
    "window_idle",
    "extended",
    "extension_late",
    "extension_dropped",
    "extension_capped",
}


# Every clock that a case can have; names are in names.toml, alerts in thresholds.toml.
RULES = (
    "reply.limit",
    "correction.notice",
    "correction.answer",
    "reasons.answer",
    "fee.payment",
    "third_party.opinion",
    "co_maker.opinion",
    "other_organ.opinion",
    "referral.opinion",
    "reconsideration.limit",
    "litigation.limit",
    "litigation.after_reconsideration",
    "reconsideration.inaction",
    "litigation.inaction",
    "reconsideration.third_party",
    "litigation.third_party",
    "reconsideration.longest",
    "litigation.longest",
    "remedy.defence",
    "remedy.hearing",
    "remedy.appeal",
    "remedy.redecision",
    "urging.answer",
    "internal.registration",
    "internal.drafting",
    "internal.review",
)

require_known("cases/case_clock._MAY", _MAY, "case_clock.RULES", RULES)
require_known("cases/case_clock._MORE_TO_IT", _MORE_TO_IT, "clocks/deadline.NOTES", NOTES)
_KNOWN = frozenset(RULES)
# The office's own targets; each is a clock.
TARGETS = tuple(rule.removeprefix("internal.") for rule in RULES if rule.startswith("internal."))


@dataclass(frozen=True)
class CaseClock:
    """One clock of a case; ref numbers the consultation or remedy it belongs to (0: the case itself)."""

    rule: str
    party: str
    deadline: Deadline
    state: str
    met_on: date | None = None
    ref: int = 0

    def __post_init__(self) -> None:
        if self.rule not in _KNOWN:
            require_known("cases/case_clock.py", [self.rule], "case_clock.RULES", RULES)

    @property
    def key(self) -> tuple[str, int]:
        """What identifies the clock within its case."""
        return self.rule, self.ref

    @property
    def plain(self) -> bool:
        """Whether start and length alone determine it, so that it can be recomputed from them."""
        deadline = self.deadline
        if deadline.extended_by or deadline.excluded:
            return False
        return self.rule.startswith("internal.") or not _MORE_TO_IT & set(deadline.notes)

    def seen_on(self, today: date) -> str:
        """The state as displayed on a day: a running clock past its last day is missed where the organ had a
        duty, and expired where somebody merely lost a right.
        """
        return seen_on(self.state, self.party, self.rule, self.deadline.due, today)


def seen_on(state: str, party: str, rule: str, due: date, today: date) -> str:
    """As CaseClock.seen_on, from the row of a clock."""
    if state not in states.GOING or due >= today:
        return state
    return ClockState.MISSED if party == Party.ORGAN and rule not in _MAY else ClockState.EXPIRED


def used(deadline: Deadline, this: date | None, other: date | None) -> str:
    """The state of a remedy period: used, superseded by the other remedy, or still running."""
    if this is not None:
        return ClockState.MET if this <= deadline.due else ClockState.LATE
    return ClockState.RUNNING if other is None else ClockState.ENDED

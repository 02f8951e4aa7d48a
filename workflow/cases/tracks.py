"""What runs beside a case on a track of its own: consultations of others, and remedies against what the
organ did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workflow.cases.states import State


@dataclass
class Consultation:
    """One consultation (a third party, a co-maker or another organ) and what came of it."""

    no: int
    kind: str
    name: str
    items: list[int]
    sent: date
    answer_by: date | None = None
    delivered: date | None = None
    answered: date | None = None
    answer: str | None = None
    reasons: str | None = None
    public_interest: str | None = None
    # Why its objection was held not to be sound.
    unfounded: str | None = None
    # The day on which its objection was overruled: that of the decision against which it may go.
    overruled: date | None = None
    address: str = ""
    postcode: str = ""
    state: str = State.SENT


@dataclass
class Remedy:
    """One reconsideration or suit against what the organ did or left undone."""

    no: int
    kind: str
    body: str
    by: str
    received: date
    reference: str | None = None
    against_round: int = 1
    defence_due: date | None = None
    defended: date | None = None
    hearing: date | None = None
    decided: date | None = None
    outcome: str | None = None
    orders_redecision: bool = False
    state: str = State.ACCEPTED
    # The simple procedure of reconsideration leaves less time for the answer.
    simple: bool = False
    # The ruling (workflow/cases/rulings.toml), its effect on the reply, and the date of the document.
    result: str | None = None
    effect: str | None = None
    dated: date | None = None
    number: str | None = None
    ordered_due: date | None = None
    # The day from which the time ordered runs, where it is not that of receipt; the article, where the law
    # sets it.
    runs_from: date | None = None
    limit: str | None = None
    papers: list[str] = field(default_factory=list)
    appealed: date | None = None
    appealed_by: str | None = None
    appeal_body: str | None = None
    appeal_reference: str | None = None
    # What the first court had decided, where the case went on: day of receipt, outcome, result.
    first: tuple[date, str, str | None] | None = None
    # The day on which the organ received the outcome, including the first court's: the time to appeal runs
    # from it.
    served: date | None = None

    @property
    def over(self) -> bool:
        """Whether it was decided and not appealed."""
        return self.state == State.DECIDED

"""How a decision with several answers counts: decided here once, for letter, register, performance and annual
report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workflow.law.keys import Outcome

if TYPE_CHECKING:
    from workflow.law.law import Law

Answer = tuple[str, str | None]
"""Outcome and ground of one item, or of one part of it."""


def is_partial(answers: Sequence[Answer], law: Law) -> bool:
    """Whether something is given and something is not: a partial disclosure, and nothing else (table 3 of the
    annual report, its second row).
    """
    rows = {law.result_row(*answer) for answer in answers}
    return law.outcome(Outcome.GRANTED).report_row in rows and len(rows) > 1


def counts_as(answers: Sequence[Answer], law: Law) -> Answer:
    """The answer as which the whole decision counts. Where all is refused for several reasons, that whose row
    comes first in the order of the law table.
    """
    if is_partial(answers, law):
        return Outcome.PARTIAL, None
    return min(answers, key=lambda answer: law.report_rank().index(law.result_row(*answer)))

"""The periods that an office's cases ask for, under its own settings."""

from __future__ import annotations

from datetime import date

from workflow import calendar, law
from workflow.cases.case import CaseFile
from workflow.cases.clocks import all_clocks
from workflow.cases.context import Context
from workflow.cases.letter_life import Life
from workflow.law.keys import Letter
from workflow.procedure import transitions


def _context(**settings: object) -> Context:
    return Context(law.bundled(), calendar.known(), transitions.bundled(), settings)


def test_a_correction_asked_for_where_the_law_of_its_receipt_had_no_days_for_it() -> None:
    """Received before the new Regulations, dealt with under them: nothing says until when, so it is not
    late."""
    context = _context(transition_regulations="new")
    asked = Life(Letter.CORRECTION, 2, "ask_correction", date(2019, 5, 16), 1, from_sending=True)
    asked.first = asked.on
    case = CaseFile(
        state="correction_asked",
        regulations=context.regulations(date(2019, 5, 10)),
        received_on=date(2019, 5, 10),
        correction_asked=asked.on,
        lives=[asked],
    )
    states = {clock.rule: clock.state for clock in all_clocks(case, context)}
    assert states == {"reply.limit": "stopped"}
    case.corrected.append(date(2019, 5, 30))
    reply = all_clocks(case, context)[0].deadline
    assert (reply.start, reply.due) == (date(2019, 5, 30), date(2019, 6, 28))

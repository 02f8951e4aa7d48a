"""The periods that an office's cases ask for: as the clocks give them, under its own settings, also asked
again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workflow import calendar, clocks, law
from workflow.base.errors import Malformed, OutOfLaw
from workflow.cases.case import CaseFile
from workflow.cases.clocks import all_clocks
from workflow.cases.context import Context
from workflow.cases.letter_life import Life
from workflow.law.keys import Letter
from workflow.procedure import transitions

RECEIVED, SENT = date(2026, 3, 2), date(2026, 3, 6)
FACTS = (
    clocks.ReplyFacts(RECEIVED),
    clocks.ReplyFacts(RECEIVED, "ogi2019", windows=(clocks.Window("third_party", SENT),)),
    clocks.ReplyFacts(RECEIVED, "ogi2019", windows=(clocks.Window("other_organ", SENT, answered=RECEIVED),)),
    clocks.ReplyFacts(RECEIVED, extension=clocks.Extension(SENT, 20), ordered_due=date(2026, 6, 1)),
)


def _context(**settings: object) -> Context:
    return Context(law.bundled(), calendar.known(), transitions.bundled(), settings)


@pytest.mark.parametrize("facts", [FACTS[0], FACTS[1], FACTS[3]])
def test_a_reply_as_the_clocks_give_it_twice(facts: clocks.ReplyFacts) -> None:
    context = _context()
    due = clocks.reply(facts, context.law, context.calendar, context.settings)
    assert [context.periods.reply(facts) for _ in range(2)] == [due, due]


def test_facts_that_cannot_be_are_refused_each_time() -> None:
    periods = _context().periods
    for _ in range(2):
        with pytest.raises(Malformed):
            periods.reply(FACTS[2])


def test_another_setting_is_another_period() -> None:
    facts = clocks.ReplyFacts(
        RECEIVED, "ogi2019", windows=(clocks.Window("other_organ", SENT, answered=date(2026, 3, 20)),)
    )
    context = _context(excluded_other_organs=False)
    other = replace(context, settings={"excluded_other_organs": True})
    assert context.periods.reply(facts).due < other.periods.reply(facts).due


def test_days_for_a_correction_and_targets() -> None:
    context = _context()
    for _ in range(2):
        found = context.periods.correction_notice(RECEIVED)
        assert found == clocks.correction_notice(RECEIVED, context.law, context.calendar)
        target = context.periods.internal("internal.review", RECEIVED, 3)
        assert target == clocks.internal("internal.review", RECEIVED, 3, context.law, context.calendar)
        with pytest.raises(OutOfLaw):
            context.periods.correction_notice(date(2019, 5, 10))


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

"""The time of whoever may contest what the organ did or left undone, as it is seen on a day: against silence,
the third party's own, and the longest that the law allows.

None of these clocks is kept: they hang on nothing that anybody recorded for them, and nobody in the office
has to act on them. Each person's time is counted by itself (法释〔2026〕3号, Art. 5(2)).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow import clocks
from workflow.cases import ways
from workflow.cases.applicant_clocks import brought, notified
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CLOSED, CaseClock, used
from workflow.cases.context import Context
from workflow.cases.organ_clocks import reply_clock
from workflow.cases.states import ClockState, Party
from workflow.cases.tracks import Consultation, Remedy
from workflow.clocks import Deadline
from workflow.law.keys import Letter

DIRECT, REJECTED = "suit_direct", "rejected"
THIRD_PARTY = "third_party"


def seen(case: CaseFile, context: Context, today: date, *, every: bool = False) -> list[CaseClock]:
    """All of them; the longest times only where `every` clock is asked for."""
    found = [*silence(case, context, today), *third_parties(case, context)]
    return [*found, *longest(case, context)] if every else found


def silence(case: CaseFile, context: Context, today: date) -> list[CaseClock]:
    """The applicant's time against silence, once the last day for the reply has gone by without one: from
    that day.

    Seen on a day and not kept: it hangs on nothing that anybody recorded. Which remedies there are is told by
    the route of the last day for the reply.
    """
    if not _owes_a_reply(case):
        return []
    reply = reply_clock(case, context)
    due = reply.deadline.due
    if today <= due or reply.state in (ClockState.STOPPED, ClockState.PAUSED):
        return []
    law, calendar = context.law, context.calendar
    kind = ways.silence(due, context).kind
    contested = [part for part in case.remedies if part.against_round == case.round]
    first, second = map(notified, brought(contested))
    found = clocks.reconsideration_inaction(due, law, calendar)
    if kind == ways.FIRST:
        found = _without_suits(found, contested, context)
    made = [CaseClock("reconsideration.inaction", Party.APPLICANT, found, used(found, first, second), first)]
    if kind == ways.FREE and law.knows("litigation.inaction", due):
        found = clocks.litigation_inaction(due, law, calendar)
        made.append(
            CaseClock("litigation.inaction", Party.APPLICANT, found, used(found, second, first), second)
        )
    return made


def _owes_a_reply(case: CaseFile) -> bool:
    """Whether a reply is owed that has not left; what the organ mends of its own accord it does not owe."""
    if case.received_on is None or case.unconfirmed or case.mending is not None:
        return False
    return case.state not in CLOSED and not (case.reply and case.reply.replied_on)


def _without_suits(found: Deadline, contested: list[Remedy], context: Context) -> Deadline:
    """The time for reconsideration without that of a suit that was dismissed because reconsideration goes
    first: nobody had told it where there was no reply (实施条例 2026, Art. 26).

    The suit is known from the day on which it was notified; it was brought before, so that the time is in
    fact longer.
    """
    spans = tuple(
        (part.received, part.served)
        for part in contested
        if part.kind == DIRECT
        and part.result == REJECTED
        and part.served is not None
        and context.law.knows("reconsideration.left_out", part.served)
    )
    if not spans:
        return found
    return clocks.left_out(found, spans, "reconsideration.left_out", context.law, context.calendar)


def third_parties(case: CaseFile, context: Context) -> list[CaseClock]:
    """The time of each third party against whose objection the organ discloses: from the day on which the
    letter that told it arrived. By its own number, as the consultation bears it."""
    made = []
    for part, reached in _told(case):
        assert part.overruled is not None
        route = context.law.route("third_party_disclosure", on=part.overruled)
        law, calendar = context.law, context.calendar
        first, second = map(notified, brought([one for one in case.remedies if one.by == THIRD_PARTY]))
        found = clocks.reconsideration(reached, law, calendar)
        made.append(_of_others("reconsideration.third_party", found, used(found, first, second), first, part))
        if route.kind == ways.FREE:
            found = clocks.litigation(reached, law, calendar)
            made.append(_of_others("litigation.third_party", found, used(found, second, first), second, part))
    return made


def _of_others(
    rule: str, deadline: Deadline, state: str, met_on: date | None, part: Consultation
) -> CaseClock:
    return CaseClock(rule, Party.CONSULTED, deadline, state, met_on, part.no)


def _told(case: CaseFile) -> Iterator[tuple[Consultation, date]]:
    """Each third party that was told of the disclosure, with the day on which the letter reached it."""
    void = {one.letter for one in case.voided}
    letters = sorted(
        made["letter"]
        for made in case.letters
        if made["code"] == Letter.OVERRULED and made["letter"] not in void
    )
    for no, letter in zip(case.overruled, letters, strict=False):
        part, sending = case.part("consultation", no), case.sent.get(letter)
        if isinstance(part, Consultation) and sending is not None and sending.arrived is not None:
            yield part, sending.arrived


def longest(case: CaseFile, context: Context) -> list[CaseClock]:
    """The longest time in which a reply may be contested, from its making: for whoever was not told of the
    remedies, or whom it has not reached (行政复议法, Art. 21; 行政诉讼法, Art. 46(2))."""
    ending = ways.ending(case)
    if ending is None:
        return []
    law, calendar = context.law, context.calendar
    routes = {route.kind for route in ways.routes(ending.items, ending.decided, context)}
    made = []
    for remedy, open_ in (("reconsideration", routes - {ways.NONE}), ("litigation", routes & {ways.FREE})):
        if open_ and law.knows(f"{remedy}.limit_absolute", ending.decided):
            found = clocks.absolute(remedy, ending.decided, law, calendar)
            made.append(CaseClock(f"{remedy}.longest", Party.APPLICANT, found, ClockState.RUNNING))
    return made

"""The calculator: a deadline from a rule and a day, without a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow import calendar, law
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.calendar import Calendar
from workflow.clocks import periods
from workflow.clocks.deadline import Deadline
from workflow.clocks.facts import Extension, ReplyFacts
from workflow.clocks.reply import reply
from workflow.law import Law

Excluded = tuple[tuple[date, date], ...]
Period = Callable[[date, Law, Calendar], Deadline]

_PERIODS: dict[str, Period] = {
    "correction-notice": periods.correction_notice,
    "third-party-opinion": lambda day, L, cal: periods.consultation(
        "third_party", day, L, cal, delivered=day
    ),
    "co-maker-opinion": lambda day, L, cal: periods.consultation("co_maker", day, L, cal, delivered=day),
    "fee-payment": periods.fee_payment,
    "reconsideration": periods.reconsideration,
    "litigation": periods.litigation,
    "litigation-after-reconsideration": periods.litigation_after_reconsideration,
}

RULES = ("reply", *_PERIODS)


def calculate(
    rule: str,
    from_: date,
    extended: bool = False,
    excluded: Excluded = (),
    as_known_on: date | None = None,
    L: Law | None = None,
    cal: Calendar | None = None,
) -> Deadline:
    """The deadline of one of RULES from the day of receipt, service or notice itself.

    `extended` adds the longest extension, `excluded` leaves out days (first, last), both for the reply only.
    `as_known_on` chooses the calendar as it was known on that day, unless `cal` is given. NotFound for an unknown
    rule, Malformed for options that the rule does not know, OutOfLaw for a day without law or calendar.
    """
    L = L or law.bundled()
    cal = cal or calendar.known(as_known_on)
    check(rule, extended, excluded)
    if rule == "reply":
        return _reply(from_, extended, excluded, L, cal)
    return _PERIODS[rule](from_, L, cal)


def check(rule: str, extended: bool = False, excluded: Excluded = ()) -> None:
    """Whether there is such a rule, and whether it knows these options: NotFound or Malformed."""
    if rule not in RULES:
        known = listed(RULES)
        raise NotFound(
            N_("No rule is called {name}; there are: {known}."), field="rule", name=rule, known=known
        )
    if (extended or excluded) and rule != "reply":
        message = N_("Only the reply can be extended or have days left out; {name} cannot.")
        raise Malformed(message, field="extended" if extended else "excluded", name=rule)


def _reply(received: date, extended: bool, excluded: Excluded, L: Law, cal: Calendar) -> Deadline:
    extension = Extension(received, L.value("reply.extension", received).value) if extended else None
    return reply(ReplyFacts(received, extension=extension, left_out=excluded), L, cal)

"""The calculator: a deadline from a rule and a day, without a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow import calendar, law
from workflow.base.completeness import require_known, require_same
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.calendar import Calendar
from workflow.clocks import periods
from workflow.clocks.deadline import Deadline
from workflow.clocks.facts import ReplyFacts
from workflow.clocks.reply import reply
from workflow.law import Values

Excluded = tuple[tuple[date, date], ...]
Period = Callable[[date, Values, Calendar], Deadline]

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
    "reconsideration-inaction": periods.reconsideration_inaction,
    "litigation-inaction": periods.litigation_inaction,
    "litigation-review-silent": periods.review_silent,
    "reconsideration-absolute": lambda day, L, cal: periods.absolute("reconsideration", day, L, cal),
    "litigation-absolute": lambda day, L, cal: periods.absolute("litigation", day, L, cal),
}
# Of these, days may be left out on which the person was kept from it; by which rule.
KEPT_FROM = {
    "reconsideration": "reconsideration.left_out",
    "reconsideration-inaction": "reconsideration.left_out",
    "litigation": "litigation.left_out",
    "litigation-after-reconsideration": "litigation.left_out",
    "litigation-inaction": "litigation.left_out",
    "litigation-review-silent": "litigation.left_out",
}
# Periods that a notice has to name; each with its remedy.
TOLD = {
    "reconsideration": "reconsideration",
    "litigation": "suit",
    "litigation-after-reconsideration": "suit",
}
_UNTOLD: dict[str, Period] = {
    "reconsideration": lambda day, L, cal: periods.reconsideration(day, L, cal, told=False),
    "litigation": lambda day, L, cal: periods.litigation(day, L, cal, told=False),
    "litigation-after-reconsideration": lambda day, L, cal: periods.litigation_after_reconsideration(
        day, L, cal, told=False
    ),
}
require_same("calculator._UNTOLD", _UNTOLD, "calculator.TOLD", TOLD)
require_known("calculator.TOLD", TOLD, "calculator._PERIODS", _PERIODS)
NOT_TOLD = "no"
# The notice named another organ than the one that decides.
OTHER_ORGAN = "organ"
_SPAN = later(r"(\d{1,4})([dmy])")
_UNITS = {"d": "day", "m": "month", "y": "year"}

RULES = ("reply", *_PERIODS)


def calculate(
    rule: str,
    from_: date,
    extended: bool = False,
    excluded: Excluded = (),
    as_known_on: date | None = None,
    L: Values | None = None,
    cal: Calendar | None = None,
    told: str | None = None,
) -> Deadline:
    """The deadline of one of RULES from the day of receipt, service or notice itself.

    `told` is what the notice said of a remedy's time: 'no' for nothing, else a length ('60d', '3m', '1y').

    `extended` adds the longest extension of the reply; `excluded` leaves out days (first, last): of the reply
    those of consultation, of a remedy those on which the person was kept from it without his own fault.
    `as_known_on` chooses the calendar as it was known on that day, unless `cal` is given. NotFound for an
    unknown rule, Malformed for options that the rule does not know, OutOfLaw for a day without law or
    calendar.
    """
    L = L or law.values()
    cal = cal or calendar.known(as_known_on)
    check(rule, extended, excluded, told)
    if rule == "reply":
        return _reply(from_, extended, excluded, L, cal)
    found = _as_told(rule, from_, told, L, cal)
    return periods.left_out(found, excluded, KEPT_FROM[rule], L, cal) if excluded else found


def _as_told(rule: str, from_: date, told: str | None, L: Values, cal: Calendar) -> Deadline:
    if told == NOT_TOLD:
        return _UNTOLD[rule](from_, L, cal)
    found = _PERIODS[rule](from_, L, cal)
    if told is None:
        return found
    if told == OTHER_ORGAN:
        return periods.told_other_organ(found, TOLD[rule], law.whole(L))
    length, unit = _span(told)
    as_told = periods.told_period(found, length, unit, cal)
    return periods.told_otherwise(found, as_told, TOLD[rule], law.whole(L))


def _span(told: str) -> tuple[int, str]:
    found = _SPAN.fullmatch(told)
    if found is None or int(found[1]) < 1:
        raise Malformed(
            N_(
                "'{value}' is neither 'no' nor 'organ' (another organ was named) nor a length like 60d, 3m or 1y."
            ),
            field="told",
            value=told[:20],
        )
    return int(found[1]), _UNITS[found[2]]


def check(rule: str, extended: bool = False, excluded: Excluded = (), told: str | None = None) -> None:
    """Refuse an unknown rule (NotFound) and options that the rule does not have (Malformed)."""
    if rule not in RULES:
        known = listed(RULES)
        raise NotFound(
            N_("No rule is called {name}; there are: {known}."), field="rule", name=rule, known=known
        )
    if told is not None and rule not in TOLD:
        raise Malformed(
            N_("What the notice told matters for {names} only; not for {name}."),
            field="told",
            name=rule,
            names=listed(TOLD),
        )
    if extended and rule != "reply":
        raise Malformed(N_("Only the reply can be extended; {name} cannot."), field="extended", name=rule)
    if excluded and rule != "reply" and rule not in KEPT_FROM:
        raise Malformed(
            N_("Days can be left out of {names} only; not of {name}."),
            field="excluded",
            name=rule,
            names=listed(("reply", *KEPT_FROM)),
        )


def _reply(received: date, extended: bool, excluded: Excluded, L: Values, cal: Calendar) -> Deadline:
    facts = ReplyFacts(received, left_out=excluded)
    if extended:
        from workflow.clocks.events import Extension

        facts = facts._replace(extension=Extension(received, L.value("reply.extension", received).value))
    return reply(facts, L, cal)

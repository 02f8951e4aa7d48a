"""Worked examples under two states of the law: time limits, ways against a decision, and letters word by
word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from letters.content import compose, kinds, specimens
from workflow import calendar, clocks, law
from workflow.base.errors import DisclosureError
from workflow.calendar import Calendar
from workflow.clocks import Extension, ReplyFacts, Restart, Window
from workflow.law import Law

CORRECTED_AFTER, CONSULTED_AFTER, PAID_AFTER = 10, 2, 12
"""In the examples, working days after receipt until the corrected application, the consultation, the
payment.
"""
SPECIMEN_AFTER = 60
"""Days after the day of effect on which the specimens are written: their applications were received after
it.
"""
LATER = 30
"""Days after the day of effect of the last example."""
_ONE = timedelta(days=1)


class Example(NamedTuple):
    """A time limit from one day, under the law before and after; None where that law has no such limit."""

    name: str
    received: date
    before: date | None
    after: date | None
    days_before: int | None
    days_after: int | None
    events: dict[str, str]

    @property
    def moves(self) -> bool:
        """Whether the last day is another."""
        return self.before != self.after

    def as_json(self) -> dict[str, Any]:
        """As plain data; days as ISO strings, `length` in the units of the limit."""
        return {
            "name": self.name,
            "received": self.received.isoformat(),
            "before": self.before and self.before.isoformat(),
            "after": self.after and self.after.isoformat(),
            "length_before": self.days_before,
            "length_after": self.days_after,
            "events": self.events,
        }


Facts = Callable[[date, Calendar], tuple[ReplyFacts, dict[str, str]]]


def _plain(received: date, cal: Calendar) -> tuple[ReplyFacts, dict[str, str]]:
    return ReplyFacts(received), {}


def _extended(received: date, cal: Calendar) -> tuple[ReplyFacts, dict[str, str]]:
    # More than any law allows, so that the longest lawful extension is added.
    return ReplyFacts(received, extension=Extension(received, 999)), {"noticed_on": received.isoformat()}


def _consulted(received: date, cal: Calendar) -> tuple[ReplyFacts, dict[str, str]]:
    sent = cal.add(received, CONSULTED_AFTER)
    return ReplyFacts(received, windows=(Window("third_party", sent, sent),)), {"delivered": sent.isoformat()}


def _consulted_extended(received: date, cal: Calendar) -> tuple[ReplyFacts, dict[str, str]]:
    facts, events = _consulted(received, cal)
    return facts._replace(extension=Extension(received, 999)), {**events, "noticed_on": received.isoformat()}


def _corrected(received: date, cal: Calendar) -> tuple[ReplyFacts, dict[str, str]]:
    day = cal.add(received, CORRECTED_AFTER)
    return ReplyFacts(received, restarts=(Restart("correction", day),)), {"corrected": day.isoformat()}


def _paid(received: date, cal: Calendar) -> tuple[ReplyFacts, dict[str, str]]:
    day = cal.add(received, PAID_AFTER)
    return ReplyFacts(received, restarts=(Restart("payment", day),)), {"paid": day.isoformat()}


REPLIES: dict[str, Facts] = {
    "reply": _plain,
    "reply_extended": _extended,
    "reply_consulted": _consulted,
    "reply_consulted_extended": _consulted_extended,
    "reply_corrected": _corrected,
    "reply_paid": _paid,
}


def days(promulgated: date, effective: date) -> list[date]:
    """The days of the examples: before the change was promulgated, between that and its effect, and from it
    on.
    """
    return sorted({promulgated - _ONE, effective - _ONE, effective, effective + timedelta(days=LATER)})


def limits(before: Law, after: Law, on: list[date]) -> list[Example]:
    """Every time limit that can be computed without a case, from each of these days."""
    cal = calendar.known()
    found = []
    for day in on:
        for name, facts in REPLIES.items():
            made, events = facts(day, cal)
            old, new = (_due(partial(clocks.reply, made, book, cal)) for book in (before, after))
            found.append(_example(name, day, old, new, events))
        for rule in clocks.RULES:
            if rule != "reply":
                old, new = (
                    _due(partial(clocks.calculate, rule, day, L=book, cal=cal)) for book in (before, after)
                )
                found.append(_example(rule.replace("-", "_"), day, old, new, {}))
        for id in sorted({*_others(before), *_others(after)}):
            old, new = (_due(partial(_period, id, day, book, cal)) for book in (before, after))
            found.append(_example(id.replace(".", "_"), day, old, new, {}))
    return [one for one in found if one.before or one.after]


COVERED = (
    "reply.limit",
    "reply.extension",
    "correction.notice",
    "third_party.opinion",
    "co_maker.opinion",
    "fee.payment",
    "reconsideration.limit",
    "reconsideration.inaction",
    "reconsideration.limit_absolute",
    "litigation.limit",
    "litigation.inaction",
    "litigation.after_reconsideration",
    "litigation.review_silent",
    "litigation.limit_absolute",
)
"""The legal values that the calculators show; every other period is shown as it is, from the day."""


def _others(book: Law) -> list[str]:
    """The periods on which a clock of a case hangs and that no calculator shows."""
    return [
        id
        for id in book.parameters()
        if id not in COVERED
        and book.parameter(id).get("clocks") != []
        and book.history(id)[-1].unit in ("working_day", "day", "month", "year")
    ]


def _period(id: str, day: date, book: Law, cal: Calendar) -> clocks.Deadline:
    return clocks.period(id, book.value(id, day), day, cal)


def _due(compute: Callable[[], clocks.Deadline]) -> clocks.Deadline | None:
    try:
        return compute()
    except DisclosureError:
        return None


def _example(
    name: str, day: date, old: clocks.Deadline | None, new: clocks.Deadline | None, events: dict[str, str]
) -> Example:
    return Example(
        name, day, old and old.due, new and new.due, old and old.length, new and new.length, events
    )


class Way(NamedTuple):
    """The way against a decision of a day, under the law before and after; '' where that law has none."""

    outcome: str
    answer: str
    decided: date
    before: str
    after: str
    articles_before: tuple[str, ...]
    articles_after: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether another way is open, or on another basis."""
        return (self.before, self.articles_before) != (self.after, self.articles_after)

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            **self._asdict(),
            "decided": self.decided.isoformat(),
            "articles_before": list(self.articles_before),
            "articles_after": list(self.articles_after),
        }


def ways(before: Law, after: Law, on: list[date]) -> list[Way]:
    """Each route, of every outcome and variant, on each of these days."""
    found = []
    for day in on:
        for outcome in after.contested():
            for cell in after.routes(outcome):
                old, new = _way(before, outcome, cell, day), _way(after, outcome, cell, day)
                if old[0] or new[0]:
                    found.append(Way(outcome, cell, day, old[0], new[0], old[1], new[1]))
    return found


def _way(book: Law, outcome: str, cell: str, day: date) -> tuple[str, tuple[str, ...]]:
    try:
        route = book.routes(outcome)[cell].on(day)
    except (DisclosureError, KeyError):
        return "", ()
    return route.kind, route.articles


class Reworded(NamedTuple):
    """A letter that says something else: the lines that go and those that come; or why it cannot be made."""

    code: str
    name: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            **self._asdict(),
            "removed": list(self.removed),
            "added": list(self.added),
            "fault": self.fault or None,
        }


def letters(before: Law, after: Law, effective: date) -> Iterator[Reworded]:
    """The letters whose wording changes for an application received on the day of effect."""
    on = effective + timedelta(days=SPECIMEN_AFTER)
    for kind in kinds.all():
        told: dict[str, Reworded] = {}
        for ground in kind.grounds or (None,):
            for outcome in kind.outcomes or (None,):
                try:
                    data = specimens.data(kind.code, ground, on=on, outcome=outcome)
                except DisclosureError:
                    continue  # the law of before knows no such letter
                old, _ = _lines(before, kind.code, data)
                new, fault = _lines(after, kind.code, data)
                if old == new or (fault and not old):
                    continue
                removed = tuple(line for line in old if line not in new)
                added = tuple(line for line in new if line not in old)
                told.setdefault(
                    repr((removed, added, fault)), Reworded(kind.code, kind.name, removed, added, fault)
                )
        yield from told.values()


def _lines(book: Law, code: str, data: dict[str, Any]) -> tuple[list[str], str]:
    """What a specimen of a letter says under a law, line by line; nothing, and why, where it cannot be made.

    The same case under either law, but for what the law itself makes of it: the last day, the longest
    extension.
    """
    received = date.fromisoformat(data["case"]["received_on"])
    with law.instead(book):
        try:
            due = clocks.reply(ReplyFacts(received), book, calendar.known()).due
            data = {**data, "case": {**data["case"], "reply_due": due.isoformat()}}
            if data["extension"]:
                longest = book.value("reply.extension", received).value
                data["extension"] = {**data["extension"], "days": longest}
            return list(_texts(compose.letter(code, data, book)["blocks"])), ""
        except DisclosureError as fault:
            return [], fault.text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("type", "part"):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)

"""One reply limit put together from its facts: which rule holds, what is left out, added or begun anew."""

from __future__ import annotations

from datetime import date, timedelta

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.calendar import Calendar
from workflow.clocks.deadline import WORKING_DAY, Deadline, Settings, of_reply, worse
from workflow.clocks.events import Window
from workflow.clocks.facts import CORRECTION, REFERRAL, RESTARTS, THIRD_PARTY, WINDOWS, ReplyFacts
from workflow.clocks.intervals import Interval, days_within, ends, merge, run
from workflow.clocks.periods import OPINIONS, period
from workflow.law import Value, Values
from workflow.law.setting_keys import SettingKey

ONE = timedelta(days=1)


class Composition:
    """One computation of a reply limit under the Regulations that govern the case."""

    def __init__(self, facts: ReplyFacts, L: Values, cal: Calendar, settings: Settings) -> None:
        self.facts, self.L, self.cal, self.settings = facts, L, cal, settings
        self.era = L.era(facts.regulations) if facts.regulations else L.era_on(facts.received)
        self.law_day = self.era.holds(facts.received)
        self.limit = L.value("reply.limit", self.law_day)
        self.status = self.limit.status
        self.notes: list[str] = []
        self.asked: list[
            tuple[date, str]
        ] = []  # when each consultation begins to count, and how certain that is

    def rule(self, id: str, day: date | None = None) -> Value | None:
        """A legal value under the Regulations that govern the case, if they have it.

        Of its versions in that era the one of the day on which the application was received, or of another
        `day` for what has a day of its own.
        """
        on = self.law_day if day is None else self.era.holds(day)
        return self.L.value(id, on) if self.L.knows(id, on) else None

    def article(self, id: str) -> str | None:
        """The article of that version, for an error."""
        value = self.rule(id)
        return value.article if value else None

    def deadline(self) -> Deadline:
        self.refuse_impossible()
        facts, cal, limit = self.facts, self.cal, self.limit
        start = self.start()
        intervals = self.intervals(start)
        first_end = ends(cal, start, limit.value, limit.unit, intervals)
        first_due = cal.roll(first_end)
        added = self.extension(start, first_due)
        end = self.extended_end(start, first_end, added, intervals) if added else first_end
        due = cal.roll(end)
        if due != end:
            self.notes.append("rolled")
        length, article = limit.value + added, limit.article
        special = self.special(due)
        if special is not None:
            day, article, note = special
            due = cal.roll(day)
            length = max(0, cal.count(start, due) - days_within(cal, intervals, due))
            self.notes += [note, "rolled"] if due != day else [note]
        elif facts.delay_until is not None:
            self.notes.append("delay_idle")
        used = tuple((low + ONE, high) for low, high in intervals if low < due)
        if used:
            self.notes.append("window")
            self.status = worse(self.status, *(status for low, status in self.asked if low < due))
        if len(used) < len(intervals):
            self.notes.append("window_idle")
        found = of_reply(
            start, due, limit, length, added, first_due, used, self.status, tuple(self.notes), cal
        )
        return found._replace(article=article, instrument=article.partition(":")[0])

    def extended_end(self, start: date, first_end: date, added: int, intervals: list[Interval]) -> date:
        """The last day with the extension, which runs on from the end of the first period."""
        limit, more = self.limit, self.rule("reply.extension")
        assert more is not None
        if limit.unit == more.unit == WORKING_DAY:
            return run(self.cal, start, limit.value + added, intervals)
        later = [(max(low, first_end), high) for low, high in intervals if high > first_end]
        return ends(self.cal, first_end, added, more.unit, later)

    def start(self) -> date:
        """The day of the event from which the limit now runs."""
        if not self.facts.restarts:
            return self.facts.received
        last = max(self.facts.restarts, key=lambda restart: (restart.day, RESTARTS.index(restart.kind)))
        id = "correction.restart" if last.kind == CORRECTION else "fee.restart"
        known = self.L.knows(id, last.day)
        self.status = worse(self.status, self.L.value(id, last.day).status if known else "U")
        self.notes.append(f"restarted_{last.kind}")
        return last.day

    def intervals(self, start: date) -> list[Interval]:
        """The time of consultation after `start`, overlapping consultations once, in order."""
        found: list[Interval] = []
        for window in self.facts.windows:
            value = self.excluded(window)
            end = self.end(window)
            if value is None:
                self.notes.append("window_idle")
            elif end is None:
                self.notes.append("window_open")
            elif end <= max(window.sent, start):
                self.notes.append("window_idle")
            else:
                found.append((max(window.sent, start), end))
                self.asked.append((found[-1][0], value.status))
        found += [(max(first - ONE, start), last) for first, last in self.facts.left_out if last > start]
        return merge(found)

    def excluded(self, window: Window) -> Value | None:
        """The rule that leaves out the time of a consultation; None where there is none, or a setting says
        no.
        """
        if window.kind == THIRD_PARTY:
            return self.rule("reply.excluded_third_party")
        name = SettingKey.EXCLUDED_REFERRAL if window.kind == REFERRAL else SettingKey.EXCLUDED_OTHER_ORGANS
        return self.rule("reply.excluded_other_organ") if self.set(name) else None

    def end(self, window: Window) -> date | None:
        """The last day left out: the answer, at most the end of the period for it; None while that is
        open.
        """
        asked = window.delivered or window.sent
        limit = self.rule(OPINIONS[window.kind], asked) if window.kind in OPINIONS else None
        last = period("opinion", limit, asked, self.cal).due if limit else window.answer_by
        if window.answered is None:
            return last
        return window.answered if last is None else min(window.answered, last)

    def extension(self, start: date, first_due: date) -> int:
        """The working days that the extension adds."""
        extension, most = self.facts.extension, self.rule("reply.extension")
        if extension is None or most is None:
            return 0
        if extension.noticed_on < start and not self.set(SettingKey.EXTENSION_SURVIVES_RESTART):
            self.notes.append("extension_dropped")
            return 0
        if extension.noticed_on > first_due:
            self.notes.append("extension_late")
            return 0
        self.notes += ["extended", "extension_capped"] if extension.days > most.value else ["extended"]
        return min(extension.days, most.value)

    def special(self, due: date) -> tuple[date, str, str] | None:
        """A day that replaces the limit, with its article and note: an order, or a later day told to the
        applicant.
        """
        facts = self.facts
        if facts.ordered_due is not None:
            return facts.ordered_due, "house:order", "ordered"
        if facts.delay_until is None or facts.delay_until <= due:
            return None
        delay = self.rule("reply.delay") or self.L.value("reply.delay", facts.received)
        return facts.delay_until, delay.article, "delayed"

    def set(self, name: str) -> bool:
        """A yes-or-no setting of the office."""
        return bool(self.L.chosen(self.settings, name))

    def refuse_impossible(self) -> None:
        """Malformed for events in an impossible order."""
        facts, received = self.facts, self.facts.received
        consulted = self.article("reply.excluded_third_party")
        for restart in facts.restarts:
            _known(restart.kind, RESTARTS)
            _not_before(restart.day, received, "restart", self.article("correction.restart"))
        for window in facts.windows:
            _known(window.kind, WINDOWS)
            _not_before(window.sent, received, "sent", consulted)
            for field in ("delivered", "answered", "answer_by"):
                day = getattr(window, field)
                if day is not None:
                    _not_before(day, window.sent, field, consulted)
        for first, last in facts.left_out:
            _not_before(first, received + ONE, "left_out", consulted)
            _not_before(last, first, "left_out", consulted)
        if facts.extension is not None:
            rule = self.article("reply.extension")
            _not_before(facts.extension.noticed_on, received, "extension", rule)
            if facts.extension.days < 1:
                message = N_("An extension needs at least one working day: {n}.")
                raise Malformed(message, field="extension", rule=rule, n=facts.extension.days)
        for field in ("delay_until", "ordered_due"):
            day = getattr(facts, field)
            if day is not None:
                _not_before(day, received, field, self.article("reply.delay"))


def _known(kind: str, kinds: tuple[str, ...]) -> None:
    if kind not in kinds:
        raise Malformed(N_("'{kind}' is none of {kinds}."), field="kind", kind=kind, kinds=", ".join(kinds))


def _not_before(day: date, earlier: date, field: str, rule: str | None) -> None:
    if day < earlier:
        raise Malformed(
            N_("{field} on {day} lies before {earlier}, on which it depends."),
            field=field,
            rule=rule,
            day=day.isoformat(),
            earlier=earlier.isoformat(),
        )

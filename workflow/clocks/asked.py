"""The calculator of deadlines, which needs no case and no database: one rule, for one day or for many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import Any

from workflow import calendar
from workflow.base import dates, messages
from workflow.base import names as base_names
from workflow.base.completeness import require_same
from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_, translate
from workflow.calendar import Calendar, notice_folder
from workflow.clocks import calculator
from workflow.clocks.deadline import Deadline


class Deadlines:
    """A question to the calculator: one rule, for one day or for many."""

    def __init__(
        self,
        rule: str,
        extended: bool,
        excluded: Iterable[str],
        as_known_on: str | None,
        told: str | None = None,
    ) -> None:
        self.rule, self.extended = _meant(rule), extended
        self.excluded = tuple(_span(text) for text in excluded)
        self.known_on = dates.parse_date(as_known_on, "as-known-on") if as_known_on else None
        self.told = _told(told) if told else told
        calculator.check(self.rule, extended, self.excluded, self.told)

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar, with notices imported on this machine."""
        extra = notice_folder.from_files()
        return calendar.known(self.known_on, extra=extra)

    def one(self, start: str) -> Deadline:
        """The deadline from one day."""
        day, known = dates.parse_date(start, "from"), self.calendar
        try:
            return calculator.calculate(
                self.rule, day, self.extended, self.excluded, cal=known, told=self.told
            )
        except DisclosureError as fault:
            # The clock names these two options differently.
            fault.field = "excluded" if fault.field == "left_out" else "from"
            fault.params["field"] = f"--{fault.field}"
            fault.rule = fault.rule or self.article
            raise

    @property
    def article(self) -> str:
        """The provision of the rule now: for days beyond the calendar, but not beyond the law."""
        newest = date(self.calendar.announced_until.year, 1, 1)
        return calculator.calculate(self.rule, newest, cal=self.calendar).article


def _meant(rule: str) -> str:
    if rule in NAMES:
        return rule
    from workflow.base import typed_words

    return typed_words.meant(rule, words(), "rule").replace("_", "-")


def _told(told: str) -> str:
    from workflow.base import typed_words

    return typed_words.meant(told, base_names.both("told", base_names.bundled()["told"]), "told")


def _span(text: str) -> tuple[date, date]:
    first, sep, last = text.partition("..")
    if not sep:
        raise Malformed(
            N_("'{value}' is not of the form START..END."),
            field="excluded",
            value=text[:40],
            way_on=N_("For example: {example}"),
            example="--excluded 2026-03-06..2026-03-20",
        )
    span = dates.parse_date(first, "excluded"), dates.parse_date(last, "excluded")
    if span[1] < span[0]:
        raise Malformed(N_("{last} lies before {first}."), field="excluded", first=span[0], last=span[1])
    return span


NAMES = {
    "reply": N_("Time for the reply"),
    "correction-notice": N_("Time to ask for a correction"),
    "third-party-opinion": N_("The third party's time to answer"),
    "co-maker-opinion": N_("The co-maker's time to answer"),
    "fee-payment": N_("The applicant's time to pay"),
    "reconsideration": N_("Time to ask for reconsideration"),
    "litigation": N_("Time to sue"),
    "litigation-after-reconsideration": N_("Time to sue after reconsideration"),
    "reconsideration-inaction": N_("Time to ask for reconsideration of silence"),
    "litigation-inaction": N_("Time to sue against silence"),
    "litigation-review-silent": N_("Time to sue where the decision on reconsideration does not come"),
    "reconsideration-absolute": N_("Longest time to ask for reconsideration"),
    "litigation-absolute": N_("Longest time to sue"),
}


def words() -> dict[str, dict[str, str]]:
    """The rules with their names in both languages."""
    found: dict[str, dict[str, str]] = {rule: {} for rule in NAMES}
    for short, language in (("zh", "zh_CN"), ("en", "en")):
        with messages.speaking(language):
            for rule, name in NAMES.items():
                found[rule][short] = translate(name)
    for one in found.values():
        # As help has it.
        one["short"] = one["zh"].removesuffix("期限")
    return found


require_same("asked.NAMES", NAMES, "calculator.RULES", calculator.RULES)


def stream(ask: Deadlines, lines: Iterable[str], put: Callable[[str], Any]) -> None:
    """A day a line in, CSV `from,due,provisional` out, at once: a line that is no day ends it with its
    number, and nothing is put out, so that no half of a list is taken for the whole."""
    known: dict[str, str] = {}
    made = ["from,due,provisional"]
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if text not in known:
            try:
                found = ask.one(text)
            except DisclosureError as fault:
                fault.field = translate(N_("line {number}"), number=number)
                raise
            known[text] = f"{found.start},{found.due},{'true' if found.provisional else 'false'}"
        made.append(known[text])
    put("\n".join(made))


def name(rule: str) -> str:
    """What a rule is called, in the language in force."""
    return translate(NAMES[rule])

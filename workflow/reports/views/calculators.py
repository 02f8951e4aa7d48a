"""Calculators that need no case and no database: deadlines, fees, the law on a day, the calendar of a
year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import Any

from workflow import calendar, clocks, law
from workflow.base import dates, messages, screen, typed_words
from workflow.base import names as base_names
from workflow.base.completeness import require_same
from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_, translate
from workflow.calendar import Calendar, Day
from workflow.clocks import Deadline, explanation
from workflow.law import Fee
from workflow.office import notice_folder


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
        self.rule, self.extended = typed_words.meant(rule, words(), "rule").replace("_", "-"), extended
        self.excluded = tuple(_span(text) for text in excluded)
        self.known_on = dates.parse_date(as_known_on, "as-known-on") if as_known_on else None
        self.told = told and typed_words.meant(
            told, base_names.both("told", base_names.bundled()["told"]), "told"
        )
        clocks.check(self.rule, extended, self.excluded, self.told)

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar, with notices imported on this machine."""
        extra = notice_folder.from_files()
        return calendar.known(self.known_on, extra=extra)

    def one(self, start: str) -> Deadline:
        """The deadline from one day."""
        day, known = dates.parse_date(start, "from"), self.calendar
        try:
            return clocks.calculate(self.rule, day, self.extended, self.excluded, cal=known, told=self.told)
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
        return clocks.calculate(self.rule, newest, cal=self.calendar).article


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


require_same("calculators.NAMES", NAMES, "clocks.RULES", clocks.RULES)


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


def deadline_lines(found: Deadline, calendar: Calendar) -> list[str]:
    """The deadline with its derivation, for a person."""
    return [str(found.due), "", *explanation.lines_of(translate(NAMES[found.rule]), found, calendar)]


# --- fees


def fee(basis: str, count: int, already: int, on: date | None) -> Fee:
    """The fee by the scale of a day (today if none is given)."""
    tables, day = law.bundled(), on or dates.today()
    return tables.by_page(count, day) if basis == "by_page" else tables.by_item(count, already, on=day)


def fee_json(found: Fee) -> dict[str, Any]:
    """The fee as plain data."""
    bands = [band._asdict() for band in found.bands]
    return {
        "amount_yuan": found.amount,
        "bands": bands,
        "article": found.article,
        "status": found.status,
        "units": found.units,
        "already": found.already,
    }


def fee_lines(found: Fee) -> list[str]:
    """The fee for a person: the amount, then band by band."""
    lines = [translate(N_("{amount} yuan"), amount=found.amount)]
    lines += [
        translate(
            N_("  {first}–{last}: {units} × {each} = {yuan} yuan"),
            first=band.first,
            last=band.last,
            units=band.units,
            each=band.yuan_each,
            yuan=band.yuan,
        )
        for band in found.bands
    ]
    return [*lines, base_names.article(found.article)]


# --- the law


# --- the calendar


def year(number: int, as_known_on: str | None) -> list[Day]:
    """The days of a year that are not what the plain week makes of them."""
    known_on = dates.parse_date(as_known_on, "as-known-on") if as_known_on else None
    known = calendar.known(known_on, extra=notice_folder.from_files())
    return [day for day in known.year(number) if day.kind not in ("weekday", "weekend")]


def year_json(found: list[Day]) -> list[dict[str, Any]]:
    """Days as plain data."""
    return [{**day._asdict(), "date": day.date.isoformat()} for day in found]


def year_lines(found: list[Day]) -> list[str]:
    """Days as a table."""
    weekdays = translate(N_("Mo Tu We Th Fr Sa Su")).split()
    kinds = {
        "holiday": N_("day off"),
        "make_up": N_("make-up working day"),
        "local": N_("local day"),
        "statutory": N_("holiday by law, the year is not announced"),
    }
    rows = [
        [
            day.date.isoformat(),
            weekdays[day.date.weekday()],
            translate(kinds[day.kind]),
            day.festival,
            day.notice,
        ]
        for day in found
    ]
    heads = (N_("date"), N_("weekday"), N_("what"), N_("holiday"), N_("notice"))
    return screen.table([translate(head) for head in heads], rows)


def coverage() -> dict[str, Any]:
    """Whether the calendar reaches far enough for today: severity ok, warn or fail, and what to import."""
    from workflow.office import imported_notices

    today, known = dates.today(), calendar.known(extra=notice_folder.from_files())
    if calendar.missing(today, known):
        # It may have been imported on another machine.
        known = calendar.known(extra=imported_notices.everywhere())
    missing = calendar.missing(today, known)
    until = known.announced_until
    if missing is None:
        text = translate(N_("Announced until {until}; nothing is missing."), until=until)
        return {"severity": "ok", "announced_until": until.isoformat(), "missing": None, "text": text}
    message = N_(
        "The notice for {year} is missing; import it when it is out: disclosure calendar import FILE"
    )
    text = translate(message, year=missing.year)
    return {
        "severity": missing.severity,
        "announced_until": until.isoformat(),
        "missing": missing.year,
        "text": text,
    }

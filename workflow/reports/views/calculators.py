"""Calculators without case and database: fees, the days of a year. Deadlines: workflow/clocks/asked.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow import calendar, law
from workflow.base import dates, screen
from workflow.base import names as base_names
from workflow.base.messages import N_, translate
from workflow.calendar import Day, notice_folder
from workflow.law import Fee

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

"""Open time limits as an iCalendar file to subscribe to: an all-day event a clock, under the same UID for
ever.

SEQUENCE is the version of the case and LAST-MODIFIED the moment of its last entry: what moves a last day is
an entry, so a calendar program sees the change. A clock that is done is in the file no more, and a subscribed
calendar drops it. Nothing in an event depends on the day on which the file is made: the same cases give the
same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import whole_files
from workflow.base.messages import N_, language, translate
from workflow.base.names import article, of_part, word
from workflow.cases import states
from workflow.cases.states import ClockState
from workflow.reports.alerts import thresholds
from workflow.reports.alerts.alert import provisional
from workflow.reports.alerts.report import Report, Tally
from workflow.reports.alerts.search import CASES, CLOCKS, Search
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from icalendar import Event

LEDGER = TABLES["ledger"]
STATES = states.OPEN
# How often a program that subscribed looks again.
REFRESH = timedelta(hours=6)


def to_ics(report: Report, path: Path) -> Tally:
    """All open clocks of the scope; the kinds of alerts that were asked for do not matter here."""
    from icalendar import Calendar

    search = report.search
    calendar = Calendar()
    title = f"{report.office.name} {search.scope.title(report.office)}"
    calendar.add("prodid", "-//disclosure//alerts//" + ("EN" if language() == "en" else "ZH"))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    head, _, foot = calendar.to_ical().rpartition(b"END:VCALENDAR")
    with whole_files.draft(path.parent) as new:
        # Event by event: a calendar of ten thousand is not held in memory.
        new.write(head)
        for event in _events(search, report):
            new.write(event.to_ical())
        new.write(b"END:VCALENDAR" + foot)
        new.keep(path, replace=True)
    return report.tally()


def _events(search: Search, report: Report) -> Iterator[Event]:
    domain = _domain(search)
    cited = lru_cache(maxsize=None)(article)
    query = search.over_clocks(list(search.limits.clocks), STATES)
    query = query.add_columns(CLOCKS.c.state.label("clock_state"), CASES.c.version, CASES.c.recorded_at)
    for row in search.rows(query):
        if search.clock in (None, row.rule):
            yield _event(row, report, domain, cited(row.article))


def _domain(search: Search) -> str:
    """What makes the UIDs of this office its own: the hash of the first entry of its record, which never
    changes.
    """
    query = select(LEDGER.c.hash).where(LEDGER.c.office_id == search.office.id, LEDGER.c.seq == 1)
    first = search.connection.execute(query).scalar_one()
    return f"{first[:16]}.{search.office.key}.disclosure"


def _event(row: Any, report: Report, domain: str, provision: str) -> Event:
    from icalendar import Event

    name = of_part(row.rule, row.ref)
    standing = row.clock_state != ClockState.RUNNING
    marks = [provisional()] if row.provisional else []
    if standing:
        marks.append(
            f"({word('clock_state', row.clock_state)})"
            if language() == "en"
            else f"（{word('clock_state', row.clock_state)}）"
        )
    changed = datetime.fromisoformat(row.recorded_at)
    words = report.words
    who = " / ".join(part for part in (words.unit(row.unit), words.officer(row.handler)) if part)
    event = Event()
    event.add("uid", f"{row.number}.{row.rule}.{row.ref}@{domain}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", row.version)
    event.add("dtstart", row.due)
    event.add("dtend", row.due + timedelta(days=1))
    event.add("summary", f"{row.number} {name}{''.join(marks)}")
    event.add(
        "description",
        "\n".join(
            part
            for part in (
                translate(N_("State: {state}"), state=word("state", row.state)),
                translate(N_("Whose: {who}"), who=who) if who else "",
                translate(N_("Provision: {article}"), article=provision),
                f"disclosure show {row.number}",
            )
            if part
        ),
    )
    event.add("categories", [thresholds.name("lane", report.search.limits.clocks[row.rule].lane)])
    # A date that may still move is tentative.
    event.add("status", "TENTATIVE" if row.provisional or standing else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event

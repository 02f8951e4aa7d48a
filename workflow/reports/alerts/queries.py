"""Finds alerts by indexed queries; rows are streamed and no case is folded.

Only running clocks and waiting cases are read, by rule and last day or by state, never finished cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from workflow import calendar, law
from workflow.base import dates
from workflow.base.completeness import require_known, require_same
from workflow.base.messages import N_, translate
from workflow.cases.states import ClockState
from workflow.office.alert_settings import table
from workflow.procedure import letter_terms
from workflow.reports.alerts import thresholds, unsent
from workflow.reports.alerts.alert import Alert
from workflow.reports.alerts.search import CASE_COLUMNS, CASES, CLOCKS, REPLY, Search
from workflow.reports.annual import closing
from workflow.storage.tables import TABLES

OUTBOX = TABLES["outbox"]
STANDING = (ClockState.PAUSED, ClockState.STOPPED)
ITEMS = TABLES["web_item"]


def alerts(search: Search) -> Iterator[Alert]:
    """All alerts, kind by kind in the order of the table, each by its last day."""
    for kind in thresholds.kinds().values():
        if search.kinds and kind.id not in search.kinds:
            continue
        for alert in SOURCES[kind.id](search, kind):
            if search.clock is None or alert.clock == search.clock:
                yield alert


# --- by last days


def _by_rule(days: Mapping[str, date]) -> Any:
    return case(days, value=CLOCKS.c.rule)


def _past(search: Search, kind: Any) -> Iterator[Alert]:
    """Last days that are over."""
    rules = [clock.rule for clock in search.limits.clocks.values() if clock.kind == kind.id]
    query = search.over_clocks(rules).where(CLOCKS.c.due < search.today)
    if kind.id == "target":
        # The office's own target is not missed while it waits for the applicant.
        query = query.where(CASES.c.reply_clock != ClockState.STOPPED)
    for row in search.rows(query):
        yield search.of_clock(kind.id, row)


def _waiting(search: Search, kind: Any) -> Iterator[Alert]:
    """What waits to be answered from its first day on, however far its last day is."""
    rules = [clock.rule for clock in search.limits.clocks.values() if clock.kind == kind.id]
    for row in search.rows(search.over_clocks(rules)):
        yield search.of_clock(kind.id, row)


def _on_the_day(search: Search, kind: Any) -> Iterator[Alert]:
    """Last days that are today."""
    rules = [clock.rule for clock in search.limits.clocks.values() if clock.day == kind.id]
    # A range query: for equality SQLite would scan the table in the order of its ids.
    query = search.over_clocks(rules).where(CLOCKS.c.due.between(search.today, search.today))
    for row in search.rows(query):
        yield search.of_clock(kind.id, row)


def _near(search: Search, kind: Any) -> Iterator[Alert]:
    """Last days that are near, each clock by its own threshold; with today where today is no kind of its
    own.
    """
    limits, today = search.limits, search.today
    clocks = [clock for clock in limits.clocks.values() if clock.near == kind.id]
    first = {clock.rule: today if clock.day == kind.id else today + timedelta(days=1) for clock in clocks}
    last = {clock.rule: limits.near[clock.rule] for clock in clocks}
    # Outer bounds let the index work; per-rule bounds are exact.
    query = search.over_clocks(list(last)).where(
        CLOCKS.c.due >= today,
        CLOCKS.c.due <= max(last.values()),
        CLOCKS.c.due >= _by_rule(first),
        CLOCKS.c.due <= _by_rule(last),
    )
    for row in search.rows(query):
        yield search.of_clock(kind.id, row)


def _provisional(search: Search, kind: Any) -> Iterator[Alert]:
    """Provisional deadlines that are not yet "soon"."""
    limits = search.limits
    last = limits.until(limits.of(kind.id))
    if not limits.calendar.provisional(last):
        return
    query = search.over_clocks(list(limits.near)).where(
        CLOCKS.c.provisional.is_(True),
        CLOCKS.c.due <= last,
        CLOCKS.c.due > search.today,
        CLOCKS.c.due > _by_rule(limits.near),
    )
    for row in search.rows(query):
        yield search.of_clock(kind.id, row, next=f"disclosure explain {row.number}")


# --- by what does not move


# Of an old register that kept no day of service nobody can find it out any more.
_OWN = or_(CASES.c.details.is_(None), CASES.c.details.not_like('%"taken_over":%'))


def _lying(search: Search, kind: Any) -> Iterator[Alert]:
    """Letters that were issued and not sent, came back, or of which nobody knows whether they arrived."""
    limits = search.limits
    event = thresholds.states()[kind.state].act
    since = limits.since(limits.of(kind.id))
    query = search.over_cases(kind.state).where(CASES.c.last_on <= since, _OWN)
    for row in search.rows(query):
        yield search.of_case(kind.id, row, event, row.last_on)


def _unproved(search: Search, kind: Any) -> Iterator[Alert]:
    """Replies, and words of the end of an application, of which nobody recorded that they arrived."""
    yield from _lying(search, kind)
    since = search.limits.since(search.limits.of(kind.id))
    for row in search.rows(unsent.unproved(search.office.id, CASE_COLUMNS, search.scope.where(), since)):
        step = f"disclosure letter-arrived {row.number} --letter {row.code}"
        yield search.of_case(kind.id, row, "reopen", row.sent_on, next=step, detail=row.code)


def _idle(search: Search, kind: Any) -> Iterator[Alert]:
    """Cases that lie in a state longer than they should, while the time for reply runs."""
    for state in thresholds.states().values():
        if state.idle is None:
            continue
        before = search.limits.since(search.limits.of(f"idle.{state.id}"))
        query = search.over_cases(state.id).where(
            CASES.c.last_on <= before, CASES.c.reply_clock == ClockState.RUNNING
        )
        for row in search.rows(query):
            yield search.of_case(kind.id, row, state.act, row.last_on)


def _stopped(search: Search, kind: Any) -> Iterator[Alert]:
    """Reply limits stopped for too long; late third parties have their own alert."""
    limits = search.limits
    before = limits.since(limits.of(kind.id))
    others = CLOCKS.alias("others")
    lane = [clock.rule for clock in limits.clocks.values() if clock.lane == "others"]
    theirs = and_(
        others.c.case_id == CASES.c.id, others.c.state == ClockState.RUNNING, others.c.rule.in_(lane)
    )
    since = select(func.max(others.c.start)).where(theirs).scalar_subquery()
    query = (
        search.over_clocks([REPLY], STANDING)
        .add_columns(since.label("since"))
        .where(
            CASES.c.last_on <= before,
            ~exists().where(theirs, or_(others.c.start > before, others.c.due < search.today)),
        )
    )
    for row in search.rows(query):
        began = max(row.last_on, row.since) if row.since else row.last_on
        # The last day moves on once the clock runs again: what counts is how long it has been stopped.
        yield search.of_clock(
            kind.id, row, left=None, waited=limits.waited(began), next=f"disclosure next {row.number}"
        )


def _unsent(search: Search, kind: Any, near: bool) -> Iterator[Alert]:
    """Letters that were made and lie here: those whose period is near its end, or the others."""
    limits, rules = search.limits, letter_terms.bound()
    approve = search.office.context().approve
    days = search.today, limits.until(limits.of("notice_due")), limits.since(limits.of("unsent"))
    query = unsent.letters(search.office.id, CASE_COLUMNS, search.scope.where(), days, near=near)
    for row in search.rows(query):
        found = search.of_case(kind.id, row, "", row.dated, next="disclosure letters")
        term = (
            {"clock": rules[row.code], "due": row.term_due, "left": limits.left(row.term_due)} if near else {}
        )
        yield replace(found, article=_behind(search, row), **unsent.told(row, term, approve))


def _behind(search: Search, row: Any) -> str:
    """The provision of the act that calls for such a letter."""
    calling = (step for step in search.process.rows if row.code in step.letters)
    found = (step.basis(row.regulations, search.today) for step in calling)
    return next((article for article in found if article), "")


def _letters(search: Search, kind: Any) -> Iterator[Alert]:
    """Letters that could not be made or sent, or were not tried for too long. What went wrong may hold a name
    or an address and is not repeated here."""
    limits = search.limits
    since = datetime.combine(limits.since(limits.of(kind.id)), time.max, dates.CHINA)
    query = (
        select(*(CASES.c[name] for name in CASE_COLUMNS), OUTBOX.c.created_at, OUTBOX.c.attempts)
        .join(CASES, CASES.c.id == OUTBOX.c.case_id)
        .where(
            OUTBOX.c.office_id == search.office.id,
            OUTBOX.c.done_at.is_(None),
            search.scope.where(),
            or_(OUTBOX.c.last_error.is_not(None), OUTBOX.c.created_at <= dates.stamp(since)),
        )
        .order_by(OUTBOX.c.id)
    )
    for row in search.rows(query):
        put_down = dates.china_day(datetime.fromisoformat(row.created_at))
        tried = (
            translate(N_("tried {n} times"), n=row.attempts)
            if row.attempts
            else translate(N_("not tried yet"))
        )
        yield search.of_case(kind.id, row, "letter_made", put_down, next="disclosure work", detail=tried)


def _online(search: Search, kind: Any) -> Iterator[Alert]:
    """What came from the public pages and waits for an officer: a withdrawal, or what the case did not
    allow."""
    query = (
        select(*(CASES.c[name] for name in CASE_COLUMNS), ITEMS.c.receipt, ITEMS.c.on_day)
        .join(CASES, CASES.c.id == ITEMS.c.case_id)
        .where(ITEMS.c.office_id == search.office.id, ITEMS.c.step == "waiting", search.scope.where())
        .order_by(ITEMS.c.id)
    )
    for row in search.rows(query):
        step = f"disclosure web settle {row.receipt}"
        yield search.of_case(kind.id, row, "note", row.on_day, next=step, detail=row.receipt)


def _calendar(search: Search, kind: Any) -> Iterator[Alert]:
    """The notice on next year's days off, from the day on which it should have been taken in."""
    missing = calendar.missing(search.today, search.limits.calendar) if search.keeps_the_office else None
    if missing is not None:
        due = date(missing.year, 1, 1) - timedelta(days=1)
        what = translate(N_("days off of {year}"), year=missing.year)
        yield search.of_office(kind.id, due, "", "disclosure calendar import FILE", what)


def _annual_report(search: Search, kind: Any) -> Iterator[Alert]:
    """The report on the year before, as long as its figures were not closed, of an office that had cases."""
    if not search.keeps_the_office:
        return
    this_year = date(search.today.year, 1, 1)
    day, article = law.bundled().report_due(search.office.entry("kind"), this_year)
    due = date.fromisoformat(f"{this_year.year}-{day}")
    if due > search.limits.until(search.limits.of(kind.id)):
        return
    before = select(CASES.c.id).where(CASES.c.office_id == search.office.id, CASES.c.received_on < this_year)
    if search.connection.scalar(before.limit(1)) is None:
        return
    year = this_year.year - 1
    if closing.closed(search.connection, search.office.id, year) is None:
        what = translate(N_("annual report of {year}"), year=year)
        yield search.of_office(kind.id, due, article, f"disclosure report annual {year}", what)


SOURCES: dict[str, Callable[[Search, Any], Iterator[Alert]]] = {
    "overdue": _past,
    "today": _on_the_day,
    "soon": _near,
    "hearing": _near,
    "target": _past,
    "urged": _waiting,
    "unanswered": _past,
    "correction": _past,
    "fee": _past,
    "unconfirmed": _lying,
    "unposted": _lying,
    "returned": _lying,
    "unproved": _unproved,
    "stopped": _stopped,
    "idle": _idle,
    "notice_due": partial(_unsent, near=True),
    "unsent": partial(_unsent, near=False),
    "letter": _letters,
    "online": _online,
    "calendar": _calendar,
    "annual_report": _annual_report,
    "provisional": _provisional,
}

require_same("thresholds.toml: kind", thresholds.kinds(), "queries.SOURCES", SOURCES)
for _name, _found_by in SOURCES.items():
    if _found_by in (_lying, _unproved):
        require_known(
            "queries.SOURCES: _lying", ["state"], f"thresholds.toml: kind.{_name}", table()["kind"][_name]
        )

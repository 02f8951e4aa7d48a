"""A case as it is looked at: as it was known on a day, and its clocks as they are seen today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from workflow import calendar
from workflow.base import dates
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.cases import clocks as case_clocks
from workflow.cases import contest
from workflow.cases.case_clock import CaseClock
from workflow.casework import lookup
from workflow.casework.opened import Opened
from workflow.office import imported_notices
from workflow.office.seat import Seat
from workflow.procedure.fold import fold
from workflow.storage import case_entries


def as_of(seat: Seat, ref: str, day: date) -> Opened:
    """A case as it was known at the end of a day: what was recorded by then, with the calendar known by
    then.
    """
    until = dates.stamp(datetime.combine(day, time.max, dates.CHINA))
    with seat.store.reading() as connection:
        row = lookup.one(connection, seat, ref)
        entries = case_entries.entries(connection, row.id, until)
        notices = imported_notices.imported(connection)
    if not entries:
        raise NotFound(
            N_("Nothing of {number} was recorded by {day}."),
            field="as-of",
            number=row.number,
            day=day,
            way_on=N_("See when it was recorded with: disclosure history {number}"),
        )
    case = fold(entries, number=row.number)
    # Use the calendar as known on that day: days off are known from the day of their notice.
    context = replace(seat.context, calendar=calendar.known(day, local=seat.office.local_days, extra=notices))
    return Opened(row.id, len(entries), entries, case, case_clocks.all_clocks(case, context))


def with_contest(seat: Seat, opened: Opened, *, every: bool = False) -> list[CaseClock]:
    """The clocks of a case, and the time of those who may contest it as it is seen today: against silence,
    the third party's, the longest.
    """
    return [*opened.clocks, *contest.seen(opened.case, seat.context, seat.today(), every=every)]

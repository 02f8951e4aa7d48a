"""The reply limit, composed from all that happened: restarts, consultations, extension, delay, order.

The result depends on the facts only, never on the order in which they were entered.
"""

from __future__ import annotations

from datetime import date, timedelta

from workflow import calendar
from workflow.calendar import Calendar
from workflow.clocks.deadline import REPLY, WORKING_DAY, Deadline, Settings, of_reply
from workflow.clocks.facts import ReplyFacts
from workflow.law import Values
from workflow.law.setting_keys import SettingKey

_NO_SETTINGS: Settings = {}
# Deadline(...) without its Python-level constructor.
_made = tuple.__new__


def reply(facts: ReplyFacts, L: Values, cal: Calendar, settings: Settings = _NO_SETTINGS) -> Deadline:
    """Until when the organ has to reply.

    Receipt is not counted. A restart drops what came before it; consultation takes out the working days after
    sending up to and including the answer, or to the end of the consulted party's own period; an extension is
    added once, if its notice came inside the first period. Malformed for facts that cannot be (an answer
    before its question), OutOfLaw for a date without law. The due day is always a working day.
    """
    received, regulations, restarts, windows, extension, delay, ordered, left_out = facts
    if not (restarts or windows or extension or delay or ordered or left_out):
        # The common case, computed for many cases at once: nothing but the day of receipt.
        since, days, instrument, article, status = L.newest_limit
        if received >= since and (regulations is None or regulations in L.newest_eras):
            due = cal.add(received, days)
            if due < cal.open_from:
                return _made(
                    Deadline,
                    (
                        REPLY,
                        received,
                        due,
                        WORKING_DAY,
                        days,
                        instrument,
                        article,
                        status,
                        False,
                        0,
                        due,
                        (),
                        cal.version,
                        (),
                    ),
                )
        if regulations is None or L.era(regulations).holds(received) == received:
            limit = L.value("reply.limit", received)
            if limit.unit == WORKING_DAY:
                due = cal.add(received, limit.value)
                return of_reply(received, due, limit, limit.value, 0, due, (), limit.status, (), cal)
    from workflow.clocks.composition import Composition

    return Composition(facts, L, cal, settings).deadline()


def governing(
    received: date, L: Values, settings: Settings = _NO_SETTINGS, ended_on: date | None = None
) -> str:
    """Which Regulations govern an application: those of the day of receipt, unless the office has settled
    otherwise.

    Neither version has a transition clause. With the setting `transition_regulations` = new, an application
    still open when the law changed (`ended_on` None or later) goes by the new one.
    """
    era = L.era_on(received)
    if era.last is None or L.chosen(settings, SettingKey.TRANSITION_REGULATIONS) != "new":
        return era.key
    if ended_on is not None and ended_on <= era.last:
        return era.key
    return L.era_on(era.last + timedelta(1)).key


def leaves_out(kind: str, law_day: date, L: Values, settings: Settings = _NO_SETTINGS) -> bool:
    """Whether the law of a day, and the office's settings, leave the time of such a consultation out of the
    limit.
    """
    from workflow.clocks.composition import Composition
    from workflow.clocks.events import Window

    facts = ReplyFacts(law_day)
    return Composition(facts, L, calendar.known(), settings).excluded(Window(kind, law_day)) is not None

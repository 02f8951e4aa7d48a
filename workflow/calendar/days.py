"""A day of the calendar, and the kinds of days."""

from datetime import date
from typing import NamedTuple

WEEKDAY = "weekday"
WEEKEND = "weekend"
HOLIDAY = "holiday"
MAKE_UP = "make_up"
LOCAL = "local"
STATUTORY = "statutory"


class Day(NamedTuple):
    """The resulting day. `kind` is one of the constants above; `notice` is who set it ('' for an ordinary
    week day).
    """

    date: date
    working: bool
    kind: str
    festival: str
    notice: str

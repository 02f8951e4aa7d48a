"""Parts of the calendar: notices with the days they set, the year that has none, an office's own days, and
the resulting day.
"""

from datetime import date
from typing import NamedTuple


class Festival(NamedTuple):
    """One festival of a notice: its days off and the weekend days worked in their place."""

    name: str
    off: tuple[date, ...]
    work: tuple[date, ...]


class Notice(NamedTuple):
    """A notice of the State Council on days off; `promulgated` is the day from which it could be known.

    `status` is that of the number, `promulgated_status` that of the date: V read in the text, M held to be
    right, C inferred, U unknown. `amends` marks a notice that changes a year already announced.
    """

    id: str
    year: int
    title: str
    number: str
    status: str
    promulgated: date
    promulgated_status: str
    source: str
    festivals: tuple[Festival, ...]
    amends: bool
    note: str = ""

    @property
    def off(self) -> tuple[date, ...]:
        """All its days off, weekends included, in order."""
        return tuple(sorted(day for festival in self.festivals for day in festival.off))

    @property
    def work(self) -> tuple[date, ...]:
        """All its make-up working days, in order."""
        return tuple(sorted(day for festival in self.festivals for day in festival.work))

    @property
    def name(self) -> str:
        """How it is cited: its number, or its title where the number is not known."""
        return self.number or self.title


class LocalDay(NamedTuple):
    """A day set differently by the office's local government; it overrides the notices."""

    date: date
    working: bool
    name: str
    source: str = ""


class Missing(NamedTuple):
    """A year without a notice, and how serious that is by now: 'warn' or 'fail'."""

    year: int
    severity: str


class Day(NamedTuple):
    """The resulting day. `kind` is one of the constants of working_days.py; `notice` is who set it ('' for an
    ordinary week day).
    """

    date: date
    working: bool
    kind: str
    festival: str
    notice: str

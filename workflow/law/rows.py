"""The rows of the law tables as the rest of the program sees them. All are immutable.

Dates are legal days, both ends included; `effective_until` None means in force. `article` and `basis` are citations
("ogi2019:33.2"). `status`: V read in the text, M held to be right, C inferred, U unsettled in law or practice.
They are named tuples and not data classes because a command must not spend its start on building classes.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

Scalar = str | int | bool


class Instrument(NamedTuple):
    """A statute, interpretation, measure or opinion that can be cited."""

    key: str
    zh: str
    short: str
    en: str
    number: str
    promulgated: date
    effective_from: date
    effective_until: date | None
    status: str
    source: str
    note: str


class Value(NamedTuple):
    """A legal value: so many units from an event, under an article, between two days."""

    id: str
    value: int
    unit: str
    starts: str
    instrument: str
    article: str
    effective_from: date
    effective_until: date | None
    promulgated: date
    source: str
    status: str
    checked_on: date
    text: str
    note: str


class Citation(NamedTuple):
    """A reference spelt out: `zh` with the instrument, `zh_short` the article alone, `en` in English."""

    ref: str
    instrument: str
    zh: str
    zh_short: str
    en: str


class Outcome(NamedTuple):
    """What can become of an item. `route` is the kind of remedy under the law of its last day (see Law.route)."""

    id: str
    zh: str
    en: str
    basis: str
    letter: str
    route: str
    report_row: str
    needs: tuple[str, ...]
    effective_from: date
    effective_until: date | None
    status: str
    note: str
    final: bool
    whole: bool


class Ground(NamedTuple):
    """Why information is withheld. `discretionary`: the organ may withhold it; otherwise it must."""

    id: str
    zh: str
    en: str
    basis: str
    letter: str
    report_row: str
    needs: tuple[str, ...]
    effective_from: date
    effective_until: date | None
    status: str
    note: str
    discretionary: bool
    third_party: bool


class Route(NamedTuple):
    """The way against a decision: 'review_first', 'free' or 'none', and the articles that say so."""

    outcome: str
    kind: str
    status: str
    articles: tuple[str, ...]
    effective_from: date
    effective_until: date | None
    note: str


class Organs(tuple[str, ...]):  # noqa: SLOT001 - a tuple with names needs its dictionary
    """Who may be asked for reconsideration, as role keys; more than one is a choice of the applicant.

    It is the tuple of the roles, and knows besides the article that names them, its status and a note.
    """

    article: str
    status: str
    effective_from: date
    effective_until: date | None
    note: str

    @property
    def roles(self) -> tuple[str, ...]:
        """The role keys ('same_level_government', ...)."""
        return tuple(self)

    @property
    def choice(self) -> bool:
        """Whether the applicant chooses among several."""
        return len(self) > 1


class Channel(NamedTuple):
    """Which day counts as the day of receipt: submitted, signed, confirmed, system, or open (a setting decides).

    `elsewhere` is the same for what was sent to somebody other than the open government office.
    """

    id: str
    zh: str
    en: str
    day: str
    elsewhere: str
    rest_day: bool
    article: str
    status: str
    effective_from: date
    effective_until: date | None
    note: str


class Setting(NamedTuple):
    """A point that the office settles for itself; `choices` are empty for a number between `low` and `high`."""

    id: str
    default: Scalar
    choices: tuple[Scalar, ...]
    low: int | None
    high: int | None
    zh: str
    en: str
    article: str
    note: str


class Band(NamedTuple):
    """A part of a fee: units `first` to `last` at so many yuan each."""

    first: int
    last: int
    units: int
    yuan_each: int
    yuan: int


class Fee(NamedTuple):
    """A fee in yuan with the bands that it is made of."""

    schedule: str
    units: int
    already: int
    amount: int
    bands: tuple[Band, ...]
    article: str
    status: str


class ReportRow(NamedTuple):
    """A row of table 3 of the annual report."""

    key: str
    zh: str
    en: str


class ReportFormat(NamedTuple):
    """The format of table 3 for certain years; `merged` maps keys of the latest format to those of this one."""

    id: str
    instrument: str
    article: str
    status: str
    first_year: int
    last_year: int | None
    columns: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    merged: dict[str, str]


class Checked(NamedTuple):
    """One thing that a check looked at: where it stands, and what is wrong with it ('' for nothing)."""

    where: str
    problem: str

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem

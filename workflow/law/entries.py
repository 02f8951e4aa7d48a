"""The other rows of the law tables as the rest of the program sees them: instruments, outcomes, remedies,
fees, settings, formats.

All are immutable; dates, citations and `status` as in workflow.law.rows.
"""

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
    checked_on: date
    note: str
    words: str = "V"  # of what the tables quote of it: M where nothing compares it with the text


class Setting(NamedTuple):
    """A point that the office settles for itself; `choices` are empty for a number between `low` and
    `high`.
    """

    id: str
    default: Scalar
    choices: tuple[Scalar, ...]
    low: int | None
    high: int | None
    zh: str
    en: str
    article: str
    note: str


class Outcome(NamedTuple):
    """A possible outcome of an item; for the remedy against it see Law.route."""

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
    final: bool
    whole: bool
    by_act: bool


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
    """The way against a decision, and the articles that say so.

    `kind`: 'review_first', 'free', 'review_only' (no suit is admitted) or 'none'. `answer` is the variant of
    the outcome that it holds for ('' for one without variants), `text` words of the first article.
    """

    outcome: str
    kind: str
    status: str
    articles: tuple[str, ...]
    effective_from: date
    effective_until: date | None
    note: str
    answer: str = ""
    text: str = ""


class Organs(tuple[str, ...]):  # noqa: SLOT001 - a tuple with names needs its dictionary
    """Who may be asked for reconsideration, as role keys; more than one is a choice of the applicant.

    It is the tuple of the roles, and knows besides those that need not be named, the article that names them,
    its status and a note.
    """

    optional: tuple[str, ...]
    article: str
    text: str
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


class Further(NamedTuple):
    """What is open besides a suit against a decision on reconsideration, where an organ of a role made it."""

    role: str
    article: str
    text: str
    status: str
    effective_from: date
    effective_until: date | None
    note: str


class Start(NamedTuple):
    """What starts the time for a remedy, and the provision that says so."""

    how: str
    article: str
    text: str
    status: str
    effective_from: date
    effective_until: date | None
    note: str
    # Only an electronic system that the person has named.
    named: bool = False


class FaultyNotice(NamedTuple):
    """What follows where the notice of a remedy is missing or wrong, and the provision that says so; of
    status U where none does."""

    remedy: str
    fault: str
    zh: str
    en: str
    article: str
    text: str
    status: str
    effective_from: date
    effective_until: date | None
    note: str


class Court(NamedTuple):
    """The level of court that alone hears a direct suit against an organ: a word that its name has to
    hold.
    """

    word: str
    article: str
    status: str
    effective_from: date
    effective_until: date | None


class Channel(NamedTuple):
    """Which day counts as the day of receipt: submitted, signed, confirmed, system, or open (a setting
    decides).

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


# Rows of table 3 that are not results: received, carried over, total, carried forward.
OUTER_ROWS = ("new_received", "carried_over", "r7_total", "carried_forward")


class ReportRow(NamedTuple):
    """A row of table 3 of the annual report."""

    key: str
    zh: str
    en: str


class ReportBlock(NamedTuple):
    """A block of table 2: the item of Art. 20 that it is about, its head cells, and its rows by the key of
    each.
    """

    zh: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


class ReportFormat(NamedTuple):
    """The format of the report for certain years; `merged` maps keys of the latest format to those of this
    one.

    `blanks`: its tables leave a cell empty that holds nothing, and a total may be left out.
    """

    id: str
    instrument: str
    article: str
    status: str
    first_year: int
    last_year: int | None
    columns: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    merged: dict[str, str]
    blanks: bool
    corner: str
    table2: tuple[ReportBlock, ...]

    @property
    def results(self) -> tuple[str, ...]:
        """The keys of the rows in which what was finished is counted."""
        return tuple(row.key for row in self.rows if row.key not in OUTER_ROWS)


class ReportPart(NamedTuple):
    """What table 4 counts by: a kind of remedy or what came of one, under the key by which it is given in
    JSON.
    """

    id: str
    key: str
    zh: str
    en: str
    outcomes: tuple[str, ...]

"""Legal values, instruments, citations and settings as the rest of the program sees them. All are immutable.

Dates are legal days, both ends included; `effective_until` None means in force. `article` and `basis` are
citations ("ogi2019:33.2"). `status`: V read in the text, V* confirmed by an official source that is not the
text, M held to be right, C inferred, U unsettled in law or practice. They are named tuples and not data
classes, with annotations that are evaluated, and apart from the other rows of the tables
(workflow.law.entries): a command must not spend its start on building classes.
"""

from datetime import date
from typing import NamedTuple

Scalar = str | int | bool

# Read in the text; confirmed by an official source that is not the text; held to be right; inferred;
# unsettled.
STATUSES = ("V", "V*", "M", "C", "U")


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


class Value(NamedTuple):
    """A legal value: so many units from an event, under an article, between two days.

    `amended_by` is the instrument that gave the article this value, where it is not the one cited;
    `promulgated` is then the day of that one.
    """

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
    amended_by: str = ""


class Citation(NamedTuple):
    """A reference spelt out: `zh` with the instrument, `zh_short` the article alone, `en` in English."""

    ref: str
    instrument: str
    zh: str
    zh_short: str
    en: str


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

"""The events of an application that affect the reply limit: restarts, consultations, the extension."""

from datetime import date
from typing import NamedTuple


class Restart(NamedTuple):
    """The reply limit starts again: receipt of the corrected application, or payment of the fee, on `day`."""

    kind: str
    day: date


class Window(NamedTuple):
    """A consultation: when the request was sent and delivered, when it was answered, by when it had to be.

    `kind` is third_party, co_maker, other_organ, or referral (to the competent or secrecy authority).
    """

    kind: str
    sent: date
    delivered: date | None = None
    answered: date | None = None
    answer_by: date | None = None


class Extension(NamedTuple):
    """An extension by so many working days, of which the applicant was told on `noticed_on`."""

    noticed_on: date
    days: int

"""The events of an application that affect the reply limit."""

from datetime import date
from typing import NamedTuple

CORRECTION = "correction"
PAYMENT = "payment"
RESTARTS = (CORRECTION, PAYMENT)

THIRD_PARTY = "third_party"
CO_MAKER = "co_maker"
OTHER_ORGAN = "other_organ"
REFERRAL = "referral"
WINDOWS = (THIRD_PARTY, CO_MAKER, OTHER_ORGAN, REFERRAL)


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


class ReplyFacts(NamedTuple):
    """Everything that the reply limit depends on; the order of restarts and windows does not matter.

    `regulations` None: those in force on the day of receipt. `delay_until` is the day told to the applicant
    under Art. 35, `ordered_due` the day set by a court or by reconsideration; the latter overrides
    everything. `left_out` are days (first, last) that are excluded in any case.
    """

    received: date
    regulations: str | None = None
    restarts: tuple[Restart, ...] = ()
    windows: tuple[Window, ...] = ()
    extension: Extension | None = None
    delay_until: date | None = None
    ordered_due: date | None = None
    left_out: tuple[tuple[date, date], ...] = ()

"""What the reply limit depends on, and the kinds of events among it."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from workflow.clocks.events import Extension, Restart, Window

CORRECTION = "correction"
PAYMENT = "payment"
RESTARTS = (CORRECTION, PAYMENT)

THIRD_PARTY = "third_party"
CO_MAKER = "co_maker"
OTHER_ORGAN = "other_organ"
REFERRAL = "referral"
WINDOWS = (THIRD_PARTY, CO_MAKER, OTHER_ORGAN, REFERRAL)


class ReplyFacts(NamedTuple):
    """Everything that the reply limit depends on; the order of restarts and windows does not matter.

    `regulations` None: those in force on the day of receipt. `delay_until` is the day told to the applicant
    under Art. 35, `ordered_due` the day set by a court or by reconsideration; the latter overrides
    everything. `left_out` are days (first, last) that are excluded in any case.
    """

    received: date
    regulations: str | None = None
    restarts: "tuple[Restart, ...]" = ()
    windows: "tuple[Window, ...]" = ()
    extension: "Extension | None" = None
    delay_until: date | None = None
    ordered_due: date | None = None
    left_out: tuple[tuple[date, date], ...] = ()

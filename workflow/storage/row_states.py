"""States of the rows that are no cases: letters' numbers, messages, batches for the post, daily digests.

The database keeps them as these words (workflow/storage/models); what is shown for each stands beside
the commands.
"""

from __future__ import annotations

from enum import StrEnum


class NumberState(StrEnum):
    """What became of a document number; seen by whoever looks, kept nowhere."""

    VOID = "void"
    SENT = "sent"
    MADE = "made"
    WAITING = "waiting"


class MailState(StrEnum):
    """Where a letter by e-mail stands."""

    WAITING = "waiting"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    SENT = "sent"
    DROPPED = "dropped"


class BatchState(StrEnum):
    """Where a batch for the post stands."""

    MADE = "made"
    POSTED = "posted"
    DROPPED = "dropped"


class PieceOutcome(StrEnum):
    """What the post office did with a piece."""

    DELIVERED = "delivered"
    RETURNED = "returned"


class DigestState(StrEnum):
    """Where an officer's digest of a day stands."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


def one_of(states: type[StrEnum]) -> str:
    """The condition on a column `state` that a table keeps."""
    return f"state IN ({', '.join(repr(state.value) for state in states)})"

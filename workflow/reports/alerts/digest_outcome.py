"""What became of the mails of a digest, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.base.messages import N_, translate
from workflow.storage.row_states import DigestState


class Told(StrEnum):
    """What became of an officer's mail in this run."""

    SENDING = DigestState.SENDING.value
    SENT = DigestState.SENT.value
    FAILED = DigestState.FAILED.value
    ALREADY = "already"
    UNCERTAIN = "uncertain"
    NOTHING = "nothing"
    NO_ADDRESS = "no_address"


@dataclass
class Outcome:
    """An officer's mail, what it tells, and what became of it."""

    officer: str
    name: str
    state: Told
    email: str | None
    alerts: int
    overdue: int
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {**self.__dict__, "detail": self.detail or None}


def outcome_lines(outcomes: list[Outcome]) -> list[str]:
    """What became of each mail, one a line."""
    return [translate(SAID[one.state], **one.__dict__) for one in outcomes]


# After a run no mail is being sent.
SAID = {
    Told.SENT: N_("{name}: sent to {email}; {alerts} alerts, {overdue} overdue"),
    Told.ALREADY: N_("{name}: already sent today"),
    Told.UNCERTAIN: N_(
        "{name}: it is not known whether it went out ({detail}). Ask, then: disclosure digest --send --again {officer}"
    ),
    Told.FAILED: N_("{name}: not sent"),
    Told.NOTHING: N_("{name}: nothing to tell"),
    Told.NO_ADDRESS: N_(
        "{name}: no mail address. Set it: disclosure officer add {officer} --email ADDRESS ..."
    ),
}

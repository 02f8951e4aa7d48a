"""The life of a letter: called for by an act, made, approved where the office wants it, sent, arrived or come
back; or void.

Folded from the entries of its case, and the one place that says what became of a letter: posting, mail,
alerts, next steps, filing, lists and clocks ask it. Whether what a letter says still holds is told by the
act that called for it (workflow.procedure.letter_truth).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workflow.law.keys import Letter


class Stage(StrEnum):
    """Where a letter is. Void excludes every other state: a letter that was sent once is never void."""

    CALLED = "called"
    MADE = "made"
    APPROVED = "approved"
    SENT = "sent"
    ARRIVED = "arrived"
    RETURNED = "returned"
    VOID = "void"


# Here at the office, with the number given: it may still be sent, or made void.
IN_HAND = (Stage.CALLED, Stage.MADE, Stage.APPROVED, Stage.RETURNED)
# Sent, and not returned.
GONE = (Stage.SENT, Stage.ARRIVED)


@dataclass
class Sending:
    """The last sending of a letter: when, how, and whether it arrived or came back."""

    on: date
    by: str
    arrived: date | None = None
    returned: date | None = None


@dataclass
class Voided:
    """A letter that was made void before it went out; its number stays taken."""

    letter: int | None
    code: str
    number: str | None
    on: date
    reasons: str


@dataclass
class Life:
    """One letter: which act called for it (entry `n`), and what became of it since."""

    code: str
    n: int
    event: str
    # The legal day of the act, the round of the case, the consultation that it belongs to (0: none).
    on: date
    round: int
    no: int = 0
    # Who called for it.
    by: str = ""
    letter: int | None = None
    number: str | None = None
    # What it announces counts from the day on which it left, not from that of the act.
    from_sending: bool = False
    sending: Sending | None = None
    # The day of its first sending, if it was sent more than once.
    first: date | None = None
    # Not yet taken by the office's mail server.
    waits: bool = False
    # The day on which it is known to have been with its addressee, however that became known.
    reached: date | None = None
    # It was answered, so it had arrived by that day at the latest.
    answered: date | None = None
    approved: tuple[date, str] | None = None
    void: Voided | None = None
    # The entry that made it void, that took back what it announced, that corrected what it says.
    void_n: int | None = None
    taken_back: int | None = None
    outdated: int | None = None
    outdated_on: date | None = None

    @property
    def arrived(self) -> date | None:
        """The day on which it arrived, by the post or as it is known otherwise."""
        return self.reached or (self.sending.arrived if self.sending else None)

    @property
    def stage(self) -> Stage:
        """Where it is now."""
        if self.void is not None:
            return Stage.VOID
        if self.arrived is not None or self.answered is not None:
            return Stage.ARRIVED
        if self.sending is not None and not self.waits:
            return Stage.RETURNED if self.sending.returned else Stage.SENT
        if self.approved is not None:
            return Stage.APPROVED
        return Stage.CALLED if self.letter is None else Stage.MADE

    @property
    def in_hand(self) -> bool:
        """Whether it is here: not void, and not gone or come back."""
        return self.stage in IN_HAND

    @property
    def left_on(self) -> date | None:
        """The day on which it left: that of its last sending, else at the latest that of its arrival."""
        if self.sending is not None and not self.waits:
            return self.sending.on
        known = [day for day in (self.arrived, self.answered) if day is not None]
        return min(known) if known else None


def send(life: Life, on: date, by: str, *, waits: bool = False) -> None:
    """It was sent, or handed to the office's own outgoing mail (`waits`)."""
    life.sending, life.waits, life.reached = Sending(on, by), waits, None
    if not waits:
        life.first = life.first or on


def told_on(lives: list[Life], code: str, act: date) -> date | None:
    """From when what such a letter announces counts: where the entry says so, from its first sending (none
    while it is here), else from the day of the act."""
    found = next((life for life in reversed(lives) if life.code == code and life.taken_back is None), None)
    if found is None or not found.from_sending:
        return act
    letters = [life for life in lives if life.n == found.n and life.code == code]
    known = [day for life in letters if (day := life.first or life.arrived) is not None]
    if known:
        return min(known)
    # Answered, and nobody recorded how it went: that it was sent is certain, the day is that of the act.
    return act if any(life.answered for life in letters) else None


def of_letter(lives: list[Life], letter: int) -> Life | None:
    """The life of a letter by the number of its row."""
    return next((life for life in reversed(lives) if life.letter == letter), None)


def of_number(lives: list[Life], number: str) -> Life | None:
    """The life of a letter by its document number; of one that was made void nothing."""
    return next((life for life in reversed(lives) if life.number == number and life.void is None), None)


def of_entry(lives: list[Life], n: int | None, code: str) -> Life | None:
    """The letter of this code that an entry called for and that is not made."""
    found = (life for life in reversed(lives) if life.n == n and life.code == code and life.letter is None)
    return next(found, None)


def last(lives: list[Life], code: str) -> Life | None:
    """The last letter of this code that is not void and announces what still stands."""
    found = (
        life
        for life in reversed(lives)
        if life.code == code and life.void is None and life.taken_back is None
    )
    return next(found, None)


def made(lives: list[Life], letter: int, code: str, number: str | None, n: int | None) -> None:
    """The PDF of a letter was made. Earlier entries do not say which act called for it (`n`): then it was
    the last one that calls for such a letter."""
    waiting = [life for life in lives if life.code == code and life.letter is None and life.void is None]
    found = next((life for life in reversed(waiting) if n is None or life.n == n), None)
    if found is None:
        found = Life(code, n or 0, "", date.min, 0)
        lives.append(found)
    found.letter, found.number = letter, number


def lapse(lives: list[Life], told: Mapping[str, Any], on: date, n: int, reasons: str = "") -> None:
    """A letter that never went out is void: named by its row, or (not made yet) by what called for it."""
    code, number = told["code"], told["number"]
    found = of_letter(lives, told["letter"]) or of_entry(lives, told.get("entry"), code)
    if found is None:
        waiting = [life for life in lives if life.code == code and life.letter is None and life.void is None]
        found = next((life for life in waiting if life.number == number), waiting[0] if waiting else None)
    if found is not None:
        found.void, found.void_n = Voided(told["letter"], code, number, on, reasons), n
        found.letter, found.number = told["letter"], number


# The codes of procedural letters to the applicant.
NOTICES = (
    Letter.CORRECTION,
    Letter.REASONS,
    Letter.EXTENSION,
    Letter.TIME_LEFT_OUT,
    Letter.FEE,
    Letter.DELAY,
    Letter.LAPSE,
    Letter.WITHDRAWAL,
)
# Letters whose arrival is told by their code.
NOTIFIED = (*NOTICES, Letter.RECEIPT, Letter.OVERRULED)


@dataclass
class Notice:
    """A procedural letter to the applicant, the day of its act, and the day on which it reached him."""

    letter: str
    sent: date
    reached: date | None = None


def announces(life: Life) -> bool:
    """Whether the announcement of a letter still stands: not taken back, and the letter not void."""
    return life.void is None and life.taken_back is None

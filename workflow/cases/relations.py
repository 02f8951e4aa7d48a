"""What ties a case to other applications, to other offices, and to a register kept before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass
class Joined:
    """An application that is answered with another: its number, its receipt, what it asks for."""

    number: str
    received: date
    items: list[str]


@dataclass
class Urging:
    """The office above asked how it stands: which office, when, what, until when, and when it was
    answered."""

    no: int
    office: str
    on: date
    question: str
    answer_by: date
    answered: date | None = None


@dataclass(frozen=True)
class PassedOn:
    """That an application went from one organ to another: which, its number there, the day, and why."""

    organ: str
    number: str
    on: date
    reasons: str = ""
    # The name of the organ, as the applicant is told it.
    name: str = ""


@dataclass(frozen=True)
class TakenOver:
    """Of a case that was taken over from an old register: the list (its SHA-256), the row, the number that it
    had there, and the state in which it stood."""

    list: str
    row: int
    reference: str | None
    stood_at: str

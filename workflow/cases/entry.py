"""An entry of the ledger as the fold reads it, and the persons who stand behind an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic

if TYPE_CHECKING:
    # A default is needed: an entry of unspecified type has any payload.
    from typing_extensions import TypeVar

    Payload = TypeVar("Payload", default=dict[str, Any])
else:
    from typing import TypeVar

    Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True)
class Known:
    """How it is known who acted: by the service, by the database, or by nothing but his word ('none').

    `login` is the name under which machine or database know the person; `acting_for` the officer for whom a
    deputy acted.
    """

    via: str
    login: str | None = None
    acting_for: str | None = None


def persons(officer: str, known: Known | None) -> frozenset[str]:
    """Who stands behind an act: the officer, whom he acted for, and the login where somebody vouches for it.

    Two acts with one of these in common are acts of the same person, for the separation of duties.
    """
    found = {officer}
    if known is not None and known.acting_for:
        found.add(known.acting_for)
    if known is not None and known.login and known.via != "none":
        found.add(f"login:{known.login}")
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Payload]):
    """One act as recorded: n counts the entries of the case from 1. The types of payloads:
    workflow.procedure.payloads.
    """

    n: int
    event: str
    track: str
    on: date
    recorded_at: str
    actor: str
    source: str
    dest: str
    article: str
    payload: Payload
    # Entries of versions that did not record it have none.
    known: Known | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Who stands behind this act."""
        return persons(self.actor, self.known)

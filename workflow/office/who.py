"""People and units of an office by name: what is recorded under a key is shown as somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow.base import names as base_names
from workflow.base.messages import pick
from workflow.office import profile
from workflow.office.profile import Office, Officer
from workflow.office.seat import SYSTEM, Seat

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class People:
    """The names of one office; a key that is gone is shown as it is."""

    units: dict[str, str] = field(default_factory=dict)
    officers: dict[str, Officer] = field(default_factory=dict)

    def unit(self, key: str | None) -> str:
        """A unit by name; '-' where there is none."""
        return self.units.get(key, key) if key else "-"

    def name(self, key: str | None) -> str:
        """An officer by name alone."""
        if key == SYSTEM.key:
            return base_names.name("role", SYSTEM.key)
        found = self.officers.get(key or "")
        return found.name if found else key or "-"

    def person(self, key: str | None) -> str:
        """An officer with his unit."""
        found = self.officers.get(key or "")
        if found is None or found.unit is None:
            return self.name(key)
        return pick(f"{found.name}（{self.unit(found.unit)}）", f"{found.name} ({self.unit(found.unit)})")


def people(connection: Connection, office: Office) -> People:
    """Everybody of an office, those who left too."""
    return People(office.units, {one.key: one for one in profile.officers_of(connection, office.id)})


def of_office(seat: Seat) -> People:
    """Everybody of the office in which an officer sits."""
    with seat.store.reading() as connection:
        return people(connection, seat.office)


def names(connection: Connection, office: Office) -> dict[str, str]:
    """The names of all officers by their keys."""
    return {one.key: one.name for one in profile.officers_of(connection, office.id)}

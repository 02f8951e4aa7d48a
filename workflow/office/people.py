"""Units and officers that somebody names: they have to be of the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.office import profile
from workflow.office.profile import Office

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

HANDLER = "handler"


def require_unit(office: Office, unit: str) -> None:
    """NotFound for a unit that the office does not have."""
    if unit not in office.units:
        raise NotFound(
            N_("There is no unit '{unit}'."),
            field="unit",
            unit=unit[:40],
            way_on=N_("Units are: {names}"),
            names=listed(f"{key} {name}" for key, name in office.units.items()) or "-",
        )


def require_handler(connection: Connection, office: Office, key: str, unit: str | None) -> None:
    """NotFound or Malformed unless this is an active officer who handles cases, of the unit if one is named."""
    known = {officer.key: officer for officer in profile.officers_of(connection, office.id)}
    officer = known.get(key)
    if officer is None or not officer.active:
        raise NotFound(
            N_("There is no officer '{officer}'."),
            field="handler",
            officer=key,
            way_on=N_("See who there is with: disclosure officer list"),
        )
    if HANDLER not in officer.roles:
        raise Malformed(
            N_("{officer} does not have the role '{role}'."),
            field="handler",
            officer=key,
            role=Named("role", HANDLER),
            way_on=N_("See who there is with: disclosure officer list"),
        )
    if unit is not None and officer.unit != unit:
        raise Malformed(
            N_("{officer} does not belong to the unit '{unit}'."), field="handler", officer=key, unit=unit
        )


def require_named(connection: Connection, office: Office, payload: Mapping[str, Any]) -> None:
    """Whoever the facts of an act name has to be there."""
    unit, handler = payload.get("unit"), payload.get("handler")
    if unit is not None:
        require_unit(office, unit)
    if handler is not None:
        require_handler(connection, office, handler, unit)

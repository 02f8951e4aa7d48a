"""Units and officers that somebody names: they have to be of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import typed_words
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.office import profile
from workflow.office.profile import Office
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

OFFICES, OFFICERS = TABLES["office"], TABLES["officer"]
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
    """NotFound or Malformed unless this is an active officer who handles cases, of the unit if one is
    named.
    """
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
            officer=officer.name,
            role=Named("role", HANDLER),
            way_on=N_("See who there is with: disclosure officer list"),
        )
    if unit is not None and officer.unit != unit:
        raise Malformed(
            N_("{officer} does not belong to the unit '{unit}'."),
            field="handler",
            officer=officer.name,
            unit=office.units.get(unit, unit),
        )


def require_named(connection: Connection, office: Office, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with the units and officers that it names by their keys; whoever it names has to be
    there.
    """
    made = dict(payload)
    if made.get("unit") is not None:
        made["unit"] = typed_words.meant(made["unit"], office.units, "unit")
        require_unit(office, made["unit"])
    if made.get("handler") is not None:
        made["handler"] = _handler_meant(connection, office, str(made["handler"]), made.get("unit"))
        require_handler(connection, office, made["handler"], made.get("unit"))
    return made


def _handler_meant(connection: Connection, office: Office, said: str, unit: str | None) -> str:
    """The officer who is meant: of those who may handle the case, where any may be meant; else of all."""
    active = [one for one in profile.officers_of(connection, office.id) if one.active]
    fit = {one.key: one.name for one in active if HANDLER in one.roles and unit in (None, one.unit)}
    known = fit if typed_words.matches(said, fit) else {one.key: one.name for one in active}
    return typed_words.meant(said, known, "handler")


def require_free(connection: Connection, office_id: int, key: str, login: str) -> None:
    """Malformed unless a login may be this officer's: nobody else's who is active, and nobody else's key."""
    others = [one for one in profile.officers_of(connection, office_id) if one.key != key and one.active]
    other = next((one for one in others if login in (one.login, one.key)), None)
    if other is not None:
        raise Malformed(
            N_("'{login}' is {other}'s login or key already: one login means one officer."),
            field="login",
            login=login,
            other=other.name,
            way_on=N_("Give another login, or stop that officer first: disclosure officer stop {key}"),
            key=other.key,
        )


_EVERYBODY = select(OFFICERS.c.key, OFFICERS.c.login, OFFICERS.c.name, OFFICERS.c.active)


def meant_officer(connection: Connection, office_key: str | None, said: str) -> str:
    """The key of the active officer who is meant by a key, a login, a name, part of one or its initials.

    What means nobody, and a key or login whoever bears it, is given back as it is; Malformed where several
    are meant.
    """
    query = _EVERYBODY
    if office_key:
        query = query.join(OFFICES, OFFICERS.c.office_id == OFFICES.c.id).where(OFFICES.c.key == office_key)
    rows = connection.execute(query).all()
    if any(said in (row.key, row.login) for row in rows):
        return said
    return typed_words.meant(said, {row.key: row.name for row in rows if row.active}, "as")

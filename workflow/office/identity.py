"""Who acts: the officer whom the caller's login means, whom he names, or for whom he was appointed deputy.

Where the service or the database vouches for the login, an officer is who it says, and nobody else. Without
either, an officer is who he says he is: that is recorded with each act ('none').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import caller, variables
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.cases.entry import Known
from workflow.law.setting_keys import SettingKey
from workflow.office import people, profile
from workflow.office.profile import Office, Officer
from workflow.storage import session
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

OFFICES, OFFICERS, DEPUTIES = TABLES["office"], TABLES["officer"], TABLES["deputy"]
RULE = "house:binding"
SETTING = SettingKey.BINDING
_WAY_ON = N_("See who there is with: disclosure officer list")


def identify(
    connection: Connection, office_key: str | None, said: str | None, on: date
) -> tuple[Office, Officer]:
    """The office and the officer who acts on a day. `said` is who the caller says he is (--as), else
    DISCLOSURE_OFFICER, else his login tells it.

    Refused where the login is vouched for and means somebody else who did not appoint him; Malformed or
    NotFound where nobody, or more than one, is meant.
    """
    said = said or variables.given("DISCLOSURE_OFFICER")
    office_key = office_key or variables.given("DISCLOSURE_OFFICE")
    who, role = caller.current(), session.of(connection)
    if who.bound:
        known = Known(caller.SERVICE, who.login)
    elif role.bound:
        known = Known(caller.DATABASE, role.login)
    else:
        office, officer = _by_word(connection, office_key, said, who.login)
        return office, replace(officer, known=Known(caller.NONE, who.login or None))
    assert known.login is not None
    office, own = _of_login(connection, office_key, said, known.login)
    if said is None or said in (own.key, own.login):
        return office, replace(own, known=known)
    meant = people.meant_officer(connection, office.key, said)
    if meant == own.key:
        return office, replace(own, known=known)
    return office, _as_deputy(connection, office, own, meant, known, on)


def _by_word(
    connection: Connection, office_key: str | None, said: str | None, login: str
) -> tuple[Office, Officer]:
    if said is not None:
        # Only who is named expressly may be named by part of a name: a login that resembles one is nobody's.
        return profile.find(
            connection, office_key, said, partial(people.meant_officer, connection, office_key, said)
        )
    rows = _rows_of(connection, office_key, login)
    if not rows:
        raise Malformed(
            N_("Who acts? No officer is named, and the login '{login}' is none."),
            field="as",
            login=login,
            way_on=N_("Name the officer with --as KEY or the variable DISCLOSURE_OFFICER."),
        )
    return _single(rows, login)


def _of_login(
    connection: Connection, office_key: str | None, said: str | None, login: str
) -> tuple[Office, Officer]:
    """The officer to whom a login is bound, in the office that is meant."""
    rows = _rows_of(connection, office_key, login)
    if not rows:
        raise Refused(
            N_("The login '{login}' is bound to no officer."),
            rule=RULE,
            login=login,
            way_on=N_("Let two persons bind it: disclosure officer bind KEY --login {login}"),
        )
    if len(rows) > 1 and said is not None:
        named = [row for row in rows if said in (row.o_key, row.o_name)]
        rows = named if len(named) == 1 else rows
    return _single(rows, login)


def _rows_of(connection: Connection, office_key: str | None, login: str) -> Sequence[Any]:
    if not login:
        return []
    query = (
        select(
            OFFICES,
            OFFICERS.c.key.label("o_key"),
            OFFICERS.c.name.label("o_name"),
            OFFICERS.c.roles,
            OFFICERS.c.unit,
            OFFICERS.c.login,
        )
        .join(OFFICERS, OFFICERS.c.office_id == OFFICES.c.id)
        .where(OFFICERS.c.login == login, OFFICERS.c.active.is_(True))
        .order_by(OFFICES.c.id)
    )
    if office_key:
        query = query.where(OFFICES.c.key == office_key)
    return connection.execute(query).all()


def _single(rows: Sequence[Any], login: str) -> tuple[Office, Officer]:
    if len(rows) > 1:
        raise Malformed(
            N_("'{officer}' is an officer of several offices: {keys}."),
            field="office",
            officer=login,
            keys=listed(row.key for row in rows),
            way_on=N_("Name the office with --office."),
        )
    row = rows[0]
    return profile.of_row(row), Officer(
        row.o_key, row.o_name, tuple(row.roles.split("|")), row.unit, row.login
    )


def _as_deputy(
    connection: Connection, office: Office, own: Officer, meant: str, known: Known, on: date
) -> Officer:
    """The deputy with roles and unit of the officer for whom he acts; Refused without an appointment that
    holds on the day.
    """
    officers = profile.officers_of(connection, office.id)
    absent = next((one for one in officers if meant in (one.key, one.login)), None)
    if absent is None or not absent.active:
        raise NotFound(N_("There is no officer '{officer}'."), field="as", officer=meant, way_on=_WAY_ON)
    appointed = connection.execute(
        select(DEPUTIES.c.id).where(
            DEPUTIES.c.office_id == office.id,
            DEPUTIES.c.officer == absent.key,
            DEPUTIES.c.deputy == own.key,
            DEPUTIES.c.from_day <= on,
            DEPUTIES.c.until_day >= on,
            DEPUTIES.c.ended_on.is_(None) | (DEPUTIES.c.ended_on > on),
        )
    ).first()
    if appointed is None:
        raise Refused(
            N_("The login '{login}' is {own}'s: it cannot act as {officer}."),
            rule=RULE,
            field="as",
            login=known.login,
            own=own.name,
            officer=absent.name,
            way_on=N_("Leave out --as, or be appointed: disclosure officer deputy {key} --to {own_key} …"),
            key=absent.key,
            own_key=own.key,
        )
    return replace(own, roles=absent.roles, unit=absent.unit, known=replace(known, acting_for=absent.key))


def require_known(settings: dict[str, Any], known: Known | None) -> None:
    """Refused where the office demands that service or database vouch for whoever acts, and none does."""
    wanted = settings[SETTING]
    via = known.via if known is not None else caller.NONE
    if (
        wanted == caller.NONE
        or via in (wanted, caller.SYSTEM)
        or (wanted == "any" and via in caller.BINDINGS)
    ):
        return
    raise Refused(
        N_("This office takes no act of somebody for whom nothing vouches (setting '{setting}': {wanted})."),
        rule=RULE,
        setting=SETTING,
        wanted=Named("binding", wanted),
        way_on=N_(
            "Act through the service (disclosure service status), or with your own role of the database."
        ),
    )


def require_keeper() -> None:
    """Refused for a caller of the service: founding, upgrading and restoring are for whoever keeps the
    database.
    """
    if caller.vouched():
        raise Refused(
            N_("This is for the user who keeps the database, not for a caller of the service."),
            rule=RULE,
            way_on=N_("Run it as that user, for instance: sudo -u disclosure disclosure …"),
        )


def require_second_person(officer: Officer, first: str, message: str, rule: str) -> None:
    """Refused where the officer is the person who took the first of two steps, also as a deputy; `message`
    says which (its {officer}).
    """
    if first in officer.actor.persons:
        raise Refused(message, rule=rule, officer=officer.name, way_on=N_("Let another officer do it."))

"""Logins that two persons bind to an officer; deputies whom the absent officer or an approver appoints."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from workflow.base import typed_text
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.office import founding, offices, people, profile
from workflow.office.identity import RULE, SETTING, require_second_person
from workflow.office.profile import Officer
from workflow.office.seat import Seat
from workflow.storage import ledger
from workflow.storage.database import SCHEMA, Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

OFFICERS, DEPUTIES, PROPOSED = TABLES["officer"], TABLES["deputy"], TABLES["login_proposal"]
LONGEST_DAYS = 366


def propose_login(seat: Seat, key: str, login: str) -> dict[str, Any]:
    """Propose, as an approver, that a login of the machine is this officer's. It counts when another officer
    confirms it.
    """
    founding.require_manager(seat)
    login = typed_text.required_text(login, "login")
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        officer = _officer(connection, seat, key)
        people.require_free(connection, seat.office.id, officer.key, login)
        mine = (PROPOSED.c.office_id == seat.office.id) & (PROPOSED.c.officer == officer.key)
        connection.execute(delete(PROPOSED).where(mine))
        made = {"officer": officer.key, "login": login}
        connection.execute(
            insert(PROPOSED).values(
                office_id=seat.office.id, proposed_by=seat.officer.key, proposed_at=seat.moment(), **made
            )
        )
        founding.entry(connection, seat.office.id, "login_proposed", seat.officer.actor, made)
    return {**made, "name": officer.name, "bound": False, "proposed_by": seat.officer.key}


def confirm_login(seat: Seat, key: str) -> dict[str, Any]:
    """Confirm, as a second person, the login that was proposed for an officer: from now on it is his.

    NotFound where none was proposed; Refused for whoever proposed it.
    """
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        officer = _officer(connection, seat, key)
        mine = (PROPOSED.c.office_id == seat.office.id) & (PROPOSED.c.officer == officer.key)
        row = connection.execute(select(PROPOSED).where(mine)).first()
        if row is None:
            raise NotFound(
                N_("No login waits to be confirmed for {officer}."),
                officer=officer.name,
                way_on=N_("An approver proposes it first: disclosure officer bind {key} --login NAME"),
                key=officer.key,
            )
        require_second_person(
            seat.officer,
            row.proposed_by,
            N_("{officer} proposed this login and cannot also confirm it."),
            RULE,
        )
        people.require_free(connection, seat.office.id, officer.key, row.login)
        where = (OFFICERS.c.office_id == seat.office.id) & (OFFICERS.c.key == officer.key)
        connection.execute(update(OFFICERS).where(where).values(login=row.login))
        connection.execute(delete(PROPOSED).where(mine))
        made = {
            "officer": officer.key,
            "login": row.login,
            "old": officer.login,
            "proposed_by": row.proposed_by,
        }
        founding.entry(connection, seat.office.id, "login_bound", seat.officer.actor, made)
    return {**made, "name": officer.name, "bound": True}


def appoint(seat: Seat, key: str, deputy: str, first: date, last: date, reason: str) -> dict[str, Any]:
    """Appoint a deputy for an officer from a first to a last day; by the officer himself or an approver.

    The deputy then acts as the officer by naming him (--as); each act says for whom. Who drafted does not
    pass his draft as a deputy either.
    """
    reason = typed_text.required_text(reason, "reason")
    if last < first or (last - first).days > LONGEST_DAYS or last < seat.today():
        raise Malformed(
            N_("A deputy is appointed for at most a year, up to a day that is not over: {first} to {last}."),
            field="until",
            first=first,
            last=last,
        )
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        absent, other = _officer(connection, seat, key), _officer(connection, seat, deputy)
        _require_may_appoint(seat, absent)
        if absent.key == other.key:
            raise Malformed(N_("Nobody is his own deputy."), field="to")
        made = {
            "officer": absent.key,
            "deputy": other.key,
            "from_day": first,
            "until_day": last,
            "reason": reason,
        }
        connection.execute(
            insert(DEPUTIES).values(office_id=seat.office.id, appointed_by=seat.officer.key, **made)
        )
        founding.entry(connection, seat.office.id, "deputy_appointed", seat.officer.actor, made)
    return {**made, "officer_name": absent.name, "deputy_name": other.name}


def end_deputies(seat: Seat, key: str) -> int:
    """End from today all appointments of deputies for an officer; how many were running or to come."""
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        absent = _officer(connection, seat, key)
        _require_may_appoint(seat, absent)
        where = (
            (DEPUTIES.c.office_id == seat.office.id)
            & (DEPUTIES.c.officer == absent.key)
            & (DEPUTIES.c.until_day >= seat.today())
            & DEPUTIES.c.ended_on.is_(None)
        )
        ended = connection.execute(update(DEPUTIES).where(where).values(ended_on=seat.today())).rowcount
        if ended:
            made = {"officer": absent.key, "ended_on": seat.today()}
            founding.entry(connection, seat.office.id, "deputy_ended", seat.officer.actor, made)
    return ended


def deputies(seat: Seat) -> list[dict[str, Any]]:
    """Who is appointed deputy for whom, today or later."""
    with seat.store.reading() as connection:
        names = {one.key: one.name for one in profile.officers_of(connection, seat.office.id)}
        rows = connection.execute(
            select(DEPUTIES)
            .where(DEPUTIES.c.office_id == seat.office.id, DEPUTIES.c.until_day >= seat.today())
            .where(DEPUTIES.c.ended_on.is_(None))
            .order_by(DEPUTIES.c.id)
        ).all()
    return [
        {
            "officer": row.officer,
            "officer_name": names.get(row.officer, row.officer),
            "deputy": row.deputy,
            "deputy_name": names.get(row.deputy, row.deputy),
            "from_day": row.from_day.isoformat(),
            "until_day": row.until_day.isoformat(),
            "reason": row.reason,
        }
        for row in rows
    ]


def state(database: str | None) -> list[tuple[str, str, list[str]]]:
    """Of each office its name, what it demands of whoever acts, and its active officers without a login."""
    store = Store(database)
    try:
        if store.schema() != SCHEMA:
            return []  # none yet, or one to be upgraded: what is said of that is said elsewhere
        with store.reading() as connection:
            return [
                (
                    office.name,
                    office.settings[SETTING],
                    [
                        one.name
                        for one in profile.officers_of(connection, office.id)
                        if one.active and not one.login
                    ],
                )
                for office in offices.listed(connection)
            ]
    finally:
        store.close()


def _officer(connection: Connection, seat: Seat, said: str) -> Officer:
    key = people.meant_officer(connection, seat.office.key, said)
    known = {one.key: one for one in profile.officers_of(connection, seat.office.id)}
    found = known.get(key) or next((one for one in known.values() if one.login == key), None)
    if found is None or not found.active:
        raise NotFound(
            N_("There is no officer '{officer}'."),
            field="key",
            officer=said,
            way_on=N_("See who there is with: disclosure officer list"),
        )
    return found


def _require_may_appoint(seat: Seat, absent: Officer) -> None:
    if seat.officer.key != absent.key and founding.MANAGER not in seat.officer.roles:
        raise Refused(
            N_("A deputy for {officer} is appointed by that officer or by somebody with the role '{role}'."),
            rule=RULE,
            officer=absent.name,
            role=Named("role", founding.MANAGER),
            way_on=N_("Let one of them do it."),
        )

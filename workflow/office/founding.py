"""Creates the database, the keys and an office; changes officers and settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

import migrations
from letters.content import review_organs
from workflow import law
from workflow.base import caller, dates, whole_files
from workflow.base.errors import Conflict, Environment, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.shown_url import shown
from workflow.cases.context import Actor
from workflow.cases.entry import Entry
from workflow.office import identity, office_file, offices, people, review_bodies
from workflow.office import profile as office
from workflow.office.seat import SYSTEM, Seat
from workflow.storage import encryption, key_mark, ledger
from workflow.storage.database import SCHEMA, Store, insert_one
from workflow.storage.database_url import sqlite_path
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

OFFICES, OFFICERS, HEADS = TABLES["office"], TABLES["officer"], TABLES["chain_head"]
MANAGER = "approver"
PRACTICE = "practice"


def migrate(store: Store) -> tuple[str | None, str]:
    """Bring the database to this program's schema; (schema before, schema now). A new SQLite file is made."""
    identity.require_keeper()
    before = store.schema()
    if before is not None and before > SCHEMA:
        store.check()
    if before == SCHEMA:
        _mark_keys(store)
        return before, SCHEMA
    path = sqlite_path(store.url)
    if path is not None:
        try:
            whole_files.private_folder(path.parent)
        except OSError as fault:
            raise Environment(
                N_("{path} cannot be written: {detail}"),
                path=str(path.parent),
                detail=fault.strerror or str(fault),
            ) from None
    with store.writing(checked=False) as connection:
        migrations.upgrade(connection)
    if path is not None:
        path.chmod(0o600)
    _mark_keys(store)
    return before, SCHEMA


def _mark_keys(store: Store) -> None:
    """Keep the mark of the keys that are here, where a database of an earlier version has none."""
    keys = encryption.key_file(store.folder)
    if not keys.exists():
        return
    with store.reading() as connection:
        mark = key_mark.kept(connection)
    if mark is not None:
        key_mark.require(encryption.load(keys), mark)
        return
    with store.writing() as connection:
        key_mark.keep(connection, encryption.load(keys))


def init(
    store: Store,
    profile: dict[str, Any],
    officers: list[office.Officer],
    *,
    now: Callable[[], datetime] = dates.now,
) -> dict[str, Any]:
    """Add an office (and make the database and the keys where there are none); its first ledger entry tells
    it. `now` is the moment of the founding.
    """
    if not any(MANAGER in officer.roles for officer in officers):
        raise Malformed(
            N_("The office needs at least one officer with the role '{role}'."),
            field="officer",
            role=Named("role", MANAGER, typed=True),
            way_on=N_("Add it to the office file: [[officer]] key, name, roles."),
        )
    review_bodies.require_court(profile, dates.today())
    proposed = propose_reconsideration(profile, dates.today())
    if not profile["reconsideration"]:
        profile["reconsideration"] = proposed
    migrate(store)
    ring = _keys(store)
    with store.writing() as connection:
        key_mark.keep(connection, ring)
        _require_own_kind(connection, profile)
        if connection.execute(select(OFFICES.c.id).where(OFFICES.c.key == profile["key"])).first():
            raise Conflict(
                N_("The office '{key}' is already in this database."),
                field="key",
                key=profile["key"],
                way_on=N_("Choose another key, or change the office with: disclosure office set"),
            )
        moment = dates.stamp(now())
        office = {"key": profile["key"], "name": profile["name"], "profile": as_kept(profile)}
        office_id = insert_one(connection, insert(OFFICES), {**office, "created_at": moment})
        connection.execute(insert(HEADS).values(office_id=office_id, seq=0, hash=ledger.GENESIS))
        for officer in officers:
            connection.execute(insert(OFFICERS).values(office_id=office_id, **_columns(officer)))
        payload = {"profile": profile, "officers": [_columns(officer) for officer in officers]}
        head = entry(connection, office_id, "office_opened", SYSTEM, payload, now=now)
    return {
        "office": profile["key"],
        "name": profile["name"],
        "database": shown(store.url),
        "reconsideration": profile["reconsideration"],
        "officers": [officer.key for officer in officers],
        "ledger_head": head.hash,
    }


def _require_own_kind(connection: Connection, profile: dict[str, Any]) -> None:
    """Refused where a practice office would come into the database of a real one, or the reverse."""
    wanted = bool(profile.get(PRACTICE))
    for kept in connection.execute(select(OFFICES.c.profile)).scalars():
        if bool(json.loads(kept).get(PRACTICE)) != wanted:
            raise Refused(
                N_("Practice and real offices never lie in one database."),
                rule="house:office",
                field=PRACTICE,
                way_on=N_("Make a practice office in a folder of its own: disclosure practice"),
            )


def propose_reconsideration(profile: dict[str, Any], on: date) -> list[dict[str, str]]:
    """The organs that decide on reconsideration of what this office decides, by the law of a day and its
    profile; Malformed where one has no name, or where the office's own list and the law do not agree."""
    names = {"self": profile["name"], **{role: profile.get(role, "") for role in office.RELATED}}
    try:
        found, _ = review_organs.named({**profile, "names": names}, on=on, law=law.bundled())
    except Refused as fault:
        raise Malformed(
            fault.message,
            **{**fault.params, "field": (fault.field or "").rpartition("names.")[2]},
            rule=fault.rule,
            way_on=N_("Add it, or name the organ under [reconsideration]."),
        ) from None
    return [
        {"name": organ.name, "online": organ.online or profile.get("online_reconsideration", "")}
        for organ in found
    ]


def _keys(store: Store) -> encryption.Keyring:
    """The keys of the database; made where there is no office yet that has some."""
    path = encryption.key_file(store.folder)
    with store.reading() as connection:
        if path.exists() or connection.execute(select(OFFICES.c.id).limit(1)).first():
            return encryption.load(path)
    return encryption.create(path)


def as_kept(profile: dict[str, Any]) -> str:
    """A profile as it is kept in its row."""
    return json.dumps(profile, ensure_ascii=False, sort_keys=True)


def _columns(officer: office.Officer) -> dict[str, Any]:
    return {
        "key": officer.key,
        "name": officer.name,
        "roles": "|".join(officer.roles),
        "unit": officer.unit,
        "login": officer.login,
        "email": officer.email,
        "active": officer.active,
    }


def entry(
    connection: Connection,
    office_id: int,
    event: str,
    who: Actor,
    payload: dict[str, Any],
    *,
    now: Callable[[], datetime] = dates.now,
) -> ledger.Head:
    """An entry of the office itself, which belongs to no case."""
    identity.require_known(offices.by_id(connection, office_id).settings, who.known)
    head = ledger.head(connection, office_id, lock=True)
    moment = now()
    made = Entry(
        0,
        event,
        "office",
        dates.china_day(moment),
        dates.stamp(moment),
        who.key,
        "",
        "",
        "house:office",
        payload,
        who.known,
    )
    return ledger.append(connection, office_id, None, made, head)


def require_manager(seat: Seat) -> None:
    """Refused unless the officer may change the office, and speak and keep things for it."""
    # By the settings before the change: nobody takes the demand back by his word alone.
    identity.require_known(seat.office.settings, seat.officer.known)
    if MANAGER not in seat.officer.roles:
        raise Refused(
            N_("This is for: {roles}. {officer} has another role."),
            rule="house:office",
            officer=seat.officer.name,
            roles=Named("role", MANAGER),
            way_on=N_("Let an officer with that role do it."),
        )


def add_officer(seat: Seat, given: dict[str, Any]) -> office.Officer:
    """Add an officer, or give one who is there other roles, another unit or name."""
    require_manager(seat)
    officer = office_file.officer_of(given, set(seat.office.units))
    if not officer.roles:
        raise Malformed(N_("An officer needs at least one role."), field="roles")
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        where = (OFFICERS.c.office_id == seat.office.id) & (OFFICERS.c.key == officer.key)
        known = connection.execute(select(OFFICERS.c.email, OFFICERS.c.login).where(where)).first()
        officer = _with_login(connection, seat, officer, known.login if known else None)
        if known is not None:
            if given.get("email") is None:
                # New roles keep the address; an empty one deletes it.
                officer = replace(officer, email=known.email)
            connection.execute(update(OFFICERS).where(where).values(**_columns(officer)))
        else:
            connection.execute(insert(OFFICERS).values(office_id=seat.office.id, **_columns(officer)))
        entry(connection, seat.office.id, "officer_set", seat.officer.actor, _columns(officer))
    return officer


def _with_login(
    connection: Connection, seat: Seat, officer: office.Officer, old: str | None
) -> office.Officer:
    """The officer with the login that is his at once; Refused where the office asks two persons for it."""
    if officer.login is None:
        # Other roles are no reason to lose the login.
        return replace(officer, login=old)
    people.require_free(connection, seat.office.id, officer.key, officer.login)
    if officer.login != old and seat.office.settings[identity.SETTING] != caller.NONE:
        raise Refused(
            N_("This office binds a login by two persons."),
            rule=identity.RULE,
            field="login",
            way_on=N_("Leave out --login, then: disclosure officer bind {key} --login {login}"),
            key=officer.key,
            login=officer.login,
        )
    return officer


def stop_officer(seat: Seat, key: str) -> None:
    """End an officer's activity; what he did stays recorded under his name. The last approver cannot be
    stopped.
    """
    require_manager(seat)
    with seat.store.writing() as connection:
        # If two approvers stop each other at the same moment, the second finds that he is the last.
        ledger.head(connection, seat.office.id, lock=True)
        known = {officer.key: officer for officer in office.officers_of(connection, seat.office.id)}
        if key not in known:
            raise NotFound(N_("There is no officer '{officer}'."), field="key", officer=key)
        others = [o for o in known.values() if o.key != key and o.active and MANAGER in o.roles]
        if MANAGER in known[key].roles and not others:
            raise Refused(
                N_("'{officer}' is the last approver; without one nothing can be approved."),
                rule="house:office",
                officer=known[key].name,
                way_on=N_("Give the role to somebody else first: disclosure officer add"),
            )
        where = (OFFICERS.c.office_id == seat.office.id) & (OFFICERS.c.key == key)
        connection.execute(update(OFFICERS).where(where).values(active=False))
        entry(connection, seat.office.id, "officer_stopped", seat.officer.actor, {"key": key})

"""What has to be done so that each officer works under a role of PostgreSQL of his own; and doing it.

The plan is made from what is there: carried out twice it does nothing the second time. Who is no active
officer with a login any more loses the rights; his role stays, for this server may need it besides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from workflow.base.errors import Environment, Refused
from workflow.base.messages import N_, listed
from workflow.base.shown_url import shown
from workflow.office import identity
from workflow.storage import session, tree
from workflow.storage.database import Store
from workflow.storage.database_url import sqlite_path
from workflow.storage.tables import TABLES
from workflow.upkeep.database_rights import statements
from workflow.upkeep.database_rights.statements import identifier, literal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

OFFICERS, HEADS = TABLES["officer"], TABLES["chain_head"]
_ABOUT = text(
    "SELECT current_database() AS database, n.nspname AS schema, pg_get_userbyid(c.relowner) AS owner,"
    " pg_has_role(session_user, c.relowner, 'MEMBER') AS owns, current_setting('server_version_num')::integer AS version,"
    " obj_description(to_regprocedure('disclosure_bound()'), 'pg_proc') AS installed"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('ledger')"
)
_ROLES = text(
    "SELECT rolname, rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication"
    " OR pg_has_role(oid, :owner, 'MEMBER') AS above FROM pg_roles"
)
_MEMBERS = text(
    "SELECT g.rolname AS held, m.rolname AS member FROM pg_auth_members a"
    " JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE g.rolname IN (:officers, :workers)"
)
_QUEUE = text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = :schema AND c.relkind = 'r' AND c.relname LIKE 'procrastinate%' ORDER BY 1"
)
_NEEDED = 130000


@dataclass
class Plan:
    """The statements, and what they do: roles made, rights given and taken, functions made anew."""

    sql: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    # Officers who are active and have no login: nothing is granted for them.
    without: list[str] = field(default_factory=list)
    installs: bool = False


def plan(store: Store, workers: tuple[str, ...] = ()) -> Plan:
    """What has to be done in this database. `workers` are roles that work as the program itself.

    Environment on SQLite; Refused for whoever does not own the tables, or where a login is a role that could
    go round all of this.
    """
    require(store)
    with store.reading() as connection:
        return _made(connection, workers)


def apply(store: Store, workers: tuple[str, ...] = ()) -> Plan:
    """Do what has to be done, in one transaction; what was done."""
    require(store)
    with store.writing() as connection:
        found = _made(connection, workers)
        for statement in found.sql:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        # Officers add to the tree over the entries and cannot build it.
        for row in connection.execute(select(HEADS)).all():
            if row.peaks is None and row.seq:
                tree.build(connection, row.office_id)
    return found


def in_force(store: Store) -> bool | None:
    """Whether the functions are there as this program makes them; None where there are none."""
    if sqlite_path(store.url) is not None:
        return None
    with store.reading() as connection:
        return current(connection) if version_in(connection) is not None else None


def version_in(connection: Connection) -> str | None:
    """Which version of the functions is there; None where there are none."""
    found: str | None = connection.execute(_ABOUT).one().installed
    return found


def current(connection: Connection) -> bool:
    """Whether functions and rights are those of this program."""
    about = connection.execute(_ABOUT).one()
    return bool(about.installed == statements.version(_installed(connection, about)))


def require(store: Store) -> None:
    """Environment error where there are no roles of officers: on SQLite."""
    identity.require_keeper()
    if sqlite_path(store.url) is not None:
        raise Environment(
            N_("{place} is SQLite: it has no roles. Officers are bound there by the service."),
            place=shown(store.url),
            way_on=N_("See 'Who acts' in docs/operations.md: disclosure service install --system"),
        )


def _made(connection: Connection, workers: tuple[str, ...]) -> Plan:
    about = connection.execute(_ABOUT).one()
    if not about.owns or session.of(connection).bound:
        raise Refused(
            N_("Rights in the database are given by the owner of its tables: {owner}."),
            rule=identity.RULE,
            owner=about.owner,
            way_on=N_("Name that role in the URL: --db postgresql://{owner}@…"),
        )
    if about.version < _NEEDED:
        raise Environment(N_("Roles of officers need PostgreSQL 13 or newer."))
    known = {row.rolname: row.above for row in connection.execute(_ROLES, {"owner": about.owner})}
    found = Plan()
    groups = statements.groups(about.database)
    for name in groups:
        if name not in known:
            found.sql.append(f"CREATE ROLE {identifier(name)} NOLOGIN")
    _install(connection, about, found)
    wanted = _logins(connection, found)
    _require_below({**wanted, **dict.fromkeys(workers, groups[1])}, known)
    given = {"officers": groups[0], "workers": groups[1]}
    held = {(row.held, row.member) for row in connection.execute(_MEMBERS, given)}
    _give(found, groups[0], sorted(wanted), known, held)
    _give(found, groups[1], workers, known, held)
    for group, member in sorted(held):
        # The owner who made a group may be in its list; a worker stays one until its role is dropped.
        if group == groups[0] and member not in wanted and not known.get(member):
            found.sql.append(f"REVOKE {identifier(group)} FROM {identifier(member)}")
            found.revoked.append(member)
    return found


def _installed(connection: Connection, about: Any) -> list[str]:
    queue = list(connection.execute(_QUEUE, {"schema": about.schema}).scalars())
    return statements.installed(about.schema, about.owner, about.database, queue)


def _install(connection: Connection, about: Any, found: Plan) -> None:
    wanted = _installed(connection, about)
    version = statements.version(wanted)
    if about.installed != version:
        found.installs = True
        found.sql += [*wanted, f"COMMENT ON FUNCTION disclosure_bound() IS {literal(version)}"]


def _logins(connection: Connection, found: Plan) -> dict[str, str]:
    """Who is to have rights: the logins of active officers, each with a name for messages."""
    logins = {}
    rows = connection.execute(select(OFFICERS).where(OFFICERS.c.active.is_(True)).order_by(OFFICERS.c.id))
    for row in rows:
        if row.login:
            logins[row.login] = row.name
        else:
            found.without.append(row.key)
    return logins


def _require_below(wanted: dict[str, str], known: dict[str, bool]) -> None:
    """Refused where a role is above the rights that it is to get: it would be bound by nothing."""
    above = sorted(name for name in wanted if known.get(name))
    if above:
        raise Refused(
            N_("These roles own the tables or may make themselves owners, and cannot be officers': {names}."),
            rule=identity.RULE,
            names=listed(above),
            way_on=N_("Bind another login: disclosure officer bind KEY --login NAME"),
        )


def _give(
    found: Plan,
    group: str,
    names: tuple[str, ...] | list[str],
    known: dict[str, bool],
    held: set[tuple[str, str]],
) -> None:
    for name in names:
        if name not in known:
            found.sql.append(f"CREATE ROLE {identifier(name)} LOGIN")
            found.made.append(name)
        if (group, name) not in held:
            found.sql.append(f"GRANT {identifier(group)} TO {identifier(name)}")
            found.granted.append(name)

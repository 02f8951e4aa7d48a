"""Whether what guards the tables from officers' roles is still what this program put there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.upkeep.database_rights import plan, statements

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

PREFIX = "disclosure_"
_FUNCTIONS = text(
    "SELECT proname AS name, prosrc AS body FROM pg_proc"
    " WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'disclosure_')"
)
_WAY_ON = N_("As the owner: disclosure database grants --apply")


def require(connection: Connection, triggers: Iterable[Any]) -> None:
    """Damaged unless these triggers (table, name, whether they fire) and the functions of the database are
    those that were put there. Rights given by another version of the program are not looked into: `doctor`
    asks to renew them.
    """
    found = {(row.tbl_name, row.name): row.enabled for row in triggers}
    installed = plan.version_in(connection)
    if installed is None and not found:
        return
    if installed is not None and not plan.current(connection):
        return
    wanted = statements.triggers() if installed is not None else set()
    for table, name in sorted(found.keys() ^ wanted | {key for key, fires in found.items() if not fires}):
        raise Damaged(
            N_("The trigger '{name}' of {table}, by which PostgreSQL guards it, is not as it should be."),
            name=name,
            table=table,
            way_on=_WAY_ON,
        )
    bodies = {row.name: row.body for row in connection.execute(_FUNCTIONS)}
    place = connection.execute(text("SELECT current_schema(), current_database()")).one()
    for name, body in statements.bodies(*place).items():
        if bodies.get(name) != body:
            raise Damaged(
                N_("The function '{name}', by which PostgreSQL guards the record, is not as it should be."),
                name=name,
                way_on=_WAY_ON,
            )

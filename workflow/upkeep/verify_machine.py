"""What the database itself has to do for the record: its triggers, its references, its counters, its
rights."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.storage.tables import TABLES
from workflow.upkeep.database_rights import guards

if TYPE_CHECKING:
    from sqlalchemy import Column, Select
    from sqlalchemy.engine import Connection

_ABORT = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
_TAKEN = "SELECT 1 FROM ledger WHERE id = NEW.id OR (office_id = NEW.office_id AND seq = NEW.seq)"
# The triggers that refuse a change of the ledger, as the database keeps them; and those by which the search
# follows its rows.
SQLITE = {
    "ledger_no_update": f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger {_ABORT}",
    "ledger_no_delete": f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger {_ABORT}",
    "ledger_no_replace": (
        f"CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger WHEN EXISTS ({_TAKEN}) {_ABORT}"
    ),
    "search_added": "",
    "search_gone": "",
    "search_changed": "",
}
# Table, when and for what (bits of pg_trigger.tgtype), and what the function does.
_RAISE = "BEGIN RAISE EXCEPTION 'the ledger is append-only'; END"
POSTGRES = {
    "ledger_no_change": ("ledger", 27, _RAISE),
    "ledger_no_truncate": ("ledger", 34, _RAISE),
    "search_follows": ("search_doc", 21, ""),
}
_SQLITE = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES = """
SELECT t.tgname AS name, c.relname AS tbl_name, p.prosrc AS sql,
       t.tgtype AS type, t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AS always, t.tgenabled IN ('O', 'A') AS enabled
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""
_GRANTS = """
SELECT grantee, string_agg(DISTINCT privilege_type, ', ' ORDER BY privilege_type) AS rights
FROM information_schema.role_table_grants
WHERE table_schema = current_schema() AND table_name = 'ledger'
  AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER') AND grantee <> (
    SELECT pg_get_userbyid(relowner) FROM pg_class
    WHERE relname = 'ledger' AND relnamespace = current_schema()::regnamespace)
GROUP BY grantee ORDER BY grantee
"""
_LAST = """
SELECT format('%I.%I', schemaname, sequencename) AS sequence, last_value FROM pg_sequences
WHERE schemaname = current_schema()
"""
CASES, OFFICES = TABLES["case_file"], TABLES["office"]
WAY_ON = N_("Keep the database as it is and compare it with a backup.")


def check(connection: Connection) -> None:
    """Damaged unless the triggers are there and do what they should, and no counter of the database is behind
    its rows."""
    _triggers(connection)
    if connection.dialect.name == "postgresql":
        _counters(connection)


def rights(connection: Connection) -> list[str]:
    """Who besides the owner may change or empty the ledger, or take its triggers away (PostgreSQL)."""
    if connection.dialect.name != "postgresql":
        return []
    return [f"{row.grantee}: {row.rights}" for row in connection.execute(text(_GRANTS))]


def _triggers(connection: Connection) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    rows = connection.execute(text(_SQLITE if on_sqlite else _POSTGRES)).all()
    if not on_sqlite:
        # What guards the tables from officers' roles bears the same names at several tables.
        guards.require(connection, [row for row in rows if row.name.startswith(guards.PREFIX)])
        rows = [row for row in rows if not row.name.startswith(guards.PREFIX)]
    found = {row.name: row for row in rows}
    for name in SQLITE if on_sqlite else POSTGRES:
        row = found.pop(name, None)
        if row is None or not (_as_made_here(row) if on_sqlite else _as_made_there(row)):
            raise Damaged(
                N_("The trigger '{name}', which guards the record, is not as it should be."),
                name=name,
                way_on=WAY_ON,
            )
    strange = [name for name, row in found.items() if row.tbl_name in TABLES]
    for name in sorted(strange):
        raise Damaged(
            N_("There is a trigger '{name}' that this program did not make."), name=name, way_on=WAY_ON
        )


def _as_made_here(row: Any) -> bool:
    """Whether a trigger of SQLite does what it should: whoever empties it leaves the name."""
    return SQLITE[row.name] in ("", " ".join(row.sql.split()))


def _as_made_there(row: Any) -> bool:
    table, kind, does = POSTGRES[row.name]
    told = " ".join(row.sql.split())
    return (row.tbl_name, row.type, row.always) == (table, kind, True) and does in ("", told)


def references(connection: Connection) -> None:
    """Every row of an office and of a case has that office and case, whatever the database itself would
    take."""
    found = connection.execute(_any_stray()).mappings().one()
    for name, query in _strays().items():
        if not found[name] or (name == "web_code" and _not_passed_on(connection, query) is None):
            continue
        raise Damaged(
            N_("A row of '{table}' belongs to an office or case that is not there, or not to that one."),
            table=name,
            way_on=WAY_ON,
        )


@cache
def _any_stray() -> Select[Any]:
    """Of each table whether there is such a row, in one question: asking takes longer than looking."""
    there: list[Any] = [query.exists().label(name) for name, query in _strays().items()]
    return select(*there)


@cache
def _strays() -> dict[str, Select[Any]]:
    """Of each table the rows whose office or case is not there, or whose case is another office's."""
    found = {}
    for name, table in TABLES.items():
        columns = set(table.c.keys())
        if "office_id" not in columns:
            continue
        if "case_id" in columns:
            belongs = table.outerjoin(CASES, CASES.c.id == table.c.case_id)
            strays = (CASES.c.id.is_(None)) | (CASES.c.office_id != table.c.office_id)
            found[name] = (
                select(table.c.case_id).select_from(belongs).where(table.c.case_id.is_not(None), strays)
            )
        else:
            belongs = table.outerjoin(OFFICES, OFFICES.c.id == table.c.office_id)
            found[name] = select(table.c.office_id).select_from(belongs).where(OFFICES.c.id.is_(None))
    return found


def _not_passed_on(connection: Connection, strays: Any) -> Any:
    """Of codes given by another office than has the case: one of a case that did not come from there, as the
    first entry of the case says. The office that had passed it on goes on publishing it.
    """
    for row in connection.execute(strays.add_columns(TABLES["web_code"].c.office_id)).all():
        at, seen = row.case_id, set()
        while at is not None and at not in seen:
            seen.add(at)
            office_id, at = _came_from(connection, at)
            if office_id == row.office_id:
                break
        else:
            return row
    return None


def _came_from(connection: Connection, case_id: int) -> tuple[int | None, int | None]:
    """The office that passed a case on, and the case that it was there."""
    entries = TABLES["ledger"]
    first = select(entries.c.payload).where(entries.c.case_id == case_id, entries.c.n == 1)
    said = json.loads(connection.execute(first).scalar() or "{}")
    query = (
        select(CASES.c.office_id, CASES.c.id)
        .join(OFFICES, OFFICES.c.id == CASES.c.office_id)
        .where(OFFICES.c.key == said.get("routed_from"), CASES.c.number == said.get("routed_number"))
    )
    found = connection.execute(query).first()
    return (found[0], found[1]) if found is not None else (None, None)


def _counters(connection: Connection) -> None:
    """The sequences of PostgreSQL: none gives a number that is taken."""
    sequences = connection.execute(_sequences()).mappings().one()
    known = {row.sequence: row.last_value for row in connection.execute(text(_LAST))}
    # An officer's own role may not look at every counter.
    last = {name: known[one] for name, one in sequences.items() if known.get(one) is not None}
    if not last:
        return
    for name, number in connection.execute(_highest(tuple(last))).mappings().one().items():
        if last[name] < (number or 0):
            raise Damaged(
                N_("The counter of '{table}' is behind its rows: the next number would be given twice."),
                table=name,
                way_on=WAY_ON,
            )


@cache
def _counted() -> dict[str, Column[Any]]:
    """Of each table the column that a sequence numbers."""
    columns = {name: table.autoincrement_column for name, table in TABLES.items()}
    return {name: column for name, column in columns.items() if column is not None}


@cache
def _sequences() -> Select[Any]:
    """Of each table the name of its sequence."""
    return select(
        *(func.pg_get_serial_sequence(name, one.name).label(name) for name, one in _counted().items())
    )


@lru_cache(maxsize=4)
def _highest(tables: tuple[str, ...]) -> Select[Any]:
    """Of each of these tables the highest number."""
    return select(*(select(func.max(_counted()[name])).scalar_subquery().label(name) for name in tables))

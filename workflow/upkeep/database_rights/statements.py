"""The SQL of the rights of officers' roles, made from rights.toml, separation.toml and the process table."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template
from typing import Any

from workflow.base import tables
from workflow.base.completeness import require_known, require_same
from workflow.base.patterns import later
from workflow.procedure import transitions
from workflow.storage import tree
from workflow.storage.tables import TABLES

HERE = Path(__file__).parent
RIGHTS, SEPARATION, FUNCTIONS = (HERE / name for name in ("rights.toml", "separation.toml", "functions.sql"))
# Who reads must read these too.
BESIDES = ("alembic_version", "search_index")
# The process and the separation of duties as the database looks them up.
OWN = ("disclosure_step", "disclosure_apart")
# For whom the functions are there; the others are called by these alone.
CALLED = ("disclosure_head", "disclosure_append", "disclosure_bound", "disclosure_refuse")
_NEVER_UPDATED = ("id", "office_id", "case_id", "number")
_TRIGGER = later(r"CREATE (CONSTRAINT )?TRIGGER (?P<name>\w+) .*? ON (?P<table>\w+) ")
_OFFICERS, _WORKERS = "disclosure_officers", "disclosure_workers"


def identifier(name: str) -> str:
    """A name as PostgreSQL reads it, whatever signs are in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | None) -> str:
    """A text as PostgreSQL reads it."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def array(values: Iterable[str]) -> str:
    """An array of texts."""
    return f"ARRAY[{', '.join(literal(one) for one in values)}]::text[]"


def groups(database: str) -> tuple[str, str]:
    """The roles without login that hold the rights of officers and of workers in a database. Roles belong to
    the whole server, so the database is in their names."""
    return f"{_OFFICERS}_{database}"[:63], f"{_WORKERS}_{database}"[:63]


def installed(schema: str, owner: str, database: str, queue: list[str]) -> list[str]:
    """Functions, tables and triggers, and the rights of the two groups: the same however often carried out.
    `queue` are the tables of the workers' own queue, where there is one."""
    officers, workers = groups(database)
    both = f"{identifier(officers)}, {identifier(workers)}"
    first = [
        f"SET LOCAL search_path = {identifier(schema)}",
        *_looked_up(),
        *_after_tables(_names(schema, database)),
    ]
    return [
        *first,
        *_owned(owner),
        *_triggers(),
        *_granted(schema, both),
        f"GRANT EXECUTE ON FUNCTION {', '.join(CALLED)} TO {both}",
        *_for_workers(queue, identifier(workers)),
    ]


def version(statements: Iterable[str]) -> str:
    """What was installed, to be compared: the SHA-256 of its statements."""
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


def triggers() -> set[tuple[str, str]]:
    """The triggers that guard tables: table and name."""
    found = (_TRIGGER.match(one) for one in _triggers())
    return {(one["table"], one["name"]) for one in found if one is not None}


def bodies(schema: str, database: str) -> dict[str, str]:
    """What each function does, as the database keeps it."""
    found = {}
    for one in _after_tables(_names(schema, database)):
        if "$body$" in one:
            found[one.split("FUNCTION ", 1)[1].partition("(")[0]] = one.split("$body$")[1]
    return found


# --- the parts


def _names(schema: str, database: str) -> dict[str, str]:
    _, workers = groups(database)
    return {"schema": identifier(schema), "workers_text": literal(workers), "step": str(tree.STEP)}


def _after_tables(given: dict[str, str]) -> Iterator[str]:
    """Functions, one statement each."""
    text = Template(FUNCTIONS.read_text(encoding="utf-8").replace("$body$", "$$body$$")).substitute(given)
    for part in text.split("\n$body$;\n")[:-1]:
        yield part[part.index("CREATE") :] + "\n$body$"
    # The index of words follows its table with the rights of the owner.
    yield f"ALTER FUNCTION search_follow() SECURITY DEFINER SET search_path = {given['schema']}, pg_temp"


def _looked_up() -> Iterator[str]:
    """The process and the separation of duties as tables, written anew."""
    yield f"DROP TABLE IF EXISTS {', '.join(OWN)} CASCADE"
    yield (
        "CREATE TABLE disclosure_step (track text NOT NULL, event text NOT NULL, sources text[] NOT NULL,"
        " dest text NOT NULL, roles text[] NOT NULL)"
    )
    yield "CREATE INDEX disclosure_step_event ON disclosure_step (event, track)"
    yield (
        "CREATE TABLE disclosure_apart (event text NOT NULL, against text NOT NULL, since text[] NOT NULL,"
        " latest boolean NOT NULL, unless text)"
    )
    yield _inserted(
        "disclosure_step",
        (
            f"({literal(track)}, {literal(event)}, {array(sources)}, {literal(dest)}, {array(roles)})"
            for (track, event, dest, roles), sources in steps().items()
        ),
    )
    yield _inserted(
        "disclosure_apart",
        (
            f"({literal(event)}, {literal(one['against'])}, {array(one.get('since', ()))},"
            f" {str(one.get('latest', False)).lower()}, {literal(one.get('unless'))})"
            for event, one in apart()
        ),
    )


def _inserted(table: str, rows: Iterable[str]) -> str:
    return f"INSERT INTO {table} VALUES\n  " + ",\n  ".join(rows)


Step = tuple[str, str, str, tuple[str, ...]]


def steps() -> dict[Step, list[str]]:
    """The rows of the process: track, event, state after ('=': the same), roles; with the states before."""
    found: dict[Step, list[str]] = defaultdict(list)
    rows = transitions.bundled().rows
    for row in rows:
        source, dest = str(row.source), str(row.dest)
        found[row.track, row.event, "=" if source == dest else dest, tuple(row.roles)].append(source)
    may_reveal = sorted({role for row in rows if row.event == "reveal" for role in row.roles})
    for event, roles in tables.read(SEPARATION)["office"].items():
        if roles:
            named = tuple(may_reveal if roles == ["reveal"] else roles)
            found["office", event, "=", named].append("")
    return dict(found)


def apart() -> list[tuple[str, dict[str, Any]]]:
    """The rules of separation, each with an event for which it holds."""
    rows, told = transitions.bundled().rows, tables.read(SEPARATION)["apart"]
    guards = {name for row in rows for name in row.guard}
    require_known("separation.toml", (one["guard"] for one in told), "the process table", guards)
    return [
        (event, one)
        for one in told
        for event in sorted({row.event for row in rows if one["guard"] in row.guard})
    ]


def rights() -> dict[str, dict[str, Any]]:
    """The rights in each table; refused where a table is missing here."""
    told = tables.read(RIGHTS)
    require_same("rights.toml", told, "storage/models", TABLES)
    return dict(told)


def updated(name: str, line: dict[str, Any]) -> list[str]:
    """The columns that a line on updates means."""
    known = [column.name for column in TABLES[name].columns]
    if line["columns"] == ["*"]:
        return [one for one in known if one not in _NEVER_UPDATED]
    require_known(f"rights.toml [{name}]", line["columns"], "storage/models", known)
    return list(line["columns"])


def _owned(owner: str) -> Iterator[str]:
    for name in OWN:
        yield f"ALTER TABLE {name} OWNER TO {identifier(owner)}"
    for name in _functions():
        yield f"ALTER FUNCTION {name} OWNER TO {identifier(owner)}"


def _functions() -> list[str]:
    words = (
        line.split("FUNCTION ", 1)[1]
        for line in FUNCTIONS.read_text(encoding="utf-8").splitlines()
        if "CREATE OR REPLACE FUNCTION" in line
    )
    return [word.partition("(")[0] for word in words]


def _triggers() -> Iterator[str]:
    for name, told in rights().items():
        yield from _dropped(name)
        if told.get("closed"):
            yield _closing(name)
            continue
        for operation in ("insert", "delete"):
            by, of = told.get(operation, []), told["of"]
            if isinstance(by, dict):
                by, of = by["by"], by["of"]
            if by:
                yield _backing(name, f"{operation}_1", operation.upper(), of, by)
        for number, line in enumerate(told.get("update", ()), 1):
            if line["by"]:
                when = f"UPDATE OF {', '.join(updated(name, line))}"
                yield _backing(name, f"update_{number}", when, told["of"], line["by"], line.get("when"))
    for name in OWN:
        yield _closing(name)


def _dropped(name: str) -> Iterator[str]:
    for suffix in ("closed", "insert_1", "delete_1", *(f"update_{number}" for number in range(1, 4))):
        yield f"DROP TRIGGER IF EXISTS disclosure_{suffix} ON {name}"


def _closing(name: str) -> str:
    return (
        f"CREATE TRIGGER disclosure_closed BEFORE INSERT OR UPDATE OR DELETE ON {name}"
        " FOR EACH ROW EXECUTE FUNCTION disclosure_closed()"
    )


def _backing(name: str, suffix: str, what: str, of: str, by: list[str], when: str | None = None) -> str:
    condition = "disclosure_bound()" + (f" AND {when}" if when else "")
    call = (
        "disclosure_officer_backed()"
        if of == "officer"
        else f"disclosure_backed({literal(of)}, {literal('{' + ','.join(by) + '}')})"
    )
    return (
        f"CREATE CONSTRAINT TRIGGER disclosure_{suffix} AFTER {what} ON {name}"
        " DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {call}"
    )


def _granted(schema: str, both: str) -> Iterator[str]:
    place = identifier(schema)
    yield f"REVOKE CREATE ON SCHEMA {place} FROM PUBLIC"
    yield f"REVOKE ALL ON {', '.join((*TABLES, *BESIDES, *OWN))} FROM PUBLIC, {both}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {place} FROM {both}"
    yield f"REVOKE ALL ON FUNCTION {', '.join(_functions())} FROM PUBLIC, {both}"
    yield f"GRANT USAGE ON SCHEMA {place} TO {both}"
    yield f"GRANT SELECT ON {', '.join((*TABLES, *BESIDES))} TO {both}"
    for name, told in rights().items():
        given = [operation.upper() for operation in ("insert", "delete") if operation in told]
        columns = dict.fromkeys(one for line in told.get("update", ()) for one in updated(name, line))
        if columns:
            given.append(f"UPDATE ({', '.join(columns)})")
        if given:
            yield f"GRANT {', '.join(given)} ON {name} TO {both}"
        if "insert" in told and TABLES[name].autoincrement_column is not None:
            yield f"GRANT USAGE ON SEQUENCE {name}_id_seq TO {both}"


def _for_workers(queue: list[str], workers: str) -> Iterator[str]:
    if queue:
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(map(identifier, queue))} TO {workers}"
        for name in queue:
            yield f"GRANT USAGE ON SEQUENCE {identifier(f'{name}_id_seq')} TO {workers}"

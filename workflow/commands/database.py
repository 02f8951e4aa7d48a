"""Officers as roles of PostgreSQL: their rights, shown as SQL and carried out."""

from __future__ import annotations

from workflow.base.messages import N_, listed
from workflow.base.messages import translate as _
from workflow.commands.options import PLAIN, group, option
from workflow.commands.printing import output


@group("database")
def database() -> None:
    """Commands on the database itself."""


@database.command(
    "grants",
    help=N_(
        "The rights of the officers' own roles on PostgreSQL, as SQL; with --apply they are given, and taken from those who left."
    ),
    example="disclosure database grants --apply",
)
@option("--apply", "carry_out", is_flag=True, help=N_("Carry it out, as the owner of the tables."))
@option(
    "--worker",
    "workers",
    multiple=True,
    metavar="ROLE",
    help=N_("A role under which the program itself works, and nobody else (repeatable)."),
)
@PLAIN
def database_grants(carry_out: bool, workers: tuple[str, ...], db: str | None, as_json: bool) -> None:
    from workflow.storage.database import Store
    from workflow.upkeep.database_rights import plan as rights

    store = Store(db)
    made = rights.apply(store, workers) if carry_out else rights.plan(store, workers)
    plain = {
        "applied": carry_out,
        "made": made.made,
        "granted": made.granted,
        "revoked": made.revoked,
        "without_login": made.without,
        "sql": made.sql,
    }
    output(plain, lambda: [*(_done(plain) if carry_out else _to_do(made.sql)), *_left(made.without)], as_json)


def _to_do(sql: list[str]) -> list[str]:
    """The statements, as psql takes them: all or none."""
    if not sql:
        return [_(N_("Nothing has to be done: the rights are as they should be."))]
    return ["BEGIN;", *(f"{statement};" for statement in sql), "COMMIT;"]


def _done(plain: dict[str, object]) -> list[str]:
    if not plain["sql"]:
        return _to_do([])
    told = {name: listed(plain[name]) or "-" for name in ("made", "granted", "revoked")}  # type: ignore[arg-type]
    return [
        _(N_("Done. Roles made: {made}. Rights given to: {granted}. Rights taken from: {revoked}."), **told),
        _(N_("A role that was made has no password: give it one, or let the server ask the machine (peer).")),
    ]


def _left(without: list[str]) -> list[str]:
    """Officers for whom nothing was granted, as comments of SQL."""
    if not without:
        return []
    said = _(
        N_(
            "Officers without a login, for whom there is no role: {keys}. disclosure officer bind KEY --login NAME"
        ),
        keys=listed(without),
    )
    return [f"-- {said}"]

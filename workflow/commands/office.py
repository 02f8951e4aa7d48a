"""The office and its officers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base import names, screen
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, PLAIN, argument, as_text, desk_of, group, option, output

if TYPE_CHECKING:
    pass


@group("office")
def office() -> None:
    """Commands on the office."""


@office.command(
    "show",
    help=N_("Show the office's profile and its settings for the open points of law."),
    example="disclosure office show",
)
@COMMON
def office_show(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base.names import Named

    desk = desk_of(officer, office, db)
    plain = {**desk.office.profile, "settings": desk.office.settings}
    output(
        plain,
        lambda: [
            f"{Named('office', key, typed=True)}: {as_text(value) if isinstance(value, list | dict) else value}"
            for key, value in plain.items()
        ],
        as_json,
    )


@office.command(
    "set",
    help=N_("Change one entry of the profile; the change is recorded."),
    example="disclosure office set settings.online_receipt confirmed",
)
@argument("name")
@argument("value")
@COMMON
def office_set(
    name: str, value: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.office import founding

    profile = founding.set_profile(desk_of(officer, office, db), name, value)
    output(profile, lambda: [f"{name} = {value}"], as_json)


@office.command("list", help=N_("All offices of the database."), example="disclosure office list")
@PLAIN
def office_list(db: str | None, as_json: bool) -> None:
    from workflow.office import profile as profiles
    from workflow.storage.database import Store

    with Store(db).reading() as connection:
        found = profiles.listed(connection)
    output(
        [{"key": one.key, "name": one.name} for one in found],
        lambda: [f"{one.key}  {one.name}" for one in found],
        as_json,
    )


@group("officer")
def officer() -> None:
    """Commands on officers."""


@officer.command("list", help=N_("Officers with their roles and units."), example="disclosure officer list")
@option("--office", metavar="KEY", help=N_("Only of this office."))
@PLAIN
def officer_list(office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.reports.views import case_views

    found = case_views.officers(db, office)
    output(
        found,
        lambda: screen.table(
            [_(head) for head in (N_("office"), N_("login code"), N_("name"), N_("roles"), N_("unit"))],
            [
                [
                    one["office"],
                    one["key"],
                    one["name"],
                    "/".join(names.name("role", role) for role in one["roles"]),
                    (one["unit"] or "-") + ("" if one["active"] else " " + _(N_("(stopped)"))),
                ]
                for one in found
            ],
        ),
        as_json,
    )


@officer.command(
    "add",
    help=N_("Add an officer, or give one other roles."),
    example="disclosure officer add li --name 李四 --roles handler --unit gongkai",
)
@argument("key")
@option("--name", required=True, help=N_("The name."))
@option("--roles", required=True, help=N_("Roles, separated by commas."))
@option("--unit", help=N_("The unit."))
@option("--login", help=N_("Login name on this machine."))
@option(
    "--email", metavar="ADDRESS", help=N_("Mail address, for the daily digest; left out, it stays as it is.")
)
@COMMON
def officer_add(
    key: str,
    name: str,
    roles: str,
    unit: str | None,
    login: str | None,
    email: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base.names import Named
    from workflow.office import founding

    entry = {"key": key, "name": name, "roles": roles, "unit": unit, "login": login, "email": email}
    made = founding.add_officer(desk_of(officer, office, db), entry)
    output(
        {**entry, "roles": list(made.roles), "email": made.email},
        lambda: [f"{made.key}  {made.name}  {Named('role', *made.roles)}"],
        as_json,
    )


@officer.command("stop", help=N_("An officer who left acts no more."), example="disclosure officer stop li")
@argument("key")
@COMMON
def officer_stop(key: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.office import founding

    founding.stop_officer(desk_of(officer, office, db), key)
    output({"key": key, "active": False}, lambda: [_(N_("{key} acts no more."), key=key)], as_json)

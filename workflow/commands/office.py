"""The office and its officers."""

from __future__ import annotations

import sys
from typing import Any

from workflow.base import names, screen, typed_words
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import prompting
from workflow.commands.options import COMMON, PLAIN, YES, argument, desk_of, group, option, seat_of
from workflow.commands.printing import output


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
    from workflow.office import profile_words

    desk = seat_of(officer, office, db)
    plain = {**desk.office.profile, "settings": desk.office.settings}
    output(plain, lambda: list(profile_words.lines(desk.office)), as_json)


@office.command(
    "set",
    help=N_("Change one entry of the profile; the change is recorded."),
    example="disclosure office set settings.online_receipt confirmed",
)
@argument("name")
@argument("value")
@YES
@COMMON
def office_set(
    name: str, value: str, yes: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.office import profile_changes, profile_words, spoken_settings

    desk = desk_of(officer, office, db)
    name, value = profile_words.meant(name, value)
    if not yes and sys.stdin.isatty() and (told := spoken_settings.warning(desk, name, value)):
        prompting.require_yes(told)
    profile = profile_changes.set_profile(desk, name, value)
    output(profile, lambda: [profile_words.line(name, value)], as_json)


@office.command("list", help=N_("All offices of the database."), example="disclosure office list")
@PLAIN
def office_list(db: str | None, as_json: bool) -> None:
    from workflow.office import offices
    from workflow.storage.database import Store

    with Store(db).reading() as connection:
        found = offices.listed(connection)
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
            [
                _(head)
                for head in (
                    N_("office"),
                    N_("officer's key"),
                    N_("name"),
                    N_("roles"),
                    N_("unit"),
                    N_("login name"),
                )
            ],
            [
                [
                    one["office"],
                    one["key"],
                    one["name"],
                    "/".join(names.name("role", role) for role in one["roles"]),
                    (one["unit"] or "-") + ("" if one["active"] else " " + _(N_("(stopped)"))),
                    one["login"] or "-",
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

    desk = desk_of(officer, office, db)
    unit = unit and typed_words.meant(unit, desk.office.units, "unit")
    entry = {"key": key, "name": name, "roles": roles, "unit": unit, "login": login, "email": email}
    made = founding.add_officer(desk, entry)
    output(
        {**entry, "roles": list(made.roles), "email": made.email},
        lambda: [f"{made.key}  {made.name}  {Named('role', *made.roles)}"],
        as_json,
    )


@officer.command(
    "bind",
    help=N_(
        "Bind a login of this machine to an officer: an approver proposes it, another officer confirms it."
    ),
    example="disclosure officer bind li --login lisi",
)
@argument("key")
@option(
    "--login",
    metavar="NAME",
    help=N_("The login that is proposed; left out, what was proposed is confirmed."),
)
@COMMON
def officer_bind(
    key: str, login: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.office import binding

    desk = desk_of(officer, office, db)
    key = _meant(desk, key)
    made = binding.propose_login(desk, key, login) if login else binding.confirm_login(desk, key)
    said = (
        N_("{name} acts under the login {login} from now on.")
        if made["bound"]
        else N_(
            "{login} is proposed for {name}; another officer confirms it with: disclosure officer bind {key}"
        )
    )
    output(made, lambda: [_(said, name=made["name"], login=made["login"], key=made["officer"])], as_json)


@officer.command(
    "deputy",
    help=N_("Appoint who acts for an absent officer, or show who does; by the officer or an approver."),
    example="disclosure officer deputy wang --to li --from 2026-10-08 --until 2026-10-16 --reason 休假",
)
@argument("key", required=False)
@option("--to", metavar="KEY", help=N_("Who acts for him."))
@option("--from", "first", metavar="DAY", help=N_("First day (today if left out)."))
@option("--until", "last", metavar="DAY", help=N_("Last day."))
@option("--reason", default="", help=N_("Why."))
@option("--end", is_flag=True, help=N_("End his deputies from today."))
@COMMON
def officer_deputy(
    key: str | None,
    to: str | None,
    first: str | None,
    last: str | None,
    reason: str,
    end: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base.errors import Malformed
    from workflow.commands.typed_days import legal_day
    from workflow.office import binding

    desk = desk_of(officer, office, db)
    if key is None:
        found = binding.deputies(desk)
        output(
            found, lambda: [_deputy_line(one) for one in found] or [_(N_("Nobody has a deputy."))], as_json
        )
        return
    key = _meant(desk, key)
    if end:
        ended = binding.end_deputies(desk, key)
        output({"officer": key, "ended": ended}, lambda: [_(N_("{n} appointments ended."), n=ended)], as_json)
        return
    if to is None or last is None:
        raise Malformed(
            N_("Who is deputy, and until when?"),
            field="to" if to is None else "until",
            way_on=N_("Example: {example}"),
            example=f"disclosure officer deputy {key} --to KEY --until 2026-10-16 --reason ...",
        )
    made = binding.appoint(
        desk,
        key,
        _meant(desk, to),
        legal_day(first, desk, "from") or desk.today(),
        legal_day(last, desk, "until"),
        reason,
    )
    made = {**made, "from_day": made["from_day"].isoformat(), "until_day": made["until_day"].isoformat()}
    output(made, lambda: [_deputy_line(made)], as_json)


def _meant(desk: Any, said: str) -> str:
    """The key of the officer of this office who is meant by a key, a name, a part of it or its initials."""
    from workflow.office import people

    with desk.store.reading() as connection:
        return people.meant_officer(connection, desk.office.key, said)


def _deputy_line(one: dict[str, str]) -> str:
    return _(
        N_("{deputy} acts for {officer} from {first} to {last} ({reason})."),
        deputy=one["deputy_name"],
        officer=one["officer_name"],
        first=one["from_day"],
        last=one["until_day"],
        reason=one["reason"],
    )


@officer.command("stop", help=N_("An officer who left acts no more."), example="disclosure officer stop li")
@argument("key")
@COMMON
def officer_stop(key: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.office import founding

    desk = desk_of(officer, office, db)
    key = _meant(desk, key)
    founding.stop_officer(desk, key)
    output({"key": key, "active": False}, lambda: [_(N_("{key} acts no more."), key=key)], as_json)

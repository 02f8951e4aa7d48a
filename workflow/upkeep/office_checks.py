"""Checks of the office: logins, roles, calendar, law, profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from letters.content import review_organs
from workflow import calendar, law
from workflow.base import caller, dates, names
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.office import binding, identity, imported_notices, offices, review_bodies
from workflow.office.profile import Office
from workflow.reports.law import status
from workflow.storage import database as databases
from workflow.storage import database_url, session
from workflow.upkeep.data_checks import no_database_yet
from workflow.upkeep.database_rights import plan as rights
from workflow.upkeep.finding import Finding


def check_binding(database: str | None) -> Iterator[Finding]:
    """Of each office, what it demands of whoever acts, and which officers have no login."""
    for name, wanted, without in binding.state(database):
        if wanted == caller.NONE:
            yield Finding(
                "binding",
                "warning",
                N_("{office}: nothing vouches for whoever acts; an officer is who he says he is"),
                N_("See 'Who acts' in docs/operations.md: disclosure service install --system"),
                {"office": name},
            )
            continue
        yield Finding(
            "binding",
            "warning" if without else "ok",
            N_("{office}: {binding} vouches for whoever acts; officers without a login: {without}"),
            N_("disclosure officer bind KEY --login NAME") if without else None,
            {"office": name, "binding": Named("binding", wanted), "without": listed(without) or "-"},
        )


def check_roles(database: str | None) -> Iterator[Finding]:
    """On PostgreSQL, whether officers work under roles of their own, by this program's rules."""
    store = databases.Store(database)
    try:
        if database_url.sqlite_path(store.url) is not None or store.schema() != databases.SCHEMA:
            return
        current = rights.in_force(store)
        with store.reading() as connection:
            mine = session.of(connection)
            wanted = any(
                one.settings[identity.SETTING] == caller.DATABASE for one in offices.listed(connection)
            )
    finally:
        store.close()
    way_on = N_("As the owner: disclosure database grants --apply")
    if current is None and wanted:
        yield Finding(
            "roles",
            "failure",
            N_("The database is to vouch for whoever acts, and has no roles for it"),
            way_on,
        )
    elif current is False:
        yield Finding(
            "roles",
            "warning",
            N_("The rights of officers in PostgreSQL are not those of this program"),
            way_on,
        )
    elif current and mine.bound:
        yield Finding("roles", "ok", N_("PostgreSQL knows who acts: {login}"), params={"login": mine.login})
    elif current:
        yield Finding("roles", "ok", N_("Officers work under roles of PostgreSQL of their own"))


def check_calendar(database: str | None) -> Iterator[Finding]:
    """Whether the calendar reaches far enough."""
    known = calendar.known(extra=imported_notices.everywhere(database))
    missing = calendar.missing(dates.today(), known)
    if missing is None:
        yield Finding(
            "calendar",
            "ok",
            N_("Working days are known until {day}"),
            params={"day": known.announced_until.isoformat()},
        )
        return
    yield Finding(
        "calendar",
        "failure" if missing.severity == "fail" else "warning",
        N_(
            "The State Council's notice on the days off of {year} is missing: deadlines after {day} are provisional"
        ),
        N_(
            "Import it once it is out (disclosure calendar import FILE) or upgrade the program, then: disclosure recompute"
        ),
        {"year": missing.year, "day": known.announced_until.isoformat()},
    )


def check_law() -> Iterator[Finding]:
    """What of the law tables is due for review."""
    found = status.status(dates.today())
    counts = {
        "stale": len(found.stale),
        "open": len(found.open),
        "texts": len(found.texts),
        "days": status.AGE,
    }
    if found.stale:
        yield Finding(
            "law",
            "warning",
            N_(
                "{stale} entries of the law tables were not compared with their texts for more than {days} days"
            ),
            N_("See which, and what hangs on them: disclosure law status"),
            counts,
        )
        return
    yield Finding(
        "law",
        "ok",
        N_("{texts} texts of law were compared within {days} days; {open} entries in force are not certain"),
        None,
        counts,
    )


UNAUTHORISED = "unauthorised_body"
"""A kind of office that may not decide in its own name (workflow/law/organs.toml)."""


def check_offices(database: str | None) -> Iterator[Finding]:
    """Whether the law of today knows each office, who decides on its reconsideration, and its court."""
    there: list[Office] = []
    if not no_database_yet(database):
        opened = databases.Store(database)
        try:
            with opened.reading() as connection:
                there = offices.listed(connection)
        finally:
            opened.close()
    if not there:
        yield Finding("offices", "ok", N_("There is no office yet"))
    today, known = dates.today(), law.bundled()
    for office in there:
        params: dict[str, Any] = {"office": office.key, "name": office.name}
        try:
            profile = {**office.profile, "names": office.names_of_roles()}
            rule = review_organs.told(profile, on=today, law=known).rule
            review_bodies.require_court(office.profile, today)
        except DisclosureError as fault:
            yield Finding(
                "offices", "warning", "{office}: {problem}", fault.advice, params | {"problem": fault.text}
            )
            continue
        params |= {
            "kind": Named("office_kind", office.profile["kind"]),
            "article": names.article(rule.article),
        }
        own = any(entry.get("because") for entry in office.profile.get("reconsideration") or ())
        if office.profile["kind"] == UNAUTHORISED:
            yield Finding(
                "offices",
                "warning",
                N_("{office}: {kind}; the organ that set it up is the respondent ({article})"),
                N_("Sign letters as that organ: an office file in its name"),
                params,
            )
            continue
        if rule.status == "U" and not own:
            yield Finding(
                "offices",
                "warning",
                N_(
                    "{office}: who decides on reconsideration of what {kind} decided is not settled ({article})"
                ),
                N_(
                    "Say in the office file who does, and by which rule: [[reconsideration]] with because = '...'"
                ),
                params,
            )
            continue
        message = N_(
            "{office}: who decides on its reconsideration, and its court, are as the law says ({article})"
        )
        yield Finding("offices", "ok", message, None, params)

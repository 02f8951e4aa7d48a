"""Checks of the data and of the office: database, key, files, disk, logins, calendar, law."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from letters.content import review_organs
from workflow import calendar, law
from workflow.base import caller, dates, messages, names
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.office import binding, identity, imported_notices, key_mark, review_bodies
from workflow.office import profile as profiles
from workflow.reports.law import status
from workflow.storage import database as databases
from workflow.storage import encryption, file_store, session
from workflow.upkeep.database_rights import plan as rights
from workflow.upkeep.finding import Finding, Level
from workflow.upkeep.machine_checks import POSTGRES_PACKAGES, SIGN_PACKAGES

DISK_WARNING = 2 * 1024**3


DISK_FAILURE = 200 * 1024**2


def check_database(database: str | None) -> Iterator[Finding]:
    """The database and its schema."""
    opened = databases.Store(database)
    try:
        opened.check()
    finally:
        opened.close()
    yield Finding(
        "database",
        "ok",
        N_("The database {place} has the schema of this program"),
        params={"place": databases.shown(opened.url)},
    )


def check_postgres(database: str | None) -> Iterator[Finding]:
    """The packages for PostgreSQL, where it is used."""
    wanted = not databases.url(database).startswith("sqlite")
    missing = [name for name in POSTGRES_PACKAGES if importlib.util.find_spec(name) is None]
    if not missing:
        yield Finding("postgresql", "ok", N_("The packages for PostgreSQL are there"))
    else:
        yield Finding(
            "postgresql",
            "failure" if wanted else "ok",
            N_("Not there: {names} (only needed for PostgreSQL)"),
            N_("pip install 'disclosure[postgres]'"),
            {"names": messages.listed(missing)},
        )


def check_signing() -> Iterator[Finding]:
    """The package for signatures."""
    missing = [name for name in SIGN_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        yield Finding(
            "signing",
            "ok",
            N_("Not there: {names} (only needed to sign letters)"),
            N_("pip install 'disclosure[sign]'"),
            {"names": messages.listed(missing)},
        )
    else:
        yield Finding("signing", "ok", N_("The package for signing letters is there"))


def _folder(database: str | None) -> Path:
    return databases.beside(databases.url(database))


def check_key_file(database: str | None) -> Iterator[Finding]:
    """The key file and its rights."""
    path = encryption.key_file(_folder(database))
    if not path.exists() and _no_database_yet(database):
        yield Finding(
            "key",
            "failure",
            N_("There is no key file {path} yet"),
            N_("It is made together with the database: disclosure init --office office.toml"),
            {"path": str(path)},
        )
        return
    ring = encryption.load(path)
    opened = databases.Store(database)
    try:
        if opened.schema() == databases.SCHEMA:
            with opened.reading() as connection:
                key_mark.require(ring, key_mark.kept(connection))
    finally:
        opened.close()
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Finding(
            "key",
            "warning",
            N_("Others than its owner may read the key file {path} (mode {mode})"),
            N_("chmod 600 {path}"),
            {"path": str(path), "mode": f"{mode:04o}"},
        )
    else:
        yield Finding(
            "key",
            "ok",
            N_("The key file {path} can be read; keep a copy of it apart from the backups of the database"),
            params={"path": str(path)},
        )


def _no_database_yet(database: str | None) -> bool:
    opened = databases.Store(database)
    try:
        return opened.schema() is None
    finally:
        opened.close()


def check_files(database: str | None) -> Iterator[Finding]:
    """The folder of the file store."""
    path = file_store.folder(_folder(database))
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    good = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    yield Finding(
        "files",
        "ok" if good else "failure",
        N_("Files are kept in {path}") if good else N_("Files cannot be kept in {path}"),
        None if good else N_("Make {there} a folder that you may write, or name another by DISCLOSURE_FILES"),
        {"path": str(path), "there": str(there)},
    )


def check_disk(database: str | None) -> Iterator[Finding]:
    """Free space where data is written."""
    seen = set()
    for path in (_folder(database), file_store.folder(_folder(database))):
        there = next(place for place in (path, *path.absolute().parents) if place.exists())
        if there.stat().st_dev in seen:
            continue
        seen.add(there.stat().st_dev)
        free = shutil.disk_usage(there).free
        level: Level = "failure" if free < DISK_FAILURE else "warning" if free < DISK_WARNING else "ok"
        yield Finding(
            "disk",
            level,
            N_("{free} MB are free for {path}"),
            None if level == "ok" else N_("Make room on that disk: an act that finds none is refused"),
            {"free": free // 1024**2, "path": str(there)},
        )


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
        if databases.sqlite_path(store.url) is not None or store.schema() != databases.SCHEMA:
            return
        current = rights.in_force(store)
        with store.reading() as connection:
            mine = session.of(connection)
            wanted = any(
                one.settings[identity.SETTING] == caller.DATABASE for one in profiles.listed(connection)
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
    offices = []
    if not _no_database_yet(database):
        opened = databases.Store(database)
        try:
            with opened.reading() as connection:
                offices = profiles.listed(connection)
        finally:
            opened.close()
    if not offices:
        yield Finding("offices", "ok", N_("There is no office yet"))
    today, known = dates.today(), law.bundled()
    for office in offices:
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

"""What the program needs of the machine: what is there, what is missing, and how to get it.

Each check looks at one thing, changes nothing, and turns every fault that it meets into a finding.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from letters.content import review_organs
from letters.fonts import faces
from workflow import calendar, law
from workflow.base import caller, dates, messages, names
from workflow.base.completeness import require_known
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, listed, translate
from workflow.base.names import Named
from workflow.office import binding, imported_notices, review_bodies
from workflow.office import profile as profiles
from workflow.reports.law import status
from workflow.storage import database as databases
from workflow.storage import encryption, file_store

Level = Literal["ok", "warning", "failure"]

PYTHON = (3, 11)
# Import name: package name.
PACKAGES = {
    "alembic": "alembic",
    "click": "click",
    "cryptography": "cryptography",
    "fontTools": "fonttools",
    "icalendar": "icalendar",
    "jinja2": "jinja2",
    "markdown_it": "markdown-it-py",
    "pikepdf": "pikepdf",
    "PIL": "pillow",
    "pydyf": "pydyf",
    "pypdf": "pypdf",
    "pypinyin": "pypinyin",
    "python_calamine": "python-calamine",
    "rich": "rich",
    "sqlmodel": "sqlmodel",
    "transitions": "transitions",
    "typing_extensions": "typing-extensions",
    "weasyprint": "weasyprint",
    "xlsxwriter": "xlsxwriter",
}
POSTGRES_PACKAGES = ("psycopg", "procrastinate")
SIGN_PACKAGES = ("pyhanko",)
# Shared library -> (package of Debian, whether a letter can be made without it).
LIBRARIES = {
    "libpango-1.0.so.0": ("libpango-1.0-0", False),
    "libpangoft2-1.0.so.0": ("libpangoft2-1.0-0", False),
    "libharfbuzz.so.0": ("libharfbuzz0b", False),
    "libfontconfig.so.1": ("libfontconfig1", False),
    "libharfbuzz-subset.so.0": ("libharfbuzz-subset0", True),
}
_SIGNS: dict[Level, str] = {"ok": "✓", "warning": "!", "failure": "✗"}
DISK_WARNING = 2 * 1024**3
DISK_FAILURE = 200 * 1024**2


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `name` is a stable word for scripts; detail and remedy are in the current
    language.
    """

    name: str
    level: Level
    message: str
    advice: str | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing has to be done before work goes on."""
        return self.level != "failure"

    @property
    def detail(self) -> str:
        """What was found."""
        return translate(self.message, **self.params)

    @property
    def remedy(self) -> str | None:
        """What to do about it; None if there is nothing to do."""
        return translate(self.advice, **self.params) if self.advice else None


def checks(database: str | None = None) -> list[Finding]:
    """All findings, in the order in which to fix them; `database` is a URL or a path as in --db."""
    found: list[Finding] = []
    for name, look in _CHECKS.items():
        try:
            found += look(database) if name in _OF_THE_DATA else look()
        except DisclosureError as fault:
            # Its text is in the current language already: as a message it has no translation and no
            # parameters.
            found.append(Finding(name, "failure", fault.text, fault.advice))
        except Exception as fault:  # noqa: BLE001  (a check that fails is itself a finding)
            found.append(
                Finding(name, "failure", N_("The check failed: {detail}"), params={"detail": repr(fault)})
            )
    return found


def healthy(findings: Iterable[Finding]) -> bool:
    """Whether work can go on: no failure among them."""
    return all(finding.ok for finding in findings)


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding for scripts."""
    return {
        "name": finding.name,
        "ok": finding.ok,
        "level": finding.level,
        "detail": finding.detail,
        "remedy": finding.remedy,
    }


def lines(findings: Iterable[Finding]) -> list[str]:
    """The findings for a person, what to do about one below it."""
    shown = []
    for finding in findings:
        shown.append(f"{_SIGNS[finding.level]} {finding.detail}")
        if finding.remedy:
            shown.append(f"    → {finding.remedy}")
    return shown


# --- the program ---------------------------------------------------------------------------------------


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= PYTHON
    yield Finding(
        "python",
        "ok" if good else "failure",
        N_("Python {version}"),
        None if good else N_("Python 3.11 or newer is needed: sudo apt-get install -y python3"),
        {"version": version},
    )


def _packages() -> Iterator[Finding]:
    missing = [package for name, package in PACKAGES.items() if importlib.util.find_spec(name) is None]
    if missing:
        yield Finding(
            "packages",
            "failure",
            N_("Python packages are missing: {names}"),
            N_("Install them with: make setup (or: pip install disclosure)"),
            {"names": messages.listed(missing)},
        )
    else:
        yield Finding("packages", "ok", N_("All Python packages are there"))


def _catalogues() -> Iterator[Finding]:
    missing = [
        path.parent.parent.name
        for path in sorted(Path(messages.LOCALE_DIR).glob("*/LC_MESSAGES/*.po"))
        if not path.with_suffix(".mo").exists()
    ]
    if missing:
        yield Finding(
            "languages",
            "warning",
            N_("Messages are not compiled for: {names}; they are shown in English"),
            N_("Run: make setup"),
            {"names": messages.listed(missing)},
        )
    else:
        yield Finding("languages", "ok", N_("Messages in Chinese and English"))


# --- letters -------------------------------------------------------------------------------------------


def _libraries() -> Iterator[Finding]:
    missing = [name for name in LIBRARIES if not _loads(name)]
    if not missing:
        yield Finding("libraries", "ok", N_("Pango, HarfBuzz and fontconfig are there"))
        return
    needed = [name for name in missing if not LIBRARIES[name][1]]
    yield Finding(
        "libraries",
        "failure" if needed else "warning",
        N_("Letters cannot be made: {names} missing")
        if needed
        else N_("Letters are made ten times slower: {names} missing"),
        N_("sudo apt-get install -y --no-install-recommends {packages}"),
        {"names": messages.listed(missing), "packages": " ".join(LIBRARIES[name][0] for name in missing)},
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _fonts() -> Iterator[Finding]:
    report = faces.report()
    without = sorted(role for role, family in report.roles.items() if family is None)
    params = {
        "roles": messages.listed(without or ["rare"]),
        "faces": messages.listed(dict.fromkeys(family for family in report.roles.values() if family)),
        "missing": messages.listed(report.missing),
        "packages": " ".join(sorted(set(report.missing.values()))),
    }
    advice = N_("sh scripts/fonts.sh (packages of Debian: {packages})")
    if not report.complete:
        yield Finding("fonts", "failure", N_("Letters cannot be made: no face for {roles}"), advice, params)
    elif report.missing:
        # One typeface for each role is enough.
        yield Finding(
            "fonts", "ok", N_("Letters are set in {faces}; not installed: {missing}"), advice, params
        )
    else:
        yield Finding("fonts", "ok", N_("Letters are set in {faces}"), params=params)


# --- the data ------------------------------------------------------------------------------------------


def _database(database: str | None) -> Iterator[Finding]:
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


def _postgres(database: str | None) -> Iterator[Finding]:
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


def _signing() -> Iterator[Finding]:
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


def _key_file(database: str | None) -> Iterator[Finding]:
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
    encryption.load(path)
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


def _files(database: str | None) -> Iterator[Finding]:
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


def _disk(database: str | None) -> Iterator[Finding]:
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


# --- the law of the day --------------------------------------------------------------------------------


def _binding(database: str | None) -> Iterator[Finding]:
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


def _calendar(database: str | None) -> Iterator[Finding]:
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


def _law() -> Iterator[Finding]:
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


def _offices(database: str | None) -> Iterator[Finding]:
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


_OF_THE_DATA = {"database", "postgresql", "key", "files", "disk", "binding", "calendar", "offices"}
_CHECKS: dict[str, Callable[..., Iterator[Finding]]] = {
    "python": _python,
    "packages": _packages,
    "languages": _catalogues,
    "libraries": _libraries,
    "fonts": _fonts,
    "database": _database,
    "postgresql": _postgres,
    "signing": _signing,
    "key": _key_file,
    "files": _files,
    "disk": _disk,
    "binding": _binding,
    "calendar": _calendar,
    "law": _law,
    "offices": _offices,
}
require_known("doctor._OF_THE_DATA", _OF_THE_DATA, "doctor._CHECKS", _CHECKS)

"""Checks of the program and of what letters need: Python, packages, translations, libraries, typefaces."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from letters.fonts import faces
from workflow.base import messages
from workflow.base.messages import N_
from workflow.upkeep.finding import Finding

PYTHON = (3, 11)


# Import name: package name.
PACKAGES = {
    "alembic": "alembic",
    "anyio": "anyio",
    "click": "click",
    "Cryptodome": "pycryptodomex",
    "cryptography": "cryptography",
    "fontTools": "fonttools",
    "httptools": "httptools",
    "icalendar": "icalendar",
    "jinja2": "jinja2",
    "markdown_it": "markdown-it-py",
    "pikepdf": "pikepdf",
    "PIL": "pillow",
    "prompt_toolkit": "prompt-toolkit",
    "pydyf": "pydyf",
    "pypdf": "pypdf",
    "pypinyin": "pypinyin",
    "pyrage": "pyrage",
    "python_calamine": "python-calamine",
    "python_multipart": "python-multipart",
    "rich": "rich",
    "segno": "segno",
    "sqlmodel": "sqlmodel",
    "starlette": "starlette",
    "transitions": "transitions",
    "typing_extensions": "typing-extensions",
    "uvicorn": "uvicorn",
    "uvloop": "uvloop",
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


def check_python() -> Iterator[Finding]:
    """The version of Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= PYTHON
    yield Finding(
        "python",
        "ok" if good else "failure",
        N_("Python {version}"),
        None if good else N_("Python 3.11 or newer is needed: sudo apt-get install -y python3"),
        {"version": version},
    )


def check_packages() -> Iterator[Finding]:
    """The packages that the program needs."""
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


def check_catalogues() -> Iterator[Finding]:
    """The compiled translations."""
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


def check_libraries() -> Iterator[Finding]:
    """The shared libraries that set letters."""
    missing = [name for name in LIBRARIES if not loads(name)]
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


def loads(library: str) -> bool:
    """Whether a shared library can be loaded."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_fonts() -> Iterator[Finding]:
    """A typeface for each role of the letters."""
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

"""What the program needs of the machine: what is there, what is missing, and how to get it.

Each check looks at one thing, changes nothing, and turns every fault that it meets into a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from workflow.base.completeness import require_known
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.upkeep import data_checks, machine_checks, machine_clock_check, office_checks, recovery_checks
from workflow.upkeep.finding import Finding, Level

_SIGNS: dict[Level, str] = {"ok": "✓", "warning": "!", "failure": "✗"}


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


_OF_THE_DATA = {
    "backups",
    "shares",
    "drill",
    "checkpoints",
    "database",
    "postgresql",
    "key",
    "files",
    "disk",
    "binding",
    "roles",
    "calendar",
    "offices",
    "clock",
}
_CHECKS: dict[str, Callable[..., Iterator[Finding]]] = {
    "python": machine_checks.check_python,
    "packages": machine_checks.check_packages,
    "languages": machine_checks.check_catalogues,
    "libraries": machine_checks.check_libraries,
    "fonts": machine_checks.check_fonts,
    "database": data_checks.check_database,
    "postgresql": data_checks.check_postgres,
    "signing": data_checks.check_signing,
    "key": data_checks.check_key_file,
    "files": data_checks.check_files,
    "disk": data_checks.check_disk,
    "binding": office_checks.check_binding,
    "roles": office_checks.check_roles,
    "calendar": office_checks.check_calendar,
    "law": office_checks.check_law,
    "offices": office_checks.check_offices,
    "clock": machine_clock_check.check_clock,
    "backups": recovery_checks.check_backups,
    "drill": recovery_checks.check_drill,
    "shares": recovery_checks.check_key_shares,
    "checkpoints": recovery_checks.check_checkpoints,
}
require_known("doctor._OF_THE_DATA", _OF_THE_DATA, "doctor._CHECKS", _CHECKS)

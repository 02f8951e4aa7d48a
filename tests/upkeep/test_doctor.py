"""The doctor: each check finds its fault, and none stops the others."""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Callable
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from letters.fonts import faces
from workflow.base import dates, errors
from workflow.storage import encryption
from workflow.upkeep import data_checks, doctor, machine_checks
from workflow.upkeep.finding import Finding

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def office(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with its key, on a day when next year's notice is not yet due."""
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(dates, "today", lambda: date(2026, 5, 20))
    encryption.create(home / "key.json")
    return home


def _found(name: str) -> Finding:
    (finding,) = [one for one in doctor.checks() if one.name == name]
    return finding


def test_a_healthy_office_has_nothing_to_mend(office: Path) -> None:
    assert [doctor.as_json(one) for one in doctor.checks() if not one.ok] == []


def test_findings_name_each_check(office: Path) -> None:
    # No office is founded yet: of none it is said who vouches for its officers, nor what was tried for it. On
    # SQLite are no roles.
    assert {one.name for one in doctor.checks()} == set(doctor._CHECKS) - {
        "binding",
        "roles",
        "drill",
        "checkpoints",
        "backups",
        "shares",
    }


def test_findings_are_for_scripts_too(office: Path) -> None:
    for finding in doctor.checks():
        row = doctor.as_json(finding)
        assert set(row) == {"name", "ok", "level", "detail", "remedy"}
        assert row["ok"] is (row["level"] != "failure")
        assert "{" not in row["detail"]


def test_what_a_person_reads(office: Path) -> None:
    (office / "key.json").chmod(0o644)
    found = doctor.checks()
    shown = doctor.lines(found)
    assert doctor.healthy(found)
    (place,) = [number for number, line in enumerate(shown) if line.startswith("! ")]
    assert shown[place + 1].startswith("    → chmod 600 ")


def test_another_database_is_looked_at_by_name(office: Path, tmp_path: Path) -> None:
    found = doctor.checks(str(tmp_path / "other.db"))
    assert not doctor.healthy(found)
    assert [one.name for one in found if not one.ok] == ["database"]


def test_the_packages_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(machine_checks.PACKAGES.values()) == {
        Requirement(line).name for line in project["dependencies"]
    }
    installed = packages_distributions()
    for name, package in machine_checks.PACKAGES.items():
        assert canonicalize_name(package) in map(canonicalize_name, installed[name])
    for extra, packages in (
        ("postgres", machine_checks.POSTGRES_PACKAGES),
        ("sign", machine_checks.SIGN_PACKAGES),
    ):
        assert set(packages) == {Requirement(line).name for line in project["optional-dependencies"][extra]}


def test_a_missing_package(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "jinja2" else real(name))
    finding = _found("packages")
    assert finding.level == "failure"
    assert "jinja2" in finding.detail


def test_what_signing_needs_is_no_fault_where_it_is_missing(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyhanko" else real(name))
    finding = _found("signing")
    assert finding.ok
    assert "pyhanko" in finding.detail
    assert "disclosure[sign]" in (finding.remedy or "")


@pytest.mark.parametrize(
    ("library", "package", "level"),
    [
        ("libpango-1.0.so.0", "libpango-1.0-0", "failure"),
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset0", "warning"),
    ],
)
def test_a_missing_library_names_its_package(
    office: Path, monkeypatch: pytest.MonkeyPatch, library: str, package: str, level: str
) -> None:
    monkeypatch.setattr(machine_checks, "loads", lambda name: name != library)
    finding = _found("libraries")
    assert finding.level == level
    assert library in finding.detail
    assert str(finding.remedy).endswith(f" {package}")


def test_a_library_that_is_not_there_does_not_load() -> None:
    assert not machine_checks.loads("libnone-of-this-name.so.9")


@pytest.mark.parametrize(
    ("report", "level"),
    [
        (faces.Report({"body": "FandolFang", "title": None}, ("HanaMinA",), {"X": "fonts-x"}, ()), "failure"),
        (faces.Report({"body": "FandolFang"}, (), {"HanaMinA": "fonts-x"}, ()), "failure"),
        (faces.Report({"body": "FandolFang"}, ("HanaMinB",), {"HanaMinA": "fonts-x"}, ()), "ok"),
        (faces.Report({"body": "FandolFang"}, ("HanaMinA",), {}, ()), "ok"),
    ],
)
def test_faces(office: Path, monkeypatch: pytest.MonkeyPatch, report: faces.Report, level: str) -> None:
    monkeypatch.setattr(faces, "report", lambda: report)
    finding = _found("fonts")
    assert finding.level == level
    assert (finding.remedy is None) == (not report.missing)
    assert not report.missing or "fonts-x" in str(finding.remedy)


def test_before_init_database_and_key_say_so(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    for name in ("database", "key"):
        finding = _found(name)
        assert finding.level == "failure"
        assert "disclosure init" in str(finding.remedy)
    assert not (tmp_path / "none.db").exists()


def test_a_lost_key_says_how_to_restore_it(office: Path) -> None:
    (office / "key.json").unlink()
    finding = _found("key")
    assert finding.level == "failure"
    assert "DISCLOSURE_KEY_FILE" in str(finding.remedy)


def test_a_key_that_others_may_read(office: Path) -> None:
    (office / "key.json").chmod(0o644)
    finding = _found("key")
    assert finding.level == "warning"
    assert "0644" in finding.detail


def test_files_that_cannot_be_kept(office: Path) -> None:
    (office / "files").write_bytes(b"")
    assert _found("files").level == "failure"


@pytest.mark.parametrize(
    ("free", "level"), [(10 * 1024**3, "ok"), (1024**3, "warning"), (1024**2, "failure")]
)
def test_disk_space(office: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(data_checks.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert _found("disk").level == level


@pytest.mark.parametrize(
    ("today", "level"),
    [("2026-10-31", "ok"), ("2026-11-01", "warning"), ("2026-11-30", "warning"), ("2026-12-01", "failure")],
)
def test_the_notice_of_next_year(
    office: Path, monkeypatch: pytest.MonkeyPatch, today: str, level: str
) -> None:
    from workflow import calendar

    # As known at the end of 2026: the test does not depend on what was announced since.
    then = calendar.known(as_known_on=date(2026, 10, 1))
    assert then.announced_until == date(2026, 12, 31)
    monkeypatch.setattr(calendar, "known", lambda **_: then)
    monkeypatch.setattr(dates, "today", lambda: date.fromisoformat(today))
    assert _found("calendar").level == level


def test_postgresql_without_its_packages(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "psycopg" else real(name))
    assert _found("postgresql").level == "ok"
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", "postgresql://desk@localhost/disclosure")
    assert _found("postgresql").level == "failure"


def test_a_check_that_breaks_is_a_finding_and_stops_no_other(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> list[Finding]:
        raise RuntimeError("unforeseen")

    def refuses() -> list[Finding]:
        raise errors.Environment("no {what}", what="room", way_on="make {what}")

    monkeypatch.setitem(doctor._CHECKS, "python", breaks)
    monkeypatch.setitem(doctor._CHECKS, "packages", refuses)
    found = {one.name: one for one in doctor.checks()}
    assert "unforeseen" in found["python"].detail
    assert (found["packages"].detail, found["packages"].remedy) == ("no room", "make room")
    assert found["database"].ok


def test_findings_follow_the_language(office: Path, language: Callable[[str], None]) -> None:
    language("en")
    assert _found("libraries").detail.startswith("Pango")
